"""The conductor: notebook -> cells -> the student's boxed process -> answers -> marks -> report.

The one place that knows the order.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from autograder import own_memory, secret
from autograder.exercise import Assignment, Exercise, ExerciseResult, Report
from autograder.mark import mark
from autograder.notebook import Cell, UnreadableNotebook, read
from autograder.originality import other_autodiff, twins
from autograder.sandbox.limits import Limits
from autograder.sandbox.nursery import Nursery, NurseryGone, World
from autograder.sandbox.replies import Ran
from autograder.session import Session
from autograder.submission import beside, without_own
from autograder.time_budget import TimeBudget

LONGEST = 200_000  # characters of a cell that are looked through for its functions
DEFINITION = re.compile(r"^(?:async\s+)?def\s+(\w+)\s*\(([^)]{0,1000})\)", re.MULTILINE)
IN_ITS_PLACE = "pass"  # what a session runs for a cell in which we mark: it counts as one of its cells


def grade(
    path: Path,
    assignments: Sequence[Assignment],
    nursery: Nursery,
    limits: Limits | None = None,
    flags: tuple[str, ...] = (),
    lacks: dict[str, str] | None = None,
) -> Report:
    """Mark one notebook by the functions it defines; never raises for what is in the file.

    flags : what is known of the notebook already, for the instructor's eye.
    lacks : gets the layers of the sandbox that this machine lacks, and why.
    """
    try:
        cells = read(path)
    except UnreadableNotebook as reason:
        return Report(str(path), None, message=str(reason))
    assignment = recognise(path, cells, assignments)
    if assignment is None:
        return Report(str(path), None, message=_unknown(assignments))
    seed = secret.seeds(path.resolve().parent, assignment.name, make=False)
    try:
        marked = mark_cells(cells, assignment, seed, nursery, limits, beside(path))
    except MemoryError:
        return Report(str(path), None, message=own_memory.TOO_MUCH)
    if lacks is not None:
        lacks.update(marked.lacks)
    noted = (*other_autodiff([cell.source for cell in cells]), *flags)
    results = tuple(marked.results[exercise.name] for exercise in assignment.exercises)
    return Report(str(path), assignment, results, noted=noted)


def alike(paths: Sequence[Path], assignments: Sequence[Assignment]) -> dict[Path, tuple[str, ...]]:
    """Flags for notebooks that share an exercise's code up to renaming; unreadable files have none."""
    sources = {}
    for path in paths:
        with contextlib.suppress(UnreadableNotebook):
            sources[str(path)] = [cell.source for cell in read(path)]
    names = sorted({exercise.name for assignment in assignments for exercise in assignment.exercises})
    return {Path(path): flags for path, flags in twins(sources, names).items()}


def recognise(path: Path, cells: Iterable[Cell], assignments: Sequence[Assignment]) -> Assignment | None:
    """Find the assignment a notebook answers: by its file's name, else by the functions it defines."""
    for assignment in assignments:
        if path.stem == assignment.name:
            return assignment
    defined = {
        (name, len(parameters.split(",")))
        for cell in cells
        for name, parameters in DEFINITION.findall(cell.source[:LONGEST])
    }
    scores = {
        assignment.name: sum((e.name, len(e.parameters)) in defined for e in assignment.exercises)
        for assignment in assignments
    }
    best = max(assignments, key=lambda assignment: scores[assignment.name], default=None)
    return best if best is not None and scores[best.name] > 0 else None


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
    ran: Sequence[Ran]
    """What each cell put out, in their order; a cell in which we mark puts out nothing."""
    lacks: Mapping[str, str]
    """Layers of the sandbox that this machine lacks, and why."""


def mark_cells(
    cells: Sequence[Cell],
    assignment: Assignment | None,
    seed: Callable[[str], int],
    nursery: Nursery,
    limits: Limits | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Marked:
    """Run a notebook's cells in the sandbox and mark the exercises of the assignment, if it is one of ours.

    An exercise is marked where nbgrader would mark it, at its test cell, or else after all cells ran; one
    by hand in a second session, in a world without PyTorch.

    seed : of an exercise's hidden instances.
    files : what lies beside the notebook.
    """
    lacks: dict[str, str] = {}
    laid = without_own(files or {})
    limits = limits or Limits()
    budget = TimeBudget(limits)

    def play(
        world: World, cells: Sequence[Cell], exercises: Sequence[Exercise]
    ) -> tuple[_Results, list[Ran]]:
        with Session(nursery, world, limits, laid, lacks, budget) as session:
            carry = assignment is not None and assignment.carry_forward

            def marked(exercise: Exercise) -> ExerciseResult:
                return mark(exercise, session.call_all, seed(exercise.name), carry_forward=carry)

            return _play(session, cells, own, exercises, marked)

    exercises = assignment.exercises if assignment is not None else ()
    own = {exercise.marks_cell for exercise in exercises}
    by_hand = [exercise for exercise in exercises if exercise.convention.by_hand]
    rest = [exercise for exercise in exercises if not exercise.convention.by_hand]
    results, ran = _twice(lambda: play(World.FULL, cells, rest))
    if by_hand:
        last = max(_place(cells, exercise) for exercise in by_hand)
        translated = [
            cell if done.python is None else replace(cell, source=done.python)
            for cell, done in zip(cells[: last + 1], ran, strict=False)
        ]
        results |= _twice(lambda: play(World.BARE, translated, by_hand))[0]
    return Marked(results, ran, lacks)


_Results: TypeAlias = dict[str, ExerciseResult]


def _twice(play: Callable[[], tuple[_Results, list[Ran]]]) -> tuple[_Results, list[Ran]]:
    """Play; once more if the warm process was ended meanwhile, which is no fault of the submission's."""
    try:
        return play()
    except NurseryGone:
        return play()


def _place(cells: Sequence[Cell], exercise: Exercise) -> int:
    """Where an exercise is marked: its test cell, or the end."""
    places = (n for n, cell in enumerate(cells) if cell.is_test and cell.grade_id == exercise.marks_cell)
    return next(places, len(cells))


def _play(
    session: Session,
    cells: Sequence[Cell],
    own: Collection[str],
    exercises: Sequence[Exercise],
    marked: Callable[[Exercise], ExerciseResult],
) -> tuple[_Results, list[Ran]]:
    """Run cells in order; mark each exercise at its place."""
    results: _Results = {}
    ran: list[Ran] = []
    due: list[str] = []
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
