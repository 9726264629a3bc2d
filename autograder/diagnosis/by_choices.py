"""Which wrong choices in a whole computation explain an answer that shows nothing on the way.

The choices are tried one, two, three at a time; the computation with these choices must then give every part
of the student's answer, on every instance, up to a constant factor where the model allows for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import TypeAlias

import numpy as np

from autograder.diagnosis import scale
from autograder.diagnosis.by_steps import MAX_FAULTS, UNEXPLAINED
from autograder.diagnosis.scale import RIGHT, Scale
from autograder.diagnosis.steps import Choice, Model
from autograder.exercise import Answers, Array, Diagnosis, Explain, Finding, Instance

REMEMBERED = 4096  # computations of a model: students share their instances with others, and their mistakes

_Compute: TypeAlias = "Callable[[Instance, Mapping[str, object]], Mapping[str, Array]]"


def by_choices(model: Model) -> Explain:
    """Explain answers to a whole computation by the choices made in it."""
    model = replace(
        model,
        run=_remembering(model.run),
        glimpse=None if model.glimpse is None else _remembering(model.glimpse),
    )

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        usable, missing = _usable(model, instances, answers, parts)
        best = _unexplained(parts)
        price = UNEXPLAINED * len(usable)
        ordered = sorted(model.choices, key=lambda choice: choice.rare)
        for count in range(MAX_FAULTS + 1):
            if not usable or price <= count or (count > 1 and 2 * len(usable) < len(parts)):
                break  # nothing to go by, nothing cheaper to find, or too little to bear out so much
            for choices in _exclusive(ordered, count):
                if price <= count:
                    break  # the one found is as short, and nearer the output
                if count and not _glimpsed(model, choices, instances, answers, usable):
                    continue
                found = _judged(model, choices, instances, answers, usable, missing, partly=count <= 1)
                if found is not None and found[0] < price:
                    price, best = found
        told = {part for finding in best.findings for part in finding.costs} | best.earned
        rest = _unexplained([part for part in parts if part not in told and part not in usable])
        return Diagnosis(best.findings + rest.findings, best.earned)

    return explain


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
    """Parts with arrays on every instance, rightly shaped on the first; and parts missing on every one."""
    truth, first = model.run(instances[0], {}), answers[0]
    usable, missing = [], []
    for part in parts:
        given = [answer[part] for answer in answers]
        known, array = all(a is not None for a in given), first[part]
        if known and array is not None and array.shape == truth[part].shape:
            usable.append(part)
        if all(a is None for a in given):
            missing.append(part)
    return usable, missing


def _exclusive(choices: Sequence[Choice], count: int) -> Iterator[tuple[Choice, ...]]:
    """Combinations in which no setting is chosen twice, and no two rare choices of different kinds."""
    for chosen in combinations(choices, count):
        rare = {choice.hint for choice in chosen if choice.rare}
        if len({choice.setting[0] for choice in chosen}) == count and len(rare) <= 1:
            yield chosen


def _glimpsed(
    model: Model,
    choices: Sequence[Choice],
    instances: Sequence[Instance],
    answers: Answers,
    usable: Sequence[str],
) -> bool:
    """Whether the parts that are cheap to compute leave room for these choices."""
    if model.glimpse is None:
        return True
    settings = dict(choice.setting for choice in choices)
    ratios, sizes = [], []
    for instance, answer in zip(instances, answers, strict=True):
        for part, expected in model.glimpse(instance, settings).items():
            if part not in usable:
                return True
            ratio = _ratio(answer[part], expected)
            if ratio is None:
                return False
            ratios.append(ratio)
            sizes.append(_size(instance))
        if len(ratios) > 1 and scale.common(ratios, sizes, [True] * len(ratios)) is None:
            return False
    return True


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
    settings = dict(choice.setting for choice in choices)
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
    price = float(len(findings)) + (UNEXPLAINED if missing and not absent else 0.0)
    earned = set()
    for part, found in scales.items():
        rest = found / common if found is not None else None
        if rest is None or (rest != RIGHT and (part not in model.scaled or rest.power)):
            findings.append(Finding("unrecognised", part, (part,)))
            price += UNEXPLAINED
            continue
        named = rest.faults(mean=True)
        findings += [Finding(name, part, (part,), hint) for name, hint in named]
        price += len(named)
        if not named and part not in lost:
            earned.add(part)
    return price, Diagnosis(tuple(findings), frozenset(earned))


def _unexplained(parts: Sequence[str]) -> Diagnosis:
    return Diagnosis(tuple(Finding("unrecognised", part, (part,)) for part in parts), frozenset())


def _ratio(given: Array | None, expected: Array | None) -> float | None:
    if given is None or expected is None or not np.isfinite(expected).all():
        return None
    return scale.ratio(given, expected)


def _size(instance: Instance) -> int:
    value = instance.inputs.get("X", instance.inputs.get("x"))
    return len(value) if isinstance(value, np.ndarray) else 1
