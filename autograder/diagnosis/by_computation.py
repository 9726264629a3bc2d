"""Find the mistakes in a whole computation that explain an answer that shows nothing on the way.

They are tried one, two, three at a time, and one that was made everywhere counts as one; the computation with
these mistakes must then give every part of the student's answer, on every instance, up to a constant factor
if the computation allows for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis import cheap_outputs, scale
from autograder.diagnosis.by_steps import MAX_FAULTS, UNEXPLAINED
from autograder.diagnosis.combinations import (
    Mistakes,
    beside,
    beside_repeated,
    everywhere,
    exclusive,
    repeated,
    settings_of,
)
from autograder.diagnosis.families import fitting
from autograder.diagnosis.named_factors import by_their_mistakes
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.scale import RIGHT, Scale
from autograder.diagnosis.stability import Explained, beyond, is_ordinary
from autograder.diagnosis.steps import Computation, ComputationMistake
from autograder.exercise import Answers, Array, Diagnosis, Finding, Instance

REMEMBERED = 4096  # results: students share their instances with others, and their mistakes
REPEATED = 1.3  # its price: dearer than a single one; three of them are cheaper than what nothing explains
MOST_TRIED = 1000  # combinations of several mistakes, where no cheap output tells which may be left out
MOST_LEFT = 4000  # combinations that a cheap output may leave: more of them, and it tells nothing of them
FEW = 32  # combinations that are looked at one by one, without one more number of the cheap part
NOTHING = 1e-5  # of the right array's largest entry, below which single precision leaves nothing
SINGLE = 1e30  # numbers that may be none any more in single precision, squared or multiplied by others
ROUNDED = 1e-3  # of the largest entry, which may be lost to rounding on one of the instances
UNNAMED = 0.25  # what a factor without a name of its own costs more than a mistake that has one

_Compute: TypeAlias = "Callable[[Instance, Mapping[str, object]], Mapping[str, Array]]"


def by_computation(computation: Computation) -> Explanations:
    """Explain answers to a whole computation by the mistakes made in it."""
    computation = replace(computation, run=remembering(computation.run))
    units = [(mistake,) for mistake in sorted(computation.mistakes, key=lambda mistake: mistake.rare)]
    several = repeated(computation.mistakes)
    made_everywhere = {1: several, 2: several, 3: everywhere(computation.mistakes)}

    @cache  # when it is first asked for: right answers are marked without
    def combined(count: int) -> list[Mistakes]:
        return [*exclusive(units, count), *beside_repeated(made_everywhere.get(count, ()), units, count)]

    usual = [*units, *several]
    usual = [mistakes for mistakes in usual if not any(mistake.rare for mistake in mistakes)]
    families = {
        1: fitting(computation, computation.families),
        2: fitting(computation, tuple(beside(computation.families, usual))),
    }
    cheap_values = computation.cheap_output and cheap_outputs.remembering(computation.cheap_output, combined)
    numbers = {each.part: cheap_outputs.remembering(each, combined) for each in computation.numbers}

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        whole = search(instances, answers, parts)
        ordinary = [is_ordinary(computation, instance) for instance in instances] if whole.unknown else []
        if all(ordinary) or not any(ordinary):
            return whole.diagnosis
        pairs = list(zip(instances, answers, ordinary, strict=True))
        first = search(*_of_these(pairs, ordinary=True), parts)
        if not first.unknown < whole.unknown:
            return whole.diagnosis
        return beyond(computation, first, *_of_these(pairs, ordinary=False))

    def search(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Explained:
        usable, missing = _usable(computation, instances, answers, parts)
        cheap_output = (
            computation.cheap_output
            if computation.cheap_output and computation.cheap_output.part in usable
            else None
        )
        pair = cheap_outputs.cheap_numbers(computation, instances, answers) if cheap_output else []
        suspects = list(usable)
        price = unexplained = UNEXPLAINED * len(usable)
        best = Explained(price, _unexplained(parts), {}, {})

        def try_all(tried: Iterable[Mistakes], count: int) -> None:
            nonlocal price, best
            for mistakes in tried:
                if price <= count:
                    return  # the one found is as short, and nearer the output
                allowed = _allowed(mistakes, price, len(usable) // 2 if count <= 1 else 0)
                result = _judged(
                    computation, mistakes, instances, answers, usable, missing, suspects, allowed
                )
                if result is not None and result.price < price:
                    price, best = result.price, result

        for count in range(MAX_FAULTS + 1):
            if not usable or price <= count or (count > 1 and 2 * len(usable) < len(parts)):
                break  # nothing to go by, nothing cheaper to find, or too little to bear out so much
            ruled = cheap_output is not None and (cheap_output.binds or count > 1) and count > 0
            values = [cheap_values(each.instance, count) for each in pair] if ruled and cheap_values else []
            remaining = cheap_outputs.not_ruled_out(pair, values) if ruled else None
            for part in numbers.keys() & set(usable) if count == 2 else ():  # of three there are too many
                given = [answer[part] for answer in answers]
                sizes = [instance.sizes for instance in instances]
                computed = [numbers[part](instance, count) for instance in instances]
                possible = cheap_outputs.may_be(given, computed, sizes)
                remaining = possible if remaining is None else np.intersect1d(remaining, possible)
            tried = combined(count) if remaining is None else [combined(count)[k] for k in remaining]
            if remaining is not None and len(tried) > FEW:
                tried = cheap_outputs.still_possible(computation, tried, instances, answers, pair)
            most = len(tried) if count < 2 else MOST_TRIED if remaining is None else MOST_LEFT
            try_all(tried[:most], count)
            if count in families and price >= (2 * UNEXPLAINED if count == 1 else unexplained):
                try_all(families[count](pair), count)
        if price == unexplained and computation.fallback is not None and len(usable) == len(parts):
            return replace(best, diagnosis=computation.fallback(instances, answers, parts))
        findings, earned = best.diagnosis.findings, best.diagnosis.earned
        judged = {part for finding in findings for part in finding.costs} | earned
        rest = _unexplained([part for part in parts if part not in judged and part not in usable])
        findings = by_their_mistakes(computation, instances, findings, best.scales)
        return replace(best, diagnosis=Diagnosis(findings + rest.findings, earned))

    return Explanations(explain, computation)


def _of_these(
    pairs: Sequence[tuple[Instance, Mapping[str, Array | None], bool]], *, ordinary: bool
) -> tuple[list[Instance], Answers]:
    """Return the instances that are ordinary, or those that are not, and the answers to them."""
    chosen = [(instance, answer) for instance, answer, each in pairs if each is ordinary]
    return [instance for instance, _ in chosen], [answer for _, answer in chosen]


def remembering(compute: _Compute) -> _Compute:
    """Cache what was computed with the same mistakes on the same instance."""

    @lru_cache(maxsize=REMEMBERED)
    def known(instance: Instance, settings: tuple[tuple[str, object], ...]) -> Mapping[str, Array]:
        try:
            with np.errstate(all="ignore"):
                return compute(instance, dict(settings))
        except (ValueError, IndexError, RuntimeError):  # mistakes that do not go together
            return {}

    return lambda instance, settings: known(instance, tuple(settings.items()))


def _usable(
    computation: Computation, instances: Sequence[Instance], answers: Answers, parts: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Parts with arrays on several instances, the first rightly shaped; and parts missing on every one.

    All arrays of a part have as many axes as its first one.
    """
    usable, missing = [], []
    for part in parts:
        known = [answer[part] is not None for answer in answers]
        first = known.index(True) if any(known) else 0
        truth, array = computation.run(instances[first], {}), answers[first][part]
        enough = sum(known) > 1 or all(known)  # a wrong function may give no number on most of them
        axes = {given.ndim for answer in answers if (given := answer[part]) is not None}
        shaped = array is not None and array.shape == truth[part].shape and len(axes) == 1
        if enough and shaped:
            usable.append(part)
        if not any(known):
            missing.append(part)
    return usable, missing


