"""Find the faults in a backward pass that explain an answer, and the parts that follow rightly.

A backward pass is searched by its steps, from the output inward. At each step the student's own numbers
show which variant of it made them, and that variant's value becomes the upstream gradient of the next. The
explanation with the fewest faults wins, among equals the one nearest the output. A fault is named only if
the numbers confirm it on every instance, and in every part that it touches; if one of these has another
mistake of its own, the next step has to confirm it. A step that is handed in itself is judged first, and
what follows from it is judged by the student's own numbers, whatever these are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from heapq import heappop, heappush
from itertools import compress, count, groupby
from operator import itemgetter
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from autograder.diagnosis.consequences import together
from autograder.diagnosis.fits import (
    Envs,
    alone,
    amount_of,
    best_fit,
    mixed_fit,
    price,
    too_dear,
    with_function,
    with_other_functions,
    with_right,
    with_values,
)
from autograder.diagnosis.functions import Fitted
from autograder.diagnosis.own_factors import told_apart
from autograder.diagnosis.own_parts import with_own
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.read_off import Reading, read_off
from autograder.diagnosis.remembered import Remembered
from autograder.diagnosis.rule_out import not_ruled_out
from autograder.diagnosis.scale import OPPOSITE, RIGHT, Scale
from autograder.diagnosis.stages import MAX_FAULTS, Budget, Stage, read_parts, right_parts, stages
from autograder.diagnosis.steps import BackwardPass, Form, Named, Step
from autograder.diagnosis.unnamed import unnamed
from autograder.exercise import Answers, Diagnosis, Finding, Instance

__all__ = ["MAX_FAULTS", "UNEXPLAINED", "by_steps"]

UNEXPLAINED = 4.0  # price of a part that nothing explains: dearer than any three faults
READ_OFF = 5.0  # price of a step read off the student's own numbers: dearer than one such part
ANOTHER = 0.5  # what it costs more for each of its parts that does not tell the same
ANYWAY = 0.15  # of a part that is right, and is not what follows from the student's own
ASIDE = 0.2  # of what follows from another array than the student's own: dearer than any factor there
BEAM = 8  # explanations followed at each stage
IN_FRONT = frozenset({"product-of-sums"})  # the same as a gradient averaged in front of a right product


_Rank: TypeAlias = tuple[float, int, float, tuple[int, ...]]
_Way: TypeAlias = tuple[tuple[Named, ...], tuple[Form, ...]]


@dataclass(frozen=True)
class _Hypothesis:
    """Hold a hypothesis about the pass so far."""

    envs: Envs
    cost: float = 0.0
    findings: tuple[Finding, ...] = ()
    places: tuple[int, ...] = ()
    """The number of each finding's step: the smaller, the nearer the output."""
    earned: frozenset[str] = field(default_factory=frozenset)
    doubtful: frozenset[str] = field(default_factory=frozenset)
    """The last hidden steps, if they bear a name that not all of their parts bear out: the next step must."""

    aside: int = 0
    """How often what follows is taken to be made from another array than the student's own."""

    odd: float = 0.0
    """How far-fetched the factors without a name are."""

    @property
    def undisturbed(self) -> bool:
        """Return whether nothing is wrong so far."""
        return not self.findings and not self.aside

    @property
    def rank(self) -> _Rank:
        """The fewest mistakes first; then what is made from the student's own, with the plainest factors."""
        return self.cost, self.aside, self.odd, self.places


