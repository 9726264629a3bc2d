"""An assignment's file of checks: `files/checks/NAME.npz`, numbers and words that hold no solution.

    python -m autograder.self_check .     writes those of the course

For each exercise a few small instances, drawn as hidden ones are, but from a seed that everybody may know;
the true parts on them; what each known mistake makes of the parts, as one number for each; and its sentence.
`utils.check` reads it, whatever the assignment.

    words                    a JSON text in UTF-8: exercises, parts, sentences, hints
    EXERCISE/probe           (L,) the weights of every projection
    EXERCISE/known           (K, I, P) float32: K mistakes, I instances, P parts
    EXERCISE/shapes          (K, I, P) the number of each part's shape in the words; -1 for none, -3 for any
    EXERCISE/0/input/W/1     the arrays of the first instance, lists numbered from 0
    EXERCISE/0/true/DW1      the true parts
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.diagnosis.steps import environment
from autograder.exercise import Array, Assignment, Exercise, Instance, Value
from autograder.self_check.known import ABSENT, ANYTHING, Known, first_to_show, known_mistakes
from autograder.self_check.sentences import FAULTS, HINTS, SHOWN
from autograder.self_check.words import in_the_forward_pass, label, returned, stages

FOLDER = "checks"
SEED = 20  # known to everybody
INSTANCES = 4  # at least: the smallest
LENGTH = 2000  # entries of the largest array that is projected
WITH_DRIVERS = frozenset({"for_each", "run_graph"})  # the others are represented by their leaves
CLOSE = 1e-5  # relative: what processors round differently


def write_checks(assignments: Sequence[Assignment], course: Path) -> list[Path]:
    """Write each assignment's checks into a course's `files`; leave a file alone if it says the same."""
    written = []
    for assignment in assignments:
        path = course / name_of(assignment)
        fresh = made(assignment)
        if not path.exists() or not says_the_same(path.read_bytes(), fresh):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(fresh)
            written.append(path)
    return written


def name_of(assignment: Assignment) -> str:
    """Return the path of an assignment's file, relative to the course's folder."""
    return f"files/{FOLDER}/{assignment.name}.npz"


def made(assignment: Assignment) -> bytes:
    """Make an assignment's checks."""
    arrays: dict[str, Any] = {}
    exercises = []
    for exercise in assignment.exercises:
        declared, numbers = _exercise(exercise)
        exercises.append(declared)
        arrays |= {f"{exercise.name}/{name}": array for name, array in numbers.items()}
    words = {
        "assignment": assignment.name,
        "exercises": exercises,
        "faults": dict(FAULTS),
        "shown": dict(SHOWN),
        "hints": dict(HINTS),
    }
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, words=np.frombuffer(text, dtype=np.uint8), **arrays)
    return packed.getvalue()


def says_the_same(one: bytes, other: bytes) -> bool:
    """Return whether two files differ by no more than what processors round differently."""
    first, second = (dict(np.load(io.BytesIO(content))) for content in (one, other))
    return first.keys() == second.keys() and all(
        array.shape == second[name].shape
        and (
            np.array_equal(array, second[name])
            or (
                array.dtype.kind == "f"
                and np.allclose(array, second[name], rtol=CLOSE, atol=CLOSE * _largest(array), equal_nan=True)
            )
        )
        for name, array in first.items()
    )


def _largest(array: Array) -> float:
    return float(np.max(np.abs(array), initial=0.0, where=np.isfinite(array)))


def instances_of(exercise: Exercise) -> tuple[list[Instance], list[Instance]]:
    """Draw the instances of an exercise's check, and return the sheet's own data with them.

    They are the smallest ones, and any other that shows a mistake which no smaller one does.
    What a function gets as single precision tensors is rounded to single precision beforehand.
    """
    drawn = exercise.instances(SEED)
    hidden = sorted((instance for instance in drawn if not instance.public), key=_entries)
    first = first_to_show(exercise, hidden)
    hidden = [each for number, each in enumerate(hidden) if number < INSTANCES or number in first]
    if exercise.convention.tensors:
        hidden = [
            replace(instance, inputs={name: _single(value) for name, value in instance.inputs.items()})
            for instance in hidden
        ]
    return hidden, [instance for instance in drawn if instance.public]


