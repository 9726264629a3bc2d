"""Rule out most wrong forms of hidden steps by small instances: the quick answer for most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.diagnosis import scale
from autograder.diagnosis.fits import Envs, with_values
from autograder.diagnosis.remembered import MOST_FAULTS, Mask, Numbers
from autograder.diagnosis.stages import Stage
from autograder.diagnosis.steps import Env, Form


def not_ruled_out(
    stage: Stage, envs: Envs, ways: Sequence[Sequence[Form]], own: int = 1, *, kind: str = ""
) -> list[bool]:
    """Return for each way to run the hidden steps whether small instances leave it possible.

    own : the most mistakes of its own with which one of the parts has to show it.
    kind : of the ways, if they are tried for every answer, and nothing before them is wrong. Then their
        results depend on the instance alone, and are cached.
    """
    several = [k for k in stage.smallest_first if envs[k] is not None]
    if len(stage.silent) == len(stage.children) or not several:
        return [not several and len(stage.silent) < len(stage.children)] * len(ways)
    mixed = any(map(stage.is_mixed, stage.children))
    if kind and own <= MOST_FAULTS and not mixed:
        return _as_remembered(stage, several, ways, own, kind)
    pair = _pair(stage, several)
    before = [envs[k] for k in pair]
    return [
        (longer := with_values(before, stage.row, forms)) is not None
        and (mixed or _shows(stage, pair, longer, own))
        for forms in ways
    ]


def _pair(stage: Stage, several: Sequence[int]) -> Sequence[int]:
    """One instance, which tells enough of arrays, or two where some part is a single number."""
    shown = [stage.answers[several[0]][child.name] for child in stage.children]
    return several[: 2 if any(array is not None and array.size == 1 for array in shown) else 1]


def _as_remembered(
    stage: Stage, several: Sequence[int], ways: Sequence[Sequence[Form]], own: int, kind: str
) -> list[bool]:
    key = kind, *(tuple(step.name for step in steps) for steps in (stage.row, stage.children))
    known = stage.remembered  # best of the public instance, which all students share
    pair = _pair(stage, sorted(several, key=lambda k: (stage.unseen[k], not known[k].holds(key))))
    numbers = [known[k].numbers(key, stage.row, ways, stage.children) for k in pair]
    possible: Mask = np.zeros(len(ways), dtype=bool)
    for part in (child.name for child in stage.children if child.name not in stage.silent):
        possible |= _may_come_from(stage, part, pair, [each.get(part) for each in numbers], own)
    return [bool(each) for each in possible]


def _may_come_from(
    stage: Stage, part: str, pair: Sequence[int], known: Sequence[Numbers | None], own: int
) -> Mask | bool:
    """Return for each way whether a part may come from it."""
    given = [stage.answers[k][part] for k in pair]
    both = [
        (array, numbers)
        for array, numbers in zip(given, known, strict=True)
        if array is not None and numbers is not None and array.shape == numbers.shape
    ]
    if len(both) < len(pair):
        return True
    first, numbers = both[0]
    if first.size > 1:
        return numbers.may_be(first, own)
    ratios, factors = zip(*(numbers.ratios(array.item(), own) for array, numbers in both), strict=True)
    possible: Mask = np.all(factors, axis=0)
    if len(pair) > 1 and len(stage.varying) <= 1:
        rows = np.stack([each.ravel() for each in ratios], axis=1)
        possible = possible & scale.lawful(rows, [stage.sizes[k] for k in pair]).reshape(possible.shape)
    some: Mask = np.any(possible, axis=1)
    return some


def _shows(stage: Stage, pair: Sequence[int], envs: Sequence[Env | None], own: int) -> bool:
    """Return whether a part may come from hidden steps as they are in these environments."""
    return any(
        _may_fit(stage, form, child.name, pair, envs)
        for count in range(own + 1)
        for child in stage.children
        if child.name not in stage.silent
        for form in child.variants(count, apart=False, fitted=False)
    )


def _may_fit(stage: Stage, form: Form, part: str, pair: Sequence[int], envs: Sequence[Env | None]) -> bool:
    """Return whether two instances leave a form of a part possible."""
    ratios: list[float] = []
    for k, env in zip(pair, envs, strict=True):
        given = stage.answers[k][part]
        ratio = None if env is None else scale.measured(given, form.value(env))
        if ratio is None:
            return False
        ratios.append(ratio)
        if given is None or given.size > 1:
            return True
    return len(pair) == 1 or not scale.exclude(ratios, [stage.sizes[k] for k in pair], stage.varying)
