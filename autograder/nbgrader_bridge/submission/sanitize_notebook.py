"""Make a submitted notebook valid, and restore it to what was released, whatever was done to it.

Programs write into notebooks what nbformat does not know (Colab: widgets without a state), and people edit
them; nbconvert aborts a whole notebook because of one wrong word outside the cells. What a student wrote
into the cells stays; everything else stays if it has the form that it should have.

A student may change solution cells and cells of their own. Names, kinds, points, locked sources and the
cells themselves are the instructor's. nbgrader's own preprocessors do most of the work, here with an
assignment from memory in place of a gradebook.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearOutput, DeduplicateIds, NbGraderPreprocessor, OverwriteCells
from traitlets.config import Config

from autograder.nbgrader_bridge.course.release import ReleasedAssignment, ReleasedCell, ReleasedNotebook
from autograder.submissions.notebook import keep_attachments

KEYS = {
    "code": frozenset(("id", "cell_type", "metadata", "source", "outputs", "execution_count")),
    "markdown": frozenset(("id", "cell_type", "metadata", "source", "attachments")),
    "raw": frozenset(("id", "cell_type", "metadata", "source", "attachments")),
}
"""The keys that each kind of cell has."""
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
WORD = re.compile(r"[\w.+#/-]{1,60}")  # in a page it becomes part of a class
NBGRADERS = frozenset(("nbgrader",))
LONGEST_TITLE = 500
LANGUAGE = ("name", "version", "mimetype", "file_extension", "pygments_lexer", "nbconvert_exporter")


class ValidNotebook(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is not followed
    """Make a notebook valid before `nbgrader autograde` looks at it.

    c.Autograde.sanitize_preprocessors = ["autograder.nbgrader_bridge.valid_notebook.ValidNotebook", ...]
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Make the notebook valid, in place."""
        make_valid(nb)
        return nb, resources


def make_valid(notebook: NotebookNode) -> None:
    """Make a notebook valid nbformat 4.5, in place; its cells have a kind and a source already."""
    for key in set(notebook) - {"cells", "metadata", "nbformat", "nbformat_minor"}:
        del notebook[key]
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = _metadata(notebook.get("metadata"))
    ids: set[str] = set()
    for cell in notebook.cells:
        for key in set(cell) - KEYS[cell.cell_type]:
            del cell[key]
        give_id(cell, ids)
        keep_attachments(cell)
        metadata = _dictionary(cell.get("metadata"))
        cell.metadata = cell_metadata(metadata)
        if isinstance(metadata.get("nbgrader"), dict):
            cell.metadata["nbgrader"] = metadata["nbgrader"]
        if cell.cell_type == "code":
            outputs, count = cell.get("outputs"), cell.get("execution_count")
            cell.outputs = outputs if isinstance(outputs, list) and all(map(_is_output, outputs)) else []
            cell.execution_count = count if type(count) is int and 0 <= count < 2**53 else None


def give_id(cell: NotebookNode, ids: set[str]) -> None:
    """Give a cell a valid id that no cell before it has.

    ids : of the cells before; gets this one's.
    """
    given = cell.get("id")
    if not isinstance(given, str) or not ID.fullmatch(given) or given in ids:
        cell["id"] = secrets.token_hex(4)
    ids.add(cell["id"])


def cell_metadata(metadata: Mapping[str, Any]) -> NotebookNode:
    """Keep of a cell's metadata how Jupyter shows it; tags and the rest could affect how it runs or looks."""
    if metadata.keys() <= NBGRADERS:  # as nearly every cell's is
        return NotebookNode()
    shown = {key: metadata[key] for key in ("collapsed", "editable", "deletable") if _is_flag(metadata, key)}
    if _is_flag(metadata, "scrolled") or metadata.get("scrolled") == "auto":
        shown["scrolled"] = metadata["scrolled"]
    hidden = metadata.get("jupyter")
    if isinstance(hidden, dict):
        keys = [key for key in ("source_hidden", "outputs_hidden") if _is_flag(hidden, key)]
        shown["jupyter"] = NotebookNode({key: hidden[key] for key in keys})
    return NotebookNode(shown)


