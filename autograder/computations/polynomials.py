"""Name powers in another order, or of other degrees."""

from __future__ import annotations

import torch

from autograder.computations.operation_mistakes import OperationMistakes, Replacement


def _reversed(x: torch.Tensor, *, degree: int) -> torch.Tensor:
    return torch.stack([x**k for k in range(degree, -1, -1)], -1)


def _from_one(x: torch.Tensor, *, degree: int) -> torch.Tensor:
    return torch.stack([x**k for k in range(1, degree + 2)], -1)


def _multiples(x: torch.Tensor, *, degree: int) -> torch.Tensor:
    return torch.stack([x**0, *(k * x for k in range(1, degree + 1))], -1)


POWERS = OperationMistakes(
    replaced=(
        Replacement("powers-in-other-order", _reversed),
        Replacement("powers-from-one", _from_one),
        Replacement("wrong-function", _multiples, "multiples, where powers are asked for", rare=True),
    )
)
