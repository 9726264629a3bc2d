"""Define vector-Jacobian products of splitting and joining heads, and the wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.derivatives.operands import value
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake
from autograder.exercise import Array


def split_heads(use: Use) -> tuple[VJP, ...]:
    """Gradient (T, H*d) by what is split: the heads' gradients (H, T, d) side by side."""
    operand = value(use, use.operand)

    def beside(e: Env, v: Array) -> Array:
        return np.swapaxes(v, -2, -3).reshape(operand(e).shape)

    def not_transposed(e: Env, v: Array) -> Array:
        return v.reshape(operand(e).shape)

    def interleaved(e: Env, v: Array) -> Array:
        return np.moveaxis(v, -3, -1).reshape(operand(e).shape)

    return (
        VJP(
            beside,
            (
                Mistake("heads-mixed-with-positions", not_transposed),
                Mistake("heads-interleaved", interleaved),
            ),
        ),
    )


def join_heads(use: Use) -> tuple[VJP, ...]:
    """Gradient (H, T, d) by what is joined: each head's own columns of the upstream one (T, H*d)."""
    operand = value(use, use.operand)

    def split(e: Env, v: Array) -> Array:
        heads, _, width = operand(e).shape[-3:]
        result: Array = np.swapaxes(v.reshape(*v.shape[:-1], heads, width), -2, -3)
        return result

    def not_transposed(e: Env, v: Array) -> Array:
        return v.reshape(operand(e).shape)

    def interleaved(e: Env, v: Array) -> Array:
        heads, _, width = operand(e).shape[-3:]
        return np.moveaxis(v.reshape(*v.shape[:-1], width, heads), -1, -3)

    return (
        VJP(
            split,
            (
                Mistake("heads-mixed-with-positions", not_transposed),
                Mistake("heads-interleaved", interleaved),
            ),
        ),
    )
