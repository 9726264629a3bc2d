"""A submitted notebook brought back to what was released, whatever was done to it.

What a student may change is what stands in solution cells and in cells of their own. Names, kinds, points,
locked sources and the cells themselves are the instructor's. nbgrader's own preprocessors do most of it,
here with an assignment from memory in place of a gradebook.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearOutput, DeduplicateIds, OverwriteCells
from traitlets.config import Config

from autograder.nbgrader_bridge.released import Released, ReleasedCell, ReleasedNotebook
from autograder.nbgrader_bridge.valid_notebook import cell_metadata, give_id, make_valid


class _Overwrite(OverwriteCells):  # type: ignore[misc]  # nbgrader is not followed
    """nbgrader's, with a released assignment for its gradebook."""

    def restore(self, notebook: NotebookNode, released: Released, name: str) -> None:
        """Overwrite what is locked and add what is missing."""
        self.notebook_id, self.assignment_id, self.gradebook = name, released.assignment, released
        super(OverwriteCells, self).preprocess(notebook, {})
        try:
            self.add_missing_grade_cells(notebook, {})
        except KeyError:  # what they stood behind is missing, too: nothing tells their place
            self._append_missing(notebook, released.notebooks[name])
        self.add_missing_task_cells(notebook, {})

    def _append_missing(self, notebook: NotebookNode, released: ReleasedNotebook) -> None:
        present = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
        for cell in released.grade_cells:
            if cell.name not in present:
                added = self.missing_cell_transform(cell, cell.max_score, is_solution=cell.solution)
                notebook.cells.append(added)


class Restorer:
    """Brings notebooks of one assignment back to what was released."""

    def __init__(self, released: Released, config: Config, log: logging.Logger) -> None:
        self._released = released
        self._cells = {
            name: {cell.name: (cell, _metadata(cell)) for cell in one.source_cells}
            for name, one in released.notebooks.items()
        }
        self._clear = ClearOutput(config=config, log=log)
        self._deduplicate = DeduplicateIds(config=config, log=log)
        self._overwrite = _Overwrite(config=config, log=log)

    def restore(self, notebook: NotebookNode, name: str) -> None:
        """Bring a notebook back, in place.

        Raises
        ------
        Exception
            nbgrader gives the notebook up; the message is its own.
        """
        released = self._released.notebooks[name]
        cells = self._cells[name]
        make_valid(notebook)
        _normalise(notebook, cells)
        self._clear.preprocess(notebook, {})
        self._deduplicate.preprocess(notebook, {})
        _normalise(notebook, cells)  # it leaves empty metadata, over which the next one stumbles
        kernelspec = json.loads(released.kernelspec or "null")
        if kernelspec:
            notebook.metadata["kernelspec"] = kernelspec
        self._overwrite.restore(notebook, self._released, name)
        _normalise(notebook, cells)


def _normalise(notebook: NotebookNode, released: Mapping[str, tuple[ReleasedCell, NotebookNode]]) -> None:
    """Make each cell's metadata what they were: nbgrader's from the release, no tags, one id each."""
    ids: set[str] = set()
    for cell in notebook.cells:
        metadata = cell.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        marked = metadata.get("nbgrader")
        grade_id = marked.get("grade_id") if isinstance(marked, dict) else None
        wanted = cell_metadata(metadata)
        if isinstance(grade_id, str) and grade_id in released:
            known, as_released = released[grade_id]
            _retype(cell, known.cell_type)
            if marked != as_released or not isinstance(marked, NotebookNode):
                marked = NotebookNode(as_released)
            wanted["nbgrader"] = marked
        if metadata != wanted or not isinstance(metadata.get("nbgrader", metadata), NotebookNode):
            cell.metadata = wanted
        give_id(cell, ids)


def _retype(cell: NotebookNode, cell_type: str) -> None:
    """Make a cell what it was, with all that such a cell has, and nothing else: nbgrader checks that."""
    if cell.cell_type == cell_type:
        return
    cell.cell_type = cell_type
    for key in ("attachments", "outputs", "execution_count"):
        cell.pop(key, None)
    if cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def _metadata(cell: ReleasedCell) -> NotebookNode:
    points = {"points": cell.max_score} if cell.grade or cell.task else {}
    return NotebookNode(
        grade=cell.grade,
        grade_id=cell.name,
        locked=cell.locked,
        solution=cell.solution,
        task=cell.task,
        schema_version=3,
        checksum=cell.checksum,
        cell_type=cell.cell_type,
        **points,
    )
