"""Every sample, right or wrong, earns the marks of marks.toml in whichever way it is graded.

`check` gives them in tests/autograder/grading/test_grade.py, a cluster in test_cluster.py. Every
day one class is graded in one way; all of them in all ways take minutes.
"""

import shutil
import tomllib
from contextlib import nullcontext

import pytest

from autograder import assignments
from autograder.nbgrader_bridge.course import course_folder as course
from samples import FOLDER
from samples.demo import hand_in
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.others import PLAIN
from tests.process import python
from tests.warm_kernels import warm_kernels

MARKS = tomllib.loads((FOLDER / "marks.toml").read_text("utf-8"))
NEVER = "never_ends"  # waits for the time limits: test_grade.py and test_autograde.py have it
NO_NOTEBOOK = "no_notebook"
UNNAMED = "filled_in_sheet"  # a copy of the sheet, whose cells nbgrader never gave names
NBGRADER = ("nbgrader", "autograde", "--create")


def student(sample):
    return sample.replace("_", "-")


@pytest.fixture(scope="module", params=MARKS)
def school(request, tmp_path_factory):
    """A course with one assignment, in which every sample is a student's, whose name is the sample's."""
    assignment = request.param
    folder = classes.built(tmp_path_factory.mktemp("school") / "course", assignment)
    # a busy machine is no fault of a sample's
    classes.configure(folder, "c.BoxedExecute.timeout = c.Execute.timeout = 60")
    for sample in MARKS[assignment]:
        if sample != NEVER:
            hand_in(folder, assignment, student(sample), sample)
    return assignment, folder


@pytest.mark.thorough  # whole classes; single samples are marked by `check` every day
@pytest.mark.parametrize(
    ("command", "settings"),
    [((), ""), (NBGRADER, ""), (NBGRADER, PLAIN)],
    ids=["autograder grade", "nbgrader in the sandbox", "plain nbgrader"],
)
def test_every_sample_earns_its_marks_and_is_told_why(school, tmp_path, autograder, command, settings):
    """One test a class: what it costs is the grading."""
    assignment, built = school
    folder = shutil.copytree(built, tmp_path / "course")
    classes.configure(folder, settings)
    if not command:
        done = autograder("grade", assignment, cwd=folder)
    else:
        with warm_kernels() if settings else nullcontext() as environment:
            words = ("-m", *command, assignment)
            done = python(*words, cwd=folder, status=None, timeout=1800, environment=environment)
    # nbgrader has status 1 where a submission could not be graded, and one of these is no notebook
    unreadable = NO_NOTEBOOK in MARKS[assignment]
    assert done.returncode == (1 if unreadable and command == NBGRADER else 0), done.stderr[-2000:]
    given = course.marks(folder, assignment)
    for sample, table in MARKS[assignment].items():
        expected = {f"{exercise}-marks": marks for exercise, marks in table.items()}
        if sample == NO_NOTEBOOK:
            assert given.get(student(sample), expected) == expected
        elif sample == UNNAMED and command == NBGRADER:
            # nbgrader puts the test cells that it misses before everything else, where nothing is defined yet
            assert set(given[student(sample)].values()) == {0.0}
        elif sample != NEVER:
            assert given[student(sample)] == expected, sample
            graded = classes.autograded(folder, student(sample), assignment)
            told_as_marked(classes.by_name(graded), assignments.load(assignment), expected)


def told_as_marked(cells, assignment, expected):
    """Under each marks cell stand the reasons, then the marks as a plain float."""
    for exercise in assignment.exercises:
        reasons, marks = cells[exercise.marks_cell].outputs
        assert (reasons.output_type, marks.output_type) == ("display_data", "execute_result")
        assert marks.data == {"text/plain": repr(expected[exercise.marks_cell])}
        loses = expected[exercise.marks_cell] < exercise.max_score
        assert ("What to look at" in reasons.data["text/html"]) == loses
