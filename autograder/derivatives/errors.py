"""Gradients of errors by a network's output: the first step of a backward pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.derivatives.basic import sigmoid
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Alternative, Env, Op, Slot
from autograder.exercise import Array

OUTPUT_SLOPES: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("a sigmoid, whose slope is Y·(1 - Y)", lambda Y: Y * (1 - Y)),
    ("a sigmoid", lambda Y: sigmoid(Y) * (1 - sigmoid(Y))),
    ("a hyperbolic tangent, whose slope is 1 - Y²", lambda Y: 1 - Y**2),
    ("a hyperbolic tangent", lambda Y: 1 - np.tanh(Y) ** 2),
    ("something with the slope Y", lambda Y: Y),
)


def mean_squared_error(use: Use) -> tuple[Slot, ...]:
    """Gradient (N, 1) by Y of mean((Y − T)²): 2·(Y − T)/N."""
    Y, T = use.operand, use.other

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


def _product(off: Callable[[Env], Array], slope: Callable[[Array], Array], Y: str) -> Op:
    return lambda e, _: off(e) * slope(e[Y])


def _multiple(made: Callable[[Env], Array], factor: float) -> Op:
    return lambda e, _: factor * made(e)
