"""Name wrong softmaxes and log-sum-exps: along another axis, unnormalised, unstable, without the mask."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import torch
from torch.nn import functional

from autograder.computations.operation_mistakes import (
    Compute,
    OperationMistakes,
    Replacement,
    with_mask,
    with_square_mask,
    without_mask,
)
from autograder.operations.axes import Axes

Logarithms: TypeAlias = Callable[[torch.Tensor, Axes], tuple[torch.Tensor, torch.Tensor]]
"""Of scores and axes: what is taken for probabilities, and their logarithms."""


def normalised(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    """Compute the softmax as it should be, and its logarithm."""
    L = Z - torch.logsumexp(Z, axis, keepdim=True)
    return torch.exp(L), L


def _beside(Z: torch.Tensor, axis: Axes) -> Axes:
    """Return the axis beside the right one."""
    if Z.ndim < 2:
        raise ValueError("there is no other axis")
    return (-2,) if axis == (-1,) else (-1,)


def _everything(Z: torch.Tensor, _: Axes) -> Axes:
    return tuple(range(-Z.ndim, 0))


@dataclass(frozen=True)
class _Over:
    """Divided by a sum over other entries; after each row's own maximum is taken away, or that of these."""

    where: Callable[[torch.Tensor, Axes], Axes]
    own_maximum: bool = False

    def __call__(self, Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
        over = self.where(Z, axis)
        S = Z - Z.amax(axis if self.own_maximum else over, keepdim=True)
        L = S - torch.log(torch.exp(S).sum(over, keepdim=True))
        return torch.exp(L), L


@dataclass(frozen=True)
class _Shifted:
    """With something other than each row's maximum taken away first."""

    shift: Callable[[torch.Tensor, Axes], torch.Tensor]
    of_quotient: bool = True
    """Whether the logarithm is taken of P, which is 0 for many scores, or of the sum alone."""

    def __call__(self, Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
        S = Z - self.shift(Z, axis)
        powers = torch.exp(S)
        total = powers.sum(axis, keepdim=True)
        P = powers / total
        return P, torch.log(P) if self.of_quotient else S - torch.log(total)


def _sigmoid(Z: torch.Tensor, _: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    L = functional.logsigmoid(Z)
    return torch.exp(L), L


def _twice(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    return normalised(normalised(Z, axis)[0], axis)


def _exponentials(Z: torch.Tensor, _: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.exp(Z), Z


def _exponentials_first(Z: torch.Tensor, _: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.exp(Z), torch.log(torch.exp(Z))  # the power of a large score has no logarithm


def _over_largest(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    L = Z - Z.amax(axis, keepdim=True)
    return torch.exp(L), L


def _over_infinite_sum(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    """Take the logarithm of a sum of exponentials from which no maximum was taken away."""
    L = Z - torch.log(torch.exp(Z).sum(axis, keepdim=True))
    return torch.exp(L), L


def _sigmoids_over_sum(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    return normalised(functional.logsigmoid(Z), axis)


def _without_exponentials(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    P = Z / Z.sum(axis, keepdim=True)
    return P, torch.log(P)


def _over_scores(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    P = torch.exp(Z) / Z.sum(axis, keepdim=True)
    return P, torch.log(P)


def _over_shifted_scores(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    return _over_scores(Z - Z.amax(axis, keepdim=True), axis)


def _over_length(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    S = Z - Z.amax(axis, keepdim=True)
    L = S - torch.log(torch.exp(2 * S).sum(axis, keepdim=True)) / 2
    return torch.exp(L), L


def _maximum_of_exponentials(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    powers = torch.exp(Z) - Z.amax(axis, keepdim=True)
    P = powers / powers.sum(axis, keepdim=True)
    return P, torch.log(P)


def _times(factor: Callable[[torch.Tensor, Axes], torch.Tensor]) -> Logarithms:
    """Return a softmax times something of each row, whose logarithm is given."""

    def way(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
        L = normalised(Z, axis)[1] + factor(Z, axis)
        return torch.exp(L), L

    return way


def _maximum(Z: torch.Tensor, axis: Axes) -> torch.Tensor:
    return Z.amax(axis, keepdim=True)


def _entries(Z: torch.Tensor, axis: Axes) -> torch.Tensor:
    """Return the logarithm of how many entries there are along an axis."""
    return torch.log(torch.ones_like(Z).sum(axis, keepdim=True))


def _running(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    """Sum the exponentials of each row on top of those of all rows before it."""
    _beside(Z, axis)
    S = Z - Z.amax(axis, keepdim=True)
    L = S - torch.log(torch.exp(S).sum(axis, keepdim=True).cumsum(-2))
    return torch.exp(L), L


def _between(low: float, high: float) -> Logarithms:
    """Return a softmax of scores that are cut off at both ends first."""
    return lambda Z, axis: normalised(Z.clamp(low, high), axis)


def _not_far_below(distance: float) -> Logarithms:
    """Return a softmax of scores that are cut off after the maximum of their row was taken away."""
    return lambda Z, axis: normalised((Z - Z.amax(axis, keepdim=True)).clamp(min=-distance), axis)


def _of_multiples(factor: float) -> Logarithms:
    """Return a softmax of so many times the scores."""
    return lambda Z, axis: normalised(factor * Z, axis)


def _largest_alone(Z: torch.Tensor, axis: Axes) -> tuple[torch.Tensor, torch.Tensor]:
    P = (Z.amax(axis, keepdim=True) == Z).to(Z.dtype)
    return P, torch.log(P)


def _maximum_above_zero(Z: torch.Tensor, axis: Axes) -> torch.Tensor:
    return Z.amax(axis, keepdim=True).clamp(min=0)


def _mean_of_row(Z: torch.Tensor, axis: Axes) -> torch.Tensor:
    return Z.mean(axis, keepdim=True)


def _masked(Z: torch.Tensor, where: torch.Tensor | None) -> torch.Tensor:
    return Z if where is None else torch.where(where > 0, Z, -torch.inf)


def _probabilities(
    way: Logarithms, Z: torch.Tensor, where: torch.Tensor | None = None, *, axis: Axes
) -> torch.Tensor:
    return way(_masked(Z, where), axis)[0]


NEVER = -1e9  # a score as good as minus infinity, and a row of them has probabilities
COLUMNS, ALL = "each column", "the whole array"
UNMASKED: dict[str, Logarithms] = {  # what is masked has no number there
    "scores over their sum, without exponentials": _without_exponentials,
    "exponentials of minus the scores": _of_multiples(-1.0),
    "sigmoids of the scores over their sum": _sigmoids_over_sum,
    "powers of 2 and not of e": _of_multiples(math.log(2)),
    "exponentials of half the scores, as of a temperature of 2": _of_multiples(0.5),
    "exponentials over the root of the sum of their squares": _over_length,
    "1 for the largest score of a row and 0 for all others": _largest_alone,
    "the sum of the scores below the fraction bar, not of their exponentials": _over_scores,
    "the sum of the shifted scores below the fraction bar, not of their exponentials": _over_shifted_scores,
    "the maximum subtracted from the exponentials, not from the scores": _maximum_of_exponentials,
    "the maximum subtracted above the fraction bar, and not below": _times(
        lambda Z, axis: -_maximum(Z, axis)
    ),
    "the maximum subtracted below the fraction bar, and not above": _times(_maximum),
    "the mean of the exponentials below the fraction bar, not their sum": _times(_entries),
    "a sum below the fraction bar that goes on from row to row": _running,
}
OF_QUOTIENTS = tuple(UNMASKED)[-7:-1]  # in an error these have names of their own, or no logarithm
BOUNDS = (1, 5, 10, 20, 50, 100, 500)  # what is thought large enough, or small enough for an exponential
UNSEEN = 15  # so far below the largest score, a probability is as good as 0
FAR_BELOW = "cut off where they are far below the largest of their row"
CUT_OFF: dict[str, Callable[[float], Logarithms]] = {  # what is masked would come back
    "cut off at both ends": lambda bound: _between(-bound, bound),
    "cut off from above": lambda bound: _between(-math.inf, bound),
    FAR_BELOW: _not_far_below,
}  # of which bound is not said: several of them may give the same
OF_ALL_SCORES = frozenset((*UNMASKED, *CUT_OFF))
OF_COLUMNS = "the maximum of each column"
OF_LOGARITHM = "the logarithm of a sum"
SHIFTS: tuple[tuple[str, str, Callable[[torch.Tensor, Axes], torch.Tensor]], ...] = (
    ("overflow", "", lambda Z, _: torch.zeros_like(Z)),
    ("overflow", "", _mean_of_row),
    ("maximum-over-everything", "", lambda Z, _: Z.amax()),
    ("maximum-over-everything", OF_COLUMNS, lambda Z, axis: Z.amax(_beside(Z, axis), keepdim=True)),
    ("maximum-over-everything", "", _maximum_above_zero),
)
WAYS: tuple[tuple[str, str, Logarithms, bool], ...] = (
    ("softmax-wrong-axis", COLUMNS, _Over(_beside), False),
    ("softmax-wrong-axis", ALL, _Over(_everything), False),
    ("softmax-wrong-axis", COLUMNS, _Over(_beside, own_maximum=True), False),
    ("softmax-wrong-axis", ALL, _Over(_everything, own_maximum=True), False),
    ("sigmoid-for-softmax", "", _sigmoid, False),
    ("double-softmax", "", _twice, False),
    ("missing-normalisation", "", _exponentials_first, False),
    ("missing-normalisation", "", _exponentials, False),
    ("wrong-function", "exponentials over the largest of their row", _over_largest, False),
    *(("wrong-function", hint, way, False) for hint, way in UNMASKED.items()),
    *(
        ("clipped-scores", hint, way(bound), False)
        for hint, way in CUT_OFF.items()
        for bound in BOUNDS
        if way is not _not_far_below or bound < UNSEEN
    ),
    *(
        (fault, hint, _Shifted(shift, of_quotient), True)
        for fault, hint, shift in SHIFTS
        for of_quotient in (True, False)
    ),
    ("overflow", OF_LOGARITHM, _over_infinite_sum, True),
)
"""Faults, what their sentences say, how they compute, and whether they are right where there are numbers."""

REPLACED = {
    Replacement(
        fault,
        partial(_probabilities, way),
        hint,
        unstable=unstable,
        never_within_alone=hint in OF_QUOTIENTS or (isinstance(way, _Shifted) and way.shift is _mean_of_row),
        rare=hint in (*OF_ALL_SCORES, OF_LOGARITHM) and way is not _without_exponentials,
        fits=without_mask if hint in OF_ALL_SCORES else None,
    ): way
    for fault, hint, way, unstable in WAYS
}
"""Also of operations that have a softmax within them."""

OF_LOGARITHMS = {
    Replacement("clipped-scores", partial(_probabilities, way), FAR_BELOW, rare=True): way
    for way in (_not_far_below(bound) for bound in BOUNDS if bound > UNSEEN)
}
"""Of these alone: the probabilities are right."""


def _logarithm(Z: torch.Tensor, where: torch.Tensor | None = None, *, axis: Axes) -> torch.Tensor:
    return normalised(_masked(Z, where), axis)[1]


def _logarithm_of_zero(Z: torch.Tensor, where: torch.Tensor | None = None, *, axis: Axes) -> torch.Tensor:
    return torch.log(normalised(_masked(Z, where), axis)[0])


def _with(scores: Callable[..., torch.Tensor], then: Callable[..., torch.Tensor]) -> Compute:
    """Return a softmax of scores that a mask has changed, and what is made of its value and the mask."""

    def compute(Z: torch.Tensor, where: torch.Tensor, *, axis: Axes) -> torch.Tensor:
        on = (where > 0).to(Z.dtype)
        return then(torch.softmax(scores(Z, on), axis[0]), on)

    return compute


def _inverted(Z: torch.Tensor, M: torch.Tensor) -> torch.Tensor:
    return torch.where(M > 0, NEVER, Z)


def _transposed(Z: torch.Tensor, M: torch.Tensor) -> torch.Tensor:
    return torch.where(M.mT > 0, Z, NEVER)


def _triangle(offset: int) -> Callable[..., torch.Tensor]:
    """Leave the positions up to so many behind each one, whatever the mask."""

    def masked(Z: torch.Tensor, M: torch.Tensor) -> torch.Tensor:
        return torch.where(torch.ones_like(M).tril(offset) > 0, Z, NEVER)

    return masked


MASKS = (
    Replacement("mask-left-out", _with(lambda Z, M: Z, lambda P, M: P), fits=with_mask),
    Replacement("mask-after-softmax", _with(lambda Z, M: Z, lambda P, M: P * M), fits=with_mask),
    Replacement("masked-scores-zero", _with(lambda Z, M: Z * M, lambda P, M: P), fits=with_mask),
    Replacement(
        "masked-scores-zero", _with(lambda Z, M: Z * M, lambda P, M: P * M), fits=with_mask, rare=True
    ),
    Replacement("mask-inverted", _with(_inverted, lambda P, M: P), fits=with_mask),
    Replacement("mask-transposed", _with(_transposed, lambda P, M: P), fits=with_square_mask),
    Replacement("mask-added", _with(lambda Z, M: Z + M, lambda P, M: P), fits=with_mask, rare=True),
    Replacement("softmax-left-out", lambda Z, where, *, axis: where * Z, fits=with_mask),
    *(
        Replacement(
            "another-mask",
            _with(_triangle(offset), lambda P, M: P),
            hint,
            fits=with_square_mask,
            rare=offset != 0,
        )
        for offset, hint in (
            (0, "each position and those before it"),
            (1, "each position, those before it and the next one"),
            (-1, "the positions before it, without itself"),
        )
    ),
)

SOFTMAX = OperationMistakes(
    replaced=(
        *REPLACED,
        Replacement("log-probabilities-for-probabilities", _logarithm, fits=without_mask),
        Replacement("log-probabilities-for-probabilities", _logarithm_of_zero, fits=without_mask),
        *MASKS,
    )
)


def _of_masked(compute: Callable[[torch.Tensor, Axes, bool], torch.Tensor]) -> Compute:
    def computed(
        Z: torch.Tensor, where: torch.Tensor | None = None, *, axis: Axes, keepdims: bool
    ) -> torch.Tensor:
        return compute(_masked(Z, where), axis, keepdims)

    return computed


def _maximum_forgotten(Z: torch.Tensor, axis: Axes, keepdims: bool) -> torch.Tensor:
    return torch.logsumexp(Z - Z.amax(axis, keepdim=True), axis, keepdim=keepdims)


def _averaged(Z: torch.Tensor, axis: Axes, keepdims: bool) -> torch.Tensor:
    return torch.log(torch.exp(Z).mean(axis, keepdim=keepdims))


def _along_another(Z: torch.Tensor, axis: Axes, keepdims: bool) -> torch.Tensor:
    return torch.logsumexp(Z, _beside(Z, axis), keepdim=keepdims)


def _without_mask(Z: torch.Tensor, _: torch.Tensor, *, axis: Axes, keepdims: bool) -> torch.Tensor:
    return torch.logsumexp(Z, axis, keepdim=keepdims)


LOG_SUM_EXP = OperationMistakes(
    replaced=(
        Replacement("missing-logarithm", _of_masked(lambda Z, axis, k: torch.exp(Z).sum(axis, keepdim=k))),
        Replacement("maximum-not-added", _of_masked(_maximum_forgotten)),
        Replacement("reduced-wrong-axis", _of_masked(_along_another), "another axis"),
        Replacement("mask-left-out", _without_mask, fits=with_mask),
        Replacement(
            "wrong-function",
            _of_masked(lambda Z, axis, k: Z.amax(axis, keepdim=k)),
            "the largest entry alone",
            rare=True,
        ),
        Replacement("wrong-function", _of_masked(_averaged), "the logarithm of a mean", rare=True),
    )
)
