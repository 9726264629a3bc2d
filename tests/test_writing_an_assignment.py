"""docs/writing-an-assignment.md, followed word by word: its files are written, its commands run."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.nbgrader_bridge.course import course_folder as courses

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs" / "writing-an-assignment.md"
BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n+)?```(?P<kind>python|console)\n(?P<text>.*?)```", re.DOTALL
)
NAME = "logistic-regression"
following = pytest.mark.thorough  # a new assignment planted with all its mistakes, a course, a class


def followed(folder):
    """Do all that stands in the document, in its order; each command, what it is to print, and printed."""
    bin = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": os.pathsep.join([bin, os.environ["PATH"]]), "PYTHONPATH": str(ROOT)}
    result = []
    for block in BLOCK.finditer(DOC.read_text(encoding="utf-8")):
        if block["kind"] == "python":
            assert block["file"], "a block of Python is a file's"
            (folder / block["file"]).write_text(block["text"], encoding="utf-8")
            continue
        for command in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            line, *lines = command.splitlines()
            words = shlex.split(line)
            program = {"autograder": [sys.executable, "-m", "autograder.cli"], "python": [sys.executable]}
            done = subprocess.run(
                [*program[words[0]], *words[1:]],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            result.append((line, lines, done.stdout))
    return result


@pytest.fixture(scope="module")
def way(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    return folder, followed(folder)


@following
def test_every_command_prints_what_the_document_shows(way):
    _, result = way
    assert [line.split()[:2] for line, _, _ in result] == [
        ["autograder", "new"],
        ["autograder", "lint"],
        ["autograder", "build"],
        ["python", "play.py"],
        ["autograder", "check"],
        ["autograder", "grade"],
    ]
    for line, lines, printed in result:
        real = {" ".join(one.split()) for one in printed.splitlines()}
        for one in lines:
            shown = " ".join(one.split())
            assert any(own.startswith(shown.rstrip("…")) if "…" in shown else own == shown for own in real), (
                f"`{line}` does not print {shown!r}:\n{printed}"
            )


@following
def test_the_class_is_graded_and_each_mistake_is_named(way):
    folder, _ = way
    marks = courses.marks(folder, NAME)
    assert {student: result["exercise1-marks"] for student, result in marks.items()} == {
        "amara": 8,
        "bruno": 4,
        "chiara": 4,
    }
    for student, sentence in {"bruno": "the opposite sign", "chiara": "N times too large"}.items():
        graded = folder / "autograded" / student / NAME / f"{NAME}.ipynb"
        assert sentence in " ".join(graded.read_text(encoding="utf-8").split()), student


def test_the_document_s_links_lead_somewhere():
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", DOC.read_text(encoding="utf-8")):
        if not link.startswith("files/"):
            assert (DOC.parent / link).exists(), link
