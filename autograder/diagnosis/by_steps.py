"""Which faults explain an answer, and which of its parts are right given the student's own numbers.

A backward pass is searched by its steps, from the output inward. At each step the student's own numbers tell
which variant of it made them, and that variant's value becomes the upstream gradient of the next. The
explanation with the fewest faults wins, among equals the one nearest the output. A fault is named only if
the numbers bear it out on every instance, and in every part that it touches; where one of these has another
mistake of its own, the next step has to bear it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from autograder.diagnosis import scale
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.read_off import read_off
from autograder.diagnosis.scale import RIGHT, Scale
from autograder.diagnosis.steps import Blend, Chain, Env, Op, Step, environment, evaluate
from autograder.exercise import Answers, Diagnosis, Finding, Instance

MAX_FAULTS = 3  # in one step
UNEXPLAINED = 4.0  # price of a part that nothing explains: dearer than any three faults
READ_OFF = 5.0  # price of a step read off the student's own numbers: dearer than one such part
ANOTHER = 0.5  # what it costs more for each of its parts that does not tell the same
BEAM = 8  # explanations followed at once


@dataclass(frozen=True)
class _Explanation:
    """A story of the pass so far."""

    envs: tuple[Env | None, ...]
    """Each instance's quantities; None where the story cannot be followed any more."""
    cost: float = 0.0
    findings: tuple[Finding, ...] = ()
    places: tuple[int, ...] = ()
    """The number of each finding's step: the smaller, the nearer the output."""
    earned: frozenset[str] = field(default_factory=frozenset)
    doubtful: bool = False
    """Whether its last step bears a name that not all of its parts bear out: the next step must."""

    @property
    def rank(self) -> tuple[float, tuple[int, ...]]:
        return self.cost, self.places


@dataclass(frozen=True)
class _Fit:
    """How a part's right or wrong form, times a scale, gives the student's array."""

    faults: tuple[tuple[str, str], ...]
    scale: Scale


@dataclass(frozen=True)
class _Stage:
    """One hidden step with the parts computed from it, beside what the student made of these."""

    place: int
    hidden: Step | None
    children: Sequence[Step]
    answers: Answers
    sizes: Sequence[int]
    """N of each instance."""
    unseen: Sequence[bool]
    """Which instances are hidden from students."""
    mean: bool

    @property
    def sheet(self) -> int:
        """N of the sheet's own data; 0 if there are none."""
        return next((N for N, hidden in zip(self.sizes, self.unseen, strict=True) if not hidden), 0)

    @cached_property
    def smallest_first(self) -> list[int]:
        """The instances with several data points, the fewest first."""
        return sorted((k for k, N in enumerate(self.sizes) if N > 1), key=lambda k: self.sizes[k])

    def named(self, own: Scale) -> tuple[tuple[str, str], ...]:
        """The names of a factor."""
        return own.faults(self.mean, self.sheet)


def by_steps(chain: Chain) -> Explanations:
    """Explain answers to a backward pass by its steps."""

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        envs = tuple(environment(instance) for instance in instances)
        sizes, unseen = [env["N"] for env in envs], [not instance.public for instance in instances]
        stories = [_Explanation(envs)]
        best = stories[0]
        for place, (hidden, children) in enumerate(_groups(chain, parts)):
            stage = _Stage(place, hidden, children, answers, sizes, unseen, chain.mean)
            longer = [continued for story in stories for continued in _continue(stage, story)]
            ranked = sorted(longer, key=lambda story: story.rank)
            best = next(story for story in ranked if not story.doubtful)
            stories = [*ranked[: BEAM - 1], best] if best not in ranked[:BEAM] else ranked[:BEAM]
        return Diagnosis(best.findings, best.earned)

    return Explanations(explain, chain)


def _groups(chain: Chain, parts: Sequence[str]) -> Iterator[tuple[Step | None, list[Step]]]:
    """Each hidden step with the parts computed from it."""
    hidden: Step | None = None
    children: list[Step] = []
    for step in chain.steps:
        if step.name in parts:
            children.append(step)
            continue
        if children:
            yield hidden, children
        hidden, children = step, []
    yield hidden, children


