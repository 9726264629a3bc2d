"""An assignment's rows, put into a gradebook by nbgrader's own interface; no notebook belongs to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader import api, dbutil
from nbgrader.api import Gradebook

from autograder import patches

ASSIGNMENT = "ps1"
DUE = "2026-05-01 12:00:00"


def url(folder: Path) -> str:
    """Address of a gradebook that is a file in a folder."""
    return f"sqlite:///{folder / 'gradebook.db'}"


@contextmanager
def released(folder: Path) -> Iterator[Gradebook]:
    """Make a gradebook with one assignment: two notebooks, cells of every kind in the first."""
    patches.read_schema_version_here(api, dbutil.ALEMBIC_DIR)
    with Gradebook(url(folder)) as book:
        _release(book)
        yield book


def _release(book: Gradebook) -> None:
    book.add_assignment(ASSIGNMENT, duedate=DUE)
    problem, second = ("problem", ASSIGNMENT), ("second", ASSIGNMENT)
    book.add_notebook(*problem, kernelspec='{"name": "python3"}')
    book.add_notebook(*second)
    book.add_solution_cell("answer", *problem)
    book.add_grade_cell("test", *problem, max_score=2, cell_type="code")
    book.add_grade_cell("test2", *problem, max_score=3.5, cell_type="code")
    book.add_grade_cell("by-hand", *problem, max_score=4, cell_type="markdown")
    book.add_solution_cell("by-hand", *problem)
    book.add_task_cell("draw", *problem, max_score=1.5, cell_type="markdown")
    book.add_grade_cell("other", *second, max_score=1, cell_type="code")
    cells = {"answer": "code", "test": "code", "test2": "code"}
    for name, kind in {**cells, "by-hand": "markdown", "draw": "markdown", "told": "markdown"}.items():
        text = {"source": f"of {name}", "checksum": f"sum of {name}"}
        book.add_source_cell(name, *problem, locked=name not in ("answer", "by-hand"), cell_type=kind, **text)
    book.add_source_cell("other", *second, locked=True, cell_type="code")
