"""The truth by automatic differentiation agrees with the slopes that small steps measure."""

import copy

import numpy as np
import pytest
import torch

from autograder import assignments
from autograder.exercise import Instance, Opaque
from autograder.reference import tensors, value_and_gradients

FIRST, SECOND = (assignments.load(name) for name in ("01-error-backpropagation", "02-gradient-descent"))
NETWORK = FIRST.exercises[1].instances(3)
CUBIC, DESCENT, RATE = (exercise.instances(3) for exercise in SECOND.exercises)


def error(W, B, X, T):
    """The sheet's error, in numpy."""
    A = X
    for i in range(3):
        A = np.maximum(0, A @ W[i] + B[i])
    return ((A @ W[3] + B[3] - T) ** 2).mean()


def loss(theta, x, y):
    """The cubic's summed squared error, in numpy."""
    return ((np.polynomial.polynomial.polyval(x, theta) - y) ** 2).sum()


def slopes(function, array, step):
    """Central differences of a function by every entry of an array, which it reads in place."""
    result = np.empty_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + step
        above = function()
        array[index] = kept - step
        result[index] = (above - function()) / (2 * step)
        array[index] = kept
    return result


def named(instances):
    return pytest.mark.parametrize("instance", instances, ids=[i.description for i in instances])


@named(NETWORK)
def test_the_networks_gradient_is_the_slope_of_its_error(instance):
    W, B = ([array.copy() for array in instance.inputs[name]] for name in "WB")
    X, T = instance.inputs["X"], instance.inputs["T"]
    truth, here = FIRST.exercises[1].reference(instance), error(W, B, X, T)
    np.testing.assert_allclose(truth["error"], here, rtol=1e-13)
    for name, arrays in (("W", W), ("B", B)):
        for i, array in enumerate(arrays):
            result = slopes(lambda: error(W, B, X, T), array, 1e-5)
            np.testing.assert_allclose(truth[f"{name}{i + 1}"], result, rtol=1e-6, atol=1e-9 * here / 1e-5)


def test_both_exercises_of_the_network_share_one_truth():
    by_hand, by_torch = FIRST.exercises
    for one, other in zip(by_hand.instances(3), NETWORK, strict=True):
        gradient, same = by_hand.reference(one), by_torch.reference(other)
        for name in ("W1", "W2", "W3", "W4", "B1", "B2", "B3", "B4"):
            np.testing.assert_array_equal(gradient[f"D{name}"], same[name])


def test_the_sheets_printed_number_is_the_reference():
    truth = FIRST.exercises[0].reference(FIRST.exercises[0].instances(3)[0])
    assert np.linalg.norm(truth["DW1"][0, 0]) == pytest.approx(1.542282152339245, rel=1e-12, abs=0)


@named(CUBIC)
def test_the_cubics_gradient_is_the_slope_of_its_loss(instance):
    theta, x, y = (instance.inputs[name].copy() for name in ("theta", "x", "y"))
    truth = SECOND.exercises[0].reference(instance)
    result = slopes(lambda: loss(theta, x, y), theta, 1e-3)  # exact for a square, up to rounding
    np.testing.assert_allclose([truth[name] for name in "abcd"], result, rtol=1e-7)


@named(DESCENT)
def test_the_descent_follows_the_measured_slopes(instance):
    theta, x, y = (instance.inputs[name].copy() for name in ("theta", "x", "y"))
    losses = []

    def here():
        return loss(theta, x, y)

    for _ in range(instance.inputs["steps"]):
        losses.append(here())
        theta[:] -= instance.inputs["learning_rate"] * slopes(here, theta, 1e-2)
    truth = SECOND.exercises[1].reference(instance)
    np.testing.assert_allclose(truth["losses"], losses, rtol=1e-7)
    np.testing.assert_allclose(truth["theta"], theta, rtol=1e-7)


