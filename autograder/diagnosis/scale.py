"""Constant factors: an array that is right but for a factor, the same on all instances or growing with N."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.compare import RELATIVE, agrees, cannot_agree
from autograder.exercise import Array

KNOWN = (1.0, -1.0, 0.5, -0.5)  # factors with a name


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

    def faults(self, mean: bool) -> tuple[str, ...]:
        """The names of this factor; none for 1. mean: whether a mean over N is what should be taken."""
        if self.factor not in KNOWN:
            named = ["wrong-scale"]
        else:
            named = ["wrong-sign"] * (self.factor < 0) + ["missing-factor-two"] * (abs(self.factor) == 0.5)
        if self.power > 0:
            named.append("sum-instead-of-mean" if mean else "wrong-scale")
        if self.power < 0:
            named.append("mean-twice" if mean else "mean-instead-of-sum")
        return tuple(named)


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


def common(ratios: Sequence[float], sizes: Sequence[int]) -> Scale | None:
    """The scale behind one ratio an instance; sizes: the instances' N. None if they have no law in common."""
    s, N = np.array(ratios), np.array(sizes, dtype=float)
    s, N = s[~np.isnan(s)], N[~np.isnan(s)]
    if not len(s):
        return None
    for power in (0, 1, -1):
        factors = s / N**power
        factor = float(factors.mean())
        if np.all(np.abs(factors - factor) <= RELATIVE * abs(factor)):
            return Scale(_snapped(factor), power)
    return None


def _snapped(factor: float) -> float:
    return next((k for k in KNOWN if abs(factor - k) <= RELATIVE * abs(k)), factor)
