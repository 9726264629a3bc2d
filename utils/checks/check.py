"""Provide `utils.check`: a student's function on small cases, compared with true numbers."""

import re
from collections import Counter

from utils.checks import find
from utils.checks.calling import Answer, Stopped, call, name_of
from utils.checks.hints import remember
from utils.checks.leads import place_leads
from utils.checks.report import Report, Unseen
from utils.checks.run import run_check
from utils.checks.vocabulary import Fault, Inputs, Outcome, Task
from utils.progress import autograding
from utils.reading import type_name

BACKWARD = (
    "The table goes from the output backward: what stands further down is made from what stands above it. "
    "Fix the first, then check again."
)


def check(function: object, task: str | None = None) -> Report:
    """Try your function on small cases, and say which parts are right and where to look first.

        utils.check(exercise1)

    There is no solution here: the small cases are always the same, so the true numbers for them came with the
    course, and with them the numbers that known mistakes give. A part is right if no entry is off by more
    than 1e-4 of its size, or of a hundredth of the array's largest entry: single precision passes, 0.1 % off
    does not. A mistake is named if its numbers are yours, in every case; the grader has the same name for it.

    Parameters
    ----------
    function
        Your function itself, without parentheses after its name. What it prints meanwhile is not shown.
    task
        The task's name, if the function has another name.

    Returns
    -------
    Report
        A notebook shows it as a table, a terminal as text. In a script, print it. It counts as true if
        all is right, which says nothing about marks.
    """
    if autograding():
        return Unseen("")
    if not callable(function):
        return Report(
            f"utils.check looks at a function, and this is a {type_name(function)}. {_how(function)}"
        )
    try:
        meant = find.find(function, task)
    except find.Unknown as unknown:
        return Report(str(unknown))

    def tried(inputs: Inputs) -> Answer | Stopped:
        return call(function, meant, inputs)

    outcome = run_check(meant, tried)
    if isinstance(outcome, Stopped):
        return _stopped(meant, outcome, name_of(function) or meant.name)
    return _report(meant, outcome)


def _how(function: object) -> str:
    if type(function) is str:  # not isinstance: an object of a student's own may do anything when asked
        return (
            f'For hints, ask utils.hint("{function}"); for a check, utils.check({function}), without quotes.'
        )
    return "Give it the function itself, without brackets: utils.check(exercise1)."


def _stopped(task: Task, stopped: Stopped, name: str) -> Report:
    """Report an exception, with the student's line, or that the task is still a stub."""
    if stopped.stub:
        remember(task, None, (), right=False)
        return Report(
            f"{name} is not written yet. Write it in its cell, run that cell, then check again.",
            remarks=(_hinted(task),),
        )
    target = re.match(r"\s*(\w+)\s*=[^=]", stopped.line)
    where = target[1] if target and target[1] in task.formulas else ""
    if where:
        remember(task, Fault("raised", where, ""), place_leads(task, where), right=False)
    else:
        remember(task, None, (), right=False)
    line = f"line {stopped.number}: {stopped.line}" if stopped.line else ""
    line = line or (f"line {stopped.number}" if stopped.number else "")
    shapes = (f"Shapes in that line: {', '.join(stopped.shapes)}.",) if stopped.shapes else ()
    return Report(f"{name} stopped with {stopped.sentence}", line=line, remarks=(*shapes, _hinted(task)))


def _report(task: Task, outcome: Outcome) -> Report:
    wrong = [row.part for row in outcome.rows if not row.right]
    first = outcome.faults[0] if outcome.faults else None
    passed = not wrong and not outcome.notes and first is None
    remember(task, first, outcome.hints, right=not wrong)
    labels = Counter(instance.label for instance in task.instances)
    listed = "; ".join(label + _times(count) for label, count in labels.items())
    tried = f"tried on {len(task.instances)} small cases: {listed}"
    if not wrong:
        verdict = "right" if passed else "the numbers are right, but read on"
    else:
        verdict = f"{len(outcome.rows) - len(wrong)} of {len(outcome.rows)} right"
    remarks = [*outcome.notes, *outcome.asides]
    if first is not None:
        remarks.append(f"Look first at {_place(first)}. {_named(first)}")
        remarks += [f"There, too: {_named(other)}" for other in outcome.faults[1:]]
        behind = {stage.name for stage in task.stages[:-1]} - {part.name for part in task.parts}
        if len(wrong) > 1 and first.where in behind:
            remarks.append(BACKWARD)
        remarks.append(_hinted(task))
    return Report(f"{task.name}: {verdict} ({tried})", passed, outcome.rows, remarks=tuple(remarks))


def _times(count: int) -> str:
    return "" if count == 1 else " twice" if count == 2 else f" {count} times"


def _place(fault: Fault) -> str:
    return "what is returned" if fault.where == "answer" else fault.where


def _named(fault: Fault) -> str:
    """Return the sentence for a fault, with the grader's name for it."""
    return f"{fault.sentence} ({fault.name})" if fault.name != "unrecognised" else fault.sentence


def _hinted(task: Task) -> str:
    return f'For a hint: utils.hint("{task.name}")'