@named(RATE)
def test_the_largest_learning_rate_is_two_over_the_largest_curvature(instance):
    x = instance.inputs["x"]
    theta, y = np.zeros(4), np.zeros(len(x))
    hessian = np.array(
        [slopes(lambda i=i: slopes(lambda: loss(theta, x, y), theta, 1.0)[i], theta, 1.0) for i in range(4)]
    )
    truth = SECOND.exercises[2].reference(instance)
    np.testing.assert_allclose(truth["learning_rate"], 2 / np.linalg.eigvalsh(hessian)[-1], rtol=1e-9)


@pytest.mark.parametrize("factor", [0.99, 1.01])
def test_below_the_largest_learning_rate_a_descent_shrinks_and_above_it_grows(factor):
    x = RATE[2].inputs["x"]
    rate = factor * float(SECOND.exercises[2].reference(RATE[2])["learning_rate"])
    powers = np.vander(x, 4, increasing=True)
    theta = np.ones(4)
    for _ in range(3000):
        theta = theta - rate * 2 * powers.T @ (powers @ theta)
    assert (np.linalg.norm(powers @ theta) < 1) == (factor < 1)


@pytest.mark.parametrize("exercise", [*FIRST.exercises, *SECOND.exercises], ids=lambda each: each.title)
def test_a_reference_is_float64_and_finite_and_leaves_its_instance_as_it_was(exercise):
    for instance in exercise.instances(3):
        before = copy.deepcopy(dict(instance.inputs))
        truth = exercise.reference(instance)
        assert set(truth) == {part.name for part in exercise.parts}
        for array in truth.values():
            assert isinstance(array, np.ndarray)
            assert array.dtype == np.float64
            assert np.isfinite(array).all()
        np.testing.assert_equal(dict(instance.inputs), before)


def test_tensors_are_float64_and_share_no_memory():
    array = np.ones(2)
    one, (two,) = tensors(array), tensors([array])
    for tensor in (one, two):
        assert tensor.dtype == torch.float64
        tensor += 1
    np.testing.assert_array_equal(array, np.ones(2))


def test_what_is_no_number_has_no_tensor():
    with pytest.raises(TypeError, match="not None"):
        tensors(Opaque("None"))


def test_labels_and_masks_are_tensors_of_their_own_kind_and_shapes_stay_tuples():
    t, m, w = tensors([np.array([1, 2], dtype=np.int32), np.array([True]), np.array([0.5], dtype=np.float32)])
    assert (t.dtype, m.dtype, w.dtype) == (torch.int64, torch.bool, torch.float64)
    assert tensors((2, (3, -1))) == (2, (3, -1))
    assert tensors([("add", 0)]) == [("add", 0)]
    assert (tensors(0.5).dtype, tensors(True)) == (torch.float64, True)
    nested = tensors([[np.ones(2)], [np.ones(1), np.ones(3)]])
    assert [[each.shape for each in row] for row in nested] == [[(2,)], [(1,), (3,)]]


def test_what_is_picked_by_labels_has_its_gradient():
    given = {
        "E": [[np.array([[1.0, 2.0], [3.0, 4.0]])], [np.array([5.0, 6.0])]],
        "t": np.array([1, 1, 0]),
        "m": np.array([True, False, True]),
        "shape": (2, 2),
    }

    def error(inputs):
        (embedding,), (scale,) = inputs["E"]
        picked = embedding[inputs["t"]][inputs["m"]].reshape(inputs["shape"])
        return (picked * scale).sum()

    value, ((by_embedding, by_scale),) = value_and_gradients(error, Instance(given, "x"), ["E"])
    assert value == 3 * 5 + 4 * 6 + 1 * 5 + 2 * 6
    np.testing.assert_array_equal(by_embedding, [[5, 6], [5, 6]])
    np.testing.assert_array_equal(by_scale, [4, 6])


def test_gradients_come_in_the_lists_of_their_leaves():
    instance = Instance({"a": np.array([1.0, 2.0]), "b": [np.array(3.0), np.array([4.0])]}, "x")
    value, gradients = value_and_gradients(
        lambda given: (given["a"] ** 2).sum() * given["b"][0] + given["b"][1].sum(), instance, ("b", "a")
    )
    assert value == 19.0
    assert [[array.tolist() for array in arrays] for arrays in gradients] == [[5.0, [1.0]], [[6.0, 12.0]]]
