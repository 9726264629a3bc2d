"""docs/writing-an-assignment.md, followed word by word: its files are written, its commands run."""

import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from autograder.nbgrader_bridge.course import course_folder as courses
from tests import readme
from tests.process import python

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
            program, *words = shlex.split(line)
            ours = {"autograder": ["-m", "autograder.cli"], "python": []}[program]
            done = python(*ours, *words, cwd=folder, environment=environment)
            result.append((line, lines, done.stdout))
    return result


@pytest.fixture(scope="module")
def way(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    return folder, followed(folder)


@following
def test_every_command_prints_what_the_document_shows(way):
    _, result = way
    ran = [" ".join(line.split()[:2]) for line, _, _ in result]
    ours = [f"autograder {name}" for name in ("new", "lint", "build", "check", "grade")]
    assert ran == [*ours[:3], "python play.py", *ours[3:]]
    for line, lines, printed in result:
        readme.hold_printed(line, lines, printed)


@following
def test_the_class_is_graded_and_each_mistake_is_named(way):
    folder, _ = way
    marks = courses.marks(folder, NAME)
    given = {student: result["exercise1-marks"] for student, result in marks.items()}
    assert given == {"amara": 8, "bruno": 4, "chiara": 4}
    for student, sentence in {"bruno": "the opposite sign", "chiara": "N times too large"}.items():
        graded = folder / "autograded" / student / NAME / f"{NAME}.ipynb"
        assert sentence in " ".join(graded.read_text(encoding="utf-8").split()), student
