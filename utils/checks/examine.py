"""Trying a task on all its instances: the table, and the first wrong quantity in backward order."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from utils.checks.blame import first_fault
from utils.checks.calling import Answer, Stopped
from utils.checks.compare import ROUNDING, worst
from utils.checks.form import too_much
from utils.checks.reading import Value, at
from utils.checks.signatures import Case, Signature, recognise
from utils.checks.vocabulary import Array, Examined, Inputs, Instance, Row, Task

Call = Callable[[Inputs], Answer | Stopped]


def examine(task: Task, call: Call) -> Examined | Stopped:
    """Call a student's function on every instance of a task and compare all parts with the truth."""
    instances, truths = measured(task)
    answers = []
    for instance in instances:
        answer = call(instance.inputs)
        if isinstance(answer, Stopped):
            return answer
        answers.append(answer)
    sizes = tuple(instance.size for instance in instances)
    cases = {
        part.name: [
            Case(at(answer.value, part.path), truth[part.name], instance)
            for answer, truth, instance in zip(answers, truths, instances, strict=True)
        ]
        for part in task.parts
    }
    found = {part.name: recognise(part, cases[part.name]) for part in task.parts}
    rows = tuple(row(part.name, cases[part.name], found[part.name]) for part in task.parts)
    paths = [part.path for part in task.parts]
    told = notes(task, answers, call, instances[-1].inputs, paths)
    fault = None if TWICE in told else first_fault(task, answers, cases, found)
    return Examined(rows, fault, told, sizes)


@lru_cache(maxsize=16)
def measured(task: Task) -> tuple[Sequence[Instance], Sequence[Mapping[str, Array]]]:
    """Draw a task's instances and measure the truth on them, once a session."""
    instances = task.instances()
    return instances, [task.truth(instance.inputs) for instance in instances]


def row(name: str, cases: Sequence[Case], signature: Signature | None) -> Row:
    """Make the table's line of a part: the entry where it is farthest off, in all cases."""
    expected = cases[-1].true.shape
    for case in cases:
        if not isinstance(case.given, np.ndarray):
            return Row(name, f"{expected}", right=False, word=signature.word if signature else "missing")
    fitting = [case for case in cases if _shape(case) == case.true.shape]
    if len(fitting) < len(cases):
        case = next(case for case in cases[::-1] if _shape(case) != case.true.shape)
        shape = f"{_shape(case)}, not {case.true.shape}"
        return Row(name, shape, right=False, word=signature.word if signature else "wrong shape")
    errors = [worst(_given(case), case.true) for case in cases]
    largest = max(error for error, _ in errors)
    k = next(k for k, (error, _) in enumerate(errors) if error >= (1 - ROUNDING) * largest)
    error, index = errors[k]
    return Row(
        part=name,
        shape=f"{expected}",
        right=signature is None,
        word=signature.word if signature else "right",
        error=error,
        index=index,
        yours=float(_given(cases[k])[index]),
        true=float(cases[k].true[index]),
        size=cases[k].instance.size,
    )


def _given(case: Case) -> Array:
    assert isinstance(case.given, np.ndarray)
    return case.given


def _shape(case: Case) -> tuple[int, ...]:
    return _given(case).shape


TWICE = (
    "Called twice with the same arguments, your function gives two answers. Does it keep something from one "
    "call to the next?"
)
BY_AUTOGRAD = (
    "Your function lets PyTorch differentiate. This exercise is to be solved by hand, and has marks only for "
    "that."
)


def notes(
    task: Task, answers: Sequence[Answer], call: Call, inputs: Inputs, paths: Sequence[tuple[int, ...]]
) -> tuple[str, ...]:
    """Say what else is worth telling of how a task was answered.

    Parameters
    ----------
    inputs
        Those of the last answer.
    paths
        Where the parts stand.
    """
    changed = sorted({name for answer in answers for name in answer.changed})
    told = [
        f"Your function changes its input {name}. Work on a copy: whoever calls it goes on using what was "
        "passed in."
        for name in changed
    ]
    again = call(inputs)
    if isinstance(again, Stopped) or not _equal(again.value, answers[-1].value):
        told.append(TWICE)
    if task.by_hand and any(answer.by_autograd for answer in answers):
        told.append(BY_AUTOGRAD)
    more = too_much(task.name, task.form, answers[-1].value, paths)
    return (*told, more) if more else tuple(told)


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_equal(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-5, equal_nan=True))
    return type(one) is type(other)
