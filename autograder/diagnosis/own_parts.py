"""Add the student's own parts to the quantities, for what follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.diagnosis.fits import Envs
from autograder.diagnosis.read_off import tells
from autograder.diagnosis.stages import Stage
from autograder.diagnosis.steps import Env
from autograder.exercise import Array


def with_own(stage: Stage, envs: Envs, explained: Sequence[str], wrong: set[str]) -> Iterator[Envs]:
    """Yield the quantities with the student's own parts added.

    Weights may have been updated with those that have been explained. What follows from a part is made from
    the student's own if that is explained, or carries evidence; if it is wrong, what follows may have been
    made from a right one, too.
    """
    read = [child for child in stage.children if child.name in stage.read]
    telling = {  # zeros are its own, where others of it tell: some of an explained one, else all but one
        child.name
        for child in read
        if (child.name in explained and any(a is not None and a.any() for a in stage.of(child.name)))
        or sum(a is None or not tells(a) for a in stage.of(child.name)) <= 1
    }
    both = any(child.name in wrong for child in read)
    own: list[Env | None] = []
    right: list[Env | None] = []
    for env, answer in zip(envs, stage.answers, strict=True):
        if env is None:
            own.append(None)
            right.append(None)
            continue
        quantities = {**env, **{name: answer[name] for name in explained}}
        due = {child.name: child.right.value(env) for child in read}
        used = {
            name: given
            for name, value in due.items()
            if (given := answer[name]) is not None and value is not None
            if given.shape == value.shape or name in explained
            if tells(given) or (np.isfinite(given).all() and (name in telling or _is_flat(value, given)))
        }
        lost = {
            name: np.full_like(value, np.nan)  # as explained, too: what follows has no number either
            for name, value in due.items()
            if name in explained and answer[name] is None and value is not None
        }
        own.append({**quantities, **due, **used, **lost})
        if both:
            right.append({**quantities, **due})
    yield tuple(own)
    if both:
        yield tuple(right)


def _is_flat(due: Array, given: Array) -> bool:
    """Return whether a gradient must be one constant number, as before a sum, and is one that is not 0."""
    return bool(np.ptp(due) == 0 and given.any())
