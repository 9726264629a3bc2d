"""Define operations that move entries and leave them as they are."""

from __future__ import annotations

import math
from typing import Any

from autograder.operations.axes import Axes
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape


def _transpose(a: Any) -> Any:  # noqa: ANN401  an array or a tensor
    return namespace(a).swapaxes(a, -1, -2)


def _transposed(shape: Shape) -> Shape:
    if len(shape) < 2:
        raise ValueError(f"only what has rows and columns has a transpose: {shape}")
    return (*shape[:-2], shape[-1], shape[-2])


def _reshape(a: Any, *, shape: tuple[int, ...], own: int) -> Any:  # noqa: ANN401
    return a.reshape((*a.shape[: a.ndim - own], *shape))


def _own_axes(shape: Shape) -> dict[str, int]:
    return {"own": len(shape)}


def _reshaped(old: Shape, *, shape: Shape) -> Shape:
    if not isinstance(shape, tuple) or any(isinstance(size, int) and size < 1 for size in shape):
        raise ValueError(f"a new shape is sizes and names of dimensions in brackets, and not {shape!r}")
    if all(isinstance(size, int) for size in (*old, *shape)) and _entries(old) != _entries(shape):
        raise ValueError(f"{shape} has another number of entries than {old}")
    return shape


def _entries(shape: Shape) -> int:
    return math.prod(int(size) for size in shape)


def _concatenate(a: Any, b: Any, *, axis: Axes) -> Any:  # noqa: ANN401
    return namespace(a).concatenate((a, b), axis=axis[0])


def _concatenated(left: Shape, right: Shape, *, axis: Axes) -> Shape:
    if len(axis) != 1 or len(left) != len(right):
        raise ValueError(f"arrays side by side have as many axes, and go along one of them: {left}, {right}")
    place = axis[0] % len(left)
    if left[:place] + left[place + 1 :] != right[:place] + right[place + 1 :]:
        raise ValueError(f"arrays side by side have the same length along other axes: {left}, {right}")
    a, b = left[place], right[place]
    both = a + b if isinstance(a, int) and isinstance(b, int) else f"{a} + {b}"
    return (*left[:place], both, *left[place + 1 :])


TRANSPOSE = Operation(
    "transpose",
    _transpose,
    _transposed,
    "{0}ᵀ",
    binds=4,
    questions=("Which row and column of {0} does an entry of {value} come from?",),
)

RESHAPE = Operation(
    "reshape",
    _reshape,
    _reshaped,
    "{0} reshaped to {shape}",
    keywords={"shape": None},
    implied=_own_axes,
    questions=("In which order are the entries of {0} read, and written into {value}?",),
)
"""reshape(A, ("T", "H", "d")): the entries in the same order, row by row."""

CONCATENATE = Operation(
    "concatenate",
    _concatenate,
    _concatenated,
    "[{0}, {1}]{over}",
    keywords={"axis": -1},
    questions=("Which entries of {value} come from {0}, and which from {1}?",),
)
"""Two arrays, side by side along an axis."""

REARRANGING = (TRANSPOSE, RESHAPE, CONCATENATE)
