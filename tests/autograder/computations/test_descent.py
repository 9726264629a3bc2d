"""A descent is followed on any declared loss, and what goes wrong in its loop is named, an early end, too."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.compare import agrees
from autograder.computations.descent import Descent, hessian, landscape
from autograder.computations.other_descents import ClearedEvery
from autograder.computations.stopped_descents import reading_stops
from autograder.diagnosis.by_computation import by_computation
from autograder.forward_pass import ForwardPass
from tests.autograder.derivatives.drawn import inputs_alone

STEPS = 4
PARTS = ["theta", "losses"]
SHAPES = {"theta": (3,), "x": ("N", 3), "y": ("N",)}
LINE = ForwardPass("r = x @ theta - y\nL = sum(r ** 2)", **SHAPES)
CURVED = ForwardPass("r = tanh(x @ theta) - y\nL = sum(r ** 2)", **SHAPES)
DESCENT = Descent(LINE)
both = pytest.mark.parametrize("forward", [LINE, CURVED], ids=["quadratic", "any"])

SIZES = [{"N": 6}, {"N": 9}]
INSTANCES = inputs_alone(LINE, SIZES, learning_rate=0.02, steps=STEPS)
TWO_RATES = [
    *inputs_alone(LINE, SIZES[:1], learning_rate=0.017, steps=STEPS),
    *inputs_alone(LINE, SIZES[1:], seed=2, learning_rate=0.013, steps=STEPS),
]


def loss_and_slope(forward, theta, given):
    x, y = given.inputs["x"], given.inputs["y"]
    p, inner = x @ theta, np.ones(len(y))
    if forward is CURVED:
        p = np.tanh(p)
        inner = 1 - p**2
    return ((p - y) ** 2).sum(), 2 * x.T @ ((p - y) * inner)


@both
def test_the_truth_is_the_descent_written_by_hand_and_the_model_without_mistakes_is_the_truth(forward):
    descent = Descent(forward)
    for given in INSTANCES:
        theta, losses = given.inputs["theta"], []
        for _ in range(4):
            loss, slope = loss_and_slope(forward, theta, given)
            losses.append(loss)
            theta = theta - 0.02 * slope
        for result in (descent.reference(given), descent.computation().run(given, {})):
            np.testing.assert_allclose(result["theta"], theta)
            np.testing.assert_allclose(result["losses"], losses)


@both
def test_each_mistake_in_the_loop_makes_other_numbers_and_is_named(forward):
    computation = Descent(forward).computation()
    explain, right = by_computation(computation), [computation.run(given, {}) for given in TWO_RATES]
    for mistake in computation.mistakes:
        answers = [computation.run(given, dict([mistake.setting])) for given in TWO_RATES]
        assert any(
            not np.allclose(answer[part], true[part])
            for answer, true in zip(answers, right, strict=True)
            for part in true
        )
        message = explain(TWO_RATES, answers, PARTS)
        # with the sheet's own learning rate these parameters do not move, up to single precision
        still = mistake.fault == "wrong-learning-rate" and all(
            agrees(answer["theta"], given.inputs["theta"])
            for answer, given in zip(answers, TWO_RATES, strict=True)
        )
        # and these are not cleared any more in so few steps
        late = isinstance(rule := mistake.setting[1], ClearedEvery) and rule.first >= STEPS
        named = "parameters-unchanged" if still else "gradients-accumulated" if late else mistake.fault
        assert [(finding.fault, finding.where) for finding in message.findings] == [(named, mistake.where)]


def test_a_descent_that_steps_along_the_first_gradient_is_named():
    answers = []
    for given in INSTANCES:
        theta = given.inputs["theta"]
        _, slope = loss_and_slope(LINE, theta, given)
        losses = [loss_and_slope(LINE, theta - 0.02 * k * slope, given)[0] for k in range(4)]
        answers.append({"theta": theta - 4 * 0.02 * slope, "losses": np.array(losses)})
    message = by_computation(DESCENT.computation())(INSTANCES, answers, PARTS)
    assert [finding.fault for finding in message.findings] == ["gradient-of-the-start"]


def test_second_derivatives_are_those_of_the_loss():
    given = INSTANCES[0]
    x = given.inputs["x"]
    np.testing.assert_allclose(hessian(LINE, given, "theta", np.zeros(3)), 2 * x.T @ x)


@both
def test_a_landscape_is_the_loss_and_its_slope_anywhere(forward):
    value, slope = landscape(forward, INSTANCES[0], "theta")
    for theta in np.random.default_rng(4).standard_normal((3, 3)):
        loss, gradient = loss_and_slope(forward, theta, INSTANCES[0])
        np.testing.assert_allclose(value(theta), loss)
        np.testing.assert_allclose(slope(theta), gradient)


# Descents that ended early

WHOLE = by_computation(DESCENT.computation())
EXPLAIN = reading_stops(WHOLE, "theta", "losses", "steps")
TO_STOP = inputs_alone(LINE, [{"N": 7}] * 3, learning_rate=0.017)


def taking(steps):
    """The instances, where descents take so many steps each."""
    return [replace(one, inputs={**one.inputs, "steps": k}) for one, k in zip(TO_STOP, steps, strict=True)]


TAKEN = (5, 7, 9)
WHOLE_DESCENTS = taking(TAKEN)
RIGHT = [DESCENT.reference(one) for one in WHOLE_DESCENTS]


def stopped(taken, missing=0):
    """Answers of descents that take so many steps, the last of them without its update."""
    updates = [k - missing if k < steps else k for k, steps in zip(taken, TAKEN, strict=True)]
    return [
        {"theta": DESCENT.reference(one)["theta"], "losses": right["losses"][:k]}
        for one, right, k in zip(taking(updates), RIGHT, taken, strict=True)
    ]


def named(answers):
    return [finding.fault for finding in EXPLAIN(WHOLE_DESCENTS, answers, PARTS).findings]


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
    assert "too-few-steps" in named(stopped([steps - 1 for steps in TAKEN]))


def test_a_whole_descent_is_explained_as_ever():
    assert EXPLAIN(WHOLE_DESCENTS, RIGHT, PARTS) == WHOLE(WHOLE_DESCENTS, RIGHT, PARTS)
