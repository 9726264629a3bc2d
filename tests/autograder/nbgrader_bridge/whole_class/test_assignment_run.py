"""What is graded is kept: as it was read, once, and also where whoever asked for it looks away."""

import contextlib

import pytest

from autograder.nbgrader_bridge.course.course_folder import open_course
from autograder.nbgrader_bridge.course.release import grading_context
from autograder.nbgrader_bridge.submission.grade_submission import GradedNotebook, GradedSubmission
from autograder.nbgrader_bridge.submission.submissions import Submission
from autograder.nbgrader_bridge.whole_class.assignment_run import AssignmentRun
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter
from autograder.parallel.process_pool import Done
from autograder.sandbox.protocol.limits import Limits
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK

TWO = {"amara": "empty", "bruno": "empty"}


@pytest.fixture
def course(folder):
    """A course in which two have handed in a notebook and a file beside it."""
    classes.hand_in_all(folder, TWO)
    for student in TWO:
        (folder / "submitted" / student / NETWORK / "mine.txt").write_text("read first")
    return folder


@contextlib.contextmanager
def results(course, graders):
    """What comes of the course's submissions with these graders."""
    with open_course(course) as (directory, config):
        run = AssignmentRun(directory, config, NETWORK)
        with GradebookWriter(directory.db_url, directory.course_id, config) as writer:
            context = grading_context(directory, config, writer.read_release(NETWORK), Limits())
            submissions, _ = run.outstanding("*", force=False, context=context)
            yield run.grade_submissions(submissions, context, writer, graders)


def graded(task):
    notebooks = Submission.from_bytes(task.payload).notebooks
    kept = {name: GradedNotebook(content, {}, {}) for name, content in notebooks.items()}
    return Done(task.name, GradedSubmission(task.name, kept).to_bytes())


def placed(course):
    return {path.parents[1].name: path.read_text() for path in course.glob("autograded/*/*/mine.txt")}


def test_a_file_that_changes_while_it_is_graded_is_kept_as_it_was_graded(course):
    def graders(tasks):
        for task in tasks:
            (course / "submitted" / task.name / NETWORK / "mine.txt").write_text("changed meanwhile")
            yield graded(task)

    with results(course, graders) as kept:
        assert [result.problem for result in kept] == ["", ""]
    assert placed(course) == dict.fromkeys(TWO, "read first")


def test_what_is_graded_already_is_kept_where_nobody_waits_for_the_rest(course):
    with results(course, lambda tasks: map(graded, tasks)) as kept:
        assert next(kept).student == "amara"
        kept.close()
    assert placed(course) == dict.fromkeys(TWO, "read first")


def test_large_files_are_kept_before_a_batch_is_full(course, monkeypatch):
    monkeypatch.setattr("autograder.nbgrader_bridge.whole_class.assignment_run.BATCH_BYTES", 5)

    def graders(tasks):
        for task in tasks:
            yield graded(task)
            assert task.name in placed(course)

    with results(course, graders) as kept:
        assert len(list(kept)) == 2
