"""What graders elsewhere let pass loses marks here, and is called by its name."""

import pytest

from tests import readme
from tests.autograder.marked_answers import marked, told
from tests.autograder.mutants.others_pass import ROWS
from tests.autograder.people.answers import PEOPLE
from tests.autograder.test_people import EXERCISES, SEEDS


def judged(row, seed):
    """What is said of an answer, and what it costs."""
    result = marked(EXERCISES[row.exercise], row.function, seed)
    return set(told(result)), result.exercise.max_score - result.score


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.exercise[0]} {row.mistake}")
def test_what_passes_elsewhere_loses_marks_here_and_has_a_name(row):
    one, other = (judged(row, seed) for seed in SEEDS)
    assert one == other
    faults, cost = one
    assert cost > 0
    assert faults
    assert "unrecognised" not in {fault for fault, _ in faults}


def test_the_page_has_a_row_for_each():
    head = "| where it passes | the mistake | why it passes there | what this course says | costs |"
    rows = [head, "| --- | --- | --- | --- | ---: |"]
    for row in ROWS:
        faults, cost = judged(row, SEEDS[0])
        exercise = EXERCISES[row.exercise]
        names = ", ".join(f"`{fault}` at {where}" for fault, where in sorted(faults))
        points = f"{cost:g} of {exercise.max_score:g} P"
        rows.append(f"| {row.grader} | {row.mistake} | {row.why} | {names} | {points} |")
    readme.compare("what-others-pass", "\n".join(rows))


WRITTEN = {answer.title: answer for answer in PEOPLE if answer.exercise[0] == "04"}
PASSED = (
    # who passes it and why; what it is, as in `people/`
    ("dlsys hw1: upstream gradients of ones", "a product's slopes alone"),
    ("dlsys hw1: upstream gradients of ones", "a power without what comes from above"),
    ("dlsys hw1: the exponent of the power test is always 0", "a power that stays as it was"),
    ("dlsys hw1 (issue 15): upstream gradients of ones", "ones for a sum"),
    ("minitorch: `grad_check` with upstream gradients of ones", "a power without what comes from above"),
    ("TinyTorch (issue 2053): `.sum()` behind it", "a matrix product with ones for what comes from above"),
    ("CS231n: pooling windows that never overlap", "assigned, and not added"),
)


def test_what_passes_elsewhere_in_an_engine_loses_marks_here_and_has_a_name():
    rows = ["| passed by | the mistake | here it is | lost |", "| --- | --- | --- | ---: |"]
    for passed, title in PASSED:
        answer = WRITTEN[title]
        result = marked(EXERCISES[answer.exercise], answer.function, 3)
        lost = result.exercise.max_score - result.score
        faults = " and ".join(dict.fromkeys(f"`{fault.fault}`" for fault in result.faults))
        assert lost > 0, title
        assert "unrecognised" not in faults, title
        rows.append(f"| {passed} | {title} | {faults} | {lost:g} of {result.exercise.max_score:g} P |")
    readme.compare("others-04", "\n".join(rows))
