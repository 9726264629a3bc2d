"""Explain how a part comes from the steps before it: with which mistakes, times which factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeAlias

import numpy as np

from autograder.compare import RELATIVE
from autograder.diagnosis import functions, scale
from autograder.diagnosis.finished import finished
from autograder.diagnosis.functions import Fitted
from autograder.diagnosis.scale import OPPOSITE, RIGHT, Scale
from autograder.diagnosis.stages import MAX_FAULTS, Stage
from autograder.diagnosis.steps import VJP, Env, Form, Function, MixedMistake, Named, Step, evaluate
from autograder.exercise import Array

BY_LAW = 0.1  # what a factor costs more that has no name: a mistake that has one is likelier
ROUNDING = 1e-9  # of the largest, in what is read off other arrays
SMALL = 1e-9  # a number that may be rounding alone
NOTHING = 1e-6  # of the right array's largest entry, below which single precision leaves nothing
MOST_FUNCTIONS = 3  # that are held against all instances

Envs: TypeAlias = tuple[Env | None, ...]
"""Each instance's quantities; None if an explanation cannot be followed any further."""


def too_dear(stage: Stage, envs: Sequence[Env | None], mistakes: int, most: float) -> bool:
    """Return whether so many mistakes leave more parts unexplained than a cheaper explanation has mistakes.

    Where something follows, that may still bear them out.
    """
    if not stage.is_last or not np.isfinite(most):
        return False
    children = [child for child in stage.children if child.name not in stage.right]
    wrong = sum(
        all(_scale(stage, form, child, envs) is None for form in stage.variants(child, 0, apart=False))
        for child in children
    )
    return mistakes + wrong > most


@dataclass(frozen=True)
class Fit:
    """Say how a part's right or wrong form, times a scale, gives the student's array."""

    mistakes: tuple[Named, ...]
    scale: Scale
    steady: bool = True
    """Whether the form is the same, times a factor, where what it follows from is multiplied by one."""


def best_fit(stage: Stage, child: Step, envs: Sequence[Env | None], *, apart: bool) -> Fit | None:
    """Return the form of a part with the fewest faults that gives the student's array on every instance."""
    best: tuple[tuple[float, float], Fit] | None = None
    for count in () if child.name in stage.silent else counts(child):
        for form in stage.variants(child, count, apart=apart):
            law = _scale(stage, form, child, envs)
            if law is not None:
                cost = count + price([fault for fault, _ in stage.named(law)], child), stage.odd(law)
                named = best is not None and cost == best[0] and law == RIGHT != best[1].scale
                if best is None or cost < best[0] or named:
                    best = cost, Fit(form.mistakes, law)
                if law == RIGHT:
                    break  # none of so many mistakes costs less, and of equals the first is taken
        if count == 1 and best is None:
            mixed = mixed_fit(stage, child, envs)
            best = None if mixed is None else ((1.0, 0.0), mixed)
            known = stage.budget.functions
            for _, form in () if best else with_other_functions(child, stage.of(child.name), envs, known):
                law = _scale(stage, form, child, envs)
                if law is not None and best is None:
                    cost = count + price([fault for fault, _ in stage.named(law)], child), stage.odd(law)
                    best = cost, Fit(form.mistakes, law)
        for form in child.other_ways if count == 1 and best is None else ():
            if _scale(stage, form, child, envs) == RIGHT:
                return Fit(form.mistakes, RIGHT)
        turned = count == 0 and best is not None and best[1].scale == OPPOSITE and child.names_its_sign
        if best is not None and best[0][0] <= count + 1 and not turned:
            return best[1]
    return best[1] if best else _updated(stage, child, envs) or _finished(stage, child, envs)


def _updated(stage: Stage, child: Step, envs: Sequence[Env | None]) -> Fit | None:
    """Return the parameter that a part is the gradient of, after a step with the right form."""
    name, ratios = child.name.removeprefix("D"), [np.nan] * len(envs)
    for k in () if child.name in stage.silent else stage.in_order:
        env, given = envs[k], stage.answers[k][child.name]
        before = None if env is None else env.get(name)
        if env is None or given is None or not isinstance(before, np.ndarray) or before.shape != given.shape:
            return None
        ratio = scale.measured(given - before, child.right.value(env))
        if ratio is None:
            return None
        ratios[k] = ratio
    law = scale.common(ratios, [{} for _ in ratios], stage.unseen)
    if law is None:
        return None
    named = Named("returns-updated-parameters", f"{law.factor:.3g}", child.name, child.forward)
    return Fit((named,), RIGHT, steady=False)


