"""docs/term.md, word by word: publishing, deadlines, grading again, and a course back from its backup."""

import csv
import re
import shlex
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from autograder.grading import secret
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.publishing.test_build import SHOWN, readable, solution_lines

DOC = Path(__file__).parents[1] / "docs" / "term.md"
BLOCK = re.compile(r"(?:<!-- (file|added to): (\S+) -->\n+)?```(\w+)\n(.*?)```", re.DOTALL)
LATE = {"amara": "matrix_products", "hana": "missing_relu_mask", "goran": "no_factor_two"}
PROGRAMS = {"python": (sys.executable,), "nbgrader": (sys.executable, "-m", "nbgrader")}


@pytest.fixture(scope="module")
def term(autograder, tmp_path_factory):
    """The course after the page; two hours after its deadline all had handed in."""
    folder = classes.built(tmp_path_factory.mktemp("term") / "course")
    classes.hand_in_all(folder, LATE)
    for student in LATE:
        handed_in = folder / "submitted" / student / classes.NETWORK
        (handed_in / "timestamp.txt").write_text("2026-05-04 14:00:00 UTC")
    assert autograder("grade", classes.NETWORK, cwd=folder).returncode == 0
    ran = 0
    for kind, name, _, text in BLOCK.findall(DOC.read_text(encoding="utf-8")):
        if kind:
            with (folder / name).open("a" if kind == "added to" else "x", encoding="utf-8") as file:
                file.write(text)
            continue
        for line in text.splitlines():
            words = shlex.split(line.removeprefix("$ "))
            if words[0] == "autograder":
                done = autograder(*words[1:], cwd=folder)
            else:
                command = [*PROGRAMS.get(words[0], words[:1]), *words[1:]]
                done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, line + done.stdout + done.stderr
            ran += 1
    assert ran > 6
    return folder


def marks(folder):
    """Everybody's marks and what lateness cost."""
    with classes.opened(folder) as book:
        result = book.assignment_submissions(classes.NETWORK)
        return {s.student.id: (s.score, s.late_submission_penalty) for s in result}


@pytest.mark.thorough  # a course with a release and bundles is built
def test_what_is_published_holds_no_solution(term):
    published = [path for path in (term / "public").rglob("*") if path.is_file() and ".git" not in path.parts]
    names = {path.relative_to(term / "public").as_posix() for path in published}
    assert {"environment.yml", f"{classes.NETWORK}/{classes.NETWORK}.ipynb"} <= names
    secret_lines = solution_lines() - SHOWN
    for path in published:
        text = readable(path)
        assert not [line for line in secret_lines if line in text], path


@pytest.mark.thorough  # a course with a release and bundles is built
def test_the_addresses_lead_to_files_that_are_published(term):
    text = DOC.read_text(encoding="utf-8").replace("%2F", "/")
    for prefix in ("tree/REPOSITORY/", "labpath=", "blob/main/"):
        (path,) = re.findall(rf"{prefix}(\S+\.ipynb)", text)
        assert (term / "public" / path).is_file(), path


def test_lateness_costs_what_the_plugin_says_and_an_extension_counts(term):
    assert marks(term) == {"amara": (30.0, 3.0), "goran": (21.0, 2.1), "hana": (19.5, 0.0)}
    with (term / "autograder-logs" / f"{classes.NETWORK}.csv").open(encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert (rows["amara"]["late_submission_penalty"], rows["amara"]["score"]) == ("3", "27")


def test_a_course_comes_back_from_its_backup_with_the_same_marks(term, autograder, tmp_path):
    with tarfile.open(term / "backup.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    assert (tmp_path / secret.FILE).read_bytes() == (term / secret.FILE).read_bytes()
    before = marks(term)
    done = autograder("grade", classes.NETWORK, "--force", cwd=tmp_path)
    assert "Graded now: 3." in done.stdout, done.stderr
    assert marks(tmp_path) == before


def test_every_file_that_is_for_the_instructor_alone_is_there_and_none_is_published(term):
    (secret_column,) = re.findall(r"\| for students \|.*?\n\n", DOC.read_text(encoding="utf-8"), re.DOTALL)
    files = r"\.autograder-\w+|gradebook\.db|submitted/|autograded/|autograder-logs/"
    named = re.findall(rf"`({files})`", secret_column)
    assert len(named) == 6
    assert all((term / name).exists() for name in named)
    assert not [name for name in named if (term / "public" / name).exists()]
