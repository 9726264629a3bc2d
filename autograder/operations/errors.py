"""Errors: what a network's output is held against its targets by. Each is one number."""

from __future__ import annotations

from typing import Any

from autograder.operations.operation import Operation, Shape


def _scalar(output: Shape, targets: Shape) -> Shape:
    if output != targets:
        raise ValueError(f"outputs and targets of different shapes: {output}, {targets}")
    return ()


def _mean_squared_error(Y: Any, T: Any) -> Any:  # noqa: ANN401  arrays or tensors
    return ((Y - T) ** 2).mean(axis=(-2, -1))


MEAN_SQUARED_ERROR = Operation("mean_squared_error", _mean_squared_error, _scalar, "mean(({0} - {1})²)")
"""Y, T (N, C): the mean over all entries."""