def _entries(instance: Instance) -> int:
    return sum(map(_size, instance.inputs.values()))


def _size(value: Value) -> int:
    return sum(map(_size, value)) if isinstance(value, (list, tuple)) else np.size(np.asarray(value))


def _single(value: Value) -> Value:
    if isinstance(value, list):
        return [_single(item) for item in value]
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float32).astype(np.float64)
    return value


def _nested(name: str, value: Value, arrays: dict[str, Any]) -> Any:  # noqa: ANN401  JSON
    """Serialise lists, tuples, strings and numbers; arrays in them are stored separately, by name."""
    if isinstance(value, (list, tuple)):
        items = [_nested(f"{name}/{place}", item, arrays) for place, item in enumerate(value)]
        return items if isinstance(value, list) else {"tuple": items}
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return {"array": name}
    return value


def _flat(inputs: Mapping[str, Value]) -> dict[str, Array]:
    """Return inputs as arrays by name; an item of a list by its number, too."""
    result: dict[str, Array] = {}
    for name, value in inputs.items():
        items = (
            {f"{name}/{i}": item for i, item in enumerate(value)}
            if isinstance(value, list)
            else {name: value}
        )
        result |= {key: np.asarray(item) for key, item in items.items()}
    return result


def _exercise(exercise: Exercise) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an exercise's texts and its numbers."""
    instances, others = instances_of(exercise)
    random = np.random.RandomState(SEED)  # whose stream is frozen (NEP 19)
    probe = random.uniform(0.5, 1.5, LENGTH) * random.choice([-1.0, 1.0], LENGTH)
    known = known_mistakes(exercise, instances, others, probe)
    sentences: list[str] = []
    records = [mistake.record(sentences) for mistake in known]
    shapes, table = _numbered(known)
    convention = exercise.convention
    words: dict[str, Any] = {
        "name": exercise.name,
        "parameters": exercise.parameters,
        "form": returned(exercise),
        "tensors": convention.tensors,
        "by_hand": convention.by_hand,
        "leaves": convention.leaves,
        "parts": [[part.name, part.path] for part in exercise.parts],
        "stages": stages(exercise),
        "instances": [label(instance, number) for number, instance in enumerate(instances)],
        "sizes": [environment(instance)["N"] for instance in instances],
        "dimensions": [{n: size for n, size in each.sizes.items() if n != "N"} for each in instances],
        "formulas": in_the_forward_pass(exercise),
        "invariants": [[law.left, law.right, law.sentence] for law in exercise.invariants],
        "known": records,
        "sentences": sentences,
        "shapes": table,
    }
    if convention.driven_by in WITH_DRIVERS:
        words["driver"] = convention.driven_by
    numbers: dict[str, Any] = {
        "probe": probe,
        "known": np.array([mistake.numbers for mistake in known], dtype=np.float32),
        "shapes": shapes,
    }
    for number, instance in enumerate(instances):
        if "driver" in words:
            nested: dict[str, Any] = {}
            whole = {name: _nested(name, value, nested) for name, value in instance.inputs.items()}
            words.setdefault("inputs", []).append(whole)
        else:
            nested = _flat(instance.inputs)
        numbers |= {f"{number}/input/{name}": array for name, array in nested.items()}
        numbers |= {f"{number}/true/{name}": array for name, array in exercise.reference(instance).items()}
    return words, numbers


def _numbered(known: Sequence[Known]) -> tuple[Any, list[tuple[int, ...]]]:
    """Replace every shape by a number: return the numbers (K, I, P), and the shapes."""
    table: dict[tuple[int, ...], int] = {}

    def number(shape: tuple[int, ...] | None) -> int:
        return ABSENT if shape is None else table.setdefault(shape, len(table))

    numbers = [[[number(shape) for shape in each] for each in mistake.shapes] for mistake in known]
    left_open = np.array([mistake.open for mistake in known])
    return np.where(left_open, ANYTHING, np.array(numbers)).astype(np.int16), list(table)
