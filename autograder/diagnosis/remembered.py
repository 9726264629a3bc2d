"""Cache what a backward pass gives on an instance, whoever answers, because students share instances.

Of wrong forms, a few numbers are cached instead of whole arrays: projections, and bounds for how far from
these an agreeing array may be. They are what a form gives if nothing before it is wrong.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.compare import tolerance
from autograder.diagnosis.scale import LARGEST
from autograder.diagnosis.steps import BackwardPass, Env, Form, Step
from autograder.exercise import Array, Instance

DIRECTIONS = 3
LEEWAY = 4.0  # times what agreeing arrays may differ by: what comes before is right but for the last digits
MOST_FAULTS = 1  # of a part's own that are remembered

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Numbers:
    """What the forms of a part give, each behind every way to run the hidden steps.

    Forms without a mistake come before those with one.
    """

    shape: tuple[int, ...]
    """Of the right array."""
    until: tuple[int, ...]
    """How many forms have no mistake, and how many at most one."""
    single: Array
    """(ways, forms): where the part is a single number; nan where there is none."""
    projected: Array
    """(ways, forms, 3): where it is not; nan where there is nothing of that shape."""
    bounds: Array
    """(ways, forms, 3): how far off a projection may be."""

    def may_be(self, given: Array, own: int) -> Mask:
        """Return for each way whether some form with few enough mistakes may be a multiple of an array."""
        count = self.until[own]
        projected, bounds = self.projected[:, :count], self.bounds[:, :count]
        if not given.any():
            nothing: Mask = (bounds == 0).all(axis=2).any(axis=1)
            return nothing
        ends = np.stack([projected - bounds, projected + bounds]) / (given.ravel() @ directions(given.size))
        # the form is some multiple u of what is given, the same in each projection; nan is in no order
        least, most = ends.min(axis=0).max(axis=2), ends.max(axis=0).min(axis=2)
        possible: Mask = ((least <= most) & ((most >= 1 / LARGEST) | (least <= -1 / LARGEST))).any(axis=1)
        return possible

    def ratios(self, given: float, own: int) -> tuple[Array, Mask]:
        """Divide a single number by what each form gives: (ways, forms), and where that may be a factor.

        The ratio is nan where both are 0.
        """
        values = self.single[:, : self.until[own]]
        ratios = given / values
        factor = (np.abs(ratios) >= 1 / LARGEST) & (np.abs(ratios) <= LARGEST)
        return ratios, factor | ((values == 0) & (given == 0))


class Remembered:
    """Hold what is known about one instance: its quantities, with right steps, and wrong forms' numbers."""

    def __init__(self, backward: BackwardPass, instance: Instance) -> None:
        """Compute the quantities of the forward pass; everything else is computed when it is asked for."""
        self.env: Env = backward.environment(instance)
        self._steps = backward.steps
        self._numbers: dict[Hashable, dict[str, Numbers]] = {}

    @cached_property
    def right(self) -> Env:
        """Return the quantities with those of every right step that can be computed."""
        values = dict(self.env)
        for step in self._steps:
            value = step.right.value(values)
            if value is not None:
                values[step.name] = value
        return values

    def holds(self, key: Hashable) -> bool:
        """Return whether numbers are known by this key already."""
        return key in self._numbers

    def numbers(
        self, key: Hashable, row: Sequence[Step], ways: Sequence[Sequence[Form]], parts: Sequence[Step]
    ) -> Mapping[str, Numbers]:
        """Return the numbers of each part, after hidden steps that are run in these ways.

        key : identifies row, ways and parts in the cache.
        """
        if key not in self._numbers:
            envs = [self._extended(row, way) for way in ways]
            right = {part.name: self.right.get(part.name) for part in parts}
            self._numbers[key] = {
                part.name: _numbers(part, envs, array)
                for part in parts
                if (array := right[part.name]) is not None
            }
        return self._numbers[key]

    def _extended(self, row: Sequence[Step], forms: Sequence[Form]) -> Env | None:
        env = dict(self.right)
        for step, form in zip(row, forms, strict=True):
            value = form.value(env)
            if value is None:
                return None
            env[step.name] = value
        return env


def _numbers(part: Step, envs: Sequence[Env | None], right: Array) -> Numbers:
    by_count = [part.variants(count, apart=False, fitted=False) for count in range(MOST_FAULTS + 1)]
    forms = [form for some in by_count for form in some]
    entries = np.full((len(envs) * len(forms), right.size), np.nan)
    for place, value in enumerate(None if e is None else form.value(e) for e in envs for form in forms):
        if value is not None and value.shape == right.shape:
            entries[place] = value.ravel()
    along = directions(right.size)
    shape = len(envs), len(forms), DIRECTIONS
    return Numbers(
        right.shape,
        tuple(np.cumsum([len(some) for some in by_count]).tolist()),
        entries[:, 0].reshape(shape[:2]) if right.size == 1 else np.empty((0, 0)),
        (entries @ along).reshape(shape),
        LEEWAY * (tolerance(entries, axis=1) @ np.abs(along)).reshape(shape),
    )


@cache
def directions(size: int) -> Array:
    """Return what arrays with so many entries are projected on: always the same."""
    return np.random.default_rng(size).standard_normal((size, DIRECTIONS))
