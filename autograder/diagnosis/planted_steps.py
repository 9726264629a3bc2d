"""Plant mistakes in a backward pass: one factor in a wrong form, or something put in behind a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from autograder.diagnosis.planted import AMOUNTS, ANY_FACTOR, SCALES, Asked, Planted, Scales, Unknown
from autograder.diagnosis.scale import FEWEST_OF_SHEET, OPPOSITE, RIGHT, Scale
from autograder.diagnosis.stages import stages
from autograder.diagnosis.steps import BackwardPass, Form, Op, Step, evaluate
from autograder.exercise import Array, Finding, Instance

OF_PATHS = (0.5, 2.0)  # how many times a path is planted to come in
MIXED = 1  # what is added to a step comes behind its form, and factors behind that


@dataclass(frozen=True)
class _Mistake:
    """Something done wrongly in a step of a backward pass: in its factors or paths, or after all of them."""

    findings: tuple[Finding, ...]
    step: str
    form: Form | None = None
    behind: Op | None = None
    """Put in after the step."""
    order: int = 0
    """Where: those of one number exclude each other."""
    unknown: Unknown | None = None
    alone: bool = False
    factor: Scale = RIGHT
    """How many times the right value it gives, if that is all it does."""


def in_backward_pass(
    backward: BackwardPass, parts: Sequence[str], instances: Sequence[Instance], asked: Asked
) -> Iterator[Planted]:
    """Plant mistakes in every step of a backward pass, and pairs of them if asked."""
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
        pairs = [pair for pair in combinations(mistakes, 2) if _go_together(*pair)]
        if not callable(asked.pairs):  # of those that are asked for by name, none is left out
            pairs = [(one, two) for one, two in pairs if not (_hides(one, two) or _hides(two, one))]
            pairs = [(one, two) for one, two in pairs if not _cancel_out(one, two, backward)]
        both: list[tuple[_Mistake, ...]] = [*pairs]
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
    """Return whether two mistakes are in different steps, or the second is a factor after one step."""
    if first.alone or second.alone:
        return False
    last = MIXED + len(SCALES)  # any factor: with another one that is one factor again
    any_factor = first.order > MIXED and second.order == last
    behind = second.order > max(first.order, MIXED)
    return first.step != second.step or (behind and not any_factor)


def _hides(first: _Mistake, second: _Mistake) -> bool:
    """Return whether a part that is made from elsewhere is one in which a hidden step has to show."""
    apart = first.form is not None and any(named.apart for named in first.form.mistakes)
    shown = {part for finding in second.findings for part in finding.costs}
    return apart and first.step in shown - {second.step}


def _cancel_out(first: _Mistake, second: _Mistake, backward: BackwardPass) -> bool:
    """Return whether the second undoes the first: what is right again must not be reported as wrong."""
    both = (first.factor, second.factor)
    if RIGHT in both or first.factor / (RIGHT / second.factor) != RIGHT:
        return False
    behind = {second.step}
    for step in reversed(backward.steps):  # each stands behind those that it follows from
        if step.name in behind:
            behind |= {each.name for each in backward.steps} if step.reads is None else set(step.reads)
    return first.step in behind


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
    backward: BackwardPass, step: Step, parts: Sequence[str], factors: Scales, sheet: int
) -> Iterator[_Mistake]:
    """Yield everything that can go wrong in one step.

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
                yield _Mistake(named, step.name, None, added, MIXED, unknown, mixed.alone)
    for number, scales in enumerate(factors, start=MIXED + 1):
        for scale in scales:
            if scale == OPPOSITE and step.names_its_sign:
                continue
            fault, hint = scale.faults(backward.mean)[0]
            plain = fault == ANY_FACTOR and not scale.powers
            factor = Unknown(scale.factor, 1.0, (-np.inf, np.inf), "{amount}") if plain else None
            named = finding(fault, hint)
            yield _Mistake(named, step.name, None, _times(scale), number, factor, factor=scale)
    if sheet >= FEWEST_OF_SHEET:
        hard_coded = Scale(1 / sheet, 1)
        for fault, hint in hard_coded.faults(backward.mean, sheet):
            last = MIXED + len(SCALES) - 1
            yield _Mistake(finding(fault, hint), step.name, None, _times(hard_coded), last)


def _forms(backward: BackwardPass, step: Step, parts: Sequence[str], count: int) -> Iterator[_Mistake]:
    """Yield the wrong forms of a step with so many mistakes in it."""
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


def _finite(computed: Mapping[str, Any], parts: Sequence[str]) -> dict[str, Array | None]:
    """Return each part's array, as `Answers` have it: None for one that is missing or not finite."""
    arrays = {part: np.asarray(computed[part]) for part in parts if part in computed}
    return {
        part: arrays[part] if part in arrays and np.isfinite(arrays[part]).all() else None for part in parts
    }
