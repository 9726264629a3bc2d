"""The conductor: notebook -> cells -> the student's boxed process -> answers -> marks -> report.

The one place that knows the order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from autograder import hidden_data, own_memory, secret
from autograder.exercise import Assignment, Exercise, ExerciseResult, Report
from autograder.mark import mark
from autograder.notebook import Cell, UnreadableNotebook, read, read_all
from autograder.originality import other_autodiff, shapes, tracers
from autograder.recognition import recognise, restored
from autograder.sandbox.client.fork_server import ForkServer, ForkServerGone
from autograder.sandbox.client.replies import CellResult
from autograder.sandbox.protocol.limits import Limits
from autograder.session import Session
from autograder.submission import beside, without_own

IN_ITS_PLACE = "pass"  # what a session runs for a cell in which we mark: it counts as one of its cells


def grade(
    path: Path,
    assignments: Sequence[Assignment],
    nursery: ForkServer,
    limits: Limits | None = None,
    flags: tuple[str, ...] = (),
    lacks: dict[str, str] | None = None,
    keys: secret.Keys | None = None,
) -> Report:
    """Mark one notebook by the functions it defines; never raises for what is in the file.

    flags : what is known of the notebook already, for the instructor's eye.
    lacks : gets the layers of the sandbox that this machine lacks, and why.
    keys : where the hidden data come from; from the notebook's course, or drawn for it, if not given.

    Raises
    ------
    secret.UnusableSecret
        The secret of the notebook's course cannot be read.
    """
    try:
        cells = read_all(path)
    except UnreadableNotebook as reason:
        return Report(str(path), None, message=str(reason))
    assignment = recognise(path, cells, assignments)
    if assignment is None:
        return Report(str(path), None, message=_unknown(assignments))
    keys = keys or secret.Keys.of()
    seed = keys.seeds(path, assignment.name)
    if (lies := keys.course_of(path)) is not None:
        hidden_data.look_in(lies.course)
    cells = restored(cells, assignment)
    found = beside(path)
    try:
        marked = mark_cells(cells, assignment, seed, nursery, limits, found.files)
    except MemoryError:
        return Report(str(path), None, message=own_memory.TOO_MUCH)
    if lacks is not None:
        lacks.update(marked.lacks)
    noted = (*marked.flags, *flags)
    noted += (found.left_out,) if found.left_out else ()
    results = tuple(marked.results[exercise.name] for exercise in assignment.exercises)
    return Report(str(path), assignment, results, noted=noted)


def code_shapes(path: Path, assignments: Sequence[Assignment]) -> dict[str, str]:
    """What a notebook's exercises look like up to renaming, for `twins`; nothing for an unreadable file."""
    names = sorted({exercise.name for assignment in assignments for exercise in assignment.exercises})
    try:
        return shapes([cell.source for cell in read(path)], names)
    except UnreadableNotebook:
        return {}


def _unknown(assignments: Sequence[Assignment]) -> str:
    signatures = (exercise.signature for a in assignments for exercise in a.exercises)
    return (
        "The notebook defines no function of a known exercise, and its name is no assignment's. "
        f"Known are {', '.join(signatures)}."
    )


@dataclass(frozen=True)
class Marked:
    """A notebook's code cells, run and marked."""

    results: Mapping[str, ExerciseResult]
    """By exercise."""
    ran: Sequence[CellResult]
    """What each cell put out, in their order; a cell in which we mark puts out nothing."""
    lacks: Mapping[str, str]
    """Layers of the sandbox that this machine lacks, and why."""
    flags: tuple[str, ...] = ()
    """What in its code is worth an instructor's look."""


def mark_cells(
    cells: Sequence[Cell],
    assignment: Assignment | None,
    seed: secret.Seeds,
    nursery: ForkServer,
    limits: Limits | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Marked:
    """Run a notebook's cells in the sandbox and mark the exercises of the assignment, if it is one of ours.

    An exercise is marked where nbgrader would mark it, at its test cell, or else after all cells ran.

    seed : of an exercise's hidden instances; it depends on what runs before the exercise is marked.
    files : what lies beside the notebook.
    """
    laid = without_own(files or {})
    exercises = assignment.exercises if assignment is not None else ()
    own = {exercise.marks_cell for exercise in exercises}
    seeds = {e.name: seed(e.name, secret.fingerprint(_before(cells, e, own), laid)) for e in exercises}

    def play() -> tuple[_Results, list[CellResult]]:
        with Session(nursery, limits or Limits(), laid) as session:
            carry = assignment is not None and assignment.carry_forward

            def marked(exercise: Exercise) -> ExerciseResult:
                return mark(exercise, session.call_all, seeds[exercise.name], carry_forward=carry)

            return _play(session, cells, exercises, marked)

    try:
        results, ran = play()
    except ForkServerGone:  # once more: that the warm process was ended is no fault of the submission's
        results, ran = play()
    sources = [cell.source for cell in cells]
    last = max((_place(cells, each) for each in exercises if each.convention.by_hand), default=0)
    missing = dict(nursery.missing_layers)
    return Marked(results, ran, missing, (*other_autodiff(sources), *tracers(sources[:last])))


_Results: TypeAlias = dict[str, ExerciseResult]


def _place(cells: Sequence[Cell], exercise: Exercise) -> int:
    """Where an exercise is marked: its test cell, or the end."""
    places = (n for n, cell in enumerate(cells) if cell.is_test and cell.grade_id == exercise.marks_cell)
    return next(places, len(cells))


def _before(cells: Sequence[Cell], exercise: Exercise, own: Collection[str]) -> list[str]:
    """The code that has run when an exercise is marked."""
    return [
        cell.source
        for cell in cells[: _place(cells, exercise)]
        if not (cell.is_test and cell.grade_id in own)
    ]


def _play(
    session: Session,
    cells: Sequence[Cell],
    exercises: Sequence[Exercise],
    marked: Callable[[Exercise], ExerciseResult],
) -> tuple[_Results, list[CellResult]]:
    """Run cells in order; mark each exercise at its place."""
    results: _Results = {}
    ran: list[CellResult] = []
    due: list[str] = []
    own = {exercise.marks_cell for exercise in exercises}
    for cell in cells:
        ours = cell.is_test and cell.grade_id in own
        for exercise in exercises:
            if ours and cell.grade_id == exercise.marks_cell and exercise.name not in results:
                ran += session.run_all(due)
                due.clear()
                results[exercise.name] = marked(exercise)
        due.append(IN_ITS_PLACE if ours else cell.source)
    ran += session.run_all(due)
    for exercise in exercises:
        if exercise.name not in results:
            results[exercise.name] = marked(exercise)
    return results, ran
