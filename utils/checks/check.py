"""`utils.check`: a student's function on small cases, beside what is measured there."""

import re

from utils.checks import find
from utils.checks.blame import listed
from utils.checks.calling import Answer, Stopped, call, name_of
from utils.checks.examine import examine
from utils.checks.hints import remember
from utils.checks.reading import type_name
from utils.checks.report import Report, Unseen
from utils.checks.vocabulary import Examined, Fault, Inputs, Task
from utils.progress import autograding

BACKWARD = (
    "The table goes from the output backward: what stands further down is made from what stands above it. "
    "Mend the first, then check again."
)


def check(function: object, task: str | None = None) -> Report:
    """Try your function on small cases, and say which parts are right and where to look first.

    utils.check(exercise1)

    No solution is needed for this, and none is here. The truth is measured: each number is moved by
    1e-4 to both sides, and the change of the error is divided by the distance (central differences, in
    double precision). The small networks are chosen so that no rectifier is near its kink; there, for a
    mean of squares, what is measured is exact but for rounding, about 1e-9. A part is right if no entry is
    off by more than 1e-4 of its size, or of a hundredth of the array's largest entry: single precision
    passes, 0.1 % off does not.

    Parameters
    ----------
    function
        Your function itself, without brackets behind its name. What it prints meanwhile is not shown.
    task
        The task's name, where the function is called otherwise.

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
        found = find.find(function, task)
    except find.Unknown as unknown:
        return Report(str(unknown))

    def tried(inputs: Inputs) -> Answer | Stopped:
        return call(function, found, inputs)

    outcome = (found.examine or examine)(found, tried)
    if isinstance(outcome, Stopped):
        return _stopped(found, outcome, name_of(function) or found.name)
    return _report(found, outcome)


def _how(function: object) -> str:
    if type(function) is str:  # not isinstance: an object of a student's own may do anything when asked
        return (
            f'For hints, ask utils.hint("{function}"); for a check, utils.check({function}), without quotes.'
        )
    return "Give it the function itself, without brackets: utils.check(exercise1)."


def _stopped(task: Task, stopped: Stopped, name: str) -> Report:
    """Tell an exception, with the student's line, or that the task is still a stub."""
    if stopped.stub:
        remember(task, None, right=False)
        return Report(
            f"{name} is not written yet. Write it in its cell, run that cell, then check again.",
            remarks=(_hinted(task),),
        )
    target = re.match(r"\s*(\w+)\s*=[^=]", stopped.line)
    where = target[1] if target and target[1] in task.ladders else ""
    remember(task, Fault(where, "raised", "") if where else None, right=False)
    line = f"line {stopped.number}: {stopped.line}" if stopped.line else ""
    line = line or (f"line {stopped.number}" if stopped.number else "")
    shapes = (f"Shapes in that line: {', '.join(stopped.shapes)}.",) if stopped.shapes else ()
    return Report(f"{name} stopped with {stopped.sentence}", line=line, remarks=(*shapes, _hinted(task)))


def _report(task: Task, examined: Examined) -> Report:
    wrong = [row.part for row in examined.rows if not row.right]
    passed = not wrong and not examined.notes and examined.fault is None
    remember(task, examined.fault, right=not wrong)
    sizes = [str(size) for size in sorted(set(examined.sizes))]
    tried = f"tried on {len(examined.sizes)} {task.cases}, N = {listed(sizes)}"
    if not wrong:
        verdict = "right" if passed else "the numbers are right, but read on"
    else:
        verdict = f"{len(examined.rows) - len(wrong)} of {len(examined.rows)} right"
    remarks = list(examined.notes)
    if examined.fault:
        remarks.append(f"Look first at {_place(examined.fault)}. {examined.fault.sentence}")
        if len(wrong) > 1 and examined.fault.where in {stage.name for stage in task.stages[:-1]}:
            remarks.append(BACKWARD)
        remarks.append(_hinted(task))
    return Report(f"{task.name}: {verdict} ({tried})", passed, examined.rows, remarks=tuple(remarks))


def _place(fault: Fault) -> str:
    return "what is returned" if fault.where == "answer" else fault.where


def _hinted(task: Task) -> str:
    return f'For a hint: utils.hint("{task.name}")'
