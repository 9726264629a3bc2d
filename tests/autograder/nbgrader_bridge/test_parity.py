"""Every sample, right or wrong, earns the marks of marks.toml in whichever way it is graded."""

import shutil
import subprocess
import sys
import tomllib

import pytest

from autograder import secret
from autograder.nbgrader_bridge import course
from tests.autograder.nbgrader_bridge.others import PLAIN
from tests.submissions.demo import hand_in
from tests.submissions.samples import FOLDER

MARKS = tomllib.loads((FOLDER / "marks.toml").read_text("utf-8"))
NEVER = "never_ends"  # waits for the time limits: test_grade.py and test_autograde.py have it
LIMITS = "\nc.BoxedExecute.timeout = 20\nc.Execute.timeout = 60\n"


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A course in which every sample is a student's, whose name is the sample's."""
    folder = tmp_path_factory.mktemp("school") / "course"
    course.build(folder)
    (folder / secret.FILE).write_bytes(b"the same instances at every run.")
    with (folder / course.CONFIG).open("a") as config:
        config.write(LIMITS)
    for assignment, table in MARKS.items():
        for sample in table:
            if sample != NEVER:
                hand_in(folder, assignment, sample.replace("_", "-"), sample)
    return folder


def started(folder, assignment, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", *arguments, assignment],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def differences(folder):
    """Marks that are not those of the table: the sample, what it got, what it should have got."""
    found = {}
    for assignment, table in MARKS.items():
        marks = course.marks(folder, assignment)
        for sample, expected in table.items():
            wanted = {f"{exercise}-marks": mark for exercise, mark in expected.items()}
            got = marks.get(sample.replace("_", "-"), dict.fromkeys(wanted, 0.0))
            if sample != NEVER and got != wanted:
                found[f"{assignment}/{sample}"] = (got, wanted)
    return found


@pytest.mark.parametrize(
    ("way", "arguments"),
    [
        ("autograder grade", ("autograder.cli", "grade")),
        ("nbgrader in the sandbox", ("nbgrader", "autograde", "--create")),
        ("plain nbgrader", ("nbgrader", "autograde", "--create")),
    ],
    ids=["autograder grade", "nbgrader in the sandbox", "plain nbgrader"],
)
def test_every_sample_earns_its_marks(school, tmp_path, way, arguments):
    folder = shutil.copytree(school, tmp_path / "course")
    if way == "plain nbgrader":
        with (folder / course.CONFIG).open("a") as config:
            config.write(PLAIN)
    for assignment in MARKS:
        process = started(folder, assignment, *arguments)
        _, told = process.communicate(timeout=1200)
        # nbgrader has status 1 where a submission could not be graded, and one of these is no notebook
        assert process.returncode in (0, 1), told[-2000:]
    assert differences(folder) == {}
