"""Which faults explain an answer, and which of its parts are right given the student's own numbers.

A backward pass is searched by its steps, from the output inward. At each step the student's own numbers tell
which variant of it made them, and that variant's value becomes the upstream gradient of the next. The
explanation with the fewest faults wins, among equals the one nearest the output. A fault is named only if
the numbers bear it out on every instance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis import scale
from autograder.diagnosis.scale import RIGHT, Scale
from autograder.diagnosis.steps import Chain, Env, Op, Slot, Step, environment, evaluate
from autograder.exercise import Answers, Array, Diagnosis, Explain, Finding, Instance

MAX_FAULTS = 3  # in one step
UNEXPLAINED = 4.0  # price of a part that nothing explains: dearer than any three faults
READ_OFF = 5.0  # price of a step read off the student's own numbers: dearer than one such part
BEAM = 8  # explanations followed at once
READABLE = 30  # entries of a step that may be read off: those of a handful of data points


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

    @property
    def rank(self) -> tuple[float, tuple[int, ...]]:
        return self.cost, self.places


@dataclass(frozen=True)
class _Fit:
    """How a part's right or wrong form, times a scale, gives the student's array."""

    faults: tuple[tuple[str, str], ...]
    scale: Scale


def by_steps(chain: Chain) -> Explain:
    """Explain answers to a backward pass by its steps."""

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        # the student's own parts stand beside the inputs: weights may have been updated with them
        own = ({name: a for name, a in answer.items() if a is not None} for answer in answers)
        envs = tuple(environment(i) | parts for i, parts in zip(instances, own, strict=True))
        stories = [_Explanation(envs)]
        for place, (hidden, children) in enumerate(_groups(chain, parts)):
            longer = [
                continued
                for story in stories
                for continued in _continue(chain, story, place, hidden, children, answers)
            ]
            stories = sorted(longer, key=lambda story: story.rank)[:BEAM]
        return Diagnosis(stories[0].findings, stories[0].earned)

    return explain


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


def _continue(
    chain: Chain,
    story: _Explanation,
    place: int,
    hidden: Step | None,
    children: Sequence[Step],
    answers: Answers,
) -> list[_Explanation]:
    """Tell the next step in every way that the student's numbers bear out, the simplest first."""
    if hidden is None:
        return _judge(chain, story, place, None, (), children, story.envs, answers)
    found: list[_Explanation] = []
    for count in range(MAX_FAULTS + 1):
        for faults, ops in _variants(hidden.slots, count):
            envs = _extended(story.envs, hidden.name, ops)
            if envs is not None:
                found += _judge(chain, story, place, hidden, faults, children, envs, answers, count == 0)
        if count == 1:
            found += _blended(chain, story, place, hidden, children, answers)
        best = min((e.cost for e in found), default=np.inf) - story.cost
        if best <= count + 1 and best < UNEXPLAINED:
            return found
    return found + _read_off(story, place, hidden, children, answers)


def _variants(
    slots: Sequence[Slot], count: int
) -> Iterator[tuple[tuple[tuple[str, str], ...], tuple[Op, ...]]]:
    """All ways to run a step with `count` of its slots in a wrong form."""
    for wrong in combinations(range(len(slots)), count):
        for alternatives in product(*(slots[i].alternatives for i in wrong)):
            ops = [slot.right for slot in slots]
            for i, alternative in zip(wrong, alternatives, strict=True):
                ops[i] = alternative.op
            yield tuple((a.fault, a.hint) for a in alternatives), tuple(ops)


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
    chain: Chain,
    story: _Explanation,
    place: int,
    hidden: Step | None,
    faults: tuple[tuple[str, str], ...],
    children: Sequence[Step],
    envs: tuple[Env | None, ...],
    answers: Answers,
    always: bool = False,
) -> list[_Explanation]:
    """Hold a hidden step's value, up to a scale, against the parts computed from it.

    Where no part bears it out, only the right form is kept (`always`).
    """
    fits = {child.name: _fit(child, envs, answers) for child in children}
    seen = [fit for fit in fits.values() if fit is not None]
    if not seen and not always:
        return []
    scales = dict.fromkeys([RIGHT, *(fit.scale for fit in seen)]) if hidden else [RIGHT]
    told = []
    for own in scales:
        named = faults + tuple((name, _times(own)) for name in own.faults(chain.mean))
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
            rest = fit.scale / own
            wrong = fit.faults + tuple((name, _times(rest)) for name in rest.faults(chain.mean))
            cost += len(wrong)
            findings += [Finding(f, child.name, (child.name,), hint, child.forward) for f, hint in wrong]
            if not wrong and not named:
                earned.add(child.name)
        told.append(
            _Explanation(
                _scaled(envs, hidden.name, own) if hidden and own != RIGHT else envs,
                story.cost + cost,
                story.findings + tuple(findings),
                story.places + (place,) * len(findings),
                story.earned | earned,
            )
        )
    return told


def _fit(child: Step, envs: Sequence[Env | None], answers: Answers) -> _Fit | None:
    """The form of a part with the fewest faults that gives the student's array on every instance."""
    best: tuple[int, _Fit] | None = None
    for count in range(len(child.slots) + 1):
        for faults, ops in _variants(child.slots, count):
            found = _scale(ops, child.name, envs, answers)
            if found is not None:
                price = count + (found != RIGHT)
                if best is None or price < best[0]:
                    best = price, _Fit(faults, found)
        if best is not None and best[0] <= count + 1:
            return best[1]
    return best[1] if best else None


