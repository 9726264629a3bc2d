"""Decide, by its numbers alone, whether an answer to an exercise by hand needs automatic differentiation.

Such an exercise is called while automatic differentiation is switched off. A wrong answer is asked
for once more with it switched on; if the answer is different then, the function differentiates automatically.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from autograder.compare import Truth, arrays, mismatches
from autograder.exercise import Answer, CallAll, Exercise, Failed, Instance

ALIKE = 1e-3  # relative: two calls of one function agree far better


def remembering(call_all: CallAll, answered: list[tuple[Instance, Answer]]) -> CallAll:
    """Call as `call_all` does, and keep every answer."""

    def calling(exercise: Exercise, instances: Sequence[Instance]) -> Iterator[Answer]:
        for instance, answer in zip(instances, call_all(exercise, instances), strict=False):
            answered.append((instance, answer))
            yield answer

    return calling


def differentiates(
    exercise: Exercise,
    call_all: CallAll,
    answered: Sequence[tuple[Instance, Answer]],
    drawn: tuple[Sequence[Instance], Sequence[Truth]],
) -> bool:
    """Call once more, with automatic differentiation, where an answer first went wrong without it.

    answered : the instances, each with its answer without it.
    drawn : the instances, and the true values on each.
    """
    with np.errstate(all="ignore"):  # answers may hold any numbers
        return _differentiates(exercise, call_all, answered, drawn)


def _differentiates(
    exercise: Exercise,
    call_all: CallAll,
    answered: Sequence[tuple[Instance, Answer]],
    drawn: tuple[Sequence[Instance], Sequence[Truth]],
) -> bool:
    truths = dict(zip(drawn[0], drawn[1], strict=True))
    allowed = replace(exercise, convention=replace(exercise.convention, by_hand=False))
    for instance, without in answered:
        if instance not in truths:  # one that was made to see what an answer depends on
            continue
        if isinstance(without, Failed) or mismatches(
            without.value, truths[instance], exercise.parts, exercise.lists
        ):
            (with_it,) = call_all(allowed, [instance])
            if isinstance(with_it, Failed) or _alike(exercise, without, with_it):
                return False
            (again,) = call_all(exercise, [instance])  # or it is another one each time
            return _alike(exercise, without, again)
    return False


def _alike(exercise: Exercise, one: Answer, other: Answer) -> bool:
    if isinstance(one, Failed) or isinstance(other, Failed):
        return isinstance(one, Failed) and isinstance(other, Failed) and one.fault.fault == other.fault.fault
    first, second = arrays(one.value, exercise.parts), arrays(other.value, exercise.parts)
    return all(
        (a is None and b is None)
        or (
            a is not None
            and b is not None
            and a.shape == b.shape
            and (
                np.array_equal(a, b)
                or np.allclose(a, b, rtol=ALIKE, atol=ALIKE * float(np.abs(b).max(initial=0.0)))
            )
        )
        for a, b in ((first[part.name], second[part.name]) for part in exercise.parts)
    )
