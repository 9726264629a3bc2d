"""Vector-Jacobian products of sums and means over axes: back to all entries that went in; and wrong ones."""

from __future__ import annotations

import math

import numpy as np

from autograder.derivatives.operands import value
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Alternative, Env, Op, Slot
from autograder.exercise import Array
from autograder.operations.axes import Axes


def of_sum(use: Use) -> tuple[Slot, ...]:
    """Gradient by what is summed: the upstream one, for each entry that went in."""
    return (expanded(use),)


def of_mean(use: Use) -> tuple[Slot, ...]:
    """Gradient by what is averaged: the upstream one over their number, for each entry that went in."""
    operand, axis = value(use, use.operand), use.node.keywords["axis"]

    def count(e: Env) -> int:
        shape = operand(e).shape
        return math.prod(shape[k] for k in axis)

    return (
        expanded(use),
        Slot(
            lambda e, v: v / count(e),
            (
                Alternative("sum-for-mean", lambda _, v: v),
                Alternative("wrong-count", lambda e, v: v / (count(e) - 1), "one less than their number"),
                Alternative("wrong-count", lambda e, v: v / operand(e).size, "the number of all entries")
                if len(axis) < len(use.forward.shapes[use.operand])
                else Alternative("multiplied-for-divided", lambda e, v: v * count(e), "their number"),
            ),
        ),
    )


def expanded(use: Use) -> Slot:
    """Give every entry that was summed the gradient of its sum."""
    axis, keepdims = use.node.keywords["axis"], use.node.keywords.get("keepdims", False)
    whole = value(use, use.operand)
    alternatives = [Alternative("reduce-not-expanded", lambda _, v: v)]
    shape = use.forward.shapes[use.operand]
    if len(shape) == 2 and len(axis) == 1 and shape[0] == shape[1]:
        other = (-3 - axis[0],)
        alternatives.append(Alternative("expanded-along-wrong-axis", _expand(use, other, keepdims=keepdims)))
    return Slot(lambda e, v: spread(v, axis, whole(e).shape, keepdims=keepdims), tuple(alternatives))


def _expand(use: Use, axis: Axes, *, keepdims: bool) -> Op:
    whole = value(use, use.operand)
    return lambda e, v: spread(v.T if keepdims else v, axis, whole(e).shape, keepdims=keepdims)


def spread(v: Array, axis: Axes, shape: tuple[int, ...], *, keepdims: bool) -> Array:
    """Repeat along axes that were summed over."""
    kept = v if keepdims else np.expand_dims(v, tuple(k + len(shape) for k in axis))
    return np.broadcast_to(kept, shape)
