"""Vector-Jacobian products of products, sums and elementwise functions, and the wrong ones.

Each slot gets the gradient by the operation's value and gives the one by its operand.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.derivatives.operands import (
    ONE_POINT,
    Value,
    is_weights,
    mistaken,
    square,
    undo_broadcasting,
    value,
    written,
)
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Alternative, Op, Slot
from autograder.exercise import Array

SLOPES: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("A·(1 - A), a sigmoid's slope", lambda Z, A: A * (1 - A)),
    ("σ(Z)·(1 - σ(Z)), a sigmoid's slope", lambda Z, A: sigmoid(Z) * (1 - sigmoid(Z))),
    ("1 - A², the slope of a hyperbolic tangent", lambda Z, A: 1 - A**2),
    ("1 - tanh(Z)², the slope of a hyperbolic tangent", lambda Z, A: 1 - np.tanh(Z) ** 2),
)


def left_of_product(use: Use) -> tuple[Slot, ...]:
    """Gradient by the left factor: D·Bᵀ for A·B."""
    if not is_weights(use, use.other):
        return _factor(use, _backward(value(use, use.other)), _forward_of(value(use, use.other)))
    weights, others = use.other, list(use.alike(use.other))
    alternatives = [Alternative("wrong-weights", _backward(value(use, name)), name) for name in others]
    if square(use, weights):  # or shapes tell
        alternatives = [
            Alternative("weights-not-transposed", _forward_of(value(use, weights))),
            *alternatives,
            *(
                Alternative("wrong-weights", _forward_of(value(use, name)), f"{name}, transposed")
                for name in others
            ),
            Alternative("weights-left-out", lambda _, v: v, rare=True),
        ]
    return (Slot(_backward(value(use, weights)), tuple(alternatives)), *undo_broadcasting(use))


def right_of_product(use: Use) -> tuple[Slot, ...]:
    """Gradient by the right factor: Aᵀ·D for A·B."""
    transposed = Slot(lambda _, v: v, (Alternative("transposed", lambda _, v: _swapped(v)),))
    inputs, pre_activation = use.other, use.applied_to(use.other)
    if not is_weights(use, use.operand):
        whole = value(use, inputs)
        return (*_factor(use, _outer(whole), lambda e, v: whole(e) @ v), transposed)
    unactivated = [("pre-activation-as-input", pre_activation, "")] if pre_activation else []
    others = [("wrong-input", name, name) for name in use.alike(inputs)]
    alternatives = (
        *(
            Alternative(fault, _outer(value(use, name)), hint)
            for fault, name, hint in (*unactivated, *others)
        ),
        *(
            Alternative("one-data-point", _outer_of(value(use, inputs), at), name, rare=True)
            for name, at in ONE_POINT
        ),
    )
    return (Slot(_outer(value(use, inputs)), alternatives), *undo_broadcasting(use), transposed)


def _factor(use: Use, right: Op, not_transposed: Op) -> tuple[Slot, ...]:
    """Give the slots of a product of any two quantities, where none is a layer's weights."""
    backward = _backward if use.place == 0 else _outer
    alternatives = [
        Alternative("wrong-operand", backward(other), hint) for hint, other in mistaken(use, 1 - use.place)
    ]
    if square(use, use.other):
        hint = written(use, use.other)
        alternatives.append(Alternative("operand-not-transposed", not_transposed, hint))
    if square(use, use.node.name):
        alternatives.append(Alternative("upstream-transposed", lambda e, v: right(e, _swapped(v))))
    return (Slot(right, tuple(alternatives)), *undo_broadcasting(use))


def term_of_sum(use: Use) -> tuple[Slot, ...]:
    """Gradient by a term: the upstream one, summed over the axes along which the term was repeated."""
    return undo_broadcasting(use)


def minuend(use: Use) -> tuple[Slot, ...]:
    """Gradient by A of A - B: as by a term."""
    return undo_broadcasting(use)


def subtrahend(use: Use) -> tuple[Slot, ...]:
    """Gradient by B of A - B: the upstream one with the other sign."""
    sign = Slot(lambda _, v: -v, (Alternative("sign-of-second-operand", lambda _, v: v),))
    return (sign, *undo_broadcasting(use))


def relu(use: Use) -> tuple[Slot, ...]:
    """Gradient by a pre-activation: the upstream one where it is positive."""
    Z, A = value(use, use.operand), value(use, use.node.name)
    names = [written(use, use.node.name), written(use, use.operand)]
    others = [Alternative("wrong-relu-mask", _switched(value(use, q)), q) for q in use.alike(use.operand)]
    return (
        Slot(
            _switched(Z),
            (
                Alternative("missing-relu-mask", lambda _, v: v),
                *others,
                Alternative("inverted-relu-mask", lambda e, v: v * (Z(e) < 0)),
                Alternative("activation-instead-of-derivative", lambda e, v: v * A(e), names[0]),
                Alternative("activation-instead-of-derivative", lambda e, v: v * Z(e), names[1]),
                Alternative("relu-of-gradient", lambda _, v: np.maximum(v, 0)),
                *(
                    Alternative("wrong-slope", _times_slope(slope, Z, A), hint, rare=True)
                    for hint, slope in SLOPES
                ),
            ),
        ),
    )


def behind_the_kink(use: Use) -> Op:
    """What a leaky rectifier lets pass besides: the gradient of units that are off."""
    Z = value(use, use.operand)
    return lambda e, v: v * (Z(e) <= 0)


def sigmoid(Z: Array) -> Array:
    """1/(1 + exp(−Z)), of any shape."""
    found: Array = 1 / (1 + np.exp(-Z))
    return found


def _swapped(array: Array) -> Array:
    found: Array = np.swapaxes(array, -1, -2)
    return found


def _backward(factor: Value) -> Op:
    return lambda e, v: v @ _swapped(factor(e))


def _forward_of(factor: Value) -> Op:
    return lambda e, v: v @ factor(e)


def _switched(Z: Value) -> Op:
    return lambda e, v: v * (Z(e) > 0)


def _outer(inputs: Value) -> Op:
    return lambda e, v: _swapped(inputs(e)) @ v


def _outer_of(inputs: Value, at: int) -> Op:
    return lambda e, v: np.outer(inputs(e)[at], v[at])


def _times_slope(slope: Callable[[Array, Array], Array], Z: Value, A: Value) -> Op:
    return lambda e, v: v * slope(Z(e), A(e))
