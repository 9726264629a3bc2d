"""Check that gradients from a student's process are those of the error that it returns.

The process itself claims that PyTorch made them. If the error's value is right, that matters little: its
gradient is known. If it is not, the gradients are accepted only if the error, called again with
parameters a little further along them and a little back, changes as they say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.exercise import (
    Answer,
    Array,
    CallAll,
    Exercise,
    ExerciseResult,
    Failed,
    Fault,
    Instance,
    Opaque,
    Returned,
    Value,
    Verdict,
)

TRIED = 3  # hidden instances
CHANGE = 1e-2  # of the error: far more than single precision rounds, and a small way for the parameters
FURTHEST = 2e-2  # of the parameters' norm
SHORTER = 0.25  # of the step, once more: where a kink lies within the longer one, it rarely does in this
WITHIN = 0.05  # relative: right ones are within 0.002; a forged gradient is another number altogether

MESSAGE = (
    "The gradients that came back are not those of the error that `{}` returns: with parameters a little "
    "further along them, the error does not change as they say. Return the error that you computed from the "
    "parameters, and leave what PyTorch records of it as it is."
)


def checked(
    exercise: Exercise,
    call_all: CallAll,
    instances: Sequence[Instance],
    returned: Sequence[Returned],
    result: ExerciseResult,
) -> ExerciseResult:
    """Withdraw the marks for gradients that rest on the process's own word, if the error contradicts them."""
    if not exercise.convention.leaves:
        return result
    errors = [part for part in result.parts if part.part.path[:1] == (0,)]
    claimed = [part for part in result.parts if part.part.path[:1] != (0,) and part.score > 0]
    if not claimed or all(part.verdict is Verdict.CORRECT for part in errors):
        return result
    pairs = [pair for pair in zip(instances, returned, strict=True) if not pair[0].public][:TRIED]
    if not _contradicted(exercise, call_all, pairs):
        return result
    cost = sum(part.score for part in claimed)
    parts = tuple(replace(p, verdict=Verdict.WRONG, score=0.0) if p in claimed else p for p in result.parts)
    fault = Fault("inconsistent-gradient", "error", MESSAGE.format(exercise.name), cost)
    return replace(result, parts=parts, faults=(*result.faults, fault))


def _contradicted(exercise: Exercise, call_all: CallAll, pairs: Sequence[tuple[Instance, Returned]]) -> bool:
    """Return whether the error does not change as its gradients say on more than half of these instances."""
    steps = [(n, step) for n, pair in enumerate(pairs) for step in _steps(exercise, *pair)]
    ends = [end for _, step in steps for end in step.ends]
    errors = [_error(answer) for answer in call_all(exercise, ends)] if ends else []
    errors += [math.nan] * (len(ends) - len(errors))  # a call that fails says nothing for the gradients
    right: dict[int, bool] = {}
    for (n, step), ahead, back in zip(steps, errors[::2], errors[1::2], strict=True):
        right[n] = (
            right.get(n, False) or abs((ahead - back) / step.length - step.slope) <= WITHIN * step.slope
        )
    return 2 * sum(right.values()) < len(right)


@dataclass(frozen=True)
class _Step:
    """Hold a step along a gradient, and one as far back."""

    slope: float
    """How the error changes along the step, according to the gradient."""
    length: float
    """From one end to the other."""
    ends: tuple[Instance, Instance]


def _steps(exercise: Exercise, instance: Instance, answer: Returned) -> Iterator[_Step]:
    """Yield steps along the gradient of an answer; none if it is zero, or not made of numbers."""
    value, leaves = answer.value, exercise.convention.leaves
    if not isinstance(value, list) or len(value) != 1 + len(leaves):
        return
    error = value[0]
    gradients = [array for along in value[1:] for array in _arrays(along)]
    parameters = [array for leaf in leaves for array in _arrays(instance.inputs[leaf])]
    slope = math.sqrt(sum(float(np.sum(gradient**2)) for gradient in gradients))
    if not isinstance(error, np.ndarray) or error.size != 1 or not math.isfinite(slope) or slope == 0:
        return
    size = math.sqrt(sum(float(np.sum(parameter**2)) for parameter in parameters))
    furthest = FURTHEST * size
    h = min(CHANGE * abs(float(error.flat[0])) / slope or furthest, furthest)
    for length in (h, SHORTER * h):
        ahead, back = (_along(instance, leaves, value[1:], way / slope) for way in (length, -length))
        yield _Step(slope, 2 * length, (ahead, back))


def _along(instance: Instance, leaves: Sequence[str], gradients: Sequence[Value], step: float) -> Instance:
    """Return the instance with its parameters a step further along the gradients."""
    pairs = zip(leaves, gradients, strict=True)
    moved = {leaf: _moved(instance.inputs[leaf], gradient, step) for leaf, gradient in pairs}
    return replace(instance, inputs={**instance.inputs, **moved})


def _arrays(value: Value) -> list[Array]:
    if isinstance(value, (list, tuple)):
        return [array for item in value for array in _arrays(item)]
    return [] if isinstance(value, (Opaque, str)) else [np.asarray(value, dtype=np.float64)]


def _moved(value: Value, along: Value, step: float) -> Value:
    """Move parameters by a step; if there is no gradient, or one of another shape, leave them."""
    if isinstance(value, (list, tuple)) and isinstance(along, list) and len(value) == len(along):
        return [_moved(v, a, step) for v, a in zip(value, along, strict=True)]
    if isinstance(value, np.ndarray) and isinstance(along, list) and len(along) == 1:
        return _moved(value, along[0], step)
    if isinstance(value, np.ndarray) and isinstance(along, np.ndarray) and value.shape == along.shape:
        moved: Array = np.asarray(value + step * along, dtype=np.float64)
        return moved
    return value


def _error(answer: Answer) -> float:
    if isinstance(answer, Failed) or not isinstance(answer.value, list) or not answer.value:
        return math.nan
    error = answer.value[0]
    return float(error.flat[0]) if isinstance(error, np.ndarray) and error.size == 1 else math.nan