def _scale(ops: Sequence[Op], part: str, envs: Sequence[Env | None], answers: Answers) -> Scale | None:
    """The scale between a form of a part and the student's arrays, one for all instances."""
    ratios, sizes = [], []
    for env, answer in zip(envs, answers, strict=True):
        if env is None:
            continue
        given, expected = answer[part], evaluate(ops, env)
        if given is None or expected is None:
            return None
        ratio = scale.ratio(given, np.asarray(expected))
        if ratio is None:
            return None
        ratios.append(ratio)
        sizes.append(env["N"])
    return scale.common(ratios, sizes)


def _scaled(envs: Sequence[Env | None], name: str, own: Scale) -> tuple[Env | None, ...]:
    return tuple(env and {**env, name: own.of(env["N"]) * env[name]} for env in envs)


def _times(own: Scale) -> str:
    return f"{own.factor:.4g}" if own.factor not in scale.KNOWN else ""


def _blended(
    chain: Chain,
    story: _Explanation,
    place: int,
    hidden: Step,
    children: Sequence[Step],
    answers: Answers,
) -> list[_Explanation]:
    """Variants with one unknown number in them, found from the parts, the same on every instance."""
    right = _extended(story.envs, hidden.name, [slot.right for slot in hidden.slots])
    found = []
    for blend in hidden.blends:
        other = _extended(story.envs, hidden.name, [blend.op])
        amount = _amount(children, right, other, answers) if right and other else None
        if amount is not None and right and other:
            envs = tuple(
                a and b and {**a, hidden.name: a[hidden.name] + amount * b[hidden.name]}
                for a, b in zip(right, other, strict=True)
            )
            faults = ((blend.fault, ""),)
            found += _judge(chain, story, place, hidden, faults, children, envs, answers)
    return found


def _amount(
    children: Sequence[Step],
    right: Sequence[Env | None],
    other: Sequence[Env | None],
    answers: Answers,
) -> float | None:
    """The s with which every part of the answer is its right form of (right + s · other)."""
    amounts = []
    for a, b, answer in zip(right, other, answers, strict=True):
        if a is None or b is None:
            continue
        for child in children:
            ops = [slot.right for slot in child.slots]
            base, more, given = evaluate(ops, a), evaluate(ops, b), answer[child.name]
            if base is None or more is None or given is None or given.shape != base.shape:
                return None
            s = scale.ratio(given - base, more)
            if s is None:
                return None
            amounts.append(s)
    steady = scale.common(amounts, [1] * len(amounts))
    return steady.factor if steady else None


def _read_off(
    story: _Explanation,
    place: int,
    hidden: Step,
    children: Sequence[Step],
    answers: Answers,
) -> list[_Explanation]:
    """Read a step that nothing explains off the student's own parts, and follow it from there.

    With few data points the parts tell it: with a single one the gradient by the biases *is* it. On each
    small instance the parts must agree on one, and one of these must have more than one data point.
    """
    right = _extended(story.envs, hidden.name, [slot.right for slot in hidden.slots])
    if right is None:
        return []
    envs: list[Env | None] = []
    for env, answer in zip(right, answers, strict=True):
        if env is None or env[hidden.name].size > READABLE:
            envs.append(None)
            continue
        value = _solved(env, hidden.name, children, answer)
        if value is None:
            return []
        envs.append({**env, hidden.name: value})
    if not any(env is not None and env["N"] > 1 for env in envs):
        return []
    finding = Finding(
        "unrecognised", hidden.name, tuple(child.name for child in children), forward=hidden.forward
    )
    return [
        replace(
            story,
            envs=tuple(envs),
            cost=story.cost + READ_OFF,
            findings=(*story.findings, finding),
            places=(*story.places, place),
        )
    ]


def _solved(
    env: Env, name: str, children: Sequence[Step], answer: Mapping[str, Array | None]
) -> Array | None:
    """The one value of a hidden step from which all its parts follow; None if there is none, or many."""
    shape = env[name].shape
    given = [answer[child.name] for child in children]
    columns = []
    for unit in np.eye(env[name].size):
        parts = [evaluate([s.right for s in c.slots], {**env, name: unit.reshape(shape)}) for c in children]
        if any(p is None or g is None or p.shape != g.shape for p, g in zip(parts, given, strict=True)):
            return None
        columns.append(np.concatenate([np.ravel(p) for p in parts if p is not None]))
    matrix, wanted = np.transpose(columns), np.concatenate([np.ravel(g) for g in given if g is not None])
    value, _, rank, _ = np.linalg.lstsq(matrix, wanted)
    if rank < value.size or not _tells(wanted) or not agrees(wanted, matrix @ value):
        return None
    solved: Array = value.reshape(shape)
    return solved


def _tells(given: Array) -> bool:
    """Whether an array can carry evidence: zeros and constants give zeros and constants, whatever follows."""
    return (
        bool(np.isfinite(given).all()) and bool(given.any()) and (given.size == 1 or float(np.ptp(given)) > 0)
    )
