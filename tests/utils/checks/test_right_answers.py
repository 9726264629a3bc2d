"""A right answer passes its check wholly, in whatever style it is written."""

import pytest

import utils
from samples import samples
from tests.autograder.right_answers import everything
from tests.utils.checks.students import DESCENT, NETWORK, NORMALISED, sample

RIGHT = {NETWORK: (20.0, 10.0), DESCENT: (10.0, 15.0, 5.0), NORMALISED: (10.0, 9.0, 3.0, 8.0)}
WHOLE = [
    (assignment, student, exercise)
    for assignment, most in RIGHT.items()
    for student, answers in samples(assignment).items()
    for exercise, marks in answers.marks.items()
    if exercise in answers.cells and marks == most[int(exercise[-1]) - 1]
]


def test_every_right_answer_passes():
    for answer in everything():
        report = utils.check(answer.function, "/".join(answer.exercise))
        assert report, f"{answer}\n{report}"
        assert max(row.error for row in report.rows) < 5e-5, answer  # half the tolerance


@pytest.mark.parametrize(("assignment", "student", "exercise"), WHOLE)
def test_every_sample_with_full_marks_passes(assignment, student, exercise):
    report = utils.check(sample(assignment, student, exercise))
    assert report, str(report)


def test_a_right_answer_needs_no_hint():
    function = sample(NETWORK, "matrix_products", "exercise1")
    assert utils.check(function)
    assert str(utils.hint(function)) == (
        "The check found all numbers of exercise1 right: there is nothing to hint at."
    )
