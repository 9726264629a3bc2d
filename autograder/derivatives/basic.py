"""Vector-Jacobian products of products, sums and elementwise functions, and the wrong ones.

Each slot gets the gradient by the operation's value and gives the one by its operand.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Alternative, Op, Slot
from autograder.exercise import Array

ONE_POINT = (("the last", -1), ("the first", 0))
SLOPES: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("A·(1 - A), a sigmoid's slope", lambda Z, A: A * (1 - A)),
    ("σ(Z)·(1 - σ(Z)), a sigmoid's slope", lambda Z, A: sigmoid(Z) * (1 - sigmoid(Z))),
    ("1 - A², the slope of a hyperbolic tangent", lambda Z, A: 1 - A**2),
    ("1 - tanh(Z)², the slope of a hyperbolic tangent", lambda Z, A: 1 - np.tanh(Z) ** 2),
)


def left_of_product(use: Use) -> tuple[Slot, ...]:
    """Gradient by the left factor, where the right one are weights W: D·Wᵀ."""
    weights, others = use.other, list(use.alike(use.other))
    return (
        Slot(
            _backward(weights),
            (
                Alternative("weights-not-transposed", _forward(weights)),
                *(Alternative("wrong-weights", _backward(name), name) for name in others),
                *(Alternative("wrong-weights", _forward(name), f"{name}, transposed") for name in others),
                Alternative("weights-left-out", lambda e, v: _past(e[weights], v), rare=True),
            ),
        ),
    )


def right_of_product(use: Use) -> tuple[Slot, ...]:
    """Gradient by the right factor, weights whose inputs are A: Aᵀ·D."""
    inputs, pre_activation = use.other, use.applied_to(use.other)
    unactivated = [("pre-activation-as-input", pre_activation, "")] if pre_activation else []
    others = [("wrong-input", name, name) for name in use.alike(inputs)]
    return (
        Slot(
            _outer(inputs),
            (
                *(Alternative(fault, _outer(name), hint) for fault, name, hint in (*unactivated, *others)),
                *(
                    Alternative("one-data-point", _outer_of(inputs, row), name, rare=True)
                    for name, row in ONE_POINT
                ),
            ),
        ),
        Slot(lambda _, v: v, (Alternative("transposed", lambda _, v: v.T),)),
    )


def term_of_sum(use: Use) -> tuple[Slot, ...]:
    """Gradient by a term: the upstream one, summed over the data points where the term is a bias."""
    if use.forward.shapes[use.operand] == use.forward.shapes[use.node.name]:
        return ()
    several = use.forward.shapes[use.operand] != (1,)  # or the sum of all is the sum of each
    spread = [Alternative("summed-over-all-axes", lambda _, v: np.full(v.shape[1], v.sum()))]
    return (
        Slot(
            lambda _, v: v.sum(axis=0),
            (
                Alternative("not-summed", lambda _, v: v),
                Alternative("wrong-axis", lambda _, v: v.sum(axis=1)),
                Alternative("wrong-axis", lambda _, v: v.sum(axis=1, keepdims=True)),
                Alternative("summed-over-all-axes", lambda _, v: v.sum()),
                *(spread if several else []),
                Alternative("extra-axis", lambda _, v: v.sum(axis=0, keepdims=True)),
                Alternative("extra-axis", lambda _, v: v.sum(axis=0)[:, None]),
                *(Alternative("one-data-point", _row(row), name, rare=True) for name, row in ONE_POINT),
            ),
        ),
    )


def relu(use: Use) -> tuple[Slot, ...]:
    """Gradient by a pre-activation: the upstream one where it is positive."""
    Z, A = use.operand, use.node.name
    return (
        Slot(
            _switched(Z),
            (
                Alternative("missing-relu-mask", lambda _, v: v),
                *(Alternative("wrong-relu-mask", _switched(other), other) for other in use.alike(Z)),
                Alternative("inverted-relu-mask", lambda e, v: v * (e[Z] < 0)),
                Alternative("activation-instead-of-derivative", lambda e, v: v * e[A], A),
                Alternative("activation-instead-of-derivative", lambda e, v: v * e[Z], Z),
                Alternative("relu-of-gradient", lambda _, v: np.maximum(v, 0)),
                *(
                    Alternative("wrong-slope", _times_slope(slope, Z, A), hint, rare=True)
                    for hint, slope in SLOPES
                ),
            ),
        ),
    )


def behind_the_kink(use: Use) -> Op:
    """What a leaky ReLU lets pass besides: the gradient of units that are off."""
    Z = use.operand
    return lambda e, v: v * (e[Z] <= 0)


def sigmoid(Z: Array) -> Array:
    """1/(1 + exp(−Z)), of any shape."""
    found: Array = 1 / (1 + np.exp(-Z))
    return found


def _backward(weights: str) -> Op:
    return lambda e, v: v @ e[weights].T


def _forward(weights: str) -> Op:
    return lambda e, v: _past(e[weights], v) @ e[weights]


def _past(weights: Array, upstream: Array) -> Array:
    """Go past weights as if they were not there; only where they are square does that fit."""
    if weights.shape[0] != weights.shape[1]:
        raise ValueError("what comes out has another shape")
    return upstream


def _switched(Z: str) -> Op:
    return lambda e, v: v * (e[Z] > 0)


def _outer(inputs: str) -> Op:
    return lambda e, v: e[inputs].T @ v


def _outer_of(inputs: str, row: int) -> Op:
    return lambda e, v: np.outer(e[inputs][row], v[row])


def _row(row: int) -> Op:
    return lambda _, v: v[row]


def _times_slope(slope: Callable[[Array, Array], Array], Z: str, A: str) -> Op:
    return lambda e, v: v * slope(e[Z], e[A])
