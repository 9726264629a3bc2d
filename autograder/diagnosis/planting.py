"""Every mistake that an exercise's diagnosis knows, planted: its name, its place, and the answers it makes.

    for mistake in planted(exercise, instances):
        mistake.findings, mistake.answers

A backward pass is run with one factor in a wrong form, or with a factor or an unknown number put in behind a
step, and what follows is computed from that. A whole computation is run with one of its mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from typing import Any, TypeAlias, TypeVar

import numpy as np

from autograder.diagnosis.factors import law_between
from autograder.diagnosis.scale import FEWEST_OF_SHEET, OPPOSITE, RIGHT, Scale
from autograder.diagnosis.stages import stages
from autograder.diagnosis.steps import (
    BackwardPass,
    Computation,
    ComputationMistake,
    Form,
    Op,
    Step,
    environment,
    evaluate,
)
from autograder.exercise import Answers, Array, Diagnosis, Exercise, Explain, Finding, Instance

SCALES = ((Scale(0.5),), (Scale(-1.0),), (Scale(1.0, 1), Scale(1.0, -1)), (Scale(2.0), Scale(3.0)))
"""Factors that are planted, those together that exclude each other; students write any other, too."""
AMOUNTS = (0.01, 0.1, 0.2, -0.01, -0.1, -0.001)
"""Numbers that are planted where a mistake has an unknown one in it, as far as they lie in its bounds."""
ANY_FACTOR = "wrong-scale"  # the name of a factor without a name
SEVERAL = 3  # so many places in a row are one mistake made everywhere, as all of fewer are
OF_PATHS = (0.5, 2.0)  # how many times a path is planted to come in
MIXED = 1  # what is added to a step comes behind its form, and factors behind that


@dataclass(frozen=True)
class Unknown:
    """The unknown number in a mistake: all that is computed grows in proportion to how far it is off."""

    planted: float
    right: float
    """The number with which nothing is wrong."""
    between: tuple[float, float]
    """Where it may lie; what is beyond has another name."""
    hint: str
    """The finding's, with `{amount}` for the number."""


@dataclass(frozen=True)
class Planted:
    """A wrong answer with known mistakes in it."""

    findings: tuple[Finding, ...]
    """Of each mistake, from the output inward: what a diagnosis should say."""
    answers: Answers
    """What is returned on each instance; everything behind a mistake follows from it."""
    unknown: Unknown | None = None
    """Where a single mistake has an unknown number in it."""
    open: Sequence[frozenset[str]] = ()
    """The parts that the mistake leaves open on each instance: what is right stands there."""


