"""A student's function on one small case, array by array, beside the true gradient there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from utils.checks.calling import Stopped, call, name_of
from utils.checks.find import Unknown, find
from utils.checks.vocabulary import Instance, Part, Task
from utils.pictures.answer_structure import Entry, Malformed, entry
from utils.pictures.compared import Compared
from utils.pictures.numbers import Floats
from utils.reading import Opaque, Value, array_at

PARAMETER = re.compile(r"(D?)([WB])(\d+)")  # DW1 of a backward pass, W1 of what PyTorch finds


@dataclass(frozen=True)
class Case:
    """A gradient beside the true one, on the same data."""

    weights: list[Compared]
    biases: list[Compared]
    size: int = 0
    """The number N of data points; 0 where it is not known."""

    @property
    def complaints(self) -> list[str]:
        """What is wrong with the form of single arrays."""
        return [each.complaint for each in self.weights + self.biases if each.complaint]

    @property
    def differs(self) -> bool:
        """Return whether anything is wrong with it."""
        return not all(each.agrees for each in self.weights + self.biases)

    @property
    def of_points(self) -> str:
        """How many data points it is of, for a sentence."""
        return f" of {self.size} data point{'s' * (self.size > 1)}" if self.size else ""


def of_function(function: object) -> Case:
    """Call a function on the cases of `utils.check`, until its gradient differs.

    With a single data point a unit is either on or off, so a wrong mask fills whole columns; and only what
    agrees there, as a missing mean does, is looked for with more of them.

    Returns
    -------
    The first case on which it differs; if it nowhere does, the last and largest.

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
        ((result[3], result[2], part) for part in task.parts if (result := PARAMETER.fullmatch(part.name))),
        key=lambda each: each[:2],
    )
    if not parts:
        raise Malformed(f"{task.name} returns no gradients of weights and biases, so there are none to draw.")
    for instance in task.instances:
        case = _case(function, task, instance, [(kind, part) for _, kind, part in parts])
        if case.differs:
            break
    return case


def _case(
    function: Callable[..., object], task: Task, instance: Instance, parts: Sequence[tuple[str, Part]]
) -> Case:
    answer = call(function, task, instance.inputs)
    name = name_of(function) or task.name
    if isinstance(answer, Stopped):
        raise Malformed(_why(name, answer))
    if isinstance(answer.value, Opaque):
        raise Malformed(f"{name} returned {answer.value.description}, where {task.structure} should be.")
    compared: dict[str, list[Compared]] = {"W": [], "B": []}
    for kind, part in parts:
        true = instance.true[part.name]
        result = _entry(part.name, array_at(answer.value, part.path), true)
        compared[kind].append(Compared(result, true, instance.size))
    return Case(compared["W"], compared["B"], instance.size)


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
