"""Name entries that go to other places: reshapes for transposes, columns for rows, the other order."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from autograder.computations.elementwise import identity
from autograder.computations.operation_mistakes import OperationMistakes, Replacement
from autograder.operations.axes import Axes
from autograder.operations.operation import Shape


def _reshaped(a: torch.Tensor) -> torch.Tensor:
    return a.reshape(a.mT.shape)


def _by_columns(a: torch.Tensor, *, shape: tuple[int, ...], own: int) -> torch.Tensor:
    """Entries read and written with the first index fastest, as Fortran does."""
    if a.ndim != own:
        raise ValueError("of a single array")
    turned = a.permute(*range(a.ndim)[::-1])
    result = turned.reshape(shape[::-1])
    return result.permute(*range(result.ndim)[::-1])


def _swapped(a: torch.Tensor, b: torch.Tensor, *, axis: Axes) -> torch.Tensor:
    return torch.cat((b, a), axis[0])


def _square(shapes: Sequence[Shape]) -> bool:
    return shapes[0][-1] == shapes[0][-2]


TRANSPOSE = OperationMistakes(
    replaced=(
        Replacement("transpose-left-out", identity, fits=_square),
        Replacement("reshape-for-transpose", _reshaped),
    )
)
RESHAPE = OperationMistakes(replaced=(Replacement("reshaped-by-columns", _by_columns),))
CONCATENATE = OperationMistakes(replaced=(Replacement("joined-in-other-order", _swapped),))
