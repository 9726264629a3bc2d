"""The general faults: of an error, a product with weights, a mask, a weight's and a bias's gradient.

An assignment puts its backward pass together from these; the grader knows nothing of any one network.
Each function makes the slots of one step. Names of quantities are keys of the step's environment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.diagnosis.steps import Alternative, Blend, Env, Op, Slot
from autograder.exercise import Array


def mean_squared_error(Y: str, T: str) -> tuple[Slot, ...]:
    """Gradient (N, 1) of mean((Y − T)²) by Y."""

    def off(e: Env) -> Array:
        difference: Array = e[Y] - e[T]
        return difference

    return (
        Slot(
            lambda e, _: off(e),
            (
                Alternative("broadcast-targets", lambda e, _: e[Y] - e[T].mean()),
                Alternative("broadcast-targets", lambda e, _: e["N"] * e[Y] - e[T].sum()),
                Alternative("output-masked", lambda e, _: off(e) * (e[Y] > 0)),
                Alternative("output-masked", lambda e, _: (np.maximum(e[Y], 0) - e[T]) * (e[Y] > 0)),
                Alternative("output-masked", lambda e, _: np.maximum(e[Y], 0) - e[T]),
                *(
                    Alternative("output-activated", _product(off, slope, Y), hint, rare=True)
                    for hint, slope in OUTPUT_SLOPES
                ),
                *_other_errors(Y, T, off),
                Alternative("one-data-point", lambda e, _: _only(off(e), -1), "the last", rare=True),
                Alternative("one-data-point", lambda e, _: _only(off(e), 0), "the first", rare=True),
                Alternative("averaged", lambda e, _: np.full_like(e[Y], off(e).mean()), rare=True),
                Alternative("averaged", lambda e, _: np.full_like(e[Y], off(e).sum()), rare=True),
            ),
        ),
        Slot(
            lambda e, v: 2 * v / e["N"],
            (
                Alternative("wrong-scale", lambda e, v: 2 * v / (e["N"] - 1), "N/(N - 1)", rare=True),
                Alternative("wrong-scale", lambda e, v: 2 * v / (e["N"] + 1), "N/(N + 1)", rare=True),
            ),
        ),
    )


OUTPUT_SLOPES: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("a sigmoid, whose slope is Y·(1 - Y)", lambda Y: Y * (1 - Y)),
    ("a sigmoid", lambda Y: sigmoid(Y) * (1 - sigmoid(Y))),
    ("a hyperbolic tangent, whose slope is 1 - Y²", lambda Y: 1 - Y**2),
    ("a hyperbolic tangent", lambda Y: 1 - np.tanh(Y) ** 2),
    ("something with the slope Y", lambda Y: Y),
)
SLOPES: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("A·(1 - A), a sigmoid's slope", lambda Z, A: A * (1 - A)),
    ("σ(Z)·(1 - σ(Z)), a sigmoid's slope", lambda Z, A: sigmoid(Z) * (1 - sigmoid(Z))),
    ("1 - A², the slope of a hyperbolic tangent", lambda Z, A: 1 - A**2),
    ("1 - tanh(Z)², the slope of a hyperbolic tangent", lambda Z, A: 1 - np.tanh(Z) ** 2),
)


def _other_errors(Y: str, T: str, off: Callable[[Env], Array]) -> tuple[Alternative, ...]:
    """Gradients of other errors, each times N/2, and once more without the factor that goes with it."""
    found: list[tuple[str, Callable[[Env], Array], tuple[float, ...]]] = [
        ("the absolute error", lambda e: np.sign(off(e)), (1, 0.5)),
        ("the square, not differentiated", lambda e: off(e) ** 2, (0.5,)),
        ("a square of the difference", lambda e: off(e) ** 2, (1,)),
        ("the error itself, not differentiated", lambda e: np.full_like(e[Y], (off(e) ** 2).mean()), (1,)),
        (
            "the error itself, not differentiated",
            lambda e: np.full_like(e[Y], (off(e) ** 2).mean() * e["N"]),
            (1, 0.5),
        ),
        ("a third power", lambda e: off(e) ** 3, (1,)),
        ("a fourth power", lambda e: off(e) ** 3, (2,)),
        ("Huber's error", lambda e: np.clip(off(e), -1, 1), (0.5, 1)),
        ("the logarithm of the hyperbolic cosine", lambda e: np.tanh(off(e)), (0.5, 1)),
        ("the root of the mean square", lambda e: off(e) / np.sqrt((off(e) ** 2).mean()), (0.5, 1)),
        ("the norm of Y - T", lambda e: off(e) / np.sqrt((off(e) ** 2).sum()) * e["N"], (0.5, 1)),
        ("the cross-entropy", lambda e: off(e) / (e[Y] * (1 - e[Y])), (0.5, 1)),
        ("the cross-entropy", lambda e: sigmoid(e[Y]) - e[T], (0.5, 1)),
        ("the cross-entropy", lambda e: -e[T] / e[Y], (0.5, 1)),
        ("the relative error", lambda e: off(e) / e[T], (1,)),
        (f"{Y} alone", lambda e: e[Y], (1,)),
        (f"{T} alone", lambda e: -e[T], (1,)),
    ]
    return tuple(
        Alternative("wrong-error", _multiple(made, factor), hint, rare=True)
        for hint, made, factors in found
        for factor in factors
    )


def _only(array: Array, row: int) -> Array:
    """Zero but for one row."""
    one = np.zeros_like(array)
    one[row] = array[row]
    return one


def sigmoid(Z: Array) -> Array:
    """1/(1 + exp(−Z)), of any shape."""
    found: Array = 1 / (1 + np.exp(-Z))
    return found


def leaky(upstream: str, weights: str, Z: str) -> Blend:
    """Some of the gradient passes through units that are off."""
    return Blend(
        "leaky-relu-mask",
        lambda e, _: (e[upstream] @ e[weights].T) * (e[Z] <= 0),
        hint="{amount}",
        between=(-0.999, 0.999),
    )


def through_weights(
    upstream: str, weights: str, others: Sequence[str], stations: Sequence[tuple[str, Op]] = ()
) -> Slot:
    """Gradient (N, fan_in) by a layer's inputs.

    others : weights it is mistaken for.
    stations : what the upstream gradient is mistaken for, in words, and how it is computed.
    """
    return Slot(
        _backward(upstream, weights),
        (
            Alternative("weights-not-transposed", _forward(upstream, weights)),
            *(Alternative("wrong-weights", _backward(upstream, other), other) for other in others),
            *(
                Alternative("wrong-weights", _forward(upstream, other), f"{other}, transposed")
                for other in others
            ),
            *(
                Alternative("wrong-upstream", _from(other, weights), name, rare=True)
                for name, other in stations
            ),
            Alternative(
                "weights-left-out", lambda e, _: _square(e[weights], e[upstream], skip=True), rare=True
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
            *(
                Alternative("wrong-slope", _times_slope(slope, Z, A), hint, rare=True)
                for hint, slope in SLOPES
            ),
        ),
    )


def weights_gradient(
    inputs: str,
    upstream: str,
    pre_activation: str | None = None,
    others: Sequence[str] = (),
    *,
    unmasked: Op | None = None,
    stations: Sequence[str] = (),
) -> tuple[Slot, ...]:
    """Gradient (fan_in, fan_out) by weights.

    pre_activation, others : what is mistaken for the inputs.
    unmasked, stations : the gradient in front of the rectifier, and those of other places, which are mistaken
        for the upstream one.
    """
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
                *(
                    [
                        Alternative(
                            "missing-relu-mask",
                            lambda e, v: e[inputs].T @ unmasked(e, v),
                            rare=True,
                            apart=True,
                        )
                    ]
                    if unmasked
                    else []
                ),
                *(
                    Alternative("wrong-upstream", _outer(inputs, other), other, rare=True, apart=True)
                    for other in stations
                ),
                *(
                    Alternative("one-data-point", _outer_of(inputs, upstream, row), name, rare=True)
                    for name, row in ONE_POINT
                ),
            ),
        ),
        Slot(lambda _, v: v, (Alternative("transposed", lambda _, v: v.T),)),
    )


ONE_POINT = (("the last", -1), ("the first", 0))


def bias_gradient(
    upstream: str, *, unmasked: Op | None = None, stations: Sequence[str] = ()
) -> tuple[Slot, ...]:
    """Gradient (fan_out,) by biases; unmasked, stations: as for the weights."""
    return (
        Slot(
            lambda e, _: e[upstream].sum(axis=0),
            (
                Alternative("not-summed", lambda e, _: e[upstream]),
                Alternative("wrong-axis", lambda e, _: e[upstream].sum(axis=1)),
                Alternative("wrong-axis", lambda e, _: e[upstream].sum(axis=1, keepdims=True)),
                Alternative("summed-over-all-axes", lambda e, _: e[upstream].sum()),
                Alternative(
                    "summed-over-all-axes",
                    lambda e, _: np.full(e[upstream].shape[1], e[upstream].sum()),
                ),
                Alternative("extra-axis", lambda e, _: e[upstream].sum(axis=0, keepdims=True)),
                Alternative("extra-axis", lambda e, _: e[upstream].sum(axis=0)[:, None]),
                *(
                    [
                        Alternative(
                            "missing-relu-mask",
                            lambda e, v: unmasked(e, v).sum(axis=0),
                            rare=True,
                            apart=True,
                        )
                    ]
                    if unmasked
                    else []
                ),
                *(
                    Alternative("wrong-upstream", _summed(other), other, rare=True, apart=True)
                    for other in stations
                ),
                *(
                    Alternative("one-data-point", _row(upstream, row), name, rare=True)
                    for name, row in ONE_POINT
                ),
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


def _summed(upstream: str) -> Op:
    return lambda e, _: e[upstream].sum(axis=0)


def _row(upstream: str, row: int) -> Op:
    return lambda e, _: e[upstream][row]


def _from(upstream: Op, weights: str) -> Op:
    return lambda e, v: upstream(e, v) @ e[weights].T


def _times_slope(slope: Callable[[Array, Array], Array], Z: str, A: str) -> Op:
    return lambda e, v: v * slope(e[Z], e[A])


def _product(off: Callable[[Env], Array], slope: Callable[[Array], Array], Y: str) -> Op:
    return lambda e, _: off(e) * slope(e[Y])


def _multiple(made: Callable[[Env], Array], factor: float) -> Op:
    return lambda e, _: factor * made(e)


def _outer_of(inputs: str, upstream: str, row: int) -> Op:
    return lambda e, _: np.outer(e[inputs][row], e[upstream][row])


def _square(weights: Array, upstream: Array, *, skip: bool = False) -> Array:
    """Go through weights in the forward direction, or past them; only where they are square."""
    if weights.shape[0] != weights.shape[1]:
        raise ValueError("the untransposed product has another shape")
    product: Array = upstream if skip else upstream @ weights
    return product