def _judged(
    computation: Computation,
    mistakes: Sequence[ComputationMistake],
    instances: Sequence[Instance],
    answers: Answers,
    usable: Sequence[str],
    missing: Sequence[str],
    suspects: list[str],
    allowed: int,
) -> Explained | None:
    """Return price and diagnosis of a set of mistakes; None if it does not explain enough.

    suspects: the usable parts, in the order in which they are compared; those that fail move to the front.
    allowed: how many of them may stay unexplained.
    """
    settings = settings_of(mistakes)
    ratios: dict[str, list[float] | None] = dict.fromkeys(usable)
    for part in list(suspects):
        ratios[part] = _ratios(computation, part, settings, instances, answers)
        if ratios[part] is None and _is_nothing(computation, instances, answers, part, settings):
            ratios[part] = [np.nan] * len(instances)
        allowed -= ratios[part] is None
        if ratios[part] is None:
            suspects.remove(part)
            suspects.insert(0, part)
        if allowed < 0:
            return None
    sizes, unseen = (
        [instance.sizes for instance in instances],
        [not i.public for i in instances],
    )
    nothing = {part for part in usable if _is_nothing(computation, instances, answers, part, settings)}
    made = [computation.run(instance, settings) for instance in instances]
    absent = {part for part in missing if all(_is_no_number(each.get(part)) for each in made)}
    absent |= {part for part in nothing if all(part not in each for each in made)}
    scales = {
        part: None if r is None else RIGHT if part in nothing else scale.common(r, sizes, unseen)
        for part, r in ratios.items()
    }
    price, diagnosis = _diagnosed(computation, mistakes, scales, nothing, absent, bool(missing))
    lost = {finding.where for finding in diagnosis.findings if finding.fault == "unrecognised"}
    if any(mistake.where in lost for mistake in mistakes):
        return None  # it would be said of a part that does not show it
    return Explained(price, diagnosis, settings, scales)


