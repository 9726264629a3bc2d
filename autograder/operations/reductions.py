"""Define sums, means and maxima over axes; sums and means may be restricted by a mask."""

from __future__ import annotations

from typing import Any

from autograder.operations.arithmetic import broadcast
from autograder.operations.axes import Axes, reduced
from autograder.operations.conditions import NO_TIES, PARTLY_MASKED
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape

ALL_AXES = {"axis": None, "keepdims": False}


def _sum(a: Any, where: Any = None, *, axis: Axes, keepdims: bool) -> Any:  # noqa: ANN401  an array or a tensor
    a = a if where is None else namespace(a).where(where > 0, a, 0.0)
    return a.sum(axis=axis, keepdims=keepdims) if axis else a


def _mean(a: Any, where: Any = None, *, axis: Axes, keepdims: bool) -> Any:  # noqa: ANN401
    if where is None:
        return a.mean(axis=axis, keepdims=keepdims) if axis else a
    counted = namespace(a).where(where > 0, 0 * a + 1, 0.0)
    total, count = (_sum(each, where, axis=axis, keepdims=keepdims) for each in (a, counted))
    return total / count


def _max(a: Any, *, axis: Axes, keepdims: bool) -> Any:  # noqa: ANN401
    return namespace(a).amax(a, axis=axis, keepdims=keepdims) if axis else a


def _reduced(shape: Shape, where: Shape = (), *, axis: Axes, keepdims: bool) -> Shape:
    if broadcast(shape, where) != shape:
        raise ValueError(f"a mask of another shape than what it masks: {where}, {shape}")
    return reduced(shape, axis=axis, keepdims=keepdims)


SUM = Operation(
    "sum",
    _sum,
    _reduced,
    "sum({0}{over})",
    masked="sum({0}{over}, where {1})",
    broadcasts=True,
    conditions=(PARTLY_MASKED,),
    keywords=ALL_AXES,
    questions=(
        "Which entries of {0} go into one entry of {value}?",
        "How does a gradient for one entry of {value} come back to each of these?",
    ),
)
MEAN = Operation(
    "mean",
    _mean,
    _reduced,
    "mean({0}{over})",
    masked="mean({0}{over}, where {1})",
    broadcasts=True,
    conditions=(PARTLY_MASKED,),
    keywords=ALL_AXES,
    questions=(
        "Which entries of {0} go into one entry of {value}?",
        "How many are they, and by how much does {value} grow when one of them grows a little?",
    ),
)

MAX = Operation(
    "max",
    _max,
    _reduced,
    "max({0}{over})",
    keywords=ALL_AXES,
    conditions=(NO_TIES,),
    questions=(
        "Which entries of {0} does {value} change with when they move a little?",
        "How much does it change with one of these, and how much with all others?",
    ),
)

REDUCTIONS = (SUM, MEAN, MAX)
