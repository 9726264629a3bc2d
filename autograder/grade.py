"""The conductor: notebook -> cells -> the student's process -> answers -> marks -> report.

The one place that knows the order.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder import secret
from autograder.exercise import (
    Answer,
    Assignment,
    Exercise,
    ExerciseResult,
    Failed,
    Fault,
    Instance,
    Report,
)
from autograder.mark import mark
from autograder.notebook import Cell, UnreadableNotebook, read
from autograder.originality import other_autodiff, twins
from autograder.sandbox.host import Worker, WorkerGone

DEFINITION = re.compile(r"^(?:async\s+)?def\s+(\w+)\s*\(([^)]*)\)", re.MULTILINE)
FEW_ERRORS = 2  # of the notebook's cells are told where a function is missing; the first explain the rest


@dataclass(frozen=True)
class Limits:
    """Seconds a submission may take."""

    cell: float = 30.0
    call: float = 10.0


def grade(
    path: Path,
    assignments: Sequence[Assignment],
    limits: Limits | None = None,
    flags: tuple[str, ...] = (),
) -> Report:
    """Mark one notebook by the functions it defines; never raises for what is in the file.

    An exercise is marked where nbgrader would mark it, at its test cell, or else after all cells ran.
    flags: what is known of the notebook already, for the instructor's eye.
    """
    try:
        cells = read(path)
    except UnreadableNotebook as reason:
        return Report(str(path), None, message=str(reason))
    assignment = recognise(path, cells, assignments)
    if assignment is None:
        return Report(str(path), None, message=_unknown(assignments))
    seed = secret.seed(path.resolve().parent, assignment.name, make=False)
    with _Submission(path.parent, limits or Limits()) as submission:
        results = _results(submission, cells, assignment, seed)
    noted = (*other_autodiff([cell.source for cell in cells]), *flags)
    return Report(str(path), assignment, tuple(results[e.name] for e in assignment.exercises), noted=noted)


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
        for name, parameters in DEFINITION.findall(cell.source)
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


def _results(
    submission: _Submission, cells: Sequence[Cell], assignment: Assignment, seed: int
) -> dict[str, ExerciseResult]:
    exercises = {exercise.name: exercise for exercise in assignment.exercises}
    results: dict[str, ExerciseResult] = {}

    def marked(name: str) -> ExerciseResult:
        return mark(exercises[name], submission.call, seed, carry_forward=assignment.carry_forward)

    for cell in cells:
        if not cell.is_test:
            submission.run(cell.source)
            continue
        for name, exercise in exercises.items():
            if name not in results and cell.grade_id == exercise.marks_cell:
                results[name] = marked(name)
    for name in exercises:
        if name not in results:
            results[name] = marked(name)
    return results


@dataclass
class _Submission:
    """A submission's cells and their process, started again where student code has ended it."""

    folder: Path
    limits: Limits
    sources: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    worker: Worker | None = None

    def __enter__(self) -> _Submission:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.worker is not None:
            self.worker.close()

    def run(self, source: str) -> None:
        """Run the next cell. One that ends the process is left out when the rest is run again."""
        try:
            error = self._living().run(source)
        except WorkerGone as gone:
            self.errors.append(gone.fault.message)
            return
        self.sources.append(source)
        if error is not None:
            self.errors.append(error)

    def call(self, exercise: Exercise, instance: Instance) -> Answer:
        """Call the student's function; where it is missing, tell the first errors of the cells."""
        try:
            answer = self._living().call(exercise, instance)
        except WorkerGone as gone:
            return Failed(gone.fault)
        if isinstance(answer, Failed) and answer.fault.fault == "missing" and self.errors:
            fault = answer.fault
            told = "; ".join(self.errors[:FEW_ERRORS])
            return Failed(Fault(fault.fault, fault.where, f"{fault.message} A cell before it failed: {told}"))
        return answer

    def _living(self) -> Worker:
        if self.worker is None or not self.worker.alive:
            self.worker = Worker(self.folder, self.limits.cell, self.limits.call)
            for source in self.sources:
                self.worker.run(source)
        return self.worker
