"""Solve for a step of a backward pass from a student's own numbers, if no known fault explains it.

With few data points the parts determine the step they were computed from: with a single one, the gradient
with respect to the biases *is* the step, and with a handful the parts are linear equations with one solution.
What follows from it can then be judged, so that an unknown mistake costs marks once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis.scale import points
from autograder.diagnosis.steps import Env, Step
from autograder.exercise import Answers, Array

READABLE = 30  # entries of a step that may be read off: those of a handful of data points


@dataclass(frozen=True)
class Reading:
    """Hold a step as the student's own parts determine it."""

    envs: tuple[Env | None, ...]
    """Each instance's quantities with the step among them; None where it cannot be told."""
    parts: tuple[str, ...]
    """The parts that tell it."""


class _Contradiction(Exception):
    """Raised if no value of the step gives these parts."""


def read_off(
    hidden: Step,
    children: Sequence[Step],
    envs: Sequence[Env | None],
    answers: Answers,
    unseen: Sequence[bool],
) -> Reading | None:
    """Solve for a step from the parts computed from it: from all of them, or else from one alone.

    An instance on which they leave it open, or on which they have zeros or nan, is ignored. On each of
    the others they must agree on one value, and one of these must be hidden from
    students and have more than one data point.
    """
    for selection in _selections(children):
        try:
            values = tuple(
                _read(env, hidden.name, selection, answer) for env, answer in zip(envs, answers, strict=True)
            )
        except _Contradiction:
            continue
        if any(env and points(env["sizes"]) > 1 and new for env, new in zip(values, unseen, strict=True)):
            return Reading(values, tuple(child.name for child in selection))
    return None


def _selections(children: Sequence[Step]) -> Iterator[Sequence[Step]]:
    yield children
    if len(children) > 1:
        yield from ([child] for child in children)


def _read(
    env: Env | None, name: str, children: Sequence[Step], answer: Mapping[str, Array | None]
) -> Env | None:
    if env is None or env[name].size > READABLE:
        return None
    value = _solved(env, name, children, answer)
    return None if value is None else {**env, name: value}


def _solved(
    env: Env, name: str, children: Sequence[Step], answer: Mapping[str, Array | None]
) -> Array | None:
    """Return the one value of a step from which these parts follow; None if they leave it open."""
    shape = env[name].shape
    given = [g for child in children if (g := answer[child.name]) is not None]
    if len(given) < len(children) or not tells(np.concatenate([np.ravel(g) for g in given])):
        return None
    columns = []
    for unit in np.eye(env[name].size):
        parts = [c.right.value({**env, name: unit.reshape(shape)}) for c in children]
        if any(p is None or p.shape != g.shape for p, g in zip(parts, given, strict=True)):
            raise _Contradiction
        columns.append(np.concatenate([np.ravel(p) for p in parts if p is not None]))
    matrix, wanted = np.transpose(columns), np.concatenate([np.ravel(g) for g in given])
    if not np.isfinite(matrix).all():
        return None
    value, _, rank, _ = np.linalg.lstsq(matrix, wanted)
    if not agrees(wanted, matrix @ value):
        raise _Contradiction
    if rank < value.size:
        return None
    solved: Array = value.reshape(shape)
    return solved


def tells(given: Array) -> bool:
    """Return whether an array can carry evidence: zeros and constants stay so, whatever follows."""
    return (
        bool(np.isfinite(given).all()) and bool(given.any()) and (given.size == 1 or float(np.ptp(given)) > 0)
    )
