"""Vector-Jacobian products of what moves entries: the way back, and the wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.derivatives.operands import square
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Alternative, Slot


def transpose(use: Use) -> tuple[Slot, ...]:
    """Gradient by what is transposed: the upstream one, transposed back."""
    alternatives = [Alternative("transpose-forgotten", lambda _, v: v)]
    if not square(use, use.operand):
        reshaped = Alternative("reshape-for-transpose", lambda _, v: v.reshape(v.shape[::-1]))
        alternatives.append(reshaped)
    return (Slot(lambda _, v: np.swapaxes(v, -1, -2), tuple(alternatives)),)
