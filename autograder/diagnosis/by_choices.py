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
from typing import TypeAlias

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis import cheap_outputs, scale
from autograder.diagnosis.by_steps import MAX_FAULTS, UNEXPLAINED
from autograder.diagnosis.combinations import (
    Choices,
    beside,
    beside_repeated,
    everywhere,
    exclusive,
    repeated,
    settings_of,
)
from autograder.diagnosis.families import fitting
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.scale import RIGHT, Scale
from autograder.diagnosis.steps import Choice, Model
from autograder.exercise import Answers, Array, Diagnosis, Finding, Instance

REMEMBERED = 4096  # computations of a model: students share their instances with others, and their mistakes
REPEATED = 1.3  # its price: dearer than a single one; three of them are cheaper than what nothing explains
ROUNDED = 1e-3  # of the largest entry, which may be lost to rounding on one of the instances
UNNAMED = 0.25  # what a factor without a name of its own costs more than a mistake that has one

_Compute: TypeAlias = "Callable[[Instance, Mapping[str, object]], Mapping[str, Array]]"


def by_choices(model: Model) -> Explanations:
    """Explain answers to a whole computation by the choices made in it."""
    model = replace(model, run=_remembering(model.run))
    units = [(choice,) for choice in sorted(model.choices, key=lambda choice: choice.rare)]
    combined = {count: list(exclusive(units, count)) for count in range(MAX_FAULTS + 1)}
    several = repeated(model.choices)
    for count, own in ((1, several), (2, several), (3, everywhere(model.choices))):
        combined[count] += beside_repeated(own, units, count)
    often = [*units, *several]
    often = [choices for choices in often if not any(choice.rare for choice in choices)]
    families = {1: fitting(model, model.families), 2: fitting(model, tuple(beside(model.families, often)))}
    glimpsed = cheap_outputs.remembering(model, combined)

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        usable, missing = _usable(model, instances, answers, parts)
        glimpse = model.glimpse if model.glimpse and model.glimpse.part in usable else None
        pair = cheap_outputs.seen(model, instances, answers) if glimpse else []
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
            ruled = glimpse is not None and (glimpse.binds or count > 1) and count > 0
            values = [glimpsed(each.instance, count) for each in pair] if ruled else []
            left = cheap_outputs.left(pair, values) if ruled else None
            try_all(combined[count] if left is None else [combined[count][k] for k in left], count)
            if count in families and price == unexplained:
                try_all(families[count](pair), count)
        if price == unexplained and model.fallback is not None and len(usable) == len(parts):
            return model.fallback(instances, answers, parts)
        told = {part for finding in best.findings for part in finding.costs} | best.earned
        rest = _unexplained([part for part in parts if part not in told and part not in usable])
        return Diagnosis(best.findings + rest.findings, best.earned)

    return Explanations(explain, model)


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
    """Parts with arrays on several instances, rightly shaped on the first; and parts missing on every one.

    All arrays of a part have as many axes as its first one.
    """
    truth, first = model.run(instances[0], {}), answers[0]
    usable, missing = [], []
    for part in parts:
        known = [answer[part] is not None for answer in answers]
        array = first[part]
        enough = sum(known) > 1 or all(known)  # a wrong function may give no number on most of them
        axes = {given.ndim for answer in answers if (given := answer[part]) is not None}
        shaped = array is not None and array.shape == truth[part].shape and len(axes) == 1
        if enough and shaped:
            usable.append(part)
        if not any(known):
            missing.append(part)
    return usable, missing


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
    rounded: set[str] = set()
    for instance, answer in zip(instances, answers, strict=True):
        expected = model.run(instance, settings)
        absent = {part for part in absent if part not in expected}
        for part, seen in ratios.items():
            found = _ratio(answer[part], expected.get(part))
            excused = (
                found is None and seen and part not in rounded and _nearly(answer[part], expected.get(part))
            )
            if excused and _changed(model, instance, part, expected):
                rounded.add(part)
                found = np.nan
            ratios[part] = [*seen, found] if seen is not None and found is not None else None
        lost = sum(seen is None for seen in ratios.values())
        if lost and (not partly or 2 * lost > len(ratios)):
            return None
    sizes, unseen = (
        [instance.sizes for instance in instances],
        [not i.public for i in instances],
    )
    nothing = {part for part in usable if _is_nothing(model, instances, answers, part, settings)}
    scales = {
        part: None if r is None else RIGHT if part in nothing else scale.common(r, sizes, unseen)
        for part, r in ratios.items()
    }
    return _told(model, choices, scales, absent, bool(missing))


def _is_nothing(
    model: Model,
    instances: Sequence[Instance],
    answers: Answers,
    part: str,
    settings: Mapping[str, object],
) -> bool:
    """Whether a part is 0 in an answer and with these choices, and would not be on the right way."""
    if any((given := answer[part]) is None or given.any() for answer in answers):
        return False
    expected = [model.run(instance, settings).get(part) for instance in instances]
    return all(each is not None and not each.any() for each in expected) and all(
        model.run(instance, {})[part].any() for instance in instances
    )


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
    """How many mistakes these choices are: one made in several places counts as little more than one."""
    places = Counter((choice.fault, choice.hint) for choice in choices)
    return sum(REPEATED if count > 1 else float(count) for count in places.values())


def _unexplained(parts: Sequence[str]) -> Diagnosis:
    return Diagnosis(tuple(Finding("unrecognised", part, (part,)) for part in parts), frozenset())


def _nearly(given: Array | None, expected: Array | None) -> bool:
    """Whether it may be the same but for rounding, where a sum happens to cancel out in single precision.

    Instances are drawn so that this does not happen on the right way; on a wrong one it may, now and then.
    """
    if given is None or expected is None or given.shape != expected.shape:
        return False
    size = float(np.abs(expected).max(initial=0.0))
    return np.isfinite(size) and bool(np.abs(given - expected).max(initial=0.0) <= ROUNDED * size)


def _changed(model: Model, instance: Instance, part: str, computed: Mapping[str, Array]) -> bool:
    """Whether a part of this computation is another than on the right way, where rounding excuses nothing."""
    return not agrees(computed[part], model.run(instance, {})[part])


def _ratio(given: Array | None, expected: Array | None) -> float | None:
    """As in `scale`; where a model says nan, anything goes."""
    if expected is not None and np.isnan(expected).all():
        return np.nan
    return scale.measured(given, expected)