def _metadata(given: object) -> NotebookNode:
    """Keep of a notebook's metadata its kernel, its language, its title and its authors."""
    entries = _dictionary(given)
    known = NotebookNode()
    kernel, title, authors = (entries.get(key) for key in ("kernelspec", "title", "authors"))
    words = _words(kernel, ("name", "display_name", "language"))
    if {"name", "display_name"} <= words.keys():
        known["kernelspec"] = words
    words = _words(entries.get("language_info"), LANGUAGE)
    words = NotebookNode({k: v for k, v in words.items() if WORD.fullmatch(v)})
    if "name" in words:
        known["language_info"] = words
    if isinstance(title, str):
        known["title"] = title[:LONGEST_TITLE]
    if isinstance(authors, list):
        known["authors"] = [names for author in authors if (names := _words(author, ("name",)))]
    return known


def _words(given: object, keys: tuple[str, ...]) -> NotebookNode:
    """Keep those entries of a dictionary that are text."""
    entries = _dictionary(given)
    return NotebookNode(
        {key: entries[key][:LONGEST_TITLE] for key in keys if isinstance(entries.get(key), str)}
    )


def _is_flag(metadata: Mapping[str, Any], key: str) -> bool:
    return isinstance(metadata.get(key), bool)


def _dictionary(given: object) -> dict[str, Any]:
    """Return a dictionary, empty if something else is in its place."""
    return given if isinstance(given, dict) else {}


def _is_output(given: object) -> bool:
    """Return whether nbgrader, which clears outputs, can process this one."""
    return isinstance(given, dict) and isinstance(given.get("output_type"), str)


class _Overwrite(OverwriteCells):  # type: ignore[misc]  # nbgrader is not followed
    """Overwrite cells as nbgrader does, with a released assignment in place of a gradebook."""

    def restore(self, notebook: NotebookNode, released: ReleasedAssignment, name: str) -> None:
        """Overwrite what is locked and add what is missing."""
        self.notebook_id, self.assignment_id, self.gradebook = name, released.assignment, released
        super(OverwriteCells, self).preprocess(notebook, {})
        try:
            self.add_missing_grade_cells(notebook, {})
        except KeyError:  # the cells before them are missing, too: nothing tells their place
            self._append_missing(notebook, released.notebooks[name])
        self.add_missing_task_cells(notebook, {})

    def _append_missing(self, notebook: NotebookNode, released: ReleasedNotebook) -> None:
        present = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
        for cell in released.grade_cells:
            if cell.name not in present:
                added = self.missing_cell_transform(cell, cell.max_score, is_solution=cell.solution)
                notebook.cells.append(added)


class NotebookSanitizer:
    """Restore notebooks of one assignment to what was released."""

    def __init__(self, released: ReleasedAssignment, config: Config, log: logging.Logger) -> None:
        self._released = released
        self._cells = {
            name: {cell.name: (cell, _released_metadata(cell)) for cell in one.source_cells}
            for name, one in released.notebooks.items()
        }
        self._clear = ClearOutput(config=config, log=log)
        self._deduplicate = DeduplicateIds(config=config, log=log)
        self._overwrite = _Overwrite(config=config, log=log)

    def sanitize(self, notebook: NotebookNode, name: str) -> None:
        """Make a notebook valid and restore it to what was released, in place.

        Raises
        ------
        Exception
            nbgrader aborts the notebook; the message is its own.
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
    """Reset each cell's metadata: nbgrader's from the release, no tags, an id of its own."""
    ids: set[str] = set()
    for cell in notebook.cells:
        metadata = _dictionary(cell.get("metadata"))
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
    """Give a cell its released type, with just the keys that such a cell has: nbgrader checks that."""
    if cell.cell_type == cell_type:
        return
    cell.cell_type = cell_type
    for key in ("attachments", "outputs", "execution_count"):
        cell.pop(key, None)
    if cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def _released_metadata(cell: ReleasedCell) -> NotebookNode:
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
