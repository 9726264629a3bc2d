"""Sums and means over axes."""

from __future__ import annotations

from typing import Any

from autograder.operations.axes import Axes, reduced
from autograder.operations.operation import Operation

ALL_AXES = {"axis": None, "keepdims": False}


def _sum(a: Any, *, axis: Axes, keepdims: bool) -> Any:  # noqa: ANN401  an array or a tensor
    return a.sum(axis=axis, keepdims=keepdims) if axis else a


def _mean(a: Any, *, axis: Axes, keepdims: bool) -> Any:  # noqa: ANN401
    return a.mean(axis=axis, keepdims=keepdims) if axis else a


SUM = Operation(
    "sum",
    _sum,
    reduced,
    "sum({0}{over})",
    keywords=ALL_AXES,
    questions=(
        "Which entries of {0} go into one entry of {value}?",
        "How does a gradient for one entry of {value} come back to each of these?",
    ),
)
MEAN = Operation(
    "mean",
    _mean,
    reduced,
    "mean({0}{over})",
    keywords=ALL_AXES,
    questions=(
        "Which entries of {0} go into one entry of {value}?",
        "How many are they, and by how much does {value} grow when one of them grows a little?",
    ),
)

REDUCTIONS = (SUM, MEAN)
