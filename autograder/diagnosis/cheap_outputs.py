"""Rule combinations of mistakes out by one part that is cheap to compute.

A part that is a single number is compared on two instances of one size: whatever factor the parts have in
common, it is the same on both. Of an array a few projections are compared on a single instance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import prod

import numpy as np
from numpy.typing import NDArray

from autograder.compare import RELATIVE
from autograder.diagnosis.combinations import Mistakes, settings_of
from autograder.diagnosis.scale import LARGEST, POWERS, Sizes, lawful
from autograder.diagnosis.steps import CheapOutput, Computation
from autograder.exercise import Answers, Array, Instance

REMEMBERED = 512  # instances of which all combinations are remembered
AGREE = 4 * RELATIVE  # two ratios of numbers that are right but for single precision
PROBES = 4  # projections of an array, of which the two that stand out most are compared


@dataclass(frozen=True)
class CheapNumber:
    """Hold one number of a student's cheap part."""

    instance: Instance
    probe: int
    given: float

    def of(self, values: Array) -> Array:
        """Pick the same number, (K,), from those of K combinations."""
        picked: Array = values[:, self.probe]
        return picked


def projections(arrays: Array) -> Array:
    """Project K arrays (K, …) on a few fixed directions, (K, PROBES); single numbers stay (K, 1)."""
    flat = arrays.reshape(len(arrays), prod(arrays.shape[1:]))
    if flat.shape[1] == 1:
        return flat
    probes = np.random.default_rng(0).choice([-1.0, 1.0], (flat.shape[1], PROBES))
    with np.errstate(invalid="ignore"):
        result: Array = flat @ (probes * np.random.default_rng(1).uniform(0.5, 1.5, probes.shape))
    return result


def cheap_numbers(
    computation: Computation, instances: Sequence[Instance], answers: Answers
) -> list[CheapNumber]:
    """Return two numbers of a student's cheap part that share a factor; none if there are none."""
    assert computation.cheap_output is not None
    small = sorted(
        (
            (instance, given)
            for instance, answer in zip(instances, answers, strict=True)
            if not instance.public
            and (given := answer[computation.cheap_output.part]) is not None
            and given.size
        ),
        key=lambda pair: _sizes(pair[0]),
    )
    for instance, given in reversed(small):
        if given.size > 1:
            numbers = projections(given[None])[0]
            furthest = np.argsort(-np.abs(numbers))[:2]
            return [CheapNumber(instance, int(probe), float(numbers[probe])) for probe in furthest]
    telling = [each for each in small if each[1].any()]
    small = telling if len(telling) > 1 else small
    pairs = [pair for pair in pairwise(small) if _sizes(pair[0][0]) == _sizes(pair[1][0])]
    # of others the factor in common may be a law of N, if all else is the same
    pairs = pairs or [pair for pair in pairwise(small) if _but_for_points(*(each for each, _ in pair))]
    return next(([CheapNumber(one, 0, given.item()) for one, given in pair] for pair in pairs), [])


def still_possible(
    computation: Computation,
    tried: Sequence[Mistakes],
    instances: Sequence[Instance],
    answers: Answers,
    pair: Sequence[CheapNumber],
) -> list[Mistakes]:
    """Return those of many combinations that one more number does not rule out: where a pair tells little.

    On single data points a maximum over the data points, say, is what a function left out is.
    """
    assert computation.cheap_output is not None
    another = _another_number(computation, instances, answers, pair)
    if another is None:
        return list(tried)
    settings = [settings_of(mistakes) for mistakes in tried]
    with np.errstate(all="ignore"):
        values = [computation.cheap_output.values(one.instance, settings) for one in (pair[0], another)]
    remaining = not_ruled_out((pair[0], another), values)
    return list(tried) if remaining is None else [tried[k] for k in remaining]


def _another_number(
    computation: Computation,
    instances: Sequence[Instance],
    answers: Answers,
    pair: Sequence[CheapNumber],
) -> CheapNumber | None:
    """Return one more number of a student's cheap part, for an instance of another size than the pair's."""
    assert computation.cheap_output is not None
    for instance, answer in zip(instances, answers, strict=True):
        given = answer[computation.cheap_output.part]
        if instance.public or given is None or given.size != 1 or given.item() == 0:
            continue
        if _but_for_points(instance, pair[0].instance):
            return CheapNumber(instance, 0, given.item())
    return None


def not_ruled_out(pair: Sequence[CheapNumber], values: Sequence[Array]) -> NDArray[np.intp] | None:
    """Return which combinations the cheap part does not rule out; None if it can't tell.

    values : of each of the two, with every combination.
    """
    if not pair:
        return None
    first, second = pair
    if first.given == 0 or second.given == 0:  # which proves nothing
        return np.empty(0, dtype=np.intp)
    with np.errstate(all="ignore"):
        one, other = first.of(values[0]) / first.given, second.of(values[1]) / second.given
        apart = float(np.log(_points(first.instance) / _points(second.instance)))
        if not apart:
            return np.flatnonzero(np.abs(one - other) <= AGREE * np.abs(other))
        laws = np.array((0, *POWERS))[:, None] * apart
        return np.flatnonzero((np.abs(np.log(one / other) - laws) <= AGREE).any(axis=0))


def may_be(
    given: Sequence[Array | None], values: Sequence[Array], sizes: Sequence[Sizes]
) -> NDArray[np.intp]:
    """Return which combinations may give a part that is a single number, up to a law shared by all instances.

    given : the student's number on each instance, None where there is none.
    values : of each instance, with every combination, (K, 1).
    """
    ratios = []
    with np.errstate(all="ignore"):
        for number, computed in zip(given, values, strict=True):
            flat, own = computed[:, 0], np.nan if number is None else number.item()
            ratio = own / flat
            known = np.isfinite(flat) & (np.abs(ratio) < LARGEST) & (np.abs(ratio) > 1 / LARGEST)
            fits = np.isfinite(flat) != (number is None)
            ratios.append(np.where(known, ratio, np.where(fits, np.nan, np.inf)))
        together = np.stack(ratios, axis=1)
        apart = np.isinf(together).any(axis=1)
        return np.flatnonzero(
            np.logical_not(apart) & lawful(np.where(np.isinf(together), 1, together), sizes)
        )


def remembering(
    computed: CheapOutput, combined: Callable[[int], Sequence[Mistakes]]
) -> Callable[[Instance, int], Array]:
    """Compute a part with every combination of so many mistakes, once per instance."""

    @cache
    def settings(count: int) -> list[dict[str, object]]:
        return [settings_of(mistakes) for mistakes in combined(count)]

    @lru_cache(maxsize=REMEMBERED)
    def known(instance: Instance, count: int) -> Array:
        with np.errstate(all="ignore"):
            return computed.values(instance, settings(count))

    return known


def _but_for_points(one: Instance, other: Instance) -> bool:
    """Return whether two instances differ in N, and in no other dimension."""
    (n, own), (m, others) = _sizes(one), _sizes(other)
    return n != m and [each for each in own if each[0] != "N"] == [each for each in others if each[0] != "N"]


def _points(instance: Instance) -> int:
    return instance.sizes.get("N", 1)


def _sizes(instance: Instance) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Return N, if there is one, and all dimensions by name: instances of one size have the same."""
    return instance.sizes.get("N", 1), tuple(sorted(instance.sizes.items()))
