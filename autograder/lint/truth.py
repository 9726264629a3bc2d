"""Check that the reference has every part, in numbers, and that central differences confirm its gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from autograder.declare import Truth
from autograder.exercise import Array, Exercise, Instance, Value
from autograder.lint.remark import Remark
from autograder.lint.subject import Subject

STEP = 1e-6  # of an entry's size
CLOSE = 1e-4  # relative: how exactly central differences measure a gradient in double precision
SEED = 20
MOST = 40  # entries of an array that are measured


def parts_exist(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that the reference gives finite numbers for every part, on every instance."""
    for instance in exercise.instances(SEED):
        given = exercise.reference(instance)
        for part in exercise.parts:
            if part.name not in given:
                yield subject.in_declaration(
                    exercise,
                    f"{part.name} is a part of {exercise.name}, and the reference has none of that name: it "
                    f"has {', '.join(given)}.",
                    part.name,
                )
            elif not np.isfinite(given[part.name]).all():
                yield subject.in_declaration(
                    exercise,
                    f"the true {part.name} of {exercise.name} is not finite on {instance.description}.",
                    part.name,
                )
            else:
                continue
            return


def measured(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Compare gradients with respect to inputs with central differences of the differentiated number."""
    instance = exercise.instances(SEED)[0]
    result = _differentiated(exercise, instance)
    if result is None:
        return
    number, places = result
    true = exercise.reference(instance)
    for part, place in places.items():
        problem = _compared(number, instance, place, true[part]) if part in true else ""
        if problem:
            yield subject.in_declaration(
                exercise,
                f"the reference's gradient {part} of {exercise.name} is not what central differences "
                f"measure: {problem}.",
                part,
            )


def _differentiated(
    exercise: Exercise, instance: Instance
) -> tuple[Callable[[Instance], float], dict[str, tuple[str, int]]] | None:
    """Return the number that is differentiated, and for each gradient the input it is taken by."""
    values = [part.name for part in exercise.parts if part.path == (0,)]
    leaves, reference = exercise.convention.leaves, exercise.reference
    if leaves and values:
        inner = (part for part in exercise.parts if len(part.path) == 2)
        places = {part.name: (leaves[part.path[0] - 1], part.path[1]) for part in inner}
        return lambda one: float(reference(one)[values[0]]), places
    if isinstance(reference, Truth):
        given = {name: (name, 0) for name, value in instance.inputs.items() if not isinstance(value, list)}
        for name, value in instance.inputs.items():
            if isinstance(value, list):
                given |= {f"{name}{n + 1}": (name, n) for n in range(len(value))}
        begun = [name for name in reference.forward.inputs if name in given]
        return reference.number, {f"D{name}": given[name] for name in begun if f"D{name}" in reference.parts}
    return None


def _compared(
    number: Callable[[Instance], float], instance: Instance, place: tuple[str, int], gradient: Array
) -> str:
    """Return how a gradient differs from the measured one; empty if it does not."""
    original = _array(instance.inputs, place)
    if gradient.shape != original.shape:
        return f"its shape is {gradient.shape}, and that of what it is taken by {original.shape}"
    size = float(np.abs(gradient).max(initial=0.0))
    for index in list(np.ndindex(original.shape))[:MOST]:
        step = STEP * max(1.0, abs(float(original[index])))
        ends = []
        for sign in (1, -1):
            moved = np.array(original, dtype=np.float64)
            moved[index] += sign * step
            inputs = _with(instance.inputs, place, moved)
            ends.append(number(replace(instance, inputs=inputs)))
        slope = (ends[0] - ends[1]) / (2 * step)
        if abs(slope - gradient[index]) > CLOSE * max(size, abs(slope)):
            at = ", ".join(map(str, index))
            return f"at [{at}] it is {gradient[index]:.6g}, and {slope:.6g} was measured"
    return ""


def _array(inputs: Mapping[str, Value], place: tuple[str, int]) -> Array:
    name, number = place
    value = inputs[name]
    return np.asarray(value[number] if isinstance(value, list) else value, dtype=np.float64)


def _with(inputs: Mapping[str, Value], place: tuple[str, int], array: Array) -> dict[str, Value]:
    name, number = place
    value = inputs[name]
    changed: Value = array
    if isinstance(value, list):
        changed = [array if n == number else item for n, item in enumerate(value)]
    return {**inputs, name: changed}