@dataclass(frozen=True, eq=False)
class Explanations:
    """An `Explain` that can be asked for the computation it searches."""

    explain: Explain
    computation: BackwardPass | Computation

    def __call__(self, instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        """Explain answers on instances, part by part."""
        return self.explain(instances, answers, parts)


@dataclass(frozen=True)
class _Mistake:
    """Something done wrongly in a step of a backward pass: in its factors or paths, or behind all of them."""

    findings: tuple[Finding, ...]
    step: str
    form: Form | None = None
    behind: Op | None = None
    """Put in after the step."""
    order: int = 0
    """Where: those of one number exclude each other."""
    unknown: Unknown | None = None


T = TypeVar("T")
_Settings: TypeAlias = Mapping[str, object]
_Scales: TypeAlias = Sequence[Sequence[Scale]]
Pairs: TypeAlias = bool | Callable[[Sequence[Finding]], bool]
"""Whether pairs are planted, or which."""


@dataclass(frozen=True)
class _Asked:
    """What is to be planted besides every single mistake."""

    scales: _Scales
    pairs: Pairs
    most: int | None

    def wants(self, findings: Sequence[Finding]) -> bool:
        """Whether a pair is among those asked for."""
        return self.pairs(findings) if callable(self.pairs) else self.pairs

    def some(self, pairs: Sequence[T]) -> Sequence[T]:
        """Draw as many pairs as are asked for, the same ones every time."""
        if self.most is None or len(pairs) <= self.most:
            return pairs
        return Random(0).sample(pairs, self.most)


def planted(
    exercise: Exercise,
    instances: Sequence[Instance],
    *,
    pairs: Pairs = False,
    most: int | None = None,
    factors: Sequence[float] = (),
) -> Iterator[Planted]:
    """Plant every single mistake that an exercise's diagnosis knows, and all pairs of them if asked.

    pairs : whether all of them, or which.
    most : how many pairs at most, the same ones every time, drawn at random.
    factors : further ones without a name to plant.

    A mistake that cannot be made, as shapes do not fit, is left out. One that changes nothing on these
    instances is not. An exercise that explains nothing, or in a way of its own, has none.
    """
    if isinstance(exercise.explain, Explanations):
        parts = [part.name for part in exercise.parts]
        asked = _Asked((*SCALES[:-1], (*SCALES[-1], *map(Scale, factors))), pairs, most)
        yield from _planted(exercise.explain, parts, instances, asked)


def _planted(
    explain: Explanations, parts: Sequence[str], instances: Sequence[Instance], asked: _Asked
) -> Iterator[Planted]:
    match explain.computation:
        case BackwardPass() as backward:
            yield from _in_backward_pass(backward, parts, instances, asked)
        case Computation() as computation:
            yield from _in_computation(computation, parts, instances, asked)
            if isinstance(computation.fallback, Explanations):
                yield from _planted(computation.fallback, parts, instances, asked)


def _in_backward_pass(
    backward: BackwardPass, parts: Sequence[str], instances: Sequence[Instance], asked: _Asked
) -> Iterator[Planted]:
    envs = [backward.environment(instance) for instance in instances]
    public = [env["N"] for env, instance in zip(envs, instances, strict=True) if instance.public]
    sheet = public[0] if public and backward.mean else 0
    mistakes = [
        mistake
        for step in backward.steps
        for mistake in _mistakes(backward, step, parts, asked.scales, sheet)
    ]
    chosen: list[tuple[_Mistake, ...]] = [(mistake,) for mistake in mistakes]
    if asked.pairs:
        both: list[tuple[_Mistake, ...]] = [pair for pair in combinations(mistakes, 2) if _go_together(*pair)]
        both += [(two,) for step in backward.steps for two in _forms(backward, step, parts, 2)]
        chosen += asked.some([each for each in both if asked.wants(_findings(each))])
    for each in chosen:
        answers = [_run(backward, parts, env, each) for env in envs]
        known = [answer for answer in answers if answer is not None]
        if len(known) == len(answers):
            yield Planted(_findings(each), known, each[0].unknown if len(each) == 1 else None)


def _findings(mistakes: Sequence[_Mistake]) -> tuple[Finding, ...]:
    return tuple(finding for mistake in mistakes for finding in mistake.findings)


def _go_together(first: _Mistake, second: _Mistake) -> bool:
    """Whether two mistakes are in different steps, or the second is a factor behind what is in one step."""
    last = MIXED + len(SCALES)  # any factor: with another one that is one factor again
    any_factor = first.order > MIXED and second.order == last
    behind = second.order > max(first.order, MIXED)
    return first.step != second.step or (behind and not any_factor)


def _run(
    backward: BackwardPass, parts: Sequence[str], given: Mapping[str, object], mistakes: Sequence[_Mistake]
) -> dict[str, Array | None] | None:
    """Compute every part; None where a step cannot be computed with these mistakes."""
    env = dict(given)
    for step in backward.steps:
        own = sorted((m for m in mistakes if m.step == step.name), key=lambda mistake: mistake.order)
        form = next((mistake.form for mistake in own if mistake.form is not None), step.right)
        with np.errstate(all="ignore"):  # with a single data point some of them divide by 0
            value = form.value(env)
            for mistake in own:
                if mistake.behind is not None and value is not None:
                    value = evaluate([_constant(value), mistake.behind], env)
        if value is None:
            return None
        env[step.name] = value
    return _finite(env, parts)


def _mistakes(
    backward: BackwardPass, step: Step, parts: Sequence[str], factors: _Scales, sheet: int
) -> Iterator[_Mistake]:
    """Everything that can go wrong in one step.

    sheet : the number of data points of the sheet's own data, which may be divided by; 0 if there are none.
    """
    costs = _behind(backward, step, parts)

    def finding(fault: str, hint: str) -> tuple[Finding, ...]:
        return (Finding(fault, step.name, costs, hint, step.forward),)

    yield from _forms(backward, step, parts, 1)
    asked_for = tuple(scale.factor for scale in factors[-1][len(SCALES[-1]) :])
    for mixed in step.mixed_mistakes:
        for amount in (*OF_PATHS, *asked_for) if mixed.of_path else AMOUNTS:
            if mixed.between[0] < amount < mixed.between[1]:
                named = finding(mixed.fault, mixed.named(step, Scale(amount)).hint)
                unknown = None if mixed.of_path else Unknown(amount, 0.0, mixed.between, mixed.hint)
                added = _added(mixed.op, mixed.added(Scale(amount), {}))
                yield _Mistake(named, step.name, None, added, MIXED, unknown)
    for number, scales in enumerate(factors, start=MIXED + 1):
        for scale in scales:
            if scale == OPPOSITE and step.names_its_sign:
                continue
            fault, hint = scale.faults(backward.mean)[0]
            plain = fault == ANY_FACTOR and not scale.powers
            factor = Unknown(scale.factor, 1.0, (-np.inf, np.inf), "{amount}") if plain else None
            yield _Mistake(finding(fault, hint), step.name, None, _times(scale), number, factor)
    if sheet >= FEWEST_OF_SHEET:
        hard_coded = Scale(1 / sheet, 1)
        for fault, hint in hard_coded.faults(backward.mean, sheet):
            last = MIXED + len(SCALES) - 1
            yield _Mistake(finding(fault, hint), step.name, None, _times(hard_coded), last)


def _forms(backward: BackwardPass, step: Step, parts: Sequence[str], count: int) -> Iterator[_Mistake]:
    """The wrong forms of a step with so many mistakes in it."""
    costs = _behind(backward, step, parts)
    for form in step.variants(count):
        findings = tuple(Finding(m.fault, m.where, costs, m.hint, m.forward) for m in form.mistakes)
        yield _Mistake(findings, step.name, form)


def _behind(backward: BackwardPass, step: Step, parts: Sequence[str]) -> tuple[str, ...]:
    """Name the parts that a mistake costs: a part itself, or those in which a hidden step shows."""
    if step.name in parts:
        return (step.name,)
    return next(tuple(c.name for c in shown) for row, shown in stages(backward, parts) if step in row)


def _constant(value: Array) -> Op:
    return lambda _, __: value


def _added(other: Op, amount: float) -> Op:
    return lambda e, v: v + amount * other(e, v)


def _times(scale: Scale) -> Op:
    return lambda e, v: scale.of(e["sizes"]) * v


def _in_computation(
    computation: Computation, parts: Sequence[str], instances: Sequence[Instance], asked: _Asked
) -> Iterator[Planted]:
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
            if asked.pairs and len(combination) == 1:
                several = _scaled(computation, parts, instances, asked.scales, mistake, right_one)
                both += [two for two in several if asked.wants(two.findings)]
    if asked.pairs:
        for pair in combinations(_single_mistakes(computation), 2):
            if _can_be_made(*pair) and asked.wants(tuple(map(_finding, pair))):
                both.append(pair)
    for each in asked.some(both):
        two = each if isinstance(each, Planted) else made(each)
        if two is not None:
            yield two


def _completed(findings: tuple[Finding, ...], computed: Answers, right: Answers) -> Planted:
    """Put what is right where a computation leaves a part open: it says nan there."""
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
    """Every mistake by itself, and those with an unknown number for some numbers, the common ones first."""
    of_families = (
        family.mistakes(amount)
        for family in computation.families
        for amount in AMOUNTS
        if family.between[0] < amount < family.between[1]
    )
    single = [combination[0] for combination in of_families if len(combination) == 1]
    return [*sorted(computation.mistakes, key=lambda one: one.rare), *single]


def _everywhere(computation: Computation) -> Iterator[tuple[ComputationMistake, ...]]:
    """One mistake made in several places in a row, up to all of them."""
    kinds: dict[tuple[str, str], dict[str, ComputationMistake]] = {}
    for one in computation.mistakes:
        kinds.setdefault((one.fault, one.hint), {}).setdefault(one.setting[0], one)
    for alike in kinds.values():
        places = tuple(alike.values())
        for length in range(len(places), min(SEVERAL, len(places)) - 1, -1):
            yield from (places[first : first + length] for first in range(len(places) - length + 1))
    for family in computation.families:
        for amount in AMOUNTS:
            if family.between[0] < amount < family.between[1]:
                yield family.mistakes(amount)


def _can_be_made(first: ComputationMistake, second: ComputationMistake) -> bool:
    exclusive = first.rare and second.rare and first.hint != second.hint
    return first.setting[0] != second.setting[0] and not exclusive


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


def _finite(computed: Mapping[str, Any], parts: Sequence[str]) -> dict[str, Array | None]:
    """Each part's array, as `Answers` have it: None for one that is missing or not finite."""
    arrays = {part: np.asarray(computed[part]) for part in parts if part in computed}
    return {
        part: arrays[part] if part in arrays and np.isfinite(arrays[part]).all() else None for part in parts
    }


def _scaled(
    computation: Computation,
    parts: Sequence[str],
    instances: Sequence[Instance],
    factors: _Scales,
    mistake: Planted,
    right: Planted,
) -> Iterator[Planted]:
    """A factor at one part, where the computation allows for it, or at all of them.

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
