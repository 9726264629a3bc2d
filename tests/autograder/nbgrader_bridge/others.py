"""Somebody else's assignment: two notebooks of plain nbgrader's, which know nothing of us; and a class."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.nbgrader_bridge.course import course_folder as course
from tests.autograder.nbgrader_bridge import classes

ASSIGNMENT = "ps1"
DUE = "2026-05-01 12:00:00"
IN_TIME, LATE, AGAIN = "2026-05-01 11:00:00 UTC", "2026-05-01 14:00:00 UTC", "2026-05-02 09:00:00 UTC"

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


def hidden(source: str) -> str:
    return f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"


BY_HAND = "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION"
NOTEBOOKS: Mapping[str, list[NotebookNode]] = {
    "problem1": [
        nbformat.v4.new_code_cell("import math\nprint('ready')", id="imports"),
        solution("squares", "squares(n)", "return [k*k for k in range(1, n + 1)]"),
        tested("squares-small", 1, "assert squares(3) == [1, 4, 9]"),
        tested("squares-hidden", 2, "assert squares(1) == [1]\n" + hidden("assert squares(0) == []")),
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
        cell("by-hand", BY_HAND, grade=True, solution=True, points=1),
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


def build(folder: Path) -> None:
    """Make a course with this one assignment, due, released."""
    course.prepare(folder)
    classes.configure(folder, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    for name, cells in NOTEBOOKS.items():
        write(source / f"{name}.ipynb", cells)
    (source / "data.txt").write_text("the instructor's", encoding="utf-8")
    course.generate_assignment(folder, ASSIGNMENT)
    with gradebook(folder) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=DUE)


def write(path: Path, cells: Sequence[NotebookNode]) -> None:
    """Put a notebook of these cells into a file, as Jupyter does."""
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells), metadata=metadata), path)


def hand_in(folder: Path, student: str, member: Member) -> None:
    """Put a submission where `collect` would have put it."""
    place = folder / "submitted" / student / ASSIGNMENT
    place.mkdir(parents=True, exist_ok=True)
    for name in member.notebooks:
        shutil.copy(folder / "release" / ASSIGNMENT / f"{name}.ipynb", place)
        with classes.edited(place / f"{name}.ipynb") as notebook:
            for known, cell in classes.by_name(notebook).items():
                cell.source = member.cells.get(known or "", cell.source)
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


GRADE = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade", "score")
COMMENT = ("auto_comment", "manual_comment", "comment")


def _rows(book: Gradebook, assignment: str) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for student in book.students:
        yield ("student", student.id), {"name": student.first_name}
    for submission in book.assignment_submissions(assignment):
        student = submission.student.id
        yield (student,), {"timestamp": submission.timestamp, "late": submission.total_seconds_late}
        for notebook in submission.notebooks:
            place = (student, notebook.name)
            yield place, _named(notebook, "late_submission_penalty", "score")
            for grade in notebook.grades:
                yield (*place, "grade", grade.name), _named(grade, *GRADE)
            for comment in notebook.comments:
                yield (*place, "comment", comment.name), _named(comment, *COMMENT)


def _named(row: Any, *columns: str) -> dict[str, Any]:
    return {column: getattr(row, column) for column in columns}