def by_steps(backward: BackwardPass) -> Explanations:
    """Explain answers to a backward pass by its steps."""

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        with np.errstate(all="ignore"):  # wrong forms may divide by anything
            return search(instances, answers, parts)

    remembered: WeakKeyDictionary[Instance, Remembered] = WeakKeyDictionary()

    def search(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        for instance in instances:
            if instance not in remembered:
                remembered[instance] = Remembered(backward, instance)
        known = [remembered[instance] for instance in instances]
        envs = tuple(one.env for one in known)
        sizes, unseen = [env["sizes"] for env in envs], [not instance.public for instance in instances]
        read, right = read_parts(backward, parts), right_parts(known, answers, parts)
        budget = Budget()
        in_order = [
            Stage(place, row, children, answers, sizes, unseen, backward.mean, read, right, budget, known)
            for place, (row, children) in enumerate(stages(backward, parts))
        ]
        in_order[-1:] = [replace(last, is_last=True) for last in in_order[-1:]]
        best = _cheapest(in_order, _Hypothesis(envs))
        findings = together(backward, instances, answers, told_apart(backward, best.findings, parts, read))
        return Diagnosis(unnamed(backward, best.envs, findings, answers, unseen), best.earned)

    return Explanations(explain, backward)


def _cheapest(in_order: Sequence[Stage], start: _Hypothesis) -> _Hypothesis:
    """Follow the cheapest explanation first, until the cheapest one is complete.

    Additions never make an explanation cheaper, so most of the dearer ones are never followed. At
    each stage no more than `BEAM` are. Of equals, the one comes first whose beginning is cheaper.
    """
    waiting: list[tuple[_Rank, int, int, tuple[Any, ...], _Hypothesis]] = []
    number = count()
    heappush(waiting, (start.rank, next(number), 0, (), start))
    followed, certain = [0] * len(in_order), [False] * len(in_order)
    whole: list[tuple[tuple[Any, ...], _Hypothesis]] = []
    while waiting and (not whole or waiting[0][0] == whole[0][1].rank):
        _, _, depth, order, hypothesis = heappop(waiting)
        if depth == len(in_order):
            whole += [] if hypothesis.doubtful else [(order, hypothesis)]
            continue
        if followed[depth] >= BEAM and (hypothesis.doubtful or certain[depth]):
            continue
        followed[depth] += 1
        certain[depth] |= not hypothesis.doubtful
        for place, longer in enumerate(_continue(in_order[depth], hypothesis)):
            key = (longer.rank, order, place)
            heappush(waiting, (longer.rank, next(number), depth + 1, key, longer))
    return min(whole, key=itemgetter(0))[1]


def _continue(stage: Stage, hypothesis: _Hypothesis) -> list[_Hypothesis]:
    """Explain the next step in every way that the student's numbers confirm, the simplest first."""
    if not stage.row:
        return _judge(stage, hypothesis, (), hypothesis.envs, always=True)
    hypotheses: list[_Hypothesis] = []
    reading = cache(lambda: _reading(stage, hypothesis))
    best = np.inf
    for number in range(MAX_FAULTS + 1):
        right = best - number < len(stage.children)  # of so few mistakes some part has none of its own
        for mistakes, forms in _ways(stage, hypothesis, number, own=0 if right else 1):
            envs = with_values(hypothesis.envs, stage.row, forms)
            if envs is not None and not too_dear(stage, envs, number, best):
                hypotheses += _judge(stage, hypothesis, mistakes, envs, always=number == 0)
        if number == 1:
            hypotheses += _with_mixed_mistakes(stage, hypothesis)
            if min((e.cost for e in hypotheses), default=np.inf) - hypothesis.cost > number:
                hypotheses += _by_other_ways(stage, hypothesis)
        best = min((e.cost for e in hypotheses), default=np.inf) - hypothesis.cost
        if number == 1 < best and stage.row[-1].function is not None:
            hypotheses += _with_other_functions(stage, hypothesis, reading())
            best = min((e.cost for e in hypotheses), default=np.inf) - hypothesis.cost
        # one part alone cannot tell its own mistake from one in front of it: later parts have to
        several = len(stage.children) > 1 and not _may_lie_in_front(stage, hypotheses, number)
        if best <= number + several and best < UNEXPLAINED:
            return hypotheses
    return hypotheses + _followed(stage, hypothesis, reading())


def _ways(stage: Stage, hypothesis: _Hypothesis, number: int, own: int) -> Iterator[_Way]:
    """Yield all ways to run the hidden steps with so many mistakes, except those ruled out at once."""
    for place, (many, some) in enumerate(groupby(stage.forms(number), key=itemgetter(2))):
        ways = [(mistakes, forms) for mistakes, forms, _ in some]
        kind = f"one mistake {place}" if number == 1 and not many else ""
        yield from _not_ruled_out(stage, hypothesis, ways, 0 if many else own, kind) if number else ways


def _not_ruled_out(
    stage: Stage, hypothesis: _Hypothesis, ways: Sequence[_Way], own: int = 1, kind: str = ""
) -> Iterator[_Way]:
    """Leave out what small instances rule out.

    kind : of the ways, if they are tried for every answer.
    """
    kind = kind if hypothesis.undisturbed else ""
    return compress(ways, not_ruled_out(stage, hypothesis.envs, [forms for _, forms in ways], own, kind=kind))


def _may_lie_in_front(stage: Stage, hypotheses: Sequence[_Hypothesis], number: int) -> bool:
    """Return whether a part's only mistake may be one of its hidden step that other parts do not show."""
    return number == 0 and any(
        finding.fault in IN_FRONT and finding.where in finding.costs
        for hypothesis in hypotheses
        for finding in hypothesis.findings[-len(stage.children) :]
    )


def _judge(
    stage: Stage, hypothesis: _Hypothesis, mistakes: tuple[Named, ...], envs: Envs, *, always: bool = False
) -> list[_Hypothesis]:
    """Compare the values of hidden steps, up to a scale, with the parts computed from them.

    If no part confirms them, only the right form is kept (`always`).
    """
    row, children = stage.row, stage.children
    fits = {child.name: best_fit(stage, child, envs, apart=always) for child in children}
    fitting = [fit for fit in fits.values() if fit is not None]
    concerned = bool(row) or any(name in hypothesis.doubtful for c in children for name in c.reads or ())
    if (not fitting and not always) or (hypothesis.doubtful and concerned and len(fitting) < len(children)):
        return []
    hypotheses: list[_Hypothesis] = []
    all_shown = all(finding.where in stage.answers[0] for finding in hypothesis.findings)
    known = {fit.scale for name, fit in fits.items() if fit is not None and name in stage.right}
    scales = dict.fromkeys(fit.scale for fit in fitting if fit.scale != RIGHT and fit.scale not in known)
    if any(own.factor < 0 for own in scales):
        scales[OPPOSITE] = None  # beside which a part has a factor of its own
    for own, start in [(RIGHT, 0), *((own, start) for start in range(len(row)) for own in scales)]:
        costs = tuple(child.name for child in children)
        named = [Finding(m.fault, m.where, costs, m.hint, m.forward) for m in mistakes]
        scaled = envs
        if own != RIGHT:
            first, scaled = row[start], _scaled(envs, row[start:], own)
            named += [Finding(f, first.name, costs, hint, first.forward) for f, hint in stage.named(own)]
        findings, explained, earned, cost = list(named), [], set(), price([f.fault for f in named], *row)
        odd = stage.odd(own)
        for child in children:
            fit, shared = fits[child.name], own
            steady = not stage.is_mixed(child) and (fit.steady if fit else child.name not in stage.finished)
            if own != RIGHT and not steady:
                fit, shared = best_fit(stage, child, scaled, apart=False), RIGHT
            elif own != RIGHT and fit is None and (mixed := mixed_fit(stage, child, scaled)) is not None:
                fit, shared = mixed, RIGHT
            plain = fit is not None and not fit.mistakes and fit.scale == shared
            if child.name in stage.right and not plain and not named and all_shown:
                cost += ANYWAY
                explained.append(child.name)
                earned.add(child.name)
                continue
            if fit is None:
                cost += UNEXPLAINED
                findings.append(Finding("unrecognised", child.name, (child.name,)))
                continue
            explained.append(child.name)
            if any(mistake.apart for mistake in fit.mistakes):
                shared = RIGHT
            wrong = [Finding(m.fault, m.where, (child.name,), m.hint, m.forward) for m in fit.mistakes]
            wrong += [
                Finding(f, child.name, (child.name,), hint, child.forward)
                for f, hint in stage.named(fit.scale / shared)
            ]
            cost += price([f.fault for f in wrong], child)
            odd += stage.odd(fit.scale / shared)
            findings += wrong
            if not wrong and not named:
                earned.add(child.name)
        doubtful = frozenset(step.name for step in row if named and len(explained) < len(children))
        hypotheses += [
            _Hypothesis(
                followed,
                hypothesis.cost + cost + ASIDE * aside,
                hypothesis.findings + tuple(findings),
                hypothesis.places + (stage.place,) * len(findings),
                hypothesis.earned | earned,
                doubtful if concerned else hypothesis.doubtful,
                hypothesis.aside + aside,
                hypothesis.odd + odd,
            )
            for aside, followed in enumerate(
                with_own(stage, scaled, explained, {finding.where for finding in findings})
            )
        ]
    return hypotheses


def _scaled(envs: Envs, row: Sequence[Step], own: Scale) -> Envs:
    return tuple(
        env and {**env, **{step.name: own.of(env["sizes"]) * env[step.name] for step in row}} for env in envs
    )


def _with_mixed_mistakes(stage: Stage, hypothesis: _Hypothesis) -> list[_Hypothesis]:
    """Yield variants of the last hidden step with one unknown number in them, fitted to the parts."""
    *before, hidden = stage.row
    right = with_right(hypothesis.envs, stage.row)
    hypotheses = []
    for mixed in hidden.mixed_mistakes:
        other = with_values(hypothesis.envs, stage.row, [*(step.right for step in before), alone(mixed)])
        if not right or not other:
            continue
        for telling in _telling(stage):
            amount = amount_of(stage, mixed, telling, right, other)
            if amount is not None:
                envs = tuple(
                    a
                    and b
                    and {**a, hidden.name: a[hidden.name] + mixed.added(amount, a["sizes"]) * b[hidden.name]}
                    for a, b in zip(right, other, strict=True)
                )
                hypotheses += _judge(stage, hypothesis, (mixed.named(hidden, amount),), envs)
                break
    return hypotheses


def _by_other_ways(stage: Stage, hypothesis: _Hypothesis) -> list[_Hypothesis]:
    """Yield other ways to compute the last hidden step, with several mistakes at once."""
    hypotheses: list[_Hypothesis] = []
    for mistakes, forms in _not_ruled_out(
        stage, hypothesis, _of_last(stage, stage.row[-1].other_ways), 0, "other ways"
    ):
        envs = with_values(hypothesis.envs, stage.row, forms)
        hypotheses += [] if envs is None else _judge(stage, hypothesis, mistakes, envs)
    return hypotheses


def _of_last(stage: Stage, forms: Iterable[Form]) -> list[_Way]:
    """Yield ways to run the hidden steps with nothing wrong but in the last."""
    before = tuple(step.right for step in stage.row[:-1])
    return [(form.mistakes, (*before, form)) for form in forms]


def _telling(stage: Stage) -> list[Sequence[Step]]:
    """Return the parts that may reveal a number in front of them: all, or one if others have mistakes."""
    single = [[child] for child in stage.children if len(stage.children) > 1]
    return [stage.children, *single]


def _reading(stage: Stage, hypothesis: _Hypothesis) -> Reading | None:
    """Solve for the last hidden step from the student's own parts, as far as they determine it."""
    hidden = stage.row[-1]
    right = with_right(hypothesis.envs, stage.row)
    telling = [child for child in stage.children if child.reads is None or child.reads == (hidden.name,)]
    if not right or not telling or hypothesis.doubtful:
        return None
    return read_off(hidden, telling, right, stage.answers, stage.unseen)


def _with_other_functions(
    stage: Stage, hypothesis: _Hypothesis, reading: Reading | None
) -> list[_Hypothesis]:
    """Yield variants of the last hidden step with another function in it, fitted to the parts."""
    *before, hidden = stage.row
    fitted_functions = stage.budget.functions
    if reading is None:  # the parts leave it open: those that students write are tried
        known = [form for form in hidden.variants(1) if form not in hidden.variants(1, fitted=False)]
        own = [with_function(hidden, one) for one in fitted_functions]
        ways = [
            *_not_ruled_out(stage, hypothesis, _of_last(stage, known), kind="functions"),
            *_not_ruled_out(stage, hypothesis, _of_last(stage, own)),
        ]
        fitted: Iterable[tuple[Fitted | None, Form]] = [(None, forms[-1]) for _, forms in ways]
    else:
        given = [None if env is None else env[hidden.name] for env in reading.envs]
        fitted = with_other_functions(hidden, given, reading.envs, fitted_functions)
    hypotheses: list[_Hypothesis] = []
    for one, form in fitted:
        envs = with_values(hypothesis.envs, stage.row, [*(step.right for step in before), form])
        if envs is not None and not hypotheses:
            hypotheses += _judge(stage, hypothesis, form.mistakes, envs)
            named = {mistake.fault for mistake in form.mistakes} == {"wrong-slope"}
            if hypotheses and named and one is not None and one not in fitted_functions:
                fitted_functions.append(one)
    return hypotheses


def _followed(stage: Stage, hypothesis: _Hypothesis, reading: Reading | None) -> list[_Hypothesis]:
    """Continue after an unexplained step from what the student's own parts tell about it."""
    if reading is None:
        return []
    hidden = stage.row[-1]
    parts = tuple(child.name for child in stage.children)
    others = [part for part in parts if part not in reading.parts]
    findings = [
        Finding("unrecognised", hidden.name, parts, forward=hidden.forward),
        *(Finding("unrecognised", part, (part,)) for part in others),
    ]
    return [
        replace(
            hypothesis,
            envs=envs,
            cost=hypothesis.cost + READ_OFF + ANOTHER * len(others),
            findings=(*hypothesis.findings, *findings),
            places=hypothesis.places + (stage.place,) * len(findings),
        )
        for envs in with_own(stage, reading.envs, reading.parts, set(others))
    ]
