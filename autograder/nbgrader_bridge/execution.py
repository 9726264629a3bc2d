"""A notebook run in the sandbox in place of a kernel, and marked outside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader import utils as nbgrader_utils

from autograder import assignments, secret
from autograder.exercise import Assignment, Report
from autograder.grade import mark_cells
from autograder.nbgrader_bridge.outputs import Writer, still
from autograder.notebook import code_cell
from autograder.originality import other_autodiff, shapes
from autograder.sandbox.limits import Limits
from autograder.sandbox.nursery import Nursery

OURS = re.compile(r'import marks; marks\("([^"\\]+)", "([^"\\]+)", globals\(\)\)')
"""The one line of a hidden test of ours, in a locked cell whose source nbgrader has restored."""


@dataclass(frozen=True)
class Executed:
    """What is known of a notebook that has been run."""

    report: Report | None
    """Its marks and reasons; None for a notebook that is not ours."""
    lacks: Mapping[str, str]
    """Layers of the sandbox that this machine lacks, and why."""
    alike: Mapping[str, str] = field(default_factory=dict)
    """By exercise, what two functions share that are the same up to names, comments and layout."""


def execute(
    notebook: NotebookNode,
    nursery: Nursery,
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
    cells = [code_cell(notebook.cells[n]) for n in places]
    assignment = _assignment(notebook)
    name = assignment.name if assignment is not None else ""
    marked = mark_cells(
        cells,
        assignment,
        lambda exercise: secret.of_student(course_secret, student, name, exercise),
        nursery,
        limits,
        files,
    )
    by_cell = {result.exercise.marks_cell: result for result in marked.results.values()}
    writer = writer or Writer()
    writer.open(notebook)
    for n, cell, ran in zip(places, cells, marked.ran, strict=True):
        if cell.is_test and cell.grade_id in by_cell:
            writer.write_marks(notebook.cells[n], ran, by_cell.pop(cell.grade_id))
        else:
            writer.write(notebook.cells[n], n, ran)
    still([cell for cell in notebook.cells if not nbgrader_utils.is_locked(cell)])
    if assignment is None:
        return Executed(None, marked.lacks)
    results = tuple(marked.results[exercise.name] for exercise in assignment.exercises)
    sources = [cell.source for cell in cells]
    noted = other_autodiff(sources)
    alike = shapes(sources, [exercise.name for exercise in assignment.exercises])
    return Executed(Report(name, assignment, results, noted=noted), marked.lacks, alike)


def _assignment(notebook: NotebookNode) -> Assignment | None:
    """The assignment that the notebook's locked test cells name; None where they name none of ours."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and nbgrader_utils.is_grade(cell) and nbgrader_utils.is_locked(cell):
            named = OURS.search(cell.source)
            if named is not None and named[1] in assignments.folders():
                return assignments.load(named[1])
    return None
