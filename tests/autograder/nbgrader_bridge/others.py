"""Somebody else's assignment: two notebooks of plain nbgrader's, which know nothing of us; and a class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.nbgrader_bridge.course import course_folder as course

ASSIGNMENT = "ps1"
DUE = "2026-05-01 12:00:00"
IN_TIME, LATE, AGAIN = "2026-05-01 11:00:00 UTC", "2026-05-01 14:00:00 UTC", "2026-05-02 09:00:00 UTC"

LATE_COSTS = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
PLAIN = '\nc.Autograde.autograde_preprocessors[0] = "nbgrader.preprocessors.Execute"\n'


def cell(grade_id: str, source: str, kind: str = "code", **marked: object) -> NotebookNode:
    cell = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[kind](source)
    cell.id = grade_id
    flags = {"grade": False, "solution": False, "locked": False, "task": False}
    cell.metadata["nbgrader"] = {**flags, "grade_id": grade_id, "schema_version": 3, **marked}
    return cell


def tested(grade_id: str, points: float, source: str) -> NotebookNode:
    return cell(grade_id, source, grade=True, locked=True, points=points)


def solution(grade_id: str, signature: str, body: str) -> NotebookNode:
    hidden = f"    ### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION"
    return cell(grade_id, f"def {signature}:\n{hidden}", solution=True)


NOTEBOOKS: Mapping[str, list[NotebookNode]] = {
    "problem1": [
        nbformat.v4.new_code_cell("import math\nprint('ready')", id="imports"),
        solution("squares", "squares(n)", "return [k*k for k in range(1, n + 1)]"),
        tested("squares-small", 1, "assert squares(3) == [1, 4, 9]"),
        tested(
            "squares-hidden",
            2,
            "assert squares(1) == [1]\n### BEGIN HIDDEN TESTS\nassert squares(0) == []\n### END HIDDEN TESTS",
        ),
        solution("mean", "mean(values)", "return sum(values)/len(values) if values else 0.0"),
        tested(
            "mean-partial",
            4,
            "tried = {(1,): 1, (1, 3): 2, (): 0, (2, 2, 5): 3}\n"
            "def passes(values, expected):\n    try: return mean(list(values)) == expected\n"
            "    except Exception: return False\n"
            "float(sum(passes(*pair) for pair in tried.items()))",
        ),
    ],
    "problem2": [
        cell("why", "Write here.", "markdown", grade=True, solution=True, points=3),
        cell("draw", "Draw a figure below.", "markdown", task=True, locked=True, points=2),
        cell(
            "by-hand",
            "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION",
            grade=True,
            solution=True,
            points=1,
        ),
        tested("answer-told", 1, "assert answer == 42"),
    ],
}
RIGHT = {
    "squares": "def squares(n): return [k*k for k in range(1, n + 1)]",
    "mean": "def mean(values): return sum(values)/len(values) if values else 0.0",
    "why": "Because.",
    "by-hand": "answer = 42",
}


@dataclass(frozen=True)
class Member:
    """What a student has handed in."""

    cells: Mapping[str, str]
    timestamp: str | None = IN_TIME
    notebooks: tuple[str, ...] = ("problem1", "problem2")


CLASS: Mapping[str, Member] = {
    "amara": Member(RIGHT),
    "bruno": Member(RIGHT | {"mean": "def mean(values): return sum(values)/len(values)"}, LATE),
    "chiara": Member(RIGHT, notebooks=("problem1",)),
    "deniz": Member({}),
    "emeka": Member(RIGHT | {"squares": "def squares(n): return [k*k for k in range(n)]"}, None),
    "freya": Member(RIGHT | {"by-hand": "answer = 1/0"}),
    "goran": Member(RIGHT | {"mean": "import warnings\ndef mean(values): warnings.warn('x'); return 1"}),
    "hana": Member(RIGHT | {"squares": "raise SystemExit"}),
}


def build(folder: Path, extra: str = "") -> None:
    """Make a course with this one assignment, due, released; `extra` ends its configuration."""
    course.prepare(folder)
    config = folder / course.CONFIG
    config.write_text(config.read_text(encoding="utf-8") + LATE_COSTS + extra, encoding="utf-8")
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for name, cells in NOTEBOOKS.items():
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), source / f"{name}.ipynb")
    (source / "data.txt").write_text("the instructor's", encoding="utf-8")
    course.generate_assignment(folder, ASSIGNMENT)
    with gradebook(folder) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=DUE)


def hand_in(folder: Path, student: str, member: Member) -> None:
    """Put a submission where `collect` would have put it."""
    place = folder / "submitted" / student / ASSIGNMENT
    place.mkdir(parents=True, exist_ok=True)
    for name in member.notebooks:
        notebook = nbformat.read(folder / "release" / ASSIGNMENT / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = member.cells.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
        nbformat.write(notebook, place / f"{name}.ipynb")
    (place / "data.txt").write_text("the student's", encoding="utf-8")
    (place / "own.txt").write_text("the student's", encoding="utf-8")
    if member.timestamp is not None:
        (place / "timestamp.txt").write_text(member.timestamp, encoding="utf-8")


def gradebook(folder: Path) -> Gradebook:
    """The course's gradebook."""
    return Gradebook(f"sqlite:///{folder / 'gradebook.db'}", course.COURSE_ID)


def rows(folder: Path, assignment: str = ASSIGNMENT) -> dict[tuple[str, ...], dict[str, Any]]:
    """All that a gradebook says of an assignment's submissions, row by row."""
    with gradebook(folder) as book:
        return dict(_rows(book, assignment))


def _rows(book: Gradebook, assignment: str) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for student in book.students:
        yield ("student", student.id), {"name": student.first_name}
    for submission in book.assignment_submissions(assignment):
        student = submission.student.id
        yield (student,), {"timestamp": submission.timestamp, "late": submission.total_seconds_late}
        for notebook in submission.notebooks:
            place = (student, notebook.name)
            yield (
                place,
                {"late_submission_penalty": notebook.late_submission_penalty, "score": notebook.score},
            )
            for grade in notebook.grades:
                named = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade", "score")
                yield (*place, "grade", grade.name), {key: getattr(grade, key) for key in named}
            for comment in notebook.comments:
                named = ("auto_comment", "manual_comment", "comment")
                yield (*place, "comment", comment.name), {key: getattr(comment, key) for key in named}
