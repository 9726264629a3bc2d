"""Describe an exercise for its self-check: structure of the answer, stages, formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.stages import stages as judged
from autograder.diagnosis.steps import BackwardPass
from autograder.exercise import Exercise, Instance, Part

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LABEL = re.compile(r"\(([^()]*)\)$")


def returned(exercise: Exercise) -> str:
    """Describe what is returned, in words that continue "should return"."""
    parts = exercise.parts
    if exercise.convention.leaves:
        return f"the {parts[0].name}, a scalar tensor"
    if parts[0].path == ():
        return "a single number"
    inner = [path for path in exercise.lists if len(path) == 1]
    if inner and all(len(part.path) == 2 for part in parts):
        names = " and ".join(exercise.lists[path] for path in sorted(inner))
        counts = {sum(part.path[:1] == path for part in parts) for path in inner}
        each = f" of {_number(counts.pop())} arrays each" if len(counts) == 1 else ""
        return f"{_number(len(inner))} list{'s' * (len(inner) > 1)}, {names},{each}".removesuffix(",")
    whole = re.search(r"\((.*)\)$", exercise.lists.get((), ""))
    if whole:
        things = whole[1].split(", ")
        lengths = {exercise.lists[path]: sum(part.path[:1] == path for part in parts) for path in inner}
        lists = [f"{name} a list of {_number(count)} arrays" for name, count in lengths.items()]
        return f"{_number(len(things))} things, ({', '.join(things)})" + (
            f", with {' and '.join(lists)}" if lists else ""
        )
    return f"{_number(len(parts))} numbers, {', '.join(part.name for part in parts)}"


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def label(instance: Instance, number: int) -> str:
    """Name an instance briefly: by its sizes, and by whatever else its description says."""
    result = LABEL.search(instance.description)
    if result is None:
        return str(number + 1)
    description = instance.description[: result.start()].strip()
    return result[1] if description.startswith("other") else f"{result[1]}, {description}"


def stages(exercise: Exercise) -> list[tuple[str, tuple[str, ...]]]:
    """Return the quantities on the way with the parts made from each, from the output inward.

    A part that is not made from any of them is a stage by itself.
    """
    explain = exercise.explain
    names = [part.name for part in exercise.parts]
    if isinstance(explain, Explanations) and isinstance(explain.computation, BackwardPass):
        return [
            ((row[0] if row else children[0]).name, tuple(child.name for child in children))
            for row, children in judged(explain.computation, names)
        ]
    return [(part.name, (part.name,)) for part in _backward(exercise.parts)]


def _backward(parts: Sequence[Part]) -> list[Part]:
    """Order what is in inner lists as in a backward pass: the last layer first."""
    outer = [part for part in parts if len(part.path) < 2]
    inner = [part for part in parts if len(part.path) >= 2]
    return [*outer, *sorted(inner, key=lambda part: (-part.path[1], part.path[0]))]


def in_the_forward_pass(exercise: Exercise) -> Mapping[str, str]:
    """Return the forward formula behind each place that can be wrong."""
    result = dict(exercise.formulas)
    explain = exercise.explain
    if isinstance(explain, Explanations) and isinstance(explain.computation, BackwardPass):
        result |= {step.name: step.forward for step in explain.computation.steps if step.forward}
    return result
