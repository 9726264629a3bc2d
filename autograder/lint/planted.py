"""Plant the mistakes of an exercise on hidden data of several seeds, and find those with equal answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis.planted import Planted
from autograder.diagnosis.planting import planted
from autograder.exercise import VARIANTS, Array, Exercise, Finding, Instance

SEEDS = (1, 1 + VARIANTS, 1 + 2 * VARIANTS)  # none of them shares instances with another


@dataclass(frozen=True)
class Planting:
    """Hold the single mistakes of an exercise, on the instances of several seeds."""

    instances: Sequence[Instance]
    seeds: Sequence[int]
    """For each instance; -1 for the public ones."""
    truths: Sequence[dict[str, Array]]
    singles: Sequence[Planted]

    def of_seed(self, seed: int) -> list[int]:
        """Return the indices of the instances that a submission with this seed is called with."""
        return [n for n, own in enumerate(self.seeds) if own in (seed, -1)]

    def shows(self, mistake: Planted, places: Sequence[int]) -> bool:
        """Return whether an answer with a mistake is wrong on any of these instances."""
        return any(not same(mistake.answers[n], self.truths[n]) for n in places)


def planting(exercise: Exercise) -> Planting:
    """Plant the single mistakes of an exercise, once."""
    if exercise not in _KNOWN:
        instances: list[Instance] = []
        seeds: list[int] = []
        for n, seed in enumerate(SEEDS):
            for one in exercise.instances(seed):
                if n == 0 or not one.public:
                    instances.append(one)
                    seeds.append(-1 if one.public else seed)
        truths = [dict(exercise.reference(one)) for one in instances]
        singles = [one for one in planted(exercise, instances) if len(one.findings) == 1]
        _KNOWN[exercise] = Planting(instances, seeds, truths, singles)
    return _KNOWN[exercise]


_KNOWN: dict[Exercise, Planting] = {}


def twins(mistakes: Sequence[Planted], places: Sequence[int]) -> Iterator[tuple[Planted, Planted]]:
    """Yield pairs of mistakes with different names and the same answers; each mistake with one other."""
    order = sorted(mistakes, key=lambda one: _size(one, places))
    for n, first in enumerate(order):
        size = _size(first, places)
        for second in order[n + 1 :]:
            if _size(second, places) > size * (1 + 1e-3) + 1e-9:
                break
            names = {(f.fault, f.where) for one in (first, second) for f in one.findings}
            if len(names) > 1 and all(same(first.answers[k], second.answers[k]) for k in places):
                yield first, second
                break


def _size(mistake: Planted, places: Sequence[int]) -> float:
    arrays = (array for n in places for array in mistake.answers[n].values() if array is not None)
    return float(np.sqrt(sum(float((array**2).sum()) for array in arrays)))


def same(one: Mapping[str, Array | None], other: Mapping[str, Array | None]) -> bool:
    """Return whether two answers have the same arrays, up to rounding."""
    return all(_equal(one.get(name), array) for name, array in other.items())


def _equal(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.shape(one) == np.shape(other) and agrees(np.asarray(one), np.asarray(other))


def named(mistake: Planted) -> str:
    """Name the mistakes in an answer, for people."""
    return " with ".join(_named(finding) for finding in mistake.findings)


def _named(finding: Finding) -> str:
    hint = f" ({finding.hint})" if finding.hint and len(finding.hint) < 60 else ""
    return f"{finding.fault}{hint} at {finding.where}"