def _ratios(
    computation: Computation,
    part: str,
    settings: Mapping[str, object],
    instances: Sequence[Instance],
    answers: Answers,
) -> list[float] | None:
    """Return the ratio of a part to what these mistakes give, per instance; None if there is none on one.

    One instance is excused where it is nearly that.
    """
    result: list[float] = []
    rounded = False
    for instance, answer in zip(instances, answers, strict=True):
        expected = computation.run(instance, settings)
        ratio = _ratio(answer[part], expected.get(part))
        if ratio is None and result and not rounded and _nearly(answer[part], expected.get(part)):
            rounded = _changed(computation, instance, part, expected)
            ratio = np.nan if rounded else None
        if ratio is None:
            return None
        result.append(ratio)
    return result


def _allowed(mistakes: Sequence[ComputationMistake], price: float, most: int) -> int:
    """Return how many parts may stay unexplained for these mistakes to be cheaper than the best so far."""
    return min(most, int((price - _count(mistakes)) / UNEXPLAINED))


def _is_nothing(
    computation: Computation,
    instances: Sequence[Instance],
    answers: Answers,
    part: str,
    settings: Mapping[str, object],
) -> bool:
    """Return whether a part is 0 up to rounding in an answer and with these mistakes, but not in truth."""
    any_given = False
    for instance, answer in zip(instances, answers, strict=True):
        right, given = np.abs(computation.run(instance, {})[part]), answer[part]
        computed = computation.run(instance, settings)
        least = NOTHING * float(right.max(initial=0.0))
        if given is not None and (not least or np.abs(given).max(initial=0.0) > least):
            return False
        expected = computed.get(part, np.zeros_like(right)) if computed else None  # what does not enter
        if expected is None or (given is None and np.isfinite(expected).all()):
            return False
        if given is not None and np.abs(expected).max(initial=0.0) > least:
            return False
        any_given |= given is not None
    return any_given


