"""Which wrong choices in a whole computation explain an answer that shows nothing on the way.

The choices are tried one, two, three at a time, and one mistake that was made everywhere counts as one; the
computation with these choices must then give every part of the student's answer, on every instance, up to a
constant factor where the model allows for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.compare import RELATIVE
from autograder.diagnosis import scale
from autograder.diagnosis.by_steps import MAX_FAULTS, UNEXPLAINED
from autograder.diagnosis.combinations import (
    EVERYWHERE,
    Choices,
    beside,
    exclusive,
    exclusive_pairs,
    repeated,
    settings_of,
)
from autograder.diagnosis.families import measured
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.scale import RIGHT, Scale
from autograder.diagnosis.steps import Choice, Model
from autograder.exercise import Answers, Array, Diagnosis, Finding, Instance

REMEMBERED = 4096  # computations of a model: students share their instances with others, and their mistakes
REPEATED = 1.5  # its price: dearer than a single one
UNNAMED = 0.25  # what a factor without a name of its own costs more than a mistake that has one
GLIMPSES = 512  # instances of which all combinations are remembered
AGREE = 4 * RELATIVE  # two ratios of numbers that are right but for single precision

_Compute: TypeAlias = "Callable[[Instance, Mapping[str, object]], Mapping[str, Array]]"


def by_choices(model: Model) -> Explanations:
    """Explain answers to a whole computation by the choices made in it."""
    model = replace(model, run=_remembering(model.run))
    units = [(choice,) for choice in sorted(model.choices, key=lambda choice: choice.rare)]
    combined = {count: list(exclusive(units, count)) for count in range(MAX_FAULTS + 1)}
    combined[1] += repeated(model.choices)
    combined[2] += list(exclusive_pairs(repeated(model.choices), units))
    often = [*units, *repeated(model.choices)]
    often = [choices for choices in often if not any(choice.rare for choice in choices)]
    families = {1: model.families, 2: tuple(beside(model.families, often))}
    glimpsed = _remembering_glimpses(model, combined)

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        usable, missing = _usable(model, instances, answers, parts)
        pair = (
            _cheap_pair(model, instances, answers) if model.glimpse and model.glimpse.part in usable else []
        )
        best = _unexplained(parts)
        price = unexplained = UNEXPLAINED * len(usable)

        def try_all(tried: Iterable[Choices], count: int) -> None:
            nonlocal price, best
            for choices in tried:
                if price <= count:
                    return  # the one found is as short, and nearer the output
                found = _judged(model, choices, instances, answers, usable, missing, partly=count <= 1)
                if found is not None and found[0] < price:
                    price, best = found

        for count in range(MAX_FAULTS + 1):
            if not usable or price <= count or (count > 1 and 2 * len(usable) < len(parts)):
                break  # nothing to go by, nothing cheaper to find, or too little to bear out so much
            left = _left(pair, [glimpsed(instance, count) for instance, _ in pair]) if count else None
            try_all(combined[count] if left is None else [combined[count][k] for k in left], count)
            if count in families and price == unexplained:
                try_all(measured(model, families[count], pair), count)
        if price == unexplained and model.fallback is not None and len(usable) == len(parts):
            return model.fallback(instances, answers, parts)
        told = {part for finding in best.findings for part in finding.costs} | best.earned
        rest = _unexplained([part for part in parts if part not in told and part not in usable])
        return Diagnosis(best.findings + rest.findings, best.earned)

    return Explanations(explain, model)


def _remembering_glimpses(
    model: Model, combined: Mapping[int, Sequence[Choices]]
) -> Callable[[Instance, int], Array]:
    """The cheap part with every combination of so many choices, computed once an instance."""
    settings = {count: [settings_of(choices) for choices in found] for count, found in combined.items()}

    @lru_cache(maxsize=GLIMPSES)
    def known(instance: Instance, count: int) -> Array:
        assert model.glimpse is not None
        with np.errstate(all="ignore"):
            return model.glimpse.values(instance, settings[count])

    return known


def _remembering(compute: _Compute) -> _Compute:
    """Compute what has been computed before, with the same choices on the same instance, not again."""

    @lru_cache(maxsize=REMEMBERED)
    def known(instance: Instance, settings: tuple[tuple[str, object], ...]) -> Mapping[str, Array]:
        try:
            with np.errstate(all="ignore"):
                return compute(instance, dict(settings))
        except (ValueError, IndexError, RuntimeError):  # choices that do not go together
            return {}

    return lambda instance, settings: known(instance, tuple(settings.items()))


def _usable(
    model: Model, instances: Sequence[Instance], answers: Answers, parts: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Parts with arrays on most instances, rightly shaped on the first; and parts missing on every one."""
    truth, first = model.run(instances[0], {}), answers[0]
    usable, missing = [], []
    for part in parts:
        known = [answer[part] is not None for answer in answers]
        array = first[part]
        if 2 * sum(known) > len(known) and array is not None and array.shape == truth[part].shape:
            usable.append(part)
        if not any(known):
            missing.append(part)
    return usable, missing


