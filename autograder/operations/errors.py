"""Define errors, which compare a network's output with its targets. Each is one number."""

from __future__ import annotations

from typing import Any

from autograder.operations.conditions import ON_BOTH_SIDES
from autograder.operations.operation import Operation, Shape


def _scalar(output: Shape, targets: Shape) -> Shape:
    if output != targets:
        raise ValueError(f"outputs and targets of different shapes: {output}, {targets}")
    if len(output) != 2:
        raise ValueError(f"outputs are (N, C), with a row for each data point, and not {output}")
    return ()


def _mean_squared_error(Y: Any, T: Any) -> Any:  # noqa: ANN401  arrays or tensors
    return ((Y - T) ** 2).mean(axis=(-2, -1))


def _summed_squared_error(Y: Any, T: Any) -> Any:  # noqa: ANN401
    return ((Y - T) ** 2).sum(axis=(-2, -1))


OFF = "Does the error grow or shrink when one entry of {0} grows a little, and what does that depend on?"

MEAN_SQUARED_ERROR = Operation(
    "mean_squared_error",
    _mean_squared_error,
    _scalar,
    "mean(({0} - {1})²)",
    conditions=(ON_BOTH_SIDES,),
    questions=(OFF, "How many squares go into the mean, and what does each of them contribute to {value}?"),
)
"""Y, T (N, C): the mean over all entries."""

SUMMED_SQUARED_ERROR = Operation(
    "summed_squared_error",
    _summed_squared_error,
    _scalar,
    "Σ ({0} - {1})²",
    conditions=(ON_BOTH_SIDES,),
    questions=(OFF, "How much of {value} is the square of a single entry's difference?"),
)
"""Y, T (N, C): the sum over all entries."""

ERRORS = (MEAN_SQUARED_ERROR, SUMMED_SQUARED_ERROR)