def _continue(stage: _Stage, story: _Explanation) -> list[_Explanation]:
    """Tell the next step in every way that the student's numbers bear out, the simplest first."""
    hidden = stage.hidden
    if hidden is None:
        return _judge(stage, story, (), story.envs, always=True)
    found: list[_Explanation] = []
    for count in range(MAX_FAULTS + 1):
        for faults, ops in hidden.variants(count):
            if count and not _possible(stage, story, hidden, ops):
                continue
            envs = _extended(story.envs, hidden.name, ops)
            if envs is not None:
                found += _judge(stage, story, faults, envs, always=count == 0)
        if count == 1:
            found += _blended(stage, story, hidden)
        best = min((e.cost for e in found), default=np.inf) - story.cost
        if best <= count + 1 and best < UNEXPLAINED:
            return found
    return found + _followed(stage, story, hidden)


def _possible(stage: _Stage, story: _Explanation, hidden: Step, ops: Sequence[Op]) -> bool:
    """Whether a small instance leaves room for this form of a step: the quick answer for most."""
    several = [k for k in stage.smallest_first if story.envs[k] is not None]
    if not several:
        return True
    env, answer = story.envs[several[0]], stage.answers[several[0]]
    value = evaluate(ops, env) if env is not None else None
    if env is None or value is None:
        return False
    extended = {**env, hidden.name: value}
    return any(
        scale.measured(answer[child.name], evaluate(forms, extended)) is not None
        for child in stage.children
        for count in range(len(child.slots) + 1)
        for _, forms in child.variants(count, apart=False)
    )


def _extended(envs: Sequence[Env | None], name: str, ops: Sequence[Op]) -> tuple[Env | None, ...] | None:
    """Environments with one more quantity; None where a shape does not fit."""
    extended: list[Env | None] = []
    for env in envs:
        if env is None:
            extended.append(None)
            continue
        value = evaluate(ops, env)
        if value is None:
            return None
        extended.append({**env, name: value})
    return tuple(extended)


def _judge(
    stage: _Stage,
    story: _Explanation,
    faults: tuple[tuple[str, str], ...],
    envs: tuple[Env | None, ...],
    *,
    always: bool = False,
) -> list[_Explanation]:
    """Hold a hidden step's value, up to a scale, against the parts computed from it.

    Where no part bears it out, only the right form is kept (`always`).
    """
    hidden, children = stage.hidden, stage.children
    fits = {child.name: _fit(stage, child, envs, apart=always) for child in children}
    seen = [fit for fit in fits.values() if fit is not None]
    if (not seen and not always) or (story.doubtful and len(seen) < len(children)):
        return []
    scales = dict.fromkeys([RIGHT, *(fit.scale for fit in seen)]) if hidden else [RIGHT]
    told = []
    for own in scales:
        named = faults + stage.named(own)
        costs = tuple(child.name for child in children)
        findings = (
            [Finding(f, hidden.name, costs, hint, hidden.forward) for f, hint in named] if hidden else []
        )
        earned = set()
        cost = float(len(named))
        for child in children:
            fit = fits[child.name]
            if fit is None:
                cost += UNEXPLAINED
                findings.append(Finding("unrecognised", child.name, (child.name,)))
                continue
            wrong = fit.faults + stage.named(fit.scale / own)
            cost += len(wrong)
            findings += [Finding(f, child.name, (child.name,), hint, child.forward) for f, hint in wrong]
            if not wrong and not named:
                earned.add(child.name)
        scaled = _scaled(envs, hidden.name, own) if hidden and own != RIGHT else envs
        told.append(
            _Explanation(
                _with_own(stage, scaled, [name for name, fit in fits.items() if fit is not None]),
                story.cost + cost,
                story.findings + tuple(findings),
                story.places + (stage.place,) * len(findings),
                story.earned | earned,
                doubtful=bool(named) and len(seen) < len(children),
            )
        )
    return told


def _with_own(stage: _Stage, envs: Sequence[Env | None], explained: Sequence[str]) -> tuple[Env | None, ...]:
    """Put the student's own arrays that have been explained beside the quantities.

    Weights may have been updated with them. Of one that is not explained nothing follows.
    """
    return tuple(
        env and {**env, **{name: answer[name] for name in explained}}
        for env, answer in zip(envs, stage.answers, strict=True)
    )