def _cheap_pair(
    model: Model, instances: Sequence[Instance], answers: Answers
) -> list[tuple[Instance, float]]:
    """Two small hidden instances of one size with the student's cheap part on each; none if there are none.

    Whatever factor the parts have in common, it is the same on both.
    """
    assert model.glimpse is not None
    small = sorted(
        (
            (instance, given.item())
            for instance, answer in zip(instances, answers, strict=True)
            if not instance.public and (given := answer[model.glimpse.part]) is not None and given.size == 1
        ),
        key=lambda pair: _size(pair[0]),
    )
    return next(([a, b] for a, b in pairwise(small) if _size(a[0]) == _size(b[0])), [])


def _left(pair: Sequence[tuple[Instance, float]], values: Sequence[Array]) -> NDArray[np.intp] | None:
    """Which combinations the cheap part does not rule out; None if it can't tell."""
    if not pair:
        return None
    (_, first), (_, second) = pair
    if first == 0 or second == 0:  # which proves nothing
        return np.empty(0, dtype=np.intp)
    with np.errstate(all="ignore"):
        one, other = values[0] / first, values[1] / second
        return np.flatnonzero(~(np.abs(one - other) > AGREE * np.abs(other)))


def _judged(
    model: Model,
    choices: Sequence[Choice],
    instances: Sequence[Instance],
    answers: Answers,
    usable: Sequence[str],
    missing: Sequence[str],
    *,
    partly: bool,
) -> tuple[float, Diagnosis] | None:
    """Price and diagnosis of a set of choices; None where it does not explain enough.

    partly: whether some of the usable parts may stay unexplained, though not half of them.
    """
    settings = settings_of(choices)
    ratios: dict[str, list[float] | None] = {part: [] for part in usable}
    absent = set(missing)
    for instance, answer in zip(instances, answers, strict=True):
        expected = model.run(instance, settings)
        absent = {part for part in absent if part not in expected}
        for part, seen in ratios.items():
            found = _ratio(answer[part], expected.get(part))
            ratios[part] = [*seen, found] if seen is not None and found is not None else None
        lost = sum(seen is None for seen in ratios.values())
        if lost and (not partly or 2 * lost > len(ratios)):
            return None
    sizes, unseen = [_size(instance) for instance in instances], [not i.public for i in instances]
    scales = {part: None if r is None else scale.common(r, sizes, unseen) for part, r in ratios.items()}
    return _told(model, choices, scales, absent, bool(missing))


def _told(
    model: Model,
    choices: Sequence[Choice],
    scales: Mapping[str, Scale | None],
    absent: set[str],
    missing: bool,
) -> tuple[float, Diagnosis]:
    """Put choices and scales into findings."""
    findings = [Finding(c.fault, c.where, c.costs, c.hint) for c in choices]
    lost = {part for choice in choices for part in choice.costs}
    shared = [s for s in scales.values() if s is not None]
    common = RIGHT
    if model.common_scale and shared:
        common = max(shared, key=shared.count)
        where, costs = model.common_scale
        named = common.faults(mean=True)
        findings += [Finding(name, where, costs, hint) for name, hint in named]
        lost |= set(costs) if named else set()
    price = _mistakes(choices) + len(findings) - len(choices)
    price += UNEXPLAINED if missing and not absent else 0.0
    earned = set()
    for part, found in scales.items():
        rest = found / common if found is not None else None
        if rest is None or (rest != RIGHT and not _may_be(model, part, rest)):
            findings.append(Finding("unrecognised", part, (part,)))
            price += UNEXPLAINED
            continue
        named = rest.faults(mean=True)
        findings += [Finding(name, part, (part,), hint) for name, hint in named]
        price += len(named) + UNNAMED * any(name == "wrong-scale" for name, _ in named)
        if not named and part not in lost:
            earned.add(part)
    return price, Diagnosis(tuple(findings), frozenset(earned))


def _may_be(model: Model, part: str, factor: Scale) -> bool:
    return part in model.scaled and (part in model.averaged or not factor.power)


def _mistakes(choices: Sequence[Choice]) -> float:
    """How many mistakes these choices are: one made everywhere counts as little more than one."""
    places = Counter((choice.fault, choice.hint) for choice in choices)
    return sum(REPEATED if count >= EVERYWHERE else float(count) for count in places.values())


def _unexplained(parts: Sequence[str]) -> Diagnosis:
    return Diagnosis(tuple(Finding("unrecognised", part, (part,)) for part in parts), frozenset())


def _ratio(given: Array | None, expected: Array | None) -> float | None:
    """As in `scale`; where a model says nan, anything goes."""
    if expected is not None and np.isnan(expected).all():
        return np.nan
    return scale.measured(given, expected)


def _size(instance: Instance) -> int:
    if "N" in instance.sizes:
        return instance.sizes["N"]
    value = instance.inputs.get("X", instance.inputs.get("x"))
    return len(value) if isinstance(value, np.ndarray) else 1
