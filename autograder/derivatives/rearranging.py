"""Define vector-Jacobian products of operations that move entries, and the wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.derivatives.operands import square, value
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake
from autograder.exercise import Array


def transpose(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to what is transposed: the upstream one, transposed back."""
    mistakes = [Mistake("transpose-forgotten", lambda _, v: v)]
    if not square(use, use.operand):
        reshaped = Mistake("reshape-for-transpose", lambda _, v: v.reshape(v.shape[::-1]))
        mistakes.append(reshaped)
    return (VJP(lambda _, v: np.swapaxes(v, -1, -2), tuple(mistakes)),)


def reshape(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to what is reshaped: the upstream one in the old shape."""
    operand = value(use, use.operand)
    return (
        VJP(
            lambda e, v: v.reshape(operand(e).shape),
            (
                Mistake("reshape-not-undone", lambda _, v: v),
                Mistake("entries-in-another-order", lambda e, v: v.reshape(operand(e).shape, order="F")),
            ),
        ),
    )


def concatenate(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to one of two arrays side by side: its piece of the upstream one."""
    (axis,) = use.node.keywords["axis"]
    first = value(use, use.node.operands[0])

    def pieces(e: Env, v: Array) -> list[Array]:
        return np.split(v, [first(e).shape[axis]], axis=axis)

    mistakes = [Mistake("piece-not-taken", lambda _, v: v)]
    if use.forward.shapes[use.operand] == use.forward.shapes[use.other]:
        mistakes.append(Mistake("wrong-piece", lambda e, v: pieces(e, v)[1 - use.place]))
    return (VJP(lambda e, v: pieces(e, v)[use.place], tuple(mistakes)),)
