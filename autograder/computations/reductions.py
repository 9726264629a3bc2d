"""Name wrong reductions: sums for means, other axes, masks that are left out or not counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch

from autograder.computations.operation_mistakes import (
    Compute,
    OperationMistakes,
    Replacement,
    with_mask,
    without_mask,
)
from autograder.operations.axes import Axes

_Reduce: TypeAlias = Callable[[torch.Tensor, Axes, bool], torch.Tensor]


def _sum(a: torch.Tensor, axis: Axes, keepdims: bool) -> torch.Tensor:
    return a.sum(axis, keepdim=keepdims)


def _mean(a: torch.Tensor, axis: Axes, keepdims: bool) -> torch.Tensor:
    return a.mean(axis, keepdim=keepdims)


def _largest(a: torch.Tensor, axis: Axes, keepdims: bool) -> torch.Tensor:
    return a.amax(axis, keepdim=keepdims)


def _smallest(a: torch.Tensor, axis: Axes, keepdims: bool) -> torch.Tensor:
    return a.amin(axis, keepdim=keepdims)


def _one_less(a: torch.Tensor, axis: Axes, keepdims: bool) -> torch.Tensor:
    total = _sum(a, axis, keepdims)
    return total / (a.numel() / total.numel() - 1)


def _masked(where: torch.Tensor | None, a: torch.Tensor) -> torch.Tensor:
    """Zero where a mask says so."""
    return a if where is None else torch.where(where > 0, a, 0.0)


def _plain(reduce: _Reduce) -> Compute:
    """Over the right axes, of what a mask leaves."""

    def compute(
        a: torch.Tensor, where: torch.Tensor | None = None, *, axis: Axes, keepdims: bool
    ) -> torch.Tensor:
        return reduce(_masked(where, a), axis, keepdims)

    return compute


def _over(reduce: _Reduce, axes: Callable[[torch.Tensor, Axes], Axes]) -> Compute:
    """Over other axes, in a shape that goes on as the right one does, or not at all."""

    def compute(
        a: torch.Tensor, where: torch.Tensor | None = None, *, axis: Axes, keepdims: bool
    ) -> torch.Tensor:
        return reduce(_masked(where, a), axes(a, axis), keepdims)

    return compute


def beside(a: torch.Tensor, axis: Axes) -> Axes:
    """Return the last axis that is not the right one."""
    others = tuple(place for place in range(-a.ndim, 0) if place not in axis)
    if len(axis) != 1 or not others:
        raise ValueError("there is no other axis")
    return others[-1:]


def everything(a: torch.Tensor, axis: Axes) -> Axes:
    """Return all axes, where the right ones are not all."""
    if len(axis) == a.ndim:
        raise ValueError("these are all axes")
    return tuple(range(-a.ndim, 0))


def _without_mask(reduce: _Reduce) -> Compute:
    def compute(a: torch.Tensor, _: torch.Tensor, *, axis: Axes, keepdims: bool) -> torch.Tensor:
        return reduce(a, axis, keepdims)

    return compute


def _axes(reduce: _Reduce) -> tuple[Replacement, ...]:
    return (
        Replacement("reduced-wrong-axis", _over(reduce, beside), "another axis"),
        Replacement("reduced-wrong-axis", _over(reduce, everything), "the whole array"),
    )


SUM = OperationMistakes(
    replaced=(
        Replacement("mean-for-sum", _plain(_mean)),
        *_axes(_sum),
        Replacement("mask-left-out", _without_mask(_sum), fits=with_mask),
        Replacement("wrong-function", _plain(_largest), "the largest entry alone", rare=True),
    )
)
MEAN = OperationMistakes(
    replaced=(
        Replacement("sum-for-mean", _plain(_sum)),
        *_axes(_mean),
        Replacement("mean-over-one-less", _plain(_one_less), fits=without_mask),
        Replacement("mask-left-out", _without_mask(_mean), fits=with_mask),
        Replacement("mask-not-counted", _plain(_mean), fits=with_mask),
    )
)
MAX = OperationMistakes(
    replaced=(
        *_axes(_largest),
        Replacement("wrong-function", _plain(_smallest), "the smallest entry", rare=True),
        Replacement("wrong-function", _plain(_mean), "the mean", rare=True),
    )
)