def _finished(stage: Stage, child: Step, envs: Sequence[Env | None]) -> Fit | None:
    """Fit the right form of a part with something done to it at the end to the student's array."""
    if child.name not in stage.finished:
        return None
    right = [None if env is None else child.right.value(env) for env in envs]
    done = finished(stage.of(child.name), right)
    return None if done is None else Fit((Named(*done, child.name, child.forward),), RIGHT, steady=False)


def _scale(stage: Stage, form: Form, child: Step, envs: Sequence[Env | None]) -> Scale | None:
    """Return the scale between a form of a part and the student's arrays, one for all instances.

    What is only rounding, in the form and in the student's arrays, tells no factor.
    """
    ratios, nothing = [np.nan] * len(envs), []
    pair = stage.in_order[:2]  # which rules most single numbers out
    second = pair[-1] if len(pair) > 1 else None
    for k in stage.in_order:
        env = envs[k]
        given = stage.answers[k][child.name]
        value = None if env is None else form.value(env)
        if env is not None and _is_rounding(given, value, child, env):
            nothing.append(given)
            continue
        ratio = np.nan if env is None else scale.measured(given, value)
        if ratio is None:
            return None
        ratios[k] = ratio
        if k == second and scale.exclude(
            [ratios[n] for n in pair], [stage.sizes[n] for n in pair], stage.varying
        ):
            return None
    if len(nothing) == sum(env is not None for env in envs) and any(np.any(given) for given in nothing):
        return RIGHT  # zeros alone are no evidence
    return scale.common(ratios, stage.sizes, stage.unseen)


def _is_rounding(given: Array | None, value: Array | None, child: Step, env: Env) -> bool:
    """Return whether a wrong form leaves only rounding where the right one does not, as the answer does."""
    if given is None or value is None or given.shape != value.shape:
        return False
    if value.size and not abs(value.item(0)) <= SMALL:
        return False  # as nearly always
    if not np.abs(value).max(initial=0.0) <= SMALL:
        return False
    right = child.right.value(env)
    size = 0.0 if right is None else float(np.abs(right).max(initial=0.0))
    small = np.abs(value).max(initial=0.0) <= ROUNDING * size
    return bool(small and size and np.abs(given).max(initial=0.0) <= NOTHING * size)


def mixed_fit(stage: Stage, child: Step, envs: Sequence[Env | None]) -> Fit | None:
    """Return the right form of a part with one unknown number in it, if that gives the student's array."""
    mixed_mistakes = () if child.name in stage.silent else _mixed_mistakes(stage, child, envs)
    return next((Fit((named,), RIGHT, steady=False) for named in mixed_mistakes), None)


def _mixed_mistakes(stage: Stage, part: Step, envs: Sequence[Env | None]) -> Iterator[Named]:
    """Yield the same of a part itself."""
    possible = [mixed for mixed in part.mixed_mistakes if _may_be_mixed(stage, mixed, part, envs)]
    itself = Step(part.name, (VJP(lambda e, _: e[part.name]),), "")
    right = with_right(envs, [part]) if possible else None
    for mixed in possible:
        other = with_values(envs, [part], [alone(mixed)])
        amount = amount_of(stage, mixed, [itself], right, other) if right and other else None
        if amount is not None:
            yield mixed.named(part, amount)


def _may_be_mixed(stage: Stage, mixed: MixedMistake, part: Step, envs: Sequence[Env | None]) -> bool:
    """Return whether two instances do not rule out that something is mixed into a part."""
    amounts: list[float] = []
    for k in stage.in_order[:2]:
        env, given = envs[k], stage.answers[k][part.name]
        base, more = (None, None) if env is None else (part.right.value(env), alone(mixed).value(env))
        if base is None or more is None or given is None or given.shape != base.shape:
            return env is None
        amount = scale.ratio(given - base, more)
        if amount is None:
            return False
        amounts.append(amount)
    return mixed.of_path or not np.ptp(amounts) > 4 * RELATIVE * np.abs(amounts).max()  # nan may be any


