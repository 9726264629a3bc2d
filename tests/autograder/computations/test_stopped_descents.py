"""A descent that ended early is told from one whose losses are few for another reason."""

from dataclasses import replace

import pytest

from autograder.computations.descent import Descent
from autograder.computations.stopped_descents import reading_stops
from autograder.diagnosis.by_computation import by_computation
from autograder.forward_pass import ForwardPass
from tests.autograder.derivatives.drawn import inputs_alone

PARTS = ["theta", "losses"]
LINE = ForwardPass("r = x @ theta - y\nL = sum(r ** 2)", theta=(3,), x=("N", 3), y=("N",))
DESCENT = Descent(LINE)
WHOLE = by_computation(DESCENT.computation())
EXPLAIN = reading_stops(WHOLE, "theta", "losses", "steps")
DRAWN = inputs_alone(LINE, [{"N": 7}] * 3, learning_rate=0.017)


def taking(steps):
    """The instances, where descents take so many steps each."""
    return [replace(one, inputs={**one.inputs, "steps": k}) for one, k in zip(DRAWN, steps, strict=True)]


STEPS = (5, 7, 9)
INSTANCES = taking(STEPS)
RIGHT = [DESCENT.reference(one) for one in INSTANCES]


def stopped(taken, missing=0):
    """Answers of descents that take so many steps, the last of them without its update."""
    updates = [k - missing if k < steps else k for k, steps in zip(taken, STEPS, strict=True)]
    return [
        {"theta": DESCENT.reference(one)["theta"], "losses": right["losses"][:k]}
        for one, right, k in zip(taking(updates), RIGHT, taken, strict=True)
    ]


def named(answers):
    return [finding.fault for finding in EXPLAIN(INSTANCES, answers, PARTS).findings]


@pytest.mark.parametrize("missing", [0, 1])
@pytest.mark.parametrize("taken", [(1, 1, 1), (3, 2, 4), (5, 3, 9)])
def test_a_loop_that_ended_early_is_named_whenever_it_did(taken, missing):
    assert named(stopped(taken, missing)) == ["stopped-early"]


def test_what_else_is_wrong_in_it_is_named_beside_it():
    answers = [DESCENT.computation().run(one, {"direction": -1.0}) for one in taking([3, 3, 3])]
    assert named(answers) == ["stopped-early", "wrong-direction"]


@pytest.mark.parametrize(
    "kept",
    [slice(-1, None), slice(None, None, 2), slice(2), slice(0)],
    ids=["the last", "every other", "the first two", "none"],
)
def test_a_whole_descent_that_records_few_losses_did_not_end_early(kept):
    assert "stopped-early" not in named([{**right, "losses": right["losses"][kept]} for right in RIGHT])


def test_one_step_too_few_every_time_is_a_loop_that_counts_wrongly():
    assert "too-few-steps" in named(stopped([steps - 1 for steps in STEPS]))


def test_a_whole_descent_is_explained_as_ever():
    assert EXPLAIN(INSTANCES, RIGHT, PARTS) == WHOLE(INSTANCES, RIGHT, PARTS)
