"""The general faults: of an error, a product with weights, a mask, a weight's and a bias's gradient.

An assignment puts its backward pass together from these; the grader knows nothing of any one network.
Each function makes the slots of one step. Names of quantities are keys of the step's environment.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.diagnosis.steps import Alternative, Blend, Op, Slot
from autograder.exercise import Array


def mean_squared_error(Y: str, T: str) -> tuple[Slot, ...]:
    """Gradient (N, 1) of mean((Y − T)²) by Y."""
    return (
        Slot(
            lambda e, _: e[Y] - e[T],
            (
                Alternative("broadcast-targets", lambda e, _: e[Y] - e[T].mean()),
                Alternative("broadcast-targets", lambda e, _: e["N"] * e[Y] - e[T].sum()),
                Alternative("output-masked", lambda e, _: (e[Y] - e[T]) * (e[Y] > 0)),
                Alternative("output-masked", lambda e, _: (np.maximum(e[Y], 0) - e[T]) * (e[Y] > 0)),
                Alternative("output-masked", lambda e, _: np.maximum(e[Y], 0) - e[T]),
                Alternative("wrong-error", lambda e, _: np.sign(e[Y] - e[T]), "the absolute error"),
                Alternative("wrong-error", lambda e, _: np.sign(e[Y] - e[T]) / 2, "the absolute error"),
                Alternative(
                    "wrong-error", lambda e, _: (e[Y] - e[T]) ** 2 / 2, "the square, not differentiated"
                ),
                Alternative("wrong-error", lambda e, _: (e[Y] - e[T]) ** 2, "a square of the difference"),
                Alternative("wrong-error", lambda e, _: (e[Y] - e[T]) ** 3, "a third power"),
                Alternative("wrong-error", lambda e, _: 2 * (e[Y] - e[T]) ** 3, "a fourth power"),
                Alternative("wrong-error", lambda e, _: e[Y], f"{Y} alone"),
                Alternative("wrong-error", lambda e, _: -e[T], f"{T} alone"),
            ),
        ),
        Slot(lambda e, v: 2 * v / e["N"]),
    )


def through_weights(upstream: str, weights: str, others: Sequence[str]) -> Slot:
    """Gradient (N, fan_in) by a layer's inputs; others: weights it is mistaken for."""
    return Slot(
        _backward(upstream, weights),
        (
            Alternative("weights-not-transposed", _forward(upstream, weights)),
            *(Alternative("wrong-weights", _backward(upstream, other), other) for other in others),
            *(
                Alternative("wrong-weights", _forward(upstream, other), f"{other}, transposed")
                for other in others
            ),
        ),
    )


def updated_weights(upstream: str, weights_gradient: str, Z: str) -> Blend:
    """The pass goes on with weights from which a step of gradient descent has been taken already."""
    return Blend("weights-updated", lambda e, _: (e[upstream] @ e[weights_gradient].T) * (e[Z] > 0))


def through_relu(Z: str, A: str, others: Sequence[str]) -> Slot:
    """Gradient (N, units) by pre-activations, from the one by activations; others: other layers' Z."""
    return Slot(
        _switched(Z),
        (
            Alternative("missing-relu-mask", lambda _, v: v),
            *(Alternative("wrong-relu-mask", _switched(other), other) for other in others),
            Alternative("inverted-relu-mask", lambda e, v: v * (e[Z] < 0)),
            Alternative("activation-instead-of-derivative", lambda e, v: v * e[A], A),
            Alternative("activation-instead-of-derivative", lambda e, v: v * e[Z], Z),
            Alternative("relu-of-gradient", lambda _, v: np.maximum(v, 0)),
        ),
    )


def weights_gradient(
    inputs: str, upstream: str, pre_activation: str | None = None, others: Sequence[str] = ()
) -> tuple[Slot, ...]:
    """Gradient (fan_in, fan_out) by weights; pre_activation, others: what is mistaken for the inputs."""
    return (
        Slot(
            _outer(inputs, upstream),
            (
                *(
                    [Alternative("pre-activation-as-input", _outer(pre_activation, upstream))]
                    if pre_activation
                    else []
                ),
                *(Alternative("wrong-input", _outer(other, upstream), other) for other in others),
            ),
        ),
        Slot(lambda _, v: v, (Alternative("transposed", lambda _, v: v.T),)),
    )


def bias_gradient(upstream: str) -> tuple[Slot, ...]:
    """Gradient (fan_out,) by biases."""
    return (
        Slot(
            lambda e, _: e[upstream].sum(axis=0),
            (
                Alternative("not-summed", lambda e, _: e[upstream]),
                Alternative("wrong-axis", lambda e, _: e[upstream].sum(axis=1)),
                Alternative("wrong-axis", lambda e, _: e[upstream].sum(axis=1, keepdims=True)),
                Alternative("summed-over-all-axes", lambda e, _: e[upstream].sum()),
                Alternative(
                    "summed-over-all-axes", lambda e, _: np.full(e[upstream].shape[1], e[upstream].sum())
                ),
                Alternative("extra-axis", lambda e, _: e[upstream].sum(axis=0, keepdims=True)),
                Alternative("extra-axis", lambda e, _: e[upstream].sum(axis=0)[:, None]),
            ),
        ),
    )


def _backward(upstream: str, weights: str) -> Op:
    return lambda e, _: e[upstream] @ e[weights].T


def _forward(upstream: str, weights: str) -> Op:
    return lambda e, _: _square(e[weights], e[upstream])


def _switched(Z: str) -> Op:
    return lambda e, v: v * (e[Z] > 0)


def _outer(inputs: str, upstream: str) -> Op:
    return lambda e, _: e[inputs].T @ e[upstream]


def _square(weights: Array, upstream: Array) -> Array:
    if weights.shape[0] != weights.shape[1]:
        raise ValueError("the untransposed product has another shape")
    product: Array = upstream @ weights
    return product
