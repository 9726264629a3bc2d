"""A descent that ended early is told from one whose losses are few for another reason."""

import numpy as np
import pytest

from autograder.computations.descent import Descent
from autograder.computations.stopped_descents import reading_stops
from autograder.diagnosis.by_computation import by_computation
from autograder.exercise import Instance
from autograder.forward_pass import ForwardPass

PARTS = ["theta", "losses"]
DESCENT = Descent(
    ForwardPass("r = x @ theta - y\nL = sum(r ** 2)", theta=(3,), x=("N", 3), y=("N",)),
)
WHOLE = by_computation(DESCENT.computation())
EXPLAIN = reading_stops(WHOLE, "theta", "losses", "steps")


def instance(seed, steps):
    rng = np.random.default_rng(seed)
    arrays = {"theta": rng.standard_normal(3), "x": rng.standard_normal((7, 3)), "y": rng.standard_normal(7)}
    return Instance({**arrays, "learning_rate": 0.017, "steps": steps}, f"seed {seed}", sizes={"N": 7})


INSTANCES = [instance(1, 5), instance(2, 7), instance(3, 9)]
RIGHT = [DESCENT.reference(one) for one in INSTANCES]


def stopped(taken, missing=0):
    """Answers of descents that take so many steps, the last of them without its update."""
    answers = []
    for one, k in zip(INSTANCES, taken, strict=True):
        updates = k - missing if k < one.inputs["steps"] else k
        run = DESCENT.reference(Instance({**one.inputs, "steps": updates}, "", sizes=one.sizes))
        right = DESCENT.reference(one)
        answers.append({"theta": run["theta"], "losses": right["losses"][:k]})
    return answers


def named(answers):
    return [finding.fault for finding in EXPLAIN(INSTANCES, answers, PARTS).findings]


@pytest.mark.parametrize("missing", [0, 1])
@pytest.mark.parametrize("taken", [(1, 1, 1), (3, 2, 4), (5, 3, 9)])
def test_a_loop_that_ended_early_is_named_whenever_it_did(taken, missing):
    assert named(stopped(taken, missing)) == ["stopped-early"]


def test_what_else_is_wrong_in_it_is_named_beside_it():
    short = [Instance({**one.inputs, "steps": 3}, "", sizes=one.sizes) for one in INSTANCES]
    answers = [DESCENT.computation().run(one, {"direction": -1.0}) for one in short]
    assert named(answers) == ["stopped-early", "wrong-direction"]


@pytest.mark.parametrize(
    "kept",
    [
        lambda losses: losses[-1:],
        lambda losses: losses[::2],
        lambda losses: losses[:2],
        lambda losses: losses[:0],
    ],
    ids=["the last", "every other", "the first two", "none"],
)
def test_a_whole_descent_that_records_few_losses_did_not_end_early(kept):
    answers = [{**right, "losses": kept(right["losses"])} for right in RIGHT]
    assert "stopped-early" not in named(answers)


def test_one_step_too_few_every_time_is_a_loop_that_counts_wrongly():
    assert "too-few-steps" in named(stopped([one.inputs["steps"] - 1 for one in INSTANCES]))


def test_a_whole_descent_is_explained_as_ever():
    assert EXPLAIN(INSTANCES, RIGHT, PARTS) == WHOLE(INSTANCES, RIGHT, PARTS)
