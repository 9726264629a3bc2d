"""Name wrong masked softmaxes of attentions with several heads: other axes, numbers for minus infinity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from autograder.computations.operation_mistakes import (
    Compute,
    Numbered,
    Replacement,
    with_mask,
    with_square_mask,
)
from autograder.computations.softmax import NEVER, SOFTMAX
from autograder.operations.axes import Axes
from autograder.operations.operation import Shape

COLUMNS, FIRST = "each column", "the first axis of all"
SEEN = (-9.0, 3.0)  # numbers whose exponentials can be seen beside those of scores


def _with_heads(shapes: Sequence[Shape]) -> bool:
    """Return whether there are several matrices of scores, and a mask."""
    return with_mask(shapes) and len(shapes[0]) > 2


def _masked(Z: torch.Tensor, where: torch.Tensor) -> torch.Tensor:
    return torch.where(where > 0, Z, NEVER)


def _along(place: int) -> Compute:
    """Along another axis, after the mask: where all scores are as good as minus infinity these are equal."""

    def compute(Z: torch.Tensor, where: torch.Tensor, *, axis: Axes) -> torch.Tensor:
        if axis == (place,) or place < -Z.ndim:
            raise ValueError("this is the right axis, or none")
        return torch.softmax(_masked(Z, where), place)

    return compute


def _normalised_again(place: int) -> Compute:
    """Along the right axis without the mask, then masked and divided by the sums along another one."""

    def compute(Z: torch.Tensor, where: torch.Tensor, *, axis: Axes) -> torch.Tensor:
        if axis == (place,):
            raise ValueError("this is the right axis")
        P = torch.softmax(Z, axis[0]) * (where > 0)
        return P / P.sum(place, keepdim=True)

    return compute


def _other_rows(Z: torch.Tensor, where: torch.Tensor, *, axis: Axes) -> torch.Tensor:
    """Divide each column by the sum of the row with its number: an axis of sums is lost and comes back."""
    powers = torch.exp(Z) * (where > 0)
    return powers / powers.sum(axis[0])[..., None, :]


def _other_rows_shifted(Z: torch.Tensor, where: torch.Tensor, *, axis: Axes) -> torch.Tensor:
    """Return the same after each row's maximum was taken away, of the scores that are left."""
    masked = _masked(Z, where)
    return _other_rows(masked - masked.amax(axis[0], keepdim=True), where, axis=axis)


def _masked_with(Z: torch.Tensor, *mask_and_number: torch.Tensor, axis: Axes) -> torch.Tensor:
    """Masked scores are a number."""
    if len(mask_and_number) == 1:
        raise ValueError("there is no mask")
    where, number = mask_and_number
    return torch.softmax(torch.where(where > 0, Z, number), axis[0])


MASKED_SOFTMAX = replace(
    SOFTMAX,
    replaced=(
        *SOFTMAX.replaced,
        Replacement("softmax-wrong-axis", _along(-3), FIRST, fits=_with_heads),
        Replacement("softmax-wrong-axis", _along(-2), COLUMNS, fits=with_mask, rare=True),
        Replacement("normalised-again-elsewhere", _normalised_again(-2), fits=with_mask, rare=True),
        Replacement("sums-of-other-rows", _other_rows, fits=with_square_mask, rare=True),
        Replacement("sums-of-other-rows", _other_rows_shifted, fits=with_square_mask, rare=True),
    ),
    numbered=(*SOFTMAX.numbered, Numbered("masked-scores-finite", _masked_with, "{:.3g}", SEEN)),
)
