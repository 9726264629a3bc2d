"""A student's function on one small case, array by array, beside the true gradient there."""

import re
from collections.abc import Mapping

from utils.checks.calling import Stopped, call, name_of
from utils.checks.find import Unknown, find
from utils.pictures.form import Entry, Malformed, entry
from utils.pictures.numbers import Floats
from utils.reading import Opaque, Value, array_at

PARAMETER = re.compile(r"(D?)([WB])(\d+)")  # DW1 of a backward pass, W1 of what PyTorch finds

Pairs = list[tuple[Entry, Floats]]


def of_function(function: object) -> Mapping[str, Pairs]:
    """Call a function on the largest case that `utils.check` tries it on.

    Returns
    -------
    "W" and "B": for each layer the array that came back, and the true one.

    Raises
    ------
    Malformed
        Nothing can be compared; the message is a sentence for the student.
    """
    if not callable(function):
        raise Malformed("Give the function itself, without brackets: utils.show_gradients(exercise1).")
    try:
        task = find(function)
    except Unknown as unknown:
        raise Malformed(str(unknown)) from None
    parts = sorted(
        ((found[3], found[2], part) for part in task.parts if (found := PARAMETER.fullmatch(part.name))),
        key=lambda each: each[:2],
    )
    if not parts:
        raise Malformed(f"{task.name} returns no gradient by weights and biases, so there is none to draw.")
    instance = task.instances[-1]
    answer = call(function, task, instance.inputs)
    name = name_of(function) or task.name
    if isinstance(answer, Stopped):
        raise Malformed(_why(name, answer))
    if isinstance(answer.value, Opaque):
        raise Malformed(f"{name} returned {answer.value.description}, where {task.form} should be.")
    pairs: dict[str, Pairs] = {"W": [], "B": []}
    for _, kind, part in parts:
        true = instance.true[part.name]
        pairs[kind].append((_entry(part.name, array_at(answer.value, part.path), true), true))
    return pairs


def _entry(name: str, value: Value, true: Floats) -> Entry:
    if isinstance(value, Opaque):
        return Entry(name, None, f"{name} is {value.description}.")
    return entry(name, value, true.shape)


def _why(name: str, stopped: Stopped) -> str:
    """Say why a call gave nothing back; of a stub, in the words of `utils.attempt`."""
    if stopped.stub:
        return f"{name} is not written yet. Write it in its cell, then run all cells again."
    line = f" in line {stopped.number}: {stopped.line}" if stopped.line else ""
    return f"{name} stopped with {stopped.sentence}{line}"
