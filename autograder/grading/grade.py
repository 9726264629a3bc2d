"""Grade a notebook: notebook -> cells -> the student's sandboxed process -> answers -> marks -> report.

This is the one place that knows the order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from autograder.exercise import Assignment, Exercise, ExerciseResult, Report
from autograder.grading import secret
from autograder.grading.session import Session
from autograder.marking import hidden_data
from autograder.marking.mark import mark_exercise
from autograder.marking.named_answers import NamedAnswer, UnusableNames, read_names, tell
from autograder.marking.originality import other_autodiff, shapes, tracers
from autograder.sandbox.client.fork_server import ForkServer, ForkServerGone
from autograder.sandbox.client.replies import CellResult
from autograder.sandbox.isolation import own_memory
from autograder.sandbox.protocol.limits import USUAL, Limits
from autograder.submissions.notebook import Cell, UnreadableNotebook, read_all
from autograder.submissions.recognition import recognise, restored
from autograder.submissions.submission import beside, without_own

PLACEHOLDER = "pass"  # what a session runs for a cell in which we mark, so that cells are counted right


def grade_file(
    path: Path,
    assignments: Sequence[Assignment],
    fork_server: ForkServer,
    limits: Limits = USUAL,
    flags: tuple[str, ...] = (),
    keys: secret.Keys | None = None,
    names: Sequence[NamedAnswer] = (),
    cells: Sequence[Cell] | None = None,
) -> Report:
    """Mark one notebook file by the functions it defines; never raise for what is in the file.

    Parameters
    ----------
    flags : what is already known to be worth an instructor's look in the notebook.
    keys : where the hidden data come from; if not given, from the notebook's course, or drawn for it.
    names : an instructor's names for unexplained answers, in addition to those of the notebook's course.
    cells : all cells of the file, if it has been read already.

    Raises
    ------
    secret.UnusableSecret
        The secret of the notebook's course cannot be read.
    """
    try:
        cells = read_all(path) if cells is None else cells
    except UnreadableNotebook as reason:
        return Report(str(path), None, message=str(reason))
    assignment = recognise(path, cells, assignments)
    if assignment is None:
        return Report(str(path), None, message=_unknown(assignments))
    keys = keys or secret.Keys.of()
    seeds = keys.seeds(path, assignment.name)
    if (place := keys.course_of(path)) is not None:
        hidden_data.look_in(place.course)
        try:
            names = (*names, *read_names(place.course))
        except UnusableNames as reason:
            return Report(str(path), None, message=str(reason))
    cells = restored(cells, assignment)
    folder = beside(path)
    try:
        executed = execute_cells(cells, assignment, seeds, fork_server, limits, folder.files)
    except MemoryError:
        return Report(str(path), None, message=own_memory.TOO_MUCH)
    flags = (*executed.flags, *flags)
    flags += (folder.left_out,) if folder.left_out else ()
    results = tuple(
        tell(executed.results[exercise.name], names, assignment.name) for exercise in assignment.exercises
    )
    return Report(str(path), assignment, results, notebook_flags=flags)


def code_shapes(cells: Sequence[Cell], assignments: Sequence[Assignment]) -> dict[str, str]:
    """Fingerprint a notebook's exercises up to renaming, for `twins`."""
    names = sorted({exercise.name for assignment in assignments for exercise in assignment.exercises})
    return shapes([cell.source for cell in cells if cell.kind == "code"], names)


def _unknown(assignments: Sequence[Assignment]) -> str:
    signatures = (exercise.signature for a in assignments for exercise in a.exercises)
    return (
        "The notebook defines no function of a known exercise, and its name is no assignment's. "
        f"Known are {', '.join(signatures)}."
    )


@dataclass(frozen=True)
class ExecutedCells:
    """Hold the results of a notebook's code cells."""

    results: Mapping[str, ExerciseResult]
    """By exercise."""
    ran: Sequence[CellResult]
    """The output of each cell, in order; a cell in which we mark has none."""
    flags: tuple[str, ...] = ()
    """What in their code is worth an instructor's look."""


def execute_cells(
    cells: Sequence[Cell],
    assignment: Assignment | None,
    seeds: secret.Seeds,
    fork_server: ForkServer,
    limits: Limits = USUAL,
    files: Mapping[str, bytes] | None = None,
) -> ExecutedCells:
    """Execute a notebook's cells in the sandbox; mark the assignment's exercises, if the assignment is ours.

    An exercise is marked where nbgrader would mark it, at its marks cell, or else after all cells have run.

    Parameters
    ----------
    seeds : of the hidden instances; an exercise's depends on what runs before it is marked.
    files : the files beside the notebook.
    """
    own_files = without_own(files or {}) if assignment is not None else dict(files or {})
    exercises = assignment.exercises if assignment is not None else ()
    ours = {exercise.marks_cell for exercise in exercises}
    seed = {
        each.name: seeds.of(each.name, secret.fingerprint(_before(cells, each, ours), own_files))
        for each in exercises
    }

    def attempt() -> tuple[_Results, list[CellResult]]:
        is_ours = assignment is not None
        with Session(fork_server, limits, own_files, course_files=is_ours) as session:
            carry = assignment is not None and assignment.carry_forward

            def mark(exercise: Exercise) -> ExerciseResult:
                call = session.call_exercise
                return mark_exercise(exercise, call, seed[exercise.name], carry_forward=carry)

            return _run_in_order(session, cells, exercises, mark)

    try:
        results, ran = attempt()
    except ForkServerGone:  # once more: the submission is not to blame if the fork server was ended
        results, ran = attempt()
    sources = [cell.source for cell in cells]
    last = max((_place(cells, each) for each in exercises if each.convention.by_hand), default=0)
    return ExecutedCells(results, ran, (*other_autodiff(sources), *tracers(sources[:last])))


_Results: TypeAlias = dict[str, ExerciseResult]


def _place(cells: Sequence[Cell], exercise: Exercise) -> int:
    """Find where an exercise is marked: at its marks cell, or at the end."""
    places = (n for n, cell in enumerate(cells) if cell.is_test and cell.grade_id == exercise.marks_cell)
    return next(places, len(cells))


def _before(cells: Sequence[Cell], exercise: Exercise, ours: Collection[str]) -> list[str]:
    """List the code that has run when an exercise is marked, without our own marks cells."""
    return [
        cell.source
        for cell in cells[: _place(cells, exercise)]
        if not (cell.is_test and cell.grade_id in ours)
    ]


def _run_in_order(
    session: Session,
    cells: Sequence[Cell],
    exercises: Sequence[Exercise],
    mark: Callable[[Exercise], ExerciseResult],
) -> tuple[_Results, list[CellResult]]:
    """Run cells in order; mark each exercise at its place."""
    results: _Results = {}
    ran: list[CellResult] = []
    due: list[str] = []
    marks_cells = {exercise.marks_cell for exercise in exercises}
    for cell in cells:
        ours = cell.is_test and cell.grade_id in marks_cells
        for exercise in exercises:
            if ours and cell.grade_id == exercise.marks_cell and exercise.name not in results:
                ran += session.run_cells(due)
                due.clear()
                results[exercise.name] = mark(exercise)
        due.append(PLACEHOLDER if ours else cell.source)
    ran += session.run_cells(due)
    for exercise in exercises:
        if exercise.name not in results:
            results[exercise.name] = mark(exercise)
    return results, ran
