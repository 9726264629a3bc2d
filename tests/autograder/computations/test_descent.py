"""A descent is followed on any declared loss, and what goes wrong in its loop is named."""

import numpy as np
import pytest

from autograder.compare import agrees
from autograder.computations.descent import Descent, hessian, landscape
from autograder.computations.other_descents import ClearedEvery
from autograder.diagnosis.by_computation import by_computation
from autograder.forward_pass import ForwardPass
from tests.autograder.derivatives.drawn import inputs_alone

STEPS = 4
SHAPES = {"theta": (3,), "x": ("N", 3), "y": ("N",)}
LINE = ForwardPass("r = x @ theta - y\nL = sum(r ** 2)", **SHAPES)
CURVED = ForwardPass("r = tanh(x @ theta) - y\nL = sum(r ** 2)", **SHAPES)
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
        message = explain(TWO_RATES, answers, ["theta", "losses"])
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
    message = by_computation(Descent(LINE).computation())(INSTANCES, answers, ["theta", "losses"])
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
