"""Check that a function gives the same answer when it is called again with the same inputs."""

from __future__ import annotations

import numpy as np

from autograder.compare import arrays
from autograder.exercise import Answer, Array, Exercise, Failed, Fault, Returned, Value


def fault(exercise: Exercise, first: Returned, again: Answer) -> Fault | None:
    """Make a fault if the second call on the first instance gave another answer than the first."""
    if isinstance(again, Failed):
        parts = [part.name for part in exercise.parts]
    else:
        # The first answer takes the place of the true one: the two need to agree, right or wrong.
        before, after = arrays(first.value, exercise.parts), arrays(again.value, exercise.parts)
        parts = [k for k, a in before.items() if a is not None and not _alike(a, after[k])]
        if not parts and _lengths(again.value) != _lengths(first.value):
            parts = ["its length"]
    if not parts:
        return None
    return Fault(
        "not-deterministic",
        "answer",
        f"Called twice with the same inputs, `{exercise.name}` gave two different answers "
        f"({', '.join(parts)}). What it returns should depend on its inputs alone: look for random "
        "numbers, or for something kept from one call to the next.",
    )


def _alike(first: Array, second: Array | None) -> bool:
    if second is None or first.shape != second.shape:
        return False
    return first.tobytes() == second.tobytes() or np.allclose(first, second, rtol=1e-3)


def _lengths(value: Value) -> list[object]:
    """Say how long the lists of an answer are."""
    return [len(value), *map(_lengths, value)] if isinstance(value, list) else []
