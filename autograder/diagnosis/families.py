"""Fit the number in a mistake that has one, such as a slope, to the numbers that it produces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from autograder.diagnosis.cheap_outputs import REMEMBERED, CheapNumber
from autograder.diagnosis.combinations import Mistakes, settings_of
from autograder.diagnosis.steps import Computation, Family
from autograder.exercise import Array, Instance

SHORT = {1: 1e-2, 2: 1e-2, 3: 1e-3}  # digits of numbers that people write, and how far rounding moves them
MOST = 256  # numbers that are looked at more closely
GRID, ZOOMS = 24, 2  # numbers at which a family is tried at once, and how often again between two of them


def fitting(
    computation: Computation, families: Sequence[Family]
) -> Callable[[Sequence[CheapNumber]], Iterator[Mistakes]]:
    """Fit the numbers of families of mistakes.

    All families are tried at once, with widely spaced numbers first, and then between any two of these that
    have such a number between them.

    Returns
    -------
    A function that returns the mistakes with the numbers that reproduce a student's cheap part.
    """
    cheap = computation.cheap_output
    if cheap is None or not families:
        return lambda pair: iter(())
    widest = np.array([family.between for family in families])
    everyone = np.arange(len(families))

    def values(one: CheapNumber, owner: NDArray[np.intp], between: Array) -> Array:
        settings = [
            settings_of(families[k].mistakes(float(number)))
            for k, row in zip(owner.tolist(), _numbers(between), strict=True)
            for number in row
        ]
        with np.errstate(all="ignore"):
            return cheap.values(one.instance, settings)

    @lru_cache(maxsize=REMEMBERED)
    def first_values(instance: Instance) -> Array:
        return values(CheapNumber(instance, 0, 1.0), everyone, widest)

    def measured(pair: Sequence[CheapNumber]) -> Iterator[Mistakes]:
        if not pair or any(one.given == 0 for one in pair):
            return
        owner, between = everyone, widest
        for zoom in range(ZOOMS + 1):
            numbers = _numbers(between)
            result = [values(one, owner, between) if zoom else first_values(one.instance) for one in pair]
            with np.errstate(all="ignore"):
                first, second = (one.of(each) / one.given for one, each in zip(pair, result, strict=True))
                heights = (first - second).reshape(numbers.shape)
                # where a number changes nothing, there is none between any two
                flat = (heights[:, :-1] == 0) & (heights[:, 1:] == 0)
                which, cell = np.nonzero((heights[:, :-1] * heights[:, 1:] <= 0) & ~flat)
            if not len(which):
                return
            which, cell = which[:MOST], cell[:MOST]
            owner, between = owner[which], np.stack([numbers[which, cell], numbers[which, cell + 1]], axis=1)
            if zoom == ZOOMS:
                heights = np.stack([heights[which, cell], heights[which, cell + 1]], axis=1)
        for k, (low, high), (at_low, at_high) in zip(owner.tolist(), between, heights, strict=True):
            slope = (at_high - at_low) / (high - low)
            number = float(low - at_low / slope if slope else low)
            for tried in dict.fromkeys((*_short(number), number)):
                yield families[k].mistakes(tried)

    return measured


def _numbers(between: Array) -> Array:
    """Return the numbers at which families are tried between two, (K, 2), of each: (K, GRID)."""
    return np.linspace(between[:, 0], between[:, 1], GRID, axis=1)


def _short(number: float) -> Iterator[float]:
    """Yield what people may have written: 0.01 where rounding in single precision leaves 0.01004 of it."""
    for digits, near in SHORT.items():
        short = float(f"{number:.{digits}g}")
        if abs(short - number) <= near * abs(number):
            yield short
