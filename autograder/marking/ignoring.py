"""Find out whether a wrong answer stays the same whatever one of the arguments is.

A tutorial's data or constants used instead of an argument give numbers that no mistake in a formula
explains. So a function whose answer nothing explains is called again, with one argument changed at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercise import (
    Array,
    CallAll,
    Exercise,
    ExerciseResult,
    Fault,
    Instance,
    Opaque,
    Returned,
    Value,
    Whole,
)

UNEXPLAINED = frozenset({"unrecognised", "wrong-shape", "detached", "not-finite"})
DRIVERS = frozenset({"call", "differentiate"})
TRIED = 2  # hidden instances: on one alone an argument may happen not to matter
FURTHER = 0.25  # of an array's largest entry, by which each is moved at random
LAST_DIGITS = 1e-9  # of an array's largest entry: so little tells nothing
SHORTER = 0.5  # of a single number, as a learning rate
REMEMBERED = 4096  # arguments of instances, of which it is known whether they matter

MESSAGE = (
    "The answer stays the same whatever `{}` is. Does something else take the name or the place of this "
    "argument on the way?"
)


def checked(
    exercise: Exercise,
    call_all: CallAll,
    instances: Sequence[Instance],
    returned: Sequence[Returned],
    result: ExerciseResult,
) -> ExerciseResult:
    """Report arguments that an answer ignores instead of what nothing explains."""
    unexplained = [fault for fault in result.faults if fault.fault in UNEXPLAINED]
    if not any(fault.cost for fault in unexplained) or exercise.convention.driven_by not in DRIVERS:
        return result
    hidden = [pair for pair in zip(instances, returned, strict=True) if not pair[0].public]
    largest = sorted(hidden, key=lambda pair: _size(list(pair[0].inputs.values())))[-TRIED:]
    ignored = _ignored(exercise, call_all, largest)
    parts = {part.name for part in exercise.parts}
    behind = frozenset[str]().union(*ignored.values())
    unexplained = [
        fault
        for fault in unexplained
        if (fault.where in behind or fault.where not in parts) and not _is_cut_off(exercise, fault, ignored)
    ]
    if not ignored or not unexplained:
        return result
    remaining = [fault for fault in result.faults if fault not in unexplained]
    costs = [sum(fault.cost for fault in unexplained), *(0.0 for _ in list(ignored)[1:])]
    named = [
        Fault("ignores-argument", name, MESSAGE.format(name), cost)
        for name, cost in zip(ignored, costs, strict=True)
    ]
    return replace(result, faults=(*remaining, *named), behaviour={})


def _is_cut_off(exercise: Exercise, fault: Fault, ignored: Collection[str]) -> bool:
    """Return whether a gradient with respect to an argument is missing although the answer depends on it."""
    leaves = dict(enumerate(exercise.convention.leaves, start=1))
    leaf = {part.name: leaves.get(part.path[0]) for part in exercise.parts if part.path}
    return fault.fault == "detached" and leaf.get(fault.where) not in ignored


def _ignored(
    exercise: Exercise, call_all: CallAll, pairs: Sequence[tuple[Instance, Returned]]
) -> dict[str, frozenset[str]]:
    """Name the arguments that the answer does not depend on, each with the parts that should.

    None is named if one of the arguments follows from others: a right answer may do without any of these.
    """
    names = [name for name in exercise.parameters if name != exercise.convention.steps]
    behind: dict[str, frozenset[str]] = {}
    for instance, answer in pairs:
        if not _has_numbers(answer.value):
            return {}  # what is no number is the same whatever it comes from
        changed = {name: _changed(instance, name) for name in names if _can_change(instance.inputs[name])}
        matter: dict[str, frozenset[str] | None] = {}
        for name in changed:
            matter[name] = _matters(exercise.reference, instance, name)
            if matter[name] == frozenset():
                return {}  # at once: to see that one does not matter is enough
        names = [
            name
            for name in names
            if matter.get(name)
            for again in call_all(exercise, [changed[name]])
            if isinstance(again, Returned) and _same(again.value, answer.value)
        ]
        behind = {name: behind.get(name, frozenset()) | (matter[name] or frozenset()) for name in names}
        if not names:
            return {}
    return behind


@lru_cache(maxsize=REMEMBERED)
def _matters(
    reference: Callable[[Instance], Mapping[str, Array]], instance: Instance, name: str
) -> frozenset[str] | None:
    """Return which parts have other true values if an argument is changed; None if that cannot be computed.

    Students share instances, so the same ones are asked about again and again.
    """
    one = reference(instance)
    try:
        other = reference(_changed(instance, name))
    except (ValueError, IndexError, RuntimeError):  # it does not go together with the rest
        return None
    if not all(np.isfinite(array).all() for array in other.values()):
        return None
    return frozenset(part for part in one if not _equal(one[part], other[part]))


def _can_change(value: Value) -> bool:
    """Return whether another value is possible: masks and strings are left as they are."""
    if isinstance(value, (list, tuple)):
        return any(map(_can_change, value))
    return (isinstance(value, np.ndarray) and value.dtype.kind != "b") or type(value) in (int, float)


def _changed(instance: Instance, name: str) -> Instance:
    rng = np.random.default_rng(0)
    return replace(instance, inputs={**instance.inputs, name: _other(instance.inputs[name], rng)})


def _other(value: Value, rng: np.random.Generator) -> Value:
    """Return a value of the same type and shape, and for a whole number the next one."""
    if isinstance(value, list):
        return [_other(item, rng) for item in value]
    if isinstance(value, tuple):
        return tuple(_other(item, rng) for item in value)
    if isinstance(value, bool) or not isinstance(value, (int, float, np.ndarray)):
        return value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return SHORTER * value
    if value.dtype.kind == "b":
        return value
    if value.dtype.kind == "i":
        rolled: Whole = (value + 1) % (1 + value.max(initial=0))
        return rolled
    size = float(np.abs(value).max(initial=0.0)) or 1.0
    moved: Array = value + FURTHER * size * rng.uniform(0.5, 1.0, value.shape) * rng.choice(
        (-1, 1), value.shape
    )
    return moved


def _has_numbers(value: Value) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_has_numbers, value))
    return not isinstance(value, Opaque) and bool(np.isfinite(np.asarray(value, dtype=float)).any())


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return _equal(one, other)
    return isinstance(one, Opaque) and isinstance(other, Opaque)


def _equal(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Return whether two arrays are the same up to the last digits, in which sums vary between calls."""
    if one.shape != other.shape or one.dtype.kind not in "fiub" or other.dtype.kind not in "fiub":
        return one.shape == other.shape and bool(np.array_equal(one, other))
    size = float(np.abs(other[np.isfinite(other)]).max(initial=0.0))
    return np.allclose(one, other, rtol=LAST_DIGITS, atol=LAST_DIGITS * size, equal_nan=True)


def _size(value: Value) -> int:
    if isinstance(value, (list, tuple)):
        return sum(map(_size, value))
    return value.size if isinstance(value, np.ndarray) else 1
