"""Execute one notebook in the sandbox in place of a kernel, and mark its exercises outside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nbformat import NotebookNode
from nbgrader import utils as nbgrader_utils

from autograder import assignments
from autograder.exercise import Assignment, ExerciseResult, Report
from autograder.grading.grade import execute_cells
from autograder.grading.secret import Seeds
from autograder.marking.named_answers import NamedAnswer, tell
from autograder.marking.originality import shapes
from autograder.nbgrader_bridge.course.release import MARKS_CALL
from autograder.nbgrader_bridge.submission.other_programs import would_start_programs
from autograder.nbgrader_bridge.submission.outputs import OutputWriter
from autograder.nbgrader_bridge.submission.sanitize_html import sanitize_html
from autograder.reporting.report import endings, marks
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.protocol.limits import Limits
from autograder.submissions.notebook import Cell, cell_of


@dataclass(frozen=True)
class MarkedNotebook:
    """Hold the results of a notebook that has been executed and marked."""

    report: Report | None
    """Its marks and reasons; None for a notebook that is not ours."""
    notices: Sequence[str] = ()
    """What the instructor should know about the course: points that differ from the exercise's own."""
    shapes: Mapping[str, str] = field(default_factory=dict)
    """By exercise, a fingerprint of its code that is the same up to names, comments and layout."""

    notebook_flags: Sequence[str] = ()
    """What is worth an instructor's look in a notebook that is not ours."""

    @property
    def flags(self) -> Sequence[str]:
        """Return what is worth an instructor's look and costs nothing."""
        return self.report.flags if self.report is not None else self.notebook_flags

    @property
    def endings(self) -> Sequence[str]:
        """Return what ended an exercise as a whole: `exercise1: timeout`."""
        return endings(self.report)


def grade_notebook(
    notebook: NotebookNode,
    student: str,
    secret: bytes,
    files: Mapping[str, bytes],
    fork_server: ForkServer,
    limits: Limits,
    writer: OutputWriter | None = None,
    names: Sequence[NamedAnswer] = (),
) -> MarkedNotebook:
    """Run all code cells of a notebook and insert the outputs, as nbgrader's `Execute` does.

    Our marks cells get the reasons and the marks. All other cells get their output from the sandbox,
    including other people's test cells, to which nbgrader's rule then applies.

    Parameters
    ----------
    notebook : sanitized already; changed in place.
    student : who handed it in; hidden data depend on it.
    secret : the course's, from which the hidden data are drawn.
    files : the files beside the notebook.
    names : the instructor's names for answers that no known mistake explains.
    """
    nodes = {n: node for n, node in enumerate(notebook.cells) if node.cell_type == "code"}
    cells = [cell_of(node) for node in nodes.values()]
    assignment = _assignment(notebook)
    seeds = Seeds(secret, student, assignment.name if assignment is not None else "")
    executed = execute_cells(cells, assignment, seeds, fork_server, limits, files)
    points = _points(nodes.values(), cells)
    results = {
        name: replace(tell(result, names, seeds.assignment), points=points.get(result.exercise.marks_cell))
        for name, result in executed.results.items()
    }
    by_marks_cell = {result.exercise.marks_cell: result for result in results.values()}
    writer = writer or OutputWriter()
    writer.open(notebook)
    ours = []
    for (n, node), cell, ran in zip(nodes.items(), cells, executed.ran, strict=True):
        if cell.is_test and cell.grade_id in by_marks_cell:
            ours.append((node, ran, by_marks_cell.pop(cell.grade_id)))
        else:
            writer.write(node, n, ran)
    sanitize_html(notebook)  # when all has run: a later cell can change an earlier one's output
    for node, ran, result in ours:
        writer.write_marks(node, ran, result)
    if assignment is None:
        flags, notices = would_start_programs(notebook.cells)
        return MarkedNotebook(None, notices, notebook_flags=flags)
    in_order = tuple(results[exercise.name] for exercise in assignment.exercises)
    report = Report(assignment.name, assignment, in_order, notebook_flags=executed.flags)
    code = shapes([cell.source for cell in cells], [exercise.name for exercise in assignment.exercises])
    return MarkedNotebook(report, _notices(in_order, _points_when_built(notebook)), code)


def _assignment(notebook: NotebookNode) -> Assignment | None:
    """Load the assignment that the notebook's hidden tests name; return None if they name none.

    Raises
    ------
    assignments.UnknownAssignment, assignments.BrokenAssignment
        They name one that is not found, or that does not load, so nothing can be marked.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code" and _is_hidden_test(cell):
            call = MARKS_CALL.search(cell.source)
            if call is not None:
                return assignments.load(call["assignment"])
    return None


def _points(nodes: Iterable[NotebookNode], cells: Sequence[Cell]) -> dict[str | None, float]:
    """Return what each test cell is worth in this course's gradebook."""
    return {
        cell.grade_id: float(node.metadata.nbgrader.get("points") or 0)
        for node, cell in zip(nodes, cells, strict=True)
        if cell.is_test
    }


def _points_when_built(notebook: NotebookNode) -> dict[str, float]:
    """Return what each exercise was worth when the course was built, if its hidden test says so."""
    calls = (MARKS_CALL.search(cell.source) for cell in notebook.cells if _is_hidden_test(cell))
    return {call["exercise"]: float(call["out_of"]) for call in calls if call and call["out_of"]}


def _is_hidden_test(cell: NotebookNode) -> bool:
    return bool(nbgrader_utils.is_grade(cell) and nbgrader_utils.is_locked(cell))


def _notices(results: Sequence[ExerciseResult], when_built: Mapping[str, float]) -> tuple[str, ...]:
    """Say whether marks are scaled, and whether that is because the course is older than the assignment."""
    notices = []
    for result in results:
        name, most = result.exercise.name, result.exercise.max_score
        before = when_built.get(name, most)
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
