"""A process that limits its own memory fails where it would take too much, and goes on."""

import os

import pytest

from autograder.assignments import load_all
from autograder.grading.grade import grade_file
from autograder.nbgrader_bridge.submission import grade_submission
from autograder.nbgrader_bridge.submission.choose_notebook import ChosenFile
from autograder.nbgrader_bridge.submission.grade_submission import GradedNotebook, SubmissionGrader
from autograder.nbgrader_bridge.submission.submissions import Submission
from autograder.sandbox.isolation import own_memory
from tests.autograder.notebook_files import written
from tests.process import python

LIMITED = """
from autograder.sandbox.isolation import own_memory
own_memory.limit({extra})
try:
    kept = [list(range(1000)) for _ in range(100_000)]
except MemoryError:
    print("refused")
own_memory.lift()
print(len([list(range(1000)) for _ in range(2_000)]))
"""


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="other systems go without")
def test_too_much_is_refused_and_the_process_goes_on():
    assert python("-c", LIMITED.format(extra=100 << 20)).stdout.split() == ["refused", "2000"]


def test_what_is_honest_is_granted():
    code = "from autograder.sandbox.isolation.own_memory import limit; limit(); print(len(bytes(500 << 20)))"
    assert python("-c", code).stdout == f"{500 << 20}\n"


def _gives_out(*_, **__):
    raise MemoryError


def test_check_tells_it_of_that_notebook(monkeypatch, fork_server, tmp_path):
    monkeypatch.setattr("autograder.grading.grade.execute_cells", _gives_out)
    report = grade_file(written(tmp_path / "01-error-backpropagation.ipynb"), load_all(), fork_server)
    assert report.message == own_memory.TOO_MUCH
    assert not report.results


def _takes_its_only_file(submission):
    return {name: ChosenFile(f"{name}.ipynb", content) for name, content in submission.notebooks.items()}


@pytest.fixture
def grader(monkeypatch, fork_server):
    """One without a course, which takes what was handed in as it is."""
    grader = SubmissionGrader.__new__(SubmissionGrader)
    monkeypatch.setattr(grader, "_chosen_files", _takes_its_only_file, raising=False)
    monkeypatch.setattr(grader, "_fork_server", fork_server, raising=False)
    return grader


def test_what_is_too_large_to_be_written_down_is_reported_of_that_submission(grader, monkeypatch):
    large = GradedNotebook(bytes(grade_submission.frames.MAX_ARRAYS), {}, {})
    monkeypatch.setattr(SubmissionGrader, "_grade_notebook", lambda *_: large)
    graded = grader.grade_submission(Submission("lena", {"a": b"{}"}, {}))
    assert graded.problem == grade_submission.TOO_LARGE
    assert type(graded).from_bytes(graded.to_bytes()) == graded


def test_grade_tells_it_of_that_submission(grader, monkeypatch):
    monkeypatch.setattr(SubmissionGrader, "_grade_notebook", _gives_out)
    graded = grader.grade_submission(Submission("lena", {"a": b"{}"}, {}))
    assert graded.problem == f"a.ipynb: {own_memory.TOO_MUCH}"
