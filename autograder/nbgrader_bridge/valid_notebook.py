"""Make a submitted notebook one that nbformat accepts, so that nbgrader can write a page of it.

Programs write into notebooks what the format does not know (Colab: widgets without a state), and people edit
them. nbconvert gives a whole notebook up for one wrong word beside the cells. What a student wrote into the
cells stays; what stands beside them stays if it has the form that it should have.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.notebook import keep_attachments

KEYS = {
    "code": frozenset(("id", "cell_type", "metadata", "source", "outputs", "execution_count")),
    "markdown": frozenset(("id", "cell_type", "metadata", "source", "attachments")),
    "raw": frozenset(("id", "cell_type", "metadata", "source", "attachments")),
}
"""What each kind of cell has."""
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
WORD = re.compile(r"[\w.+#/-]{1,60}")  # in a page it becomes part of a class
NBGRADERS = frozenset(("nbgrader",))
LONGEST_TITLE = 500
LANGUAGE = ("name", "version", "mimetype", "file_extension", "pygments_lexer", "nbconvert_exporter")


class ValidNotebook(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is not followed
    """Makes a notebook valid before `nbgrader autograde` looks at it.

    c.Autograde.sanitize_preprocessors = ["autograder.nbgrader_bridge.valid_notebook.ValidNotebook", ...]
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Make it valid, in place."""
        make_valid(nb)
        return nb, resources


def make_valid(notebook: NotebookNode) -> None:
    """Give a notebook the form of nbformat 4.5, in place; its cells have a kind and a source already."""
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
        found = cell.get("metadata")
        found = found if isinstance(found, dict) else {}
        cell.metadata = cell_metadata(found)
        if isinstance(found.get("nbgrader"), dict):
            cell.metadata["nbgrader"] = found["nbgrader"]
        if cell.cell_type == "code":
            outputs, count = cell.get("outputs"), cell.get("execution_count")
            cell.outputs = outputs if isinstance(outputs, list) and all(map(_is_output, outputs)) else []
            cell.execution_count = count if type(count) is int and 0 <= count < 2**53 else None


def give_id(cell: NotebookNode, ids: set[str]) -> None:
    """Give a cell an id of the right form that no cell before it has.

    ids : of the cells before; gets this one's.
    """
    found = cell.get("id")
    if not isinstance(found, str) or not ID.fullmatch(found) or found in ids:
        cell["id"] = secrets.token_hex(4)
    ids.add(cell["id"])


def cell_metadata(metadata: Mapping[str, Any]) -> NotebookNode:
    """Keep of a cell's metadata how Jupyter shows it; tags and all else could steer how it runs or looks."""
    if metadata.keys() <= NBGRADERS:  # as nearly every cell's is
        return NotebookNode()
    kept = {key: metadata[key] for key in ("collapsed", "editable", "deletable") if _is_flag(metadata, key)}
    if _is_flag(metadata, "scrolled") or metadata.get("scrolled") == "auto":
        kept["scrolled"] = metadata["scrolled"]
    hidden = metadata.get("jupyter")
    if isinstance(hidden, dict):
        keys = [key for key in ("source_hidden", "outputs_hidden") if _is_flag(hidden, key)]
        kept["jupyter"] = NotebookNode({key: hidden[key] for key in keys})
    return NotebookNode(kept)


def _metadata(found: object) -> NotebookNode:
    """Keep of a notebook's metadata its kernel, its language, its title and its authors."""
    found = found if isinstance(found, dict) else {}
    kept = NotebookNode()
    kernel, title, authors = (found.get(key) for key in ("kernelspec", "title", "authors"))
    words = _words(kernel, ("name", "display_name", "language"))
    if {"name", "display_name"} <= words.keys():
        kept["kernelspec"] = words
    language = found.get("language_info")
    words = NotebookNode({k: v for k, v in _words(language, LANGUAGE).items() if WORD.fullmatch(v)})
    if "name" in words:
        kept["language_info"] = words
    if isinstance(title, str):
        kept["title"] = title[:LONGEST_TITLE]
    if isinstance(authors, list):
        kept["authors"] = [names for author in authors if (names := _words(author, ("name",)))]
    return kept


def _words(found: object, keys: tuple[str, ...]) -> NotebookNode:
    """Those of a dictionary's entries that are text."""
    entries = found if isinstance(found, dict) else {}
    return NotebookNode(
        {key: entries[key][:LONGEST_TITLE] for key in keys if isinstance(entries.get(key), str)}
    )


def _is_flag(metadata: Mapping[str, Any], key: str) -> bool:
    return isinstance(metadata.get(key), bool)


def _is_output(found: object) -> bool:
    """Whether nbgrader, which clears it, can look at it."""
    return isinstance(found, dict) and isinstance(found.get("output_type"), str)
