"""Define vector-Jacobian products of sums and of ReLU, and the wrong ones.

Each factor gets the gradient with respect to the operation's value and gives the one by its operand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from autograder.derivatives.biases import with_what_a_bias_is_not, without_bias
from autograder.derivatives.operands import Value, undo_broadcasting, value, written
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Mistake, Op
from autograder.exercise import Array


def term_of_sum(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to a term: the upstream one, summed over the repeated axes."""
    vjps = with_what_a_bias_is_not(use, undo_broadcasting(use))
    factor = _factor_of_the_other(use)
    if not vjps or factor is None:
        return vjps
    (summed, *rest), G = vjps, value(use, factor)
    wrong = Mistake("gamma-in-beta", lambda e, v: summed.right(e, v * G(e)), factor)
    return (replace(summed, mistakes=(*summed.mistakes, wrong)), *rest)


def _factor_of_the_other(use: Use) -> str | None:
    """Find an input that multiplies the other term and has the shape of this one: it is taken along."""
    forward, node = use.forward, use.forward.nodes.get(use.other)
    if node is None or node.operation.name != "elementwise_product":
        return None
    shape = forward.shapes[use.operand]
    return next((n for n in node.operands if n in forward.inputs and forward.shapes[n] == shape), None)


def minuend(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to A of A - B: as by a term."""
    return undo_broadcasting(use)


def subtrahend(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to B of A - B: the upstream one with the other sign."""
    sign = VJP(lambda _, v: -v, (Mistake("sign-of-second-operand", lambda _, v: v, opposite=True),))
    return (sign, *undo_broadcasting(use))


def relu(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to a pre-activation: the upstream one where it is positive."""
    Z, A = value(use, use.operand), value(use, use.node.name)
    names = [written(use, use.node.name), written(use, use.operand)]
    switches = (*use.alike(use.operand), *_columns(use))
    others = [Mistake("wrong-relu-mask", _switched(value(use, q)), q) for q in switches]
    others += [Mistake("wrong-relu-mask", *each, rare=True) for each in _for_all_points(use, Z)]
    others += [
        Mistake("mask-without-bias", _switched(value(use, q)), written(use, q), rare=True)
        for q in without_bias(use.forward, use.operand)
    ]
    return (
        VJP(
            _switched(Z),
            (
                Mistake("missing-relu-mask", lambda _, v: v),
                *others,
                Mistake("inverted-relu-mask", lambda e, v: v * (Z(e) < 0)),
                Mistake("activation-instead-of-derivative", lambda e, v: v * A(e), names[0]),
                Mistake("activation-instead-of-derivative", lambda e, v: v * Z(e), names[1]),
                Mistake("relu-of-gradient", lambda _, v: np.maximum(v, 0)),
                Mistake(
                    "gradient-masked-by-its-sign", lambda e, v: np.maximum(_switched(Z)(e, v), 0), rare=True
                ),
                Mistake(
                    "product-compared", lambda e, v: np.where(v * A(e) > 0, 1.0, 0.0), names[0], rare=True
                ),
                Mistake(
                    "product-compared", lambda e, v: np.where(v * Z(e) > 0, 1.0, 0.0), names[1], rare=True
                ),
                Mistake("upstream-ignored", _mask(Z), use.forward.right_side(use.node.name), rare=True),
                *_added_up(use, Z),
            ),
        ),
    )


def _columns(use: Use) -> Iterator[str]:
    """Yield what is computed behind and has one entry a row: it switches whole rows where it is taken."""
    shapes, after = use.forward.shapes, list(use.forward.nodes)
    for name in after[after.index(use.node.name) + 1 :]:
        if shapes[name] == (*shapes[use.operand][:-1], 1) and use.forward.named(name) == name:
            yield name


def _for_all_points(use: Use, Z: Value) -> Iterator[tuple[Op, str]]:
    """Switch a unit for all data points alike, by the mean of what goes in."""
    if _has_points(use):
        yield _switched(lambda e: Z(e).mean(axis=0)), f"the mean of {written(use, use.operand)}"


def _added_up(use: Use, Z: Value) -> Iterator[Mistake]:
    """Let what arrives for the data points before stay where it was added up."""
    if _has_points(use):
        op = _switched(Z)
        yield Mistake("not-cleared", lambda e, v: op(e, np.cumsum(v, axis=0)), rare=True)


def _has_points(use: Use) -> bool:
    """Return whether there is a row for each data point."""
    return len(use.forward.shapes[use.operand]) == 2 and use.forward.shapes[use.operand][0] == "N"


def behind_the_kink(use: Use) -> Op:
    """Return what a leaky ReLU lets pass besides: the gradient of units that are off."""
    Z = use.operand
    return lambda e, v: v * (value(use, Z)(e) <= 0)


def off_units(use: Use) -> Op:
    """Put 1 for what comes back through units that are off, whatever arrives there, and 0 for all others."""
    Z = use.operand
    return lambda e, v: np.broadcast_to(value(use, Z)(e) <= 0, v.shape).astype(float)


def sigmoid(Z: Array) -> Array:
    """1/(1 + exp(−Z)), of any shape."""
    result: Array = 1 / (1 + np.exp(-Z))
    return result


def _switched(Z: Value) -> Op:
    return lambda e, v: v * (Z(e) > 0)


def _mask(Z: Value) -> Op:
    return lambda e, v: (Z(e) > 0) * np.ones_like(v)
