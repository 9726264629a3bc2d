"""A notebook run in the sandbox in place of a kernel, and marked outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from nbformat import NotebookNode
from nbgrader import utils as nbgrader_utils

from autograder import assignments, secret
from autograder.exercise import Assignment, ExerciseResult, Report
from autograder.grade import mark_cells
from autograder.nbgrader_bridge import disarm
from autograder.nbgrader_bridge.hidden_line import OURS
from autograder.nbgrader_bridge.outputs import Writer
from autograder.notebook import cell_of
from autograder.originality import shapes
from autograder.report import marks
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.protocol.limits import Limits


@dataclass(frozen=True)
class Executed:
    """What is known of a notebook that has been run."""

    report: Report | None
    """Its marks and reasons; None for a notebook that is not ours."""
    lacks: Mapping[str, str]
    """Layers of the sandbox that this machine lacks, and why."""
    notices: Sequence[str] = ()
    """What the instructor should know of the course: points that are not the exercise's own."""
    alike: Mapping[str, str] = field(default_factory=dict)
    """By exercise, what two functions share that are the same up to names, comments and layout."""


def execute(
    notebook: NotebookNode,
    nursery: ForkServer,
    student: str,
    course_secret: bytes,
    files: Mapping[str, bytes],
    limits: Limits,
    writer: Writer | None = None,
) -> Executed:
    """Run all code cells of a notebook and put the outputs into it, as nbgrader's `Execute` does.

    Cells in which we mark get the reasons and the marks; all others get what the sandbox put out, other
    people's test cells included, to which nbgrader's rule then applies.

    notebook : sanitised by nbgrader already; changed in place.
    course_secret : the instructor's, from which the hidden instances are drawn.
    files : what lies beside the notebook.
    """
    places = [n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    cells = [cell_of(notebook.cells[n]) for n in places]
    assignment = _assignment(notebook)
    name = assignment.name if assignment is not None else ""
    marked = mark_cells(
        cells,
        assignment,
        partial(secret.of_submission, course_secret, student, name),
        nursery,
        limits,
        files,
    )
    points = {
        cell.grade_id: float(notebook.cells[n].metadata.nbgrader.get("points") or 0)
        for n, cell in zip(places, cells, strict=True)
        if cell.is_test
    }
    results = {
        exercise: replace(result, points=points.get(result.exercise.marks_cell))
        for exercise, result in marked.results.items()
    }
    by_cell = {result.exercise.marks_cell: result for result in results.values()}
    writer = writer or Writer()
    writer.open(notebook)
    in_ours = []
    for n, cell, ran in zip(places, cells, marked.ran, strict=True):
        if cell.is_test and cell.grade_id in by_cell:
            in_ours.append((notebook.cells[n], ran, by_cell.pop(cell.grade_id)))
        else:
            writer.write(notebook.cells[n], n, ran)
    disarm.notebook(notebook)  # when all has run: a later cell can change what an earlier one has put out
    for marks_cell, ran, result in in_ours:
        writer.write_marks(marks_cell, ran, result)
    if assignment is None:
        return Executed(None, marked.lacks)
    in_order = tuple(results[exercise.name] for exercise in assignment.exercises)
    report = Report(name, assignment, in_order, noted=marked.flags)
    alike = shapes([cell.source for cell in cells], [exercise.name for exercise in assignment.exercises])
    return Executed(report, marked.lacks, _notices(in_order, _built_with(notebook)), alike)


def _built_with(notebook: NotebookNode) -> dict[str, float]:
    """What each exercise was worth when the course was built, as far as its hidden test says so."""
    tests = (
        cell for cell in notebook.cells if nbgrader_utils.is_grade(cell) and nbgrader_utils.is_locked(cell)
    )
    found = (OURS.search(cell.source) for cell in tests)
    return {named["exercise"]: float(named["out_of"]) for named in found if named and named["out_of"]}


def _notices(results: Sequence[ExerciseResult], built_with: Mapping[str, float]) -> tuple[str, ...]:
    """Say where marks are scaled, and where that is so because the course is older than the assignment."""
    notices = []
    for result in results:
        name, most = result.exercise.name, result.exercise.max_score
        before = built_with.get(name, most)
        if before != most:
            notices.append(
                f"{name} is worth {marks(most)} P in the assignment, but was worth {marks(before)} P when "
                "this course was built: build the course again (`autograder build`), then grade it with "
                "`--force`."
            )
        if result.scaled and result.points is not None:
            notices.append(
                f"{name} is worth {marks(result.points)} points in this course's gradebook and "
                f"{marks(most)} P in the assignment: its marks are scaled."
            )
    return tuple(notices)


def _assignment(notebook: NotebookNode) -> Assignment | None:
    """The assignment that the notebook's locked test cells name; None where they name none.

    Raises
    ------
    assignments.UnknownAssignment, assignments.BrokenAssignment
        They name one that is not found, or that does not load: nothing can be marked, so nothing is.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code" and nbgrader_utils.is_grade(cell) and nbgrader_utils.is_locked(cell):
            named = OURS.search(cell.source)
            if named is not None:
                return assignments.load(named["assignment"])
    return None
