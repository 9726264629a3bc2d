"""Constant factors: an array that is right but for a factor, the same on all instances or a law of N."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.compare import RELATIVE, agrees, cannot_agree
from autograder.exercise import Array

KNOWN = (1.0, -1.0, 0.5, -0.5)  # factors with a name
POWERS = (0, 1, -1, 2, -2)  # of N, the simplest first
FEWEST_PARTS = 3  # N/3 is written as a fraction, N/1.5 is not


@dataclass(frozen=True)
class Scale:
    """given = factor · N^power · expected, on every instance."""

    factor: float = 1.0
    power: int = 0

    def __truediv__(self, other: Scale) -> Scale:
        return Scale(_snapped(self.factor / other.factor), self.power - other.power)

    def of(self, N: int) -> float:
        """The number itself, for N data points."""
        return self.factor * float(N) ** self.power

    def __str__(self) -> str:
        """The number in words of N: `0.1`, `N/64`, `3·N`, `1/N²`."""
        powers = "N" + "²" * (abs(self.power) == 2)
        if self.power == 0:
            return f"{self.factor:.4g}"
        if self.power < 0:
            return f"{self.factor:.4g}/{powers}"
        parts = round(1 / abs(self.factor))
        if parts >= FEWEST_PARTS and abs(parts * abs(self.factor) - 1) <= RELATIVE:
            return f"{'-' * (self.factor < 0)}{powers}/{parts}"
        return powers if self.factor == 1 else f"{self.factor:.4g}·{powers}"

    def faults(self, mean: bool, sheet: int = 0) -> tuple[tuple[str, str], ...]:
        """Names of this factor, each with what its sentence has to say of it; none for 1.

        mean : whether a mean over N is what should be taken.
        sheet : the number of data points of the sheet's own data, if it has been given out.
        """
        if mean and sheet and self.power == 1:
            rest = _snapped(self.factor * sheet)
            if rest in KNOWN:
                return (*_known(rest), ("hard-coded-size", str(sheet)))
        if self.factor not in KNOWN:
            return (("wrong-scale", str(self)),)
        laws = {1: "sum-instead-of-mean", -1: "mean-twice"} if mean else {-1: "mean-instead-of-sum"}
        law = Scale(1.0, self.power)
        named = [(laws.get(self.power, "wrong-scale"), "" if self.power in laws else str(law))]
        return (*_known(self.factor), *(named if self.power else ()))


def _known(factor: float) -> tuple[tuple[str, str], ...]:
    names = ["wrong-sign"] * (factor < 0) + ["missing-factor-two"] * (abs(factor) == 0.5)
    return tuple((name, "") for name in names)


RIGHT = Scale()


def ratio(given: Array, expected: Array) -> float | None:
    """The number s with given = s · expected in every entry; None if there is none, or if it is 0.

    Where both are zero any number will do: nan.
    """
    if given.shape != expected.shape:
        return None
    size = float(np.vdot(expected, expected))
    if size == 0:
        return None if given.any() else np.nan
    s = float(np.vdot(given, expected)) / size
    if s == 0 or not math.isfinite(s):
        return None
    explained = s * s * size  # squared norm of s · expected, to which given - s · expected is perpendicular
    if cannot_agree(float(np.vdot(given, given)) - explained, explained, given.size):
        return None
    return s if agrees(given, s * expected) else None


def measured(given: Array | None, expected: Array | None) -> float | None:
    """The same where either may be absent; nan, too, where neither what is expected is finite nor given."""
    if expected is None:
        return None
    if not np.isfinite(expected).all():
        return np.nan if given is None else None
    return None if given is None else ratio(given, expected)


def common(ratios: Sequence[float], sizes: Sequence[int], hidden: Sequence[bool]) -> Scale | None:
    """The scale behind one ratio an instance; None if they have no law in common.

    sizes : the instances' N.
    hidden : which of them students have not seen. Unless one of these tells something, nothing is told; nor
        do single data points alone tell anything, where there are others.
    """
    told = [(s, N, unseen) for s, N, unseen in zip(ratios, sizes, hidden, strict=True) if not math.isnan(s)]
    fewest = 1 + any(N > 1 for N, unseen in zip(sizes, hidden, strict=True) if unseen)
    if not any(unseen and fewest <= N for _, N, unseen in told):
        return None
    s, N = np.array([s for s, _, _ in told]), np.array([float(N) for _, N, _ in told])
    ambiguous = len(set(N)) == 1 < len(set(sizes))  # one N tells a factor from no law
    for power in POWERS[:1] if ambiguous else POWERS:
        factors = s / N**power
        factor = float(factors.mean())
        if np.all(np.abs(factors - factor) <= RELATIVE * abs(factor)):
            found = Scale(_snapped(factor), power)
            return None if ambiguous and found != RIGHT else found
    return None


def _snapped(factor: float) -> float:
    return next((k for k in KNOWN if abs(factor - k) <= RELATIVE * abs(k)), factor)
