"""The reference has every part, in numbers, and its gradients are what central differences measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from autograder.exercise import Array, Exercise, Instance, Value
from autograder.lint.remark import Remark
from autograder.lint.subject import Subject

STEP = 1e-6  # of an entry's size
CLOSE = 1e-4  # relative: what central differences leave of a gradient in double precision
SEED = 20
MOST = 40  # entries of an array that are measured


def parts_exist(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """See that the reference gives finite numbers for every part, on every instance."""
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
    """Hold the gradients of a number that is differentiated against central differences of that number."""
    leaves = exercise.convention.leaves
    values = [part for part in exercise.parts if part.path == (0,)]
    if not leaves or not values:
        return
    (value,) = values
    instance = exercise.instances(SEED)[0]
    true = exercise.reference(instance)
    for part in exercise.parts:
        if len(part.path) == 2 and part.name in true and value.name in true:
            leaf, place = leaves[part.path[0] - 1], part.path[1]
            problem = _compared(exercise, instance, (leaf, place), true[part.name], value.name)
            if problem:
                yield subject.in_declaration(
                    exercise,
                    f"the reference's gradient {part.name} of {exercise.name} is not what central "
                    f"differences of {value.name} measure: {problem}.",
                    part.name,
                )


def _compared(
    exercise: Exercise, instance: Instance, place: tuple[str, int], gradient: Array, value: str
) -> str:
    """How a gradient differs from what is measured; empty where it does not."""
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
            ends.append(float(exercise.reference(replace(instance, inputs=inputs))[value]))
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
