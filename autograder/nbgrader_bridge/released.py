"""What an assignment was when it was released: its cells, from the gradebook, as plain data.

nbgrader's preprocessors ask a gradebook for it, cell by cell, with several queries each. A grader gets it
once, and answers them by the same names (`find_source_cell`, …) from memory.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils as nbgrader_utils
from nbgrader.api import Gradebook, MissingEntry


@dataclass(frozen=True)
class ReleasedCell:
    """A cell that nbgrader knows by its `grade_id`."""

    name: str
    cell_type: str
    source: str
    checksum: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    max_score: float


@dataclass(frozen=True)
class ReleasedNotebook:
    """A notebook of the assignment; its attributes are those that nbgrader's preprocessors ask for."""

    name: str
    kernelspec: str | None
    source_cells: tuple[ReleasedCell, ...]

    @property
    def grade_cells(self) -> tuple[ReleasedCell, ...]:
        """Cells that are marked."""
        return tuple(cell for cell in self.source_cells if cell.grade)

    @property
    def solution_cells(self) -> tuple[ReleasedCell, ...]:
        """Cells that students write in."""
        return tuple(cell for cell in self.source_cells if cell.solution)

    @property
    def task_cells(self) -> tuple[ReleasedCell, ...]:
        """Cells that are marked by hand."""
        return tuple(cell for cell in self.source_cells if cell.task)


@dataclass(frozen=True)
class Released:
    """An assignment as it was released."""

    assignment: str
    notebooks: Mapping[str, ReleasedNotebook]

    def find_notebook(self, notebook: str, assignment: str) -> ReleasedNotebook:
        """As `Gradebook.find_notebook`."""
        if assignment != self.assignment or notebook not in self.notebooks:
            raise MissingEntry(f"No such notebook: {assignment}/{notebook}")
        return self.notebooks[notebook]

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> ReleasedCell:
        """As `Gradebook.find_source_cell`."""
        for cell in self.find_notebook(notebook, assignment).source_cells:
            if cell.name == name:
                return cell
        raise MissingEntry(f"No such source cell: {assignment}/{notebook}/{name}")

    find_graded_cell = find_source_cell

    def to_json(self) -> str:
        """Write it down, for a grader elsewhere."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Released:
        """Read what `to_json` wrote."""
        content = json.loads(text)
        return cls(content["assignment"], {k: _notebook(v) for k, v in content["notebooks"].items()})

    @classmethod
    def from_gradebook(cls, gradebook: Gradebook, assignment: str) -> Released:
        """Read it from the course's gradebook.

        Raises
        ------
        nbgrader.api.MissingEntry
            There is no such assignment in it.
        """
        found = gradebook.find_assignment(assignment)
        return cls(assignment, {notebook.name: _from_rows(notebook) for notebook in found.notebooks})


def _notebook(content: dict[str, Any]) -> ReleasedNotebook:
    cells = tuple(ReleasedCell(**cell) for cell in content["source_cells"])
    return ReleasedNotebook(content["name"], content["kernelspec"], cells)


def _from_rows(notebook: Any) -> ReleasedNotebook:  # noqa: ANN401  nbgrader's table row
    grades = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    tasks = {cell.name: float(cell.max_score) for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    cells = tuple(
        ReleasedCell(
            name=cell.name,
            cell_type=str(cell.cell_type),
            source=cell.source or "",
            checksum=cell.checksum or "",
            locked=bool(cell.locked),
            grade=cell.name in grades,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            max_score=(grades | tasks).get(cell.name, 0.0),
        )
        for cell in notebook.source_cells
    )
    with_points = tuple(replace(cell, checksum=_checksum(cell)) if cell.grade else cell for cell in cells)
    return ReleasedNotebook(notebook.name, notebook.kernelspec, with_points)


def _checksum(cell: ReleasedCell) -> str:
    """A marks cell's with the points that the gradebook has now; nbgrader's has those of the release."""
    flags = {"grade": cell.grade, "solution": cell.solution, "locked": cell.locked}
    marked = NotebookNode(flags, grade_id=cell.name, points=cell.max_score)
    node = NotebookNode(cell_type=cell.cell_type, source=cell.source, metadata=NotebookNode(nbgrader=marked))
    return str(nbgrader_utils.compute_checksum(node))
