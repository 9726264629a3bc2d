"""Name masks that are left out or inverted, and rows next to the right ones."""

from __future__ import annotations

import torch

from autograder.computations.operation_mistakes import OperationMistakes, Replacement


def _rows_before(rows: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
    return rows[numbers - 1]


WHERE = OperationMistakes(
    replaced=(
        Replacement("branches-swapped", lambda M, a, b: torch.where(M > 0, b, a)),
        Replacement("mask-left-out", lambda M, a, b: a + 0 * b),
        Replacement("sum-for-choice", lambda M, a, b: a + b, rare=True),
    )
)
MASK = OperationMistakes(
    replaced=(
        Replacement("mask-left-out", lambda M, a: a + 0 * M),
        Replacement("mask-inverted", lambda M, a: torch.where(M > 0, 0.0, a)),
    )
)
GATHER = OperationMistakes(replaced=(Replacement("rows-off-by-one", _rows_before),))