def _is_no_number(computed: Array | None) -> bool:
    """Return whether mistakes leave nothing of a part to compare: no path to it, or not a number."""
    return computed is None or not np.isfinite(computed).any()


def _diagnosed(
    computation: Computation,
    mistakes: Sequence[ComputationMistake],
    scales: Mapping[str, Scale | None],
    nothing: set[str],
    absent: set[str],
    missing: bool,
) -> tuple[float, Diagnosis]:
    """Turn mistakes and scales into findings."""
    findings = [Finding(c.fault, c.where, c.costs, c.hint) for c in mistakes]
    lost = {part for mistake in mistakes for part in mistake.costs}
    cut = tuple(sorted(absent - lost))
    if cut and findings:  # what has no way to the output any more
        findings[0] = replace(findings[0], costs=(*findings[0].costs, *cut))
        lost |= set(cut)
    shared = [s for part, s in scales.items() if s is not None and part not in nothing]
    common = RIGHT
    if computation.common_scale and shared:
        common = max(shared, key=shared.count)
        where, costs = computation.common_scale
        named = common.faults(mean=True)
        findings += [Finding(name, where, costs, hint) for name, hint in named]
        lost |= set(costs) if named else set()
    price = _count(mistakes) + len(findings) - len(mistakes)
    price += UNEXPLAINED if missing and not absent else 0.0
    earned = set()
    for part, result in scales.items():
        rest = result / common if result is not None and part not in nothing else result
        if rest is None or (rest != RIGHT and not _may_be(computation, part, rest)):
            findings.append(Finding("unrecognised", part, (part,)))
            price += UNEXPLAINED
            continue
        named = rest.faults(mean=True)
        findings += [Finding(name, part, (part,), hint) for name, hint in named]
        price += len(named) + UNNAMED * any(name == "wrong-scale" for name, _ in named)
        if not named and part not in lost:
            earned.add(part)
    return price, Diagnosis(tuple(findings), frozenset(earned))


def _may_be(computation: Computation, part: str, factor: Scale) -> bool:
    return part in computation.scaled and (part in computation.averaged or not factor.power)


def _count(mistakes: Sequence[ComputationMistake]) -> float:
    """Return how many mistakes these count as: one made in several places counts as little more than one."""
    places = Counter((mistake.fault, mistake.hint) for mistake in mistakes)
    return sum(REPEATED if count > 1 else float(count) for count in places.values())


def _unexplained(parts: Sequence[str]) -> Diagnosis:
    return Diagnosis(tuple(Finding("unrecognised", part, (part,)) for part in parts), frozenset())


def _nearly(given: Array | None, expected: Array | None) -> bool:
    """Return whether it may be the same but for rounding, if a sum happens to cancel in single precision.

    Instances are drawn so that this does not happen on the right way; on a wrong one it may, now and then.
    """
    if given is None or expected is None or given.shape != expected.shape:
        return False
    size = float(np.abs(expected).max(initial=0.0))
    return np.isfinite(size) and bool(np.abs(given - expected).max(initial=0.0) <= ROUNDED * size)


def _changed(computation: Computation, instance: Instance, part: str, computed: Mapping[str, Array]) -> bool:
    """Return whether a part of this computation differs from the right one by more than rounding."""
    return not agrees(computed[part], computation.run(instance, {})[part])


def _ratio(given: Array | None, expected: Array | None) -> float | None:
    """As in `scale`; where a computation says nan, anything goes."""
    if expected is not None and np.isnan(expected).all():
        return np.nan
    if given is None and expected is not None and float(np.abs(expected).max(initial=0.0)) > SINGLE:
        return np.nan
    return scale.measured(given, expected)
