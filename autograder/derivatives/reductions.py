"""Define vector-Jacobian products of sums, means and maxima over axes, and the wrong ones."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from autograder.derivatives.operands import Value, value
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array
from autograder.operations.axes import Axes


def of_sum(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to what is summed: the upstream one, for each entry that went in."""
    mask, every, operand = _where(use), expanded(use, last=False), value(use, use.operand)
    handed_on = expanded(use, last=not mask)
    entries = Mistake("sum-times-entries", lambda e, v: every.right(e, v) * operand(e), rare=True)
    return (replace(handed_on, mistakes=(*handed_on.mistakes, entries)), *mask)


def of_mean(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to what is averaged: the upstream one over N, for each entry."""
    operand, axis = value(use, use.operand), use.node.keywords["axis"]
    masked, partial = len(use.node.operands) > 1, len(axis) < len(use.forward.shapes[use.operand])

    def every(e: Env) -> int:
        shape = operand(e).shape
        return math.prod(shape[k] for k in axis)

    def count(e: Env) -> Array | int:
        return _true(use)(e).sum(axis=axis, keepdims=True) if masked else every(e)

    mistakes = [
        Mistake("sum-for-mean", lambda _, v: v),
        Mistake("wrong-count", lambda e, v: v / (count(e) - 1), "one less than their number"),
    ]
    if partial:
        everything = "the number of all entries"
        mistakes.append(Mistake("wrong-count", lambda e, v: v / operand(e).size, everything))
    if masked:
        mistakes.append(Mistake("padding-counted", lambda e, v: v / every(e)))
    elif not partial:
        wrong = Mistake("multiplied-for-divided", lambda e, v: v * count(e), "their number")
        mistakes.append(wrong)
    averaged = VJP(lambda e, v: v / count(e), tuple(mistakes))
    return (expanded(use, last=not masked), *_where(use), averaged)


def of_max(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to what the maximum is taken of: the upstream one for it, else 0."""
    operand, axis = value(use, use.operand), use.node.keywords["axis"]

    def largest(e: Env) -> Array:
        a = operand(e)
        return np.asarray(a == a.max(axis=axis, keepdims=True), dtype=np.float64)

    return (
        expanded(use, last=False),
        VJP(
            lambda e, v: v * largest(e),
            (
                Mistake("maximum-spread-to-all", lambda _, v: v),
                Mistake("maximum-times-value", lambda e, v: v * largest(e) * operand(e)),
                Mistake("maximum-inverted", lambda e, v: v * (1 - largest(e))),
            ),
        ),
    )


def _where(use: Use) -> tuple[VJP, ...]:
    """Stop the gradients of what a mask takes out, if there is one."""
    if len(use.node.operands) < 2:
        return ()
    true = _true(use)
    return (
        VJP(
            lambda e, v: v * true(e),
            (
                Mistake("mask-ignored", lambda _, v: v),
                Mistake("mask-inverted", lambda e, v: v * (1 - true(e))),
            ),
        ),
    )


def _true(use: Use) -> Value:
    """1 where a mask is true, else 0, as large as what it masks."""
    mask, operand = value(use, use.node.operands[1]), value(use, use.operand)
    return lambda e: np.broadcast_to(np.asarray(mask(e) > 0, dtype=np.float64), operand(e).shape)


def expanded(use: Use, *, last: bool = True) -> VJP:
    """Return every entry that was summed the gradient of its sum.

    last : whether nothing follows that expands by itself.
    """
    axis, keepdims = use.node.keywords["axis"], use.node.keywords.get("keepdims", False)
    whole = value(use, use.operand)
    mistakes = [Mistake("reduce-not-expanded", lambda _, v: v)] if last else []
    shape = use.forward.shapes[use.operand]
    if len(shape) == 2 and len(axis) == 1 and shape[0] == shape[1]:
        other = (-3 - axis[0],)
        mistakes.append(Mistake("expanded-along-wrong-axis", _expand(use, other, keepdims=keepdims)))
    return VJP(lambda e, v: spread(v, axis, whole(e).shape, keepdims=keepdims), tuple(mistakes))


def _expand(use: Use, axis: Axes, *, keepdims: bool) -> Op:
    whole = value(use, use.operand)
    return lambda e, v: spread(v.T if keepdims else v, axis, whole(e).shape, keepdims=keepdims)


def spread(v: Array, axis: Axes, shape: tuple[int, ...], *, keepdims: bool) -> Array:
    """Repeat along axes that were summed over."""
    with_axes = v if keepdims else np.expand_dims(v, tuple(k + len(shape) for k in axis))
    return np.broadcast_to(with_axes, shape)
