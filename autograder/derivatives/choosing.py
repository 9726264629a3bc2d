"""Define vector-Jacobian products of masks and of rows by index, and the wrong ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autograder.derivatives.operands import square, undo_broadcasting, value
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake
from autograder.exercise import Array


def masked(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to what a mask lets pass: the upstream one where it does, else 0."""
    mask = value(use, use.node.operands[0])
    chosen = use.place == 1  # where the mask is true

    def passes(e: Env) -> NDArray[np.bool_]:
        return np.asarray((mask(e) > 0) == chosen)

    mistakes = [
        Mistake("mask-ignored", lambda _, v: v),
        Mistake("mask-inverted", lambda e, v: v * ~passes(e)),
    ]
    if square(use, use.node.operands[0]):
        mistakes.append(Mistake("mask-transposed", lambda e, v: v * np.swapaxes(passes(e), -1, -2)))
    return (VJP(lambda e, v: v * passes(e), tuple(mistakes)), *undo_broadcasting(use))


def gather(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to rows taken by index: the sum over the places each one went to."""
    rows, given = value(use, use.operand), value(use, use.other)

    def numbers(e: Env) -> NDArray[np.intp]:
        return np.asarray(given(e), dtype=np.intp)

    def summed(e: Env, v: Array) -> Array:
        result = np.zeros_like(rows(e))
        np.add.at(result, numbers(e), v)
        return result

    def assigned(e: Env, v: Array, *, last: bool = True) -> Array:
        result = np.zeros_like(rows(e))
        order = slice(None, None, 1 if last else -1)
        flat = v.reshape(-1, v.shape[-1])[order]
        for number, each in zip(numbers(e).reshape(-1)[order], flat, strict=True):
            result[number] = each
        return result

    def averaged(e: Env, v: Array) -> Array:
        counts = np.bincount(numbers(e).reshape(-1), minlength=len(rows(e)))
        result: Array = summed(e, v) / np.maximum(counts, 1)[:, None]
        return result

    return (
        VJP(
            summed,
            (
                Mistake("repeated-index-assigned", assigned),
                Mistake("repeated-index-assigned", lambda e, v: assigned(e, v, last=False)),
                Mistake("repeated-index-averaged", averaged),
                Mistake("rows-not-collected", lambda _, v: v),
            ),
        ),
    )