def _fit(stage: _Stage, child: Step, envs: Sequence[Env | None], *, apart: bool) -> _Fit | None:
    """The form of a part with the fewest faults that gives the student's array on every instance."""
    best: tuple[int, _Fit] | None = None
    for count in range(len(child.slots) + 1):
        for faults, ops in child.variants(count, apart=apart):
            found = _scale(stage, ops, child.name, envs)
            if found is not None:
                price = count + (found != RIGHT)
                if best is None or price < best[0]:
                    best = price, _Fit(faults, found)
        if best is not None and best[0] <= count + 1:
            return best[1]
    return best[1] if best else None


def _scale(stage: _Stage, ops: Sequence[Op], part: str, envs: Sequence[Env | None]) -> Scale | None:
    """The scale between a form of a part and the student's arrays, one for all instances."""
    ratios = [np.nan] * len(envs)
    for k in stage.smallest_first + [k for k, N in enumerate(stage.sizes) if N <= 1]:
        env = envs[k]
        ratio = np.nan if env is None else scale.measured(stage.answers[k][part], evaluate(ops, env))
        if ratio is None:
            return None
        ratios[k] = ratio
    return scale.common(ratios, stage.sizes, stage.unseen)


def _scaled(envs: Sequence[Env | None], name: str, own: Scale) -> tuple[Env | None, ...]:
    return tuple(env and {**env, name: own.of(env["N"]) * env[name]} for env in envs)


def _blended(stage: _Stage, story: _Explanation, hidden: Step) -> list[_Explanation]:
    """Variants with one unknown number in them, found from the parts, the same on every instance."""
    right = _extended(story.envs, hidden.name, [slot.right for slot in hidden.slots])
    found = []
    for blend in hidden.blends:
        other = _extended(story.envs, hidden.name, [blend.op])
        amount = _amount(stage, right, other) if right and other else None
        if amount is not None and right and other and blend.between[0] < amount < blend.between[1]:
            envs = tuple(
                a and b and {**a, hidden.name: a[hidden.name] + amount * b[hidden.name]}
                for a, b in zip(right, other, strict=True)
            )
            found += _judge(stage, story, ((blend.fault, _hint(blend, amount)),), envs)
    return found


def _hint(blend: Blend, amount: float) -> str:
    return blend.hint.format(amount=f"{amount:.3g}")


def _amount(stage: _Stage, right: Sequence[Env | None], other: Sequence[Env | None]) -> float | None:
    """The s with which every part of the answer is its right form of (right + s · other)."""
    amounts, unseen = [], []
    for a, b, answer, hidden in zip(right, other, stage.answers, stage.unseen, strict=True):
        if a is None or b is None:
            continue
        for child in stage.children:
            ops = [slot.right for slot in child.slots]
            base, more, given = evaluate(ops, a), evaluate(ops, b), answer[child.name]
            if base is None or more is None or given is None or given.shape != base.shape:
                return None
            s = scale.ratio(given - base, more)
            if s is None:
                return None
            amounts.append(s)
            unseen.append(hidden)
    steady = scale.common(amounts, [1] * len(amounts), unseen)
    return steady.factor if steady else None


def _followed(stage: _Stage, story: _Explanation, hidden: Step) -> list[_Explanation]:
    """Follow a step that nothing explains from what the student's own parts tell of it."""
    right = _extended(story.envs, hidden.name, [slot.right for slot in hidden.slots])
    found = read_off(hidden, stage.children, right, stage.answers, stage.unseen) if right else None
    if found is None or story.doubtful:
        return []
    parts = tuple(child.name for child in stage.children)
    others = [part for part in parts if part not in found.parts]
    findings = [
        Finding("unrecognised", hidden.name, parts, forward=hidden.forward),
        *(Finding("unrecognised", part, (part,)) for part in others),
    ]
    return [
        replace(
            story,
            envs=_with_own(stage, found.envs, found.parts),
            cost=story.cost + READ_OFF + ANOTHER * len(others),
            findings=(*story.findings, *findings),
            places=story.places + (stage.place,) * len(findings),
        )
    ]
