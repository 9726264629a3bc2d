"""What moves entries and leaves them as they are."""

from __future__ import annotations

from typing import Any

from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape


def _transpose(a: Any) -> Any:  # noqa: ANN401  an array or a tensor
    return namespace(a).swapaxes(a, -1, -2)


def _transposed(shape: Shape) -> Shape:
    if len(shape) < 2:
        raise ValueError(f"only what has rows and columns has a transpose: {shape}")
    return (*shape[:-2], shape[-1], shape[-2])


TRANSPOSE = Operation(
    "transpose",
    _transpose,
    _transposed,
    "{0}ᵀ",
    binds=4,
    questions=("Which row and column of {0} does an entry of {value} come from?",),
)

REARRANGING = (TRANSPOSE,)
