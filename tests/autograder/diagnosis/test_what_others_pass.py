"""What graders elsewhere let pass loses marks here, and is called by its name."""

import pytest

from tests import readme
from tests.autograder.marked_answers import marked, told
from tests.autograder.mutants.others_pass import ROWS
from tests.autograder.test_diagnose import EXERCISES, SEEDS


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
