"""Try a task on all its instances: the table, what is wrong first, and the hints about it."""

from collections.abc import Callable, Sequence

import numpy as np

from utils.checks.calling import Answer, Stopped
from utils.checks.compare import ROUNDING, worst
from utils.checks.first import first_faults
from utils.checks.leads import leads
from utils.checks.shown import Case, Mismatch, wrong_with
from utils.checks.structure import too_much
from utils.checks.vocabulary import Inputs, Outcome, Row, Task
from utils.reading import Value, array_at

Call = Callable[[Inputs], Answer | Stopped]


def run_check(task: Task, call: Call) -> Outcome | Stopped:
    """Call a student's function on every instance of a task and compare all parts with the truth."""
    answers = []
    for instance in task.instances:
        answer = call(instance.inputs)
        if isinstance(answer, Stopped):
            return answer
        answers.append(answer)
    steady = _is_steady(call, task.instances[-1].inputs, answers[-1].value)
    with np.errstate(all="ignore"):  # an answer may hold any numbers
        return _compared(task, answers, steady)


def _compared(task: Task, answers: Sequence[Answer], steady: bool) -> Outcome:
    """Compare answers with the true values."""
    cases = {
        part.name: [
            Case(array_at(answer.value, part.path), instance.true[part.name], instance)
            for answer, instance in zip(answers, task.instances, strict=True)
        ]
        for part in task.parts
    }
    mismatches = {part.name: wrong_with(task, cases[part.name]) for part in task.parts}
    rows = tuple(row(part.name, cases[part.name], mismatches[part.name]) for part in task.parts)
    faults = first_faults(task, answers, cases, mismatches) if steady else ()
    hints = leads(task, faults[0], cases, mismatches) if faults else ()
    return Outcome(rows, faults, _notes(task, answers, steady), hints, _asides(task, answers))


def row(name: str, cases: Sequence[Case], mismatch: Mismatch | None) -> Row:
    """Make the table's line of a part: the entry where it is farthest off, in all cases."""
    word = mismatch.word if mismatch else "right"
    expected = cases[-1].true.shape
    if not all(isinstance(case.given, np.ndarray) for case in cases):
        return Row(name, f"{expected}", right=False, word=word)
    for case in reversed(cases):
        if case.array.shape != case.true.shape:
            return Row(name, f"{case.array.shape}, not {case.true.shape}", right=False, word=word)
    errors = [worst(case.array, case.true) for case in cases]
    largest = max(error for error, _ in errors)
    k = next(k for k, (error, _) in enumerate(errors) if error >= (1 - ROUNDING) * largest)
    error, index = errors[k]
    return Row(
        part=name,
        shape=f"{expected}",
        right=mismatch is None,
        word=word,
        error=error,
        index=index,
        yours=float(cases[k].array[index]),
        true=float(cases[k].true[index]),
        case=cases[k].instance.label,
    )


def _notes(task: Task, answers: Sequence[Answer], steady: bool) -> tuple[str, ...]:
    """List what else is worth reporting about an answer."""
    changed = sorted({name for answer in answers for name in answer.changed})
    notes = [task.fault("mutates-input", name).sentence for name in changed]
    if not steady:
        notes.append(task.fault("not-deterministic", "answer").sentence)
    if task.by_hand and any(answer.by_autograd for answer in answers):
        notes.append(task.fault("uses-autograd", "answer").sentence)
    more = too_much(task, answers[-1].value)
    return (*notes, more) if more else tuple(notes)


def _asides(task: Task, answers: Sequence[Answer]) -> tuple[str, ...]:
    """List what a caller would notice of an answer that is right."""
    gradients_left = any(answer.left for answer in answers)
    return (task.fault("gradients-left", "error").sentence,) if gradients_left else ()


def _is_steady(call: Call, inputs: Inputs, before: Value) -> bool:
    """Return whether a second call with the same arguments gives the same."""
    again = call(inputs)
    return not isinstance(again, Stopped) and _equal(again.value, before)


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_equal(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-5, equal_nan=True))
    return type(one) is type(other)
