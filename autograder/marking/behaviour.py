"""Recognise unexplained answers by how they behave: the same numbers, up to rounding and a factor.

The sheet's own data are the same for everybody, so two students who make the same mistake give the same
numbers on them. A few projections of each wrong part are kept: enough to tell two mistakes apart, too little
to give an answer away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from autograder.exercise import Answers, Array, Instance

PROJECTIONS = 6
DIGITS = 7  # of what is kept
CLOSE = 1e-4  # relative: single precision is closer, two mistakes hardly ever are
FEW = 3  # entries below which a factor explains too much

Behaviour: TypeAlias = Mapping[str, Sequence[float]]
"""By part: its shape's sizes, how many these are, and projections."""


def of_answer(
    instances: Sequence[Instance], answers: Answers, parts: Collection[str]
) -> dict[str, list[float]]:
    """Describe how an answer's parts behave on the sheet's own data; empty if there are none.

    parts : those that are wrong, and that no mistake explains.
    """
    for instance, answer in zip(instances, answers, strict=True):
        if instance.public:
            described = {part: _described(answer.get(part)) for part in sorted(parts)}
            return {part: numbers for part, numbers in described.items() if numbers}
    return {}


def alike(one: Behaviour, other: Behaviour) -> bool:
    """Return whether two answers behave alike: the same parts are wrong, and in the same way."""
    if not one or one.keys() != other.keys():
        return False
    return all(_close(one[part], other[part]) for part in one)


def _described(array: Array | None) -> list[float]:
    if array is None or array.size == 0 or not np.isfinite(array).all():
        return []
    flat = np.asarray(array, dtype=np.float64).ravel()
    size = float(np.linalg.norm(flat))
    if flat.size < FEW or size == 0:
        numbers = flat
    else:
        numbers = _directions(flat.size) @ (flat / size)
        numbers = numbers * (1.0 if numbers[np.argmax(np.abs(numbers))] >= 0 else -1.0)
    shape = [float(axis) for axis in array.shape]
    return [float(len(shape)), *shape, *(float(f"{number:.{DIGITS}g}") for number in numbers)]


@lru_cache(maxsize=64)
def _directions(size: int) -> Array:
    drawn: Array = np.random.default_rng(size).standard_normal((PROJECTIONS, size))
    return drawn


def _close(one: Sequence[float], other: Sequence[float]) -> bool:
    if len(one) != len(other):
        return False
    return bool(np.allclose(one, other, rtol=CLOSE, atol=CLOSE))
