"""Name wrong normalisations: along other axes, without the mean, by the variance, with eps elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch

from autograder.computations.operation_mistakes import Compute, OperationMistakes, Replacement
from autograder.computations.reductions import beside, everything
from autograder.operations.axes import Axes

_Over: TypeAlias = Callable[[torch.Tensor, Axes], Axes]


def _right(_: torch.Tensor, axis: Axes) -> Axes:
    return axis


def _root(squares: torch.Tensor, eps: torch.Tensor) -> torch.Tensor:
    return torch.sqrt(squares + eps)


def _by(
    divisor: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] = _root,
    over: _Over = _right,
    *,
    centred: bool,
    less: int = 0,
) -> Compute:
    """Normalise along axes: with the mean taken away or not, over this made of the mean square and of eps."""

    def compute(a: torch.Tensor, eps: torch.Tensor, *, axis: Axes) -> torch.Tensor:
        axes = over(a, axis)
        a = a - a.mean(axes, keepdim=True) if centred else a
        total = (a * a).sum(axes, keepdim=True)
        return a / divisor(total / (a.numel() / total.numel() - less), eps)

    return compute


def _ways(*, centred: bool) -> tuple[Replacement, ...]:
    return (
        Replacement("reduced-wrong-axis", _by(over=beside, centred=centred), "another axis"),
        Replacement("reduced-wrong-axis", _by(over=everything, centred=centred), "the whole array"),
        Replacement("deviation-not-divided", _by(lambda s, e: torch.ones_like(s), centred=centred)),
        Replacement("divided-by-variance", _by(lambda s, e: s + e, centred=centred)),
        Replacement("eps-outside-the-root", _by(lambda s, e: torch.sqrt(s) + e, centred=centred)),
        Replacement("eps-left-out", _by(lambda s, e: torch.sqrt(s), centred=centred)),
        Replacement("mean-over-one-less", _by(centred=centred, less=1)),
    )


def _reversed(a: torch.Tensor, mean: torch.Tensor, deviation: torch.Tensor) -> torch.Tensor:
    return a * deviation + mean


NORMALISE = OperationMistakes(
    replaced=(*_ways(centred=True), Replacement("mean-not-subtracted", _by(centred=False)))
)
RMS_NORMALISE = OperationMistakes(
    replaced=(
        *_ways(centred=False),
        Replacement("wrong-function", _by(centred=True), "with the mean taken away as well"),
    )
)
NORMALISE_WITH = OperationMistakes(
    replaced=(
        Replacement("mean-not-subtracted", lambda a, mean, deviation: a / deviation),
        Replacement("deviation-not-divided", lambda a, mean, deviation: a - mean),
        Replacement("divided-by-variance", lambda a, mean, deviation: (a - mean) / deviation**2),
        Replacement("wrong-function", _reversed, "the way back, times the deviation and plus the mean"),
    )
)
