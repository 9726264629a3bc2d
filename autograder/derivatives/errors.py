"""Define gradients of errors with respect to a network's output: the first step of a backward pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from autograder.derivatives.basic import sigmoid
from autograder.derivatives.operands import Value, but_for, value, written
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array

OUTPUT_SLOPES: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("a sigmoid, whose slope is Y·(1 - Y)", lambda Y: Y * (1 - Y)),
    ("a sigmoid", lambda Y: sigmoid(Y) * (1 - sigmoid(Y))),
    ("a hyperbolic tangent, whose slope is 1 - Y²", lambda Y: 1 - Y**2),
    ("a hyperbolic tangent", lambda Y: 1 - np.tanh(Y) ** 2),
    ("something with the slope Y", lambda Y: Y),
)


def mean_squared_error(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to Y of mean((Y - T)²): 2·(Y - T) over the number of entries."""
    size = _size(value(use, use.operand))
    scale = VJP(
        lambda e, v: 2 * v / size(e),
        (
            Mistake("wrong-scale", lambda e, v: 2 * v / (size(e) - 1), "N/(N - 1)", rare=True),
            Mistake("wrong-scale", lambda e, v: 2 * v / (size(e) + 1), "N/(N + 1)", rare=True),
        ),
    )
    return (times_upstream(_difference(use)), scale)


def summed_squared_error(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to Y of the sum of (Y - T)²: 2·(Y - T)."""
    return (times_upstream(_difference(use)), VJP(lambda _, v: 2 * v))


def times_upstream(vjp: VJP) -> VJP:
    """Multiply what is made without the upstream gradient by it: 1, unless the error is used further on."""
    wrong = (replace(mistake, op=_multiplied(mistake.op)) for mistake in vjp.mistakes)
    return VJP(_multiplied(vjp.right), tuple(wrong))


def _multiplied(op: Op) -> Op:
    return lambda e, v: op(e, v) * v


def _size(array: Value) -> Callable[[Env], int]:
    return lambda e: array(e).size


def _difference(use: Use) -> VJP:
    """Y - T, and what stands in its place where another error is differentiated."""
    y, t = value(use, use.operand), value(use, use.other)
    names, size = [written(use, operand) for operand in use.node.operands], _size(y)
    column = use.forward.shapes[use.operand][-1:] == (1,)

    def off(e: Env) -> Array:
        difference: Array = y(e) - t(e)
        return difference

    broadcast = (
        Mistake("broadcast-targets", lambda e, _: y(e) - t(e).mean()),
        Mistake("broadcast-targets", lambda e, _: len(y(e)) * y(e) - t(e).sum()),
        Mistake("broadcast-targets", lambda e, _: y(e) - t(e).T, rare=True),  # what follows takes row sums
        Mistake("broadcast-targets", lambda e, _: y(e).T - t(e), rare=True),
    )
    return VJP(
        lambda e, _: off(e),
        (
            *(broadcast if column else ()),
            Mistake("output-masked", lambda e, _: off(e) * (y(e) > 0)),
            Mistake("output-masked", lambda e, _: (np.maximum(y(e), 0) - t(e)) * (y(e) > 0)),
            Mistake("output-masked", lambda e, _: np.maximum(y(e), 0) - t(e)),
            *(
                Mistake("output-activated", _product(off, slope, y), hint, rare=True)
                for hint, slope in OUTPUT_SLOPES
            ),
            Mistake("sign-lost", lambda e, _: np.abs(off(e)), rare=True),
            *_other_errors(use, off),
            Mistake("divided-in-part", lambda e, _: size(e) * y(e) - t(e) / 2, names[1], rare=True),
            Mistake("divided-in-part", lambda e, _: size(e) * y(e) - t(e), names[1], rare=True),
            Mistake("divided-in-part", lambda e, _: y(e) - size(e) * t(e), names[0], rare=True),
            Mistake("divided-in-part", lambda e, _: y(e) - size(e) * t(e) / 2, names[0], rare=True),
            Mistake("divided-in-part", lambda e, _: size(e) * y(e) / 2 - t(e), names[1], rare=True),
            Mistake("doubled-in-part", lambda e, _: y(e) - t(e) / 2, names[0], rare=True),
            Mistake("doubled-in-part", lambda e, _: y(e) / 2 - t(e), names[1], rare=True),
            Mistake("one-data-point", lambda e, _: only(off(e), -1), "the last", rare=True),
            Mistake("one-data-point", lambda e, _: only(off(e), 0), "the first", rare=True),
            Mistake("data-point-left-out", lambda e, _: but_for(off(e), -1), "the last", rare=True),
            Mistake("data-point-left-out", lambda e, _: but_for(off(e), 0), "the first", rare=True),
            Mistake("averaged", lambda e, _: np.full_like(y(e), off(e).mean()), rare=True),
            Mistake("averaged", lambda e, _: np.full_like(y(e), off(e).sum()), rare=True),
        ),
    )


def _other_errors(use: Use, off: Callable[[Env], Array]) -> tuple[Mistake, ...]:
    """Gradients of other errors, each times N/2, and once more without the factor that goes with it."""
    Y, T = (written(use, operand) for operand in use.node.operands)
    y, t = value(use, use.operand), value(use, use.other)
    size = _size(y)
    others: list[tuple[str, Callable[[Env], Array], tuple[float, ...]]] = [
        ("the absolute error", lambda e: np.sign(off(e)), (1, 0.5)),
        ("the square, not differentiated", lambda e: off(e) ** 2, (0.5,)),
        ("a square of the difference", lambda e: off(e) ** 2, (1,)),
        ("the error itself, not differentiated", lambda e: np.full_like(y(e), (off(e) ** 2).mean()), (1,)),
        (
            "the error itself, not differentiated",
            lambda e: np.full_like(y(e), (off(e) ** 2).mean() * size(e)),
            (1, 0.5),
        ),
        ("a third power", lambda e: off(e) ** 3, (1,)),
        ("a fourth power", lambda e: off(e) ** 3, (2,)),
        ("Huber's error", lambda e: np.clip(off(e), -1, 1), (0.5, 1)),
        ("the logarithm of the hyperbolic cosine", lambda e: np.tanh(off(e)), (0.5, 1)),
        ("the root of the mean square", lambda e: off(e) / np.sqrt((off(e) ** 2).mean()), (0.5, 1)),
        (f"the norm of {Y} - {T}", lambda e: off(e) / np.sqrt((off(e) ** 2).sum()) * size(e), (0.5, 1)),
        ("the cross-entropy", lambda e: off(e) / (y(e) * (1 - y(e))), (0.5, 1)),
        ("the cross-entropy", lambda e: sigmoid(y(e)) - t(e), (0.5, 1)),
        ("the cross-entropy", lambda e: -t(e) / y(e), (0.5, 1)),
        ("the relative error", lambda e: off(e) / t(e), (1,)),
        (f"{Y} alone", lambda e: y(e), (1,)),
        (f"{T} alone", lambda e: -t(e), (1,)),
    ]
    return tuple(
        Mistake("wrong-error", _multiple(made, factor), hint, rare=True)
        for hint, made, factors in others
        for factor in factors
    )


def only(array: Array, row: int) -> Array:
    """Zero but for one row."""
    one = np.zeros_like(array)
    one[row] = array[row]
    return one


def _product(off: Callable[[Env], Array], slope: Callable[[Array], Array], y: Value) -> Op:
    return lambda e, _: off(e) * slope(y(e))


def _multiple(made: Callable[[Env], Array], factor: float) -> Op:
    return lambda e, _: factor * made(e)
