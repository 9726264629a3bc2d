"""Normalise along axes: by mean and variance, by the mean of squares, or by statistics that are given."""

from __future__ import annotations

from typing import Any

from autograder.operations.arithmetic import broadcast
from autograder.operations.axes import Axes
from autograder.operations.conditions import DIVISOR, SEVERAL_IN_A_MEAN, SPREAD_OUT
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape


def _normalise(a: Any, eps: Any, *, axis: Axes) -> Any:  # noqa: ANN401  an array or a tensor
    return _by_root_mean_square(a - a.mean(axis=axis, keepdims=True), eps, axis=axis)


def _by_root_mean_square(a: Any, eps: Any, *, axis: Axes) -> Any:  # noqa: ANN401
    squares = (a * a).mean(axis=axis, keepdims=True)
    return a / namespace(a).sqrt(squares + eps)


def _with(a: Any, mean: Any, deviation: Any) -> Any:  # noqa: ANN401
    return (a - mean) / deviation


def _along(shape: Shape, eps: Shape, *, axis: Axes) -> Shape:
    if not axis:
        raise ValueError("a normalisation needs an axis, and this has none")
    if eps:
        raise ValueError(f"eps is a single number, and this has the shape {eps}")
    return shape


def _shape_with(shape: Shape, mean: Shape, deviation: Shape) -> Shape:
    if broadcast(shape, mean) != shape or broadcast(shape, deviation) != shape:
        raise ValueError(f"statistics that do not go with what they normalise: {mean}, {deviation}, {shape}")
    return shape


NORMALISE = Operation(
    "normalise",
    _normalise,
    _along,
    "({0} - mean({0}{over}))/√(variance({0}{over}) + {1})",
    binds=2,
    broadcasts=True,
    keywords={"axis": None},
    conditions=(SEVERAL_IN_A_MEAN, SPREAD_OUT),
    questions=(
        "When one entry of {0} grows a little, which other entries of {value} change, and through what?",
        "What becomes of {value} when all entries of {0} that go into one mean grow by the same amount, and "
        "what when they all become twice as far from their mean?",
    ),
)
RMS_NORMALISE = Operation(
    "rms_normalise",
    _by_root_mean_square,
    _along,
    "{0}/√(mean({0}²{over}) + {1})",
    binds=2,
    broadcasts=True,
    keywords={"axis": None},
    conditions=(SEVERAL_IN_A_MEAN, SPREAD_OUT),
    questions=(
        "When one entry of {0} grows a little, which other entries of {value} change, and through what?",
        "What becomes of {value} when all entries of {0} that go into one mean become twice as large?",
    ),
)
NORMALISE_WITH = Operation(
    "normalise_with",
    _with,
    _shape_with,
    "({0} - {1})/{2}",
    binds=2,
    broadcasts=True,
    conditions=(DIVISOR,),
    questions=(
        "Do {1} and {2} change when an entry of {0} does?",
        "How much does an entry of {value} grow when the same entry of {0} grows a little?",
    ),
)

NORMALISATION = (NORMALISE, RMS_NORMALISE, NORMALISE_WITH)
