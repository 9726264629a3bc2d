"""Name errors that are confused with each other, and outputs that went through something first."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from autograder.computations.elementwise import AS_SIGMOID, AS_SOFTPLUS, AS_TANH
from autograder.computations.operation_mistakes import OperationMistakes, Replacement
from autograder.operations.operation import Shape


def _broadcast(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return ((Y - T.T) ** 2).mean()


def _mean_absolute(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return (Y - T).abs().mean()


def _root(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return ((Y - T) ** 2).mean().sqrt()


def _norm(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return ((Y - T) ** 2).sum().sqrt()


def _square_of_mean(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return (Y - T).mean() ** 2


def _mean(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return (Y - T).mean()


def _spread(D: torch.Tensor) -> torch.Tensor:
    return ((D - D.mean()) ** 2).sum()


def _variance(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return _spread(Y - T) / torch.tensor(len(Y) - 1.0)


def _variance_of_points(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return _spread(Y - T) / len(Y)


def _difference_of_squares(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return (Y**2 - T**2).mean()


def _without_targets(Y: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
    return (Y**2).mean()


def _sum_absolute(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return (Y - T).abs().sum()


def _broadcast_sum(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return ((Y - T.T) ** 2).sum()


def _square_of_sum(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return (Y - T).sum() ** 2


def _sum(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return (Y - T).sum()


def _column(shapes: Sequence[Shape]) -> bool:
    """Return whether outputs are a single column, and targets without its axis go with all of its rows."""
    return shapes[0][1:] == (1,)


APPLIED = {0: (Replacement("output-masked", torch.relu, of_value=True), AS_SIGMOID, AS_TANH, AS_SOFTPLUS)}
MEAN_SQUARED_ERROR = OperationMistakes(
    replaced=(
        Replacement("broadcast-targets", _broadcast, fits=_column),
        Replacement("wrong-error", _mean_absolute, "the mean absolute error", rare=True),
        Replacement("wrong-error", _root, "the root of the mean square", rare=True),
        Replacement("wrong-error", _norm, "the norm of Y - T", rare=True),
        Replacement("wrong-error", _square_of_mean, "the square of the mean", rare=True),
        Replacement("wrong-error", _mean, "the mean of Y - T, without a square", rare=True),
        Replacement("wrong-error", _variance, "the variance of Y - T", rare=True),
        Replacement("wrong-error", _variance_of_points, "the variance of Y - T", rare=True),
        Replacement("wrong-error", _difference_of_squares, "the mean of Y² - T²", rare=True),
        Replacement("wrong-error", _without_targets, "the mean of Y², without T", rare=True),
    ),
    applied=APPLIED,
    measures=True,
)
SUMMED_SQUARED_ERROR = OperationMistakes(
    replaced=(
        Replacement("broadcast-targets", _broadcast_sum, fits=_column),
        Replacement("wrong-error", _sum_absolute, "the sum of absolute differences", rare=True),
        Replacement("wrong-error", _norm, "the norm of Y - T", rare=True),
        Replacement("wrong-error", _square_of_sum, "the square of the sum", rare=True),
        Replacement("wrong-error", _sum, "the sum of Y - T, without a square", rare=True),
    ),
    applied=APPLIED,
    measures=True,
)
