"""Find or create the gradebook's rows of many submissions together.

nbgrader's own `update_or_create_…` methods query and commit for each student and each cell; the resulting
rows are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader.api import Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class RecordedMarks:
    """Hold a submission's marks as they are in the gradebook."""

    scores: Mapping[str, float | None]
    """By cell, a person's mark if there is one, else the automatic one; None if a person has to mark."""
    penalty: float
    """The late penalty."""
    by_hand: tuple[str, ...]
    """Cells that wait for a person."""
    total: float
    """The sum of all marks after the late penalty, as nbgrader exports it."""


@dataclass(frozen=True)
class NotebookMarks:
    """Hold a notebook's marks and comments, as a feedback page shows them."""

    scores: Mapping[str, tuple[float, float]]
    """By cell, the marks earned and the marks available."""
    comments: Mapping[str, str | None]
    """By cell, a person's comment if there is one, else nbgrader's own."""
    penalty: float


def submission_rows(
    session: Session,
    assignment: Any,  # noqa: ANN401  a row
    timestamps: Mapping[str, datetime | None],
) -> dict[str, Any]:
    """Find the rows of submissions to an assignment, by student; create those that are missing.

    timestamps : when each student handed in, if known.
    """
    students = {row.id: row for row in _chosen(session, Student, Student.id, timestamps)}
    mine = _chosen(session, SubmittedAssignment, SubmittedAssignment.student_id, timestamps)
    rows = {row.student_id: row for row in mine.filter(SubmittedAssignment.assignment_id == assignment.id)}
    for student, when in timestamps.items():
        if student not in students:
            students[student] = Student(id=student)
            session.add(students[student])
        if student not in rows:
            rows[student] = _new(assignment, students[student])
            session.add(rows[student])
        if when is not None:
            rows[student].timestamp = when
    return rows


def marks(session: Session, assignment: Any) -> dict[str, RecordedMarks]:  # noqa: ANN401  a row
    """Read the marks of all submissions to an assignment, by student."""
    names = cell_names(assignment)
    notebooks = (
        session.query(
            SubmittedAssignment.student_id, SubmittedNotebook.id, SubmittedNotebook.late_submission_penalty
        )
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
    )
    owners: dict[str, str] = {}
    penalties: dict[str, float] = {}
    for student, notebook, penalty in notebooks:
        owners[notebook] = student
        penalties[student] = penalties.get(student, 0.0) + (penalty or 0.0)
    scores: dict[str, dict[str, float | None]] = {student: {} for student in penalties}
    waiting: dict[str, list[str]] = {student: [] for student in penalties}
    totals = dict.fromkeys(penalties, 0.0)
    grades = (
        session.query(
            Grade.notebook_id,
            Grade.cell_id,
            Grade.auto_score,
            Grade.manual_score,
            Grade.score,
            Grade.needs_manual_grade,
        )
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
    )
    for notebook, cell, automatic, by_hand, score, needs in grades:
        student, name = owners[notebook], names.get(cell, "")
        scores[student][name] = None if automatic is None and by_hand is None else score
        totals[student] += score or 0.0
        if needs:
            waiting[student].append(name)
    return {
        student: RecordedMarks(
            scores[student],
            penalties[student],
            tuple(sorted(waiting[student])),
            max(0.0, totals[student] - penalties[student]),
        )
        for student in penalties
    }


def notebook_marks(session: Session, assignment: Any) -> dict[str, dict[str, NotebookMarks]]:  # noqa: ANN401
    """Read marks and comments of all submissions to an assignment, by student and notebook."""
    names = cell_names(assignment)
    points = {
        cell.id: float(cell.max_score)
        for notebook in assignment.notebooks
        for cell in (*notebook.grade_cells, *notebook.task_cells)
    }
    known = {notebook.id: notebook.name for notebook in assignment.notebooks}
    rows = (
        session.query(
            SubmittedNotebook.id,
            SubmittedNotebook.notebook_id,
            SubmittedNotebook.late_submission_penalty,
            SubmittedAssignment.student_id,
        )
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
        .all()
    )
    mine = {row: (dict[str, tuple[float, float]](), dict[str, str | None]()) for row, _, _, _ in rows}
    of_cells = (
        (Grade, (Grade.notebook_id, Grade.cell_id, Grade.score)),
        (Comment, (Comment.notebook_id, Comment.cell_id, Comment.comment)),
    )
    for n, (table, columns) in enumerate(of_cells):
        chosen = (
            session.query(*columns)
            .join(SubmittedNotebook, table.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .filter(SubmittedAssignment.assignment_id == assignment.id)
        )
        for row, cell, value in chosen:
            if n == 0:
                mine[row][0][names.get(cell, "")] = (float(value or 0.0), points.get(cell, 0.0))
            else:
                mine[row][1][names.get(cell, "")] = value
    result: dict[str, dict[str, NotebookMarks]] = {}
    for row, notebook, penalty, student in rows:
        result.setdefault(student, {})[known[notebook]] = NotebookMarks(*mine[row], float(penalty or 0.0))
    return result


def cell_names(assignment: Any) -> dict[str, str]:  # noqa: ANN401  a row
    """Return the names of an assignment's cells, by the key under which grades and comments refer to them."""
    return {
        cell.id: cell.name
        for notebook in assignment.notebooks
        for cells in (notebook.grade_cells, notebook.solution_cells, notebook.task_cells)
        for cell in cells
    }


def _chosen(session: Session, table: Any, column: Any, keys: Iterable[str]) -> Any:  # noqa: ANN401  SQLAlchemy's
    return session.query(table).filter(column.in_(list(keys)))


def _new(assignment: Any, student: Any) -> Any:  # noqa: ANN401  rows
    """Create a submission's rows as nbgrader's `add_submission` does: one for each cell."""
    submission = SubmittedAssignment(assignment=assignment, student=student)
    for notebook in assignment.notebooks:
        row = SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            Grade(cell_id=cell.id, notebook=row)
        for cell in (*notebook.solution_cells, *notebook.task_cells):
            Comment(cell_id=cell.id, notebook=row)
    return submission
