"""Find what is wrong first: the structure of the answer, a known mistake, or the first wrong quantity."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from utils.checks.calling import Answer
from utils.checks.known import elsewhere, first_known
from utils.checks.shown import Mismatch
from utils.checks.structure import Cases, Mismatches, structure_fault
from utils.checks.vocabulary import Fault, Stage, Task, filled, listed

OF_A_PART = ("missing", "detached", "malformed", "wrong-shape", "extra-axis")
"""Faults of one array, not of what it is made from."""
FILLERS = {"zero", "constant"}


def first_faults(
    task: Task, answers: Sequence[Answer], cases: Cases, mismatches: Mismatches
) -> tuple[Fault, ...]:
    """Name what to look at first, and what else is wrong there; nothing if every part is right."""
    if not any(mismatches.values()):
        return ()
    undifferentiated = next((answer.fault for answer in answers if answer.fault), None)
    if undifferentiated is not None:
        return (task.fault(undifferentiated.name, undifferentiated.where, **undifferentiated.gaps),)
    structure = structure_fault(task, [answer.value for answer in answers], cases, mismatches)
    if structure is not None:
        return (structure,)
    names = [part.name for part in task.parts]
    arrays = [{name: _finite(cases[name][k].given) for name in names} for k in range(len(task.instances))]
    right = [mismatches[name] is None for name in names]
    known = first_known(task, arrays, right)
    if not known:
        return (_unknown(task, cases, mismatches),)
    too = elsewhere(task, arrays, right, known[0]) if len(known) == 1 else ()
    if too:
        more = filled(task.sentences["shown"]["too"], parts=listed(too))
        known = (replace(known[0], sentence=f"{known[0].sentence} {more}"),)
    return known


def _finite(given: object) -> np.ndarray | None:
    return given if isinstance(given, np.ndarray) and np.isfinite(given).all() else None


def _unknown(task: Task, cases: Cases, mismatches: Mismatches) -> Fault:
    """Name the first wrong quantity: the stage if all its parts are wrong, or else the part."""
    stage, wrong = next(
        (stage, wrong)
        for stage in task.stages
        if (wrong := {name: mismatch for name in stage.parts if (mismatch := mismatches[name])})
    )
    formal = [name for name, mismatch in wrong.items() if mismatch.name in OF_A_PART]
    if formal:
        return _of_a_part(task, formal[0], wrong[formal[0]], cases)
    (name, mismatch), *_ = wrong.items()
    if len(wrong) == len(stage.parts) or _all_after(task, stage, mismatches):
        alike = {each.name for each in wrong.values()}
        if len(alike) > 1 and alike <= FILLERS:
            return _of_a_part(task, name, mismatch, cases)
        kind = alike.pop() if len(alike) == 1 else "unrecognised"
        shown = (
            mismatch.sentence if stage.name == name else f"{name}, made from it: {_lower(mismatch.sentence)}"
        )
        return task.fault(kind, stage.name, shown=shown)
    return _of_a_part(task, name, mismatch, cases)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _all_after(task: Task, stage: Stage, mismatches: Mismatches) -> bool:
    """Return whether all later stages are wholly wrong: they are made from this one, not from its parts."""
    later = [name for each in task.stages[task.stages.index(stage) + 1 :] for name in each.parts]
    alone = all(len(each.parts) == 1 for each in task.stages)
    return not alone and bool(later) and all(mismatches[name] for name in later)


def _of_a_part(task: Task, name: str, mismatch: Mismatch, cases: Cases) -> Fault:
    shape = cases[name][-1].true.shape
    expected = f"{shape}" if shape else "a single number, shape (),"
    return task.fault(mismatch.name, name, shown=mismatch.sentence, given=mismatch.given, expected=expected)
