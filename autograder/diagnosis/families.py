"""Find the number in a wrong choice that has one, such as a slope, from the numbers that it makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.diagnosis.cheap_outputs import Seen
from autograder.diagnosis.combinations import Choices, settings_of
from autograder.diagnosis.steps import Family, Model

SHORT = {1: 1e-2, 2: 1e-2, 3: 1e-3}  # digits of numbers that people write, and how far rounding moves them
GRID, ZOOMS = 24, 2  # numbers at which a family is tried at once, and how often again between two of them


def measured(model: Model, families: Sequence[Family], pair: Sequence[Seen]) -> Iterator[Choices]:
    """Give the choices of families with the numbers that make what is seen of the student's cheap part.

    All families are tried at once, with numbers far apart first, and then between any two of these that
    have such a number between them.
    """
    if model.glimpse is None or not families or not pair or any(one.given == 0 for one in pair):
        return
    between = np.array([family.between for family in families])
    owner = np.arange(len(families))
    for zoom in range(ZOOMS + 1):
        numbers = np.linspace(between[:, 0], between[:, 1], GRID, axis=1)  # (brackets, GRID)
        settings = [
            settings_of(families[k].choices(float(number)))
            for k, row in zip(owner.tolist(), numbers, strict=True)
            for number in row
        ]
        with np.errstate(all="ignore"):
            first, second = (one.of(model.glimpse.values(one.instance, settings)) / one.given for one in pair)
            heights = (first - second).reshape(numbers.shape)
            which, cell = np.nonzero(heights[:, :-1] * heights[:, 1:] <= 0)
        if not len(which):
            return
        owner, between = owner[which], np.stack([numbers[which, cell], numbers[which, cell + 1]], axis=1)
        if zoom == ZOOMS:
            heights = np.stack([heights[which, cell], heights[which, cell + 1]], axis=1)
    for k, (low, high), (at_low, at_high) in zip(owner.tolist(), between, heights, strict=True):
        slope = (at_high - at_low) / (high - low)
        number = float(low - at_low / slope if slope else low)
        for tried in dict.fromkeys((*_short(number), number)):
            yield families[k].choices(tried)


def _short(number: float) -> Iterator[float]:
    """Give what people may have written: 0.01 where rounding in single precision leaves 0.01004 of it."""
    for digits, near in SHORT.items():
        short = float(f"{number:.{digits}g}")
        if abs(short - number) <= near * abs(number):
            yield short
