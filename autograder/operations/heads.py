"""Define operations that split columns among the heads of an attention, and join them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.operations.dimensions import factors
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape

TWO = 2  # axes, or factors of a width


def _split(a: Any, *, shape: tuple[int, int]) -> Any:  # noqa: ANN401  an array or a tensor
    apart = a.reshape((*a.shape[:-1], *shape))
    return namespace(a).swapaxes(apart, -2, -3)


def _heads(shape: Shape) -> tuple[str, str]:
    """Name the number of heads and the width of each: H and d, where all of them are H*d wide."""
    width = factors(shape[-1]) if len(shape) == TWO else ()
    if len(width) != TWO:
        raise ValueError(f'what is split into heads has rows, and a width that is a product, "H*d": {shape}')
    return width[0], width[1]


def _split_shape(shape: Shape) -> Shape:
    heads, width = _heads(shape)
    return heads, shape[0], width


def _into(shape: Shape) -> Mapping[str, Any]:
    return {"shape": _heads(shape)}


def _join(a: Any) -> Any:  # noqa: ANN401
    beside = namespace(a).swapaxes(a, -2, -3)
    return beside.reshape((*beside.shape[:-2], beside.shape[-2] * beside.shape[-1]))


def _joined_shape(shape: Shape) -> Shape:
    if len(shape) != TWO + 1:
        raise ValueError(f"heads that are set side by side have three axes, (H, T, d): {shape}")
    heads, rows, width = shape
    return rows, f"{heads}*{width}"


SPLIT_HEADS = Operation(
    "split_heads",
    _split,
    _split_shape,
    "heads of {0}",
    implied=_into,
    questions=(
        "Which columns of {0} belong to the first head, and which rows does that head see?",
        "When {0} is read row by row, which entry comes next: one of the same row, or one of the same head?",
    ),
)
"""split_heads(A), of A (T, H*d): (H, T, d), in which a head has d neighbouring columns of every row."""

JOIN_HEADS = Operation(
    "join_heads",
    _join,
    _joined_shape,
    "heads of {0} side by side",
    questions=(
        "Which entries stand in the first row of {value}, and which head does each of them come from?",
    ),
)
"""join_heads(A), of A (H, T, d): (T, H*d), what the heads have in a row side by side."""

HEADS = (SPLIT_HEADS, JOIN_HEADS)
