"""Plant mistakes in a whole computation, one of its own or a factor at what it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

import numpy as np

from autograder.diagnosis.combinations import go_together
from autograder.diagnosis.factors import law_between
from autograder.diagnosis.planted import AMOUNTS, Asked, Planted, Scales
from autograder.diagnosis.scale import RIGHT
from autograder.diagnosis.steps import Computation, ComputationMistake, environment
from autograder.exercise import Answers, Array, Finding, Instance

SEVERAL = 3  # so many places in a row are one mistake made everywhere, as all of fewer are

_Settings: TypeAlias = Mapping[str, object]


def in_computation(
    computation: Computation, parts: Sequence[str], instances: Sequence[Instance], asked: Asked
) -> Iterator[Planted]:
    """Plant each mistake of a computation alone, everywhere, with a factor, and in pairs if asked."""
    chosen: list[tuple[ComputationMistake, ...]] = [(one,) for one in _single_mistakes(computation)]
    chosen += [result for result in _everywhere(computation) if len(result) > 1]
    right = _computed(computation, parts, instances, {})
    if right is None:
        return
    right_one = Planted((), right)
    yield from _scaled(computation, parts, instances, asked.scales, right_one, right_one)

    def made(combination: Sequence[ComputationMistake]) -> Planted | None:
        computed = _computed(computation, parts, instances, dict(one.setting for one in combination))
        return None if computed is None else _completed(tuple(map(_finding, combination)), computed, right)

    both: list[tuple[ComputationMistake, ...] | Planted] = []
    for combination in chosen:
        mistake = made(combination)
        if mistake is not None:
            yield mistake
            if asked.pairs and len(combination) == 1 and not combination[0].alone:
                several = _scaled(computation, parts, instances, asked.scales, mistake, right_one)
                both += [two for two in several if asked.wants(two.findings)]
    if asked.pairs:
        for pair in combinations(_single_mistakes(computation), 2):
            if go_together(pair) and asked.wants(tuple(map(_finding, pair))):
                both.append(pair)
    for each in asked.some(both):
        two = each if isinstance(each, Planted) else made(each)
        if two is not None:
            yield two


def _completed(findings: tuple[Finding, ...], computed: Answers, right: Answers) -> Planted:
    """Fill in what is right if a computation leaves a part open, which it marks by nan."""
    left_open = [
        frozenset(p for p, a in answer.items() if a is not None and a.size > 0 and np.isnan(a).all())
        for answer in computed
    ]
    answers = [
        {
            p: true[p] if p in unknown else a if a is not None and np.isfinite(a).all() else None
            for p, a in answer.items()
        }
        for answer, true, unknown in zip(computed, right, left_open, strict=True)
    ]
    return Planted(findings, answers, open=left_open)


def _finding(one: ComputationMistake) -> Finding:
    return Finding(one.fault, one.where, one.costs, one.hint)


def _single_mistakes(computation: Computation) -> list[ComputationMistake]:
    """Yield every mistake by itself, those with an unknown number for some numbers, the common ones first."""
    of_families = (
        family.mistakes(amount)
        for family in computation.families
        for amount in AMOUNTS
        if family.between[0] < amount < family.between[1]
    )
    single = [combination[0] for combination in of_families if len(combination) == 1]
    return [*sorted(computation.mistakes, key=lambda one: one.rare), *single]


def _everywhere(computation: Computation) -> Iterator[tuple[ComputationMistake, ...]]:
    """Yield one mistake made in several places in a row, up to all of them."""
    kinds: dict[tuple[str, str], dict[str, ComputationMistake]] = {}
    for one in (each for each in computation.mistakes if not each.alone):
        kinds.setdefault((one.fault, one.hint), {}).setdefault(one.setting[0], one)
    for alike in kinds.values():
        places = tuple(alike.values())
        for length in range(len(places), min(SEVERAL, len(places)) - 1, -1):
            yield from (places[first : first + length] for first in range(len(places) - length + 1))
    for family in computation.families:
        for amount in AMOUNTS:
            if family.between[0] < amount < family.between[1]:
                yield family.mistakes(amount)


def _computed(
    computation: Computation, parts: Sequence[str], instances: Sequence[Instance], settings: _Settings
) -> list[dict[str, Array | None]] | None:
    """Run a computation on every instance; None where mistakes do not go together."""
    result: list[dict[str, Array | None]] = []
    for instance in instances:
        try:
            with np.errstate(all="ignore"):
                computed = computation.run(instance, settings)
        except (ValueError, IndexError, RuntimeError):
            return None
        result.append({part: np.asarray(computed[part]) if part in computed else None for part in parts})
    return result


def _scaled(
    computation: Computation,
    parts: Sequence[str],
    instances: Sequence[Instance],
    factors: Scales,
    mistake: Planted,
    right: Planted,
) -> Iterator[Planted]:
    """Yield a factor at one part, where the computation allows for it, or at all of them.

    Behind a mistake that is a factor itself only where the two are no other one: half and N times, but not
    N times and 1/N.
    """
    sizes = [environment(instance)["sizes"] for instance in instances]
    places: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        (part, (part,), (part,)) for part in computation.scaled
    ]
    if computation.common_scale is not None:
        places.append((*computation.common_scale, tuple(parts)))
    for where, costs, touched in places:
        law = law_between(instances, mistake.answers, right.answers, touched)
        for scale in (scale for scales in factors for scale in scales):
            (fault, hint), *_ = scale.faults(mean=True)
            if not all(scale.powers.keys() <= each.keys() for each in sizes):
                continue  # a law of data points, where there are none to be counted
            if scale.power and where in computation.scaled and where not in computation.averaged:
                continue
            both = {finding.fault for finding in mistake.findings} | {fault}
            if law is not None and law != RIGHT:
                product = law / (RIGHT / scale)
                if {name for name, _ in product.faults(mean=True)} != both:
                    continue
            answers = [
                {p: a if a is None or p not in touched else scale.of(each) * a for p, a in answer.items()}
                for each, answer in zip(sizes, mistake.answers, strict=True)
            ]
            result = (*mistake.findings, Finding(fault, where, costs, hint))
            yield Planted(result, answers, open=mistake.open)