def with_other_functions(
    step: Step, given: Sequence[Array | None], envs: Sequence[Env | None], first: Sequence[Fitted] = ()
) -> Iterator[tuple[Fitted, Form]]:
    """Yield forms of a step that ends in a function, with other functions fitted to what is given for it.

    They are fitted on all instances, or only on the one with most entries, because a law of dimensions may
    come in as well; and they still have to be compared on all of them.

    first : functions that are used in other steps, to be tried before all others.
    """
    function = step.function
    if function is None:
        return
    yield from ((one, with_function(step, one)) for one in first)
    shown = [(g, e) for g, e in zip(given, envs, strict=True) if g is not None and e is not None]
    if not shown:
        return
    points = [_points(function, *one) for one in shown]
    if any(each is None for each in points):
        return
    known_points = [each for each in points if each is not None]
    largest = int(np.argmax([each.shape[1] for each in known_points]))
    env = shown[largest][1]
    known = [form.value(env) for count in (0, 1) for form in step.variants(count, fitted=False)]
    candidates = chain(
        functions.fitted(*np.concatenate(known_points, axis=1)),
        functions.fitted(*known_points[largest]),
    )
    for one in islice(candidates, MOST_FUNCTIONS):
        form = with_function(step, one)
        value = form.value(env)
        if value is not None and not any(k is not None and scale.ratio(value, k) is not None for k in known):
            mixed = _named_mixed(step, value, env)
            yield one, form._replace(mistakes=(mixed,)) if mixed else form


def with_function(step: Step, one: Fitted) -> Form:
    """Put another function's slope into a step that ends in a function."""
    assert step.function is not None
    words = one.words.format(z=step.function.operand, a=step.function.written)
    named = step.named(step.function.vjp, "wrong-slope", words)
    return step.form({step.function.vjp: step.function.times(one.slope)}, (named,))


def _named_mixed(step: Step, value: Array, env: Env) -> Named | None:
    """Name what must be mixed into the right form to give this value, if there is such a mistake."""
    right = step.right.value(env)
    for mixed in step.mixed_mistakes:
        more = None if mixed.of_path else alone(mixed).value(env)
        amount = None if right is None else scale.measured(value - right, more)
        low, high = mixed.between
        if amount is not None and low < amount < high:
            return mixed.named(step, Scale(functions.rounded(amount)))
    return None


def _points(function: Function, given: Array, env: Env) -> Array | None:
    """Return (3, n): z, a, and what the arriving gradient was multiplied by; None if it is no product."""
    upstream = evaluate([function.upstream], env)
    if upstream is None or upstream.shape != given.shape:
        return None
    arrives = upstream != 0
    stopped = np.abs(given[np.logical_not(arrives)])
    if stopped.size and stopped.max() > ROUNDING * np.abs(given).max():
        return None
    z, a = function.z(env)[arrives], function.a(env)[arrives]
    return np.stack([z, a, given[arrives] / upstream[arrives]])


def alone(mixed: MixedMistake) -> Form:
    """Run what is mixed in by itself."""
    return Form((), (mixed.op,), ((0,),))


def amount_of(
    stage: Stage,
    mixed: MixedMistake,
    children: Sequence[Step],
    right: Sequence[Env | None],
    other: Sequence[Env | None],
) -> Scale | None:
    """Return the s with which every part of the answer is its right form of (right + s · other)."""
    amounts, sizes, unseen = [], [], []
    for k, (a, b, answer) in enumerate(zip(right, other, stage.answers, strict=True)):
        if a is None or b is None:
            continue
        for child in children:
            base, more, given = child.right.value(a), child.right.value(b), answer[child.name]
            if base is None or more is None or given is None or given.shape != base.shape:
                return None
            s = scale.ratio(given - base, more)
            if s is None:
                return None
            amounts.append(s + mixed.of_path)
            sizes.append(stage.sizes[k] if mixed.of_path else {})
            unseen.append(stage.unseen[k])
    steady = scale.common(amounts, sizes, unseen)
    return (
        steady if steady and (mixed.of_path or mixed.between[0] < steady.factor < mixed.between[1]) else None
    )


def counts(step: Step) -> range:
    """Return how many mistakes a part may have."""
    return range(min(len(step.vjps) + len(step.omissions), MAX_FAULTS) + 1)


def price(faults: Sequence[str], *steps: Step) -> float:
    """Return the price of mistakes in steps, by their names."""
    by_law = BY_LAW if any(step.has_factors for step in steps) else 0.0
    return sum(1 + by_law * (fault == "wrong-scale") for fault in faults)


def with_values(envs: Sequence[Env | None], row: Sequence[Step], forms: Sequence[Form]) -> Envs | None:
    """Return environments with the values of some more steps; None if a shape does not fit."""
    extended: list[Env | None] = []
    for env in envs:
        longer = None if env is None else dict(env)
        if longer is not None:
            for step, form in zip(row, forms, strict=True):
                value = form.value(longer)
                if value is None:
                    return None
                longer[step.name] = value
        extended.append(longer)
    return tuple(extended)


def with_right(envs: Sequence[Env | None], row: Sequence[Step]) -> Envs | None:
    """Compute steps without a mistake."""
    return with_values(envs, row, [step.right for step in row])
