"""Read a notebook file, whatever was done to it, as cells, or say in a sentence why that cannot be done."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import orjson

from autograder import nbgrader_names
from autograder.json_items import count_items

MAX_BYTES = 50_000_000  # a notebook with this many bytes is no homework
MAX_LINES = 200_000  # of all cells; each is a text of its own in the notebook that is kept
MAX_ITEMS = 2_000_000  # values in all; each becomes an object of hundreds of bytes
MAX_CODE = 5_000_000  # characters of code; they go into the sandbox in one piece


class UnreadableNotebook(Exception):
    """The file holds no notebook; the message is a sentence for people."""


@dataclass(frozen=True)
class Cell:
    """One cell; a code cell unless it says otherwise."""

    source: str
    grade_id: str | None = None
    """nbgrader's name of the cell, where it has one."""
    is_test: bool = False
    """Locked and graded: its source is the instructor's, whatever stands in it."""
    kind: str = "code"
    """Or "markdown", or "raw"."""
    cell_id: str | None = field(default=None, compare=False)
    """Jupyter's name of the cell, where it has one."""
    points: float | None = field(default=None, compare=False)
    """What its metadata say it is worth."""


def read(path: Path) -> tuple[Cell, ...]:
    """Read the code cells of a notebook, in order.

    Raises
    ------
    UnreadableNotebook
        The file is missing, no text, no JSON, or no notebook.
    """
    return tuple(cell for cell in read_all(path) if cell.kind == "code")


def read_all(path: Path) -> tuple[Cell, ...]:
    """Read all cells of a notebook, in order.

    Raises
    ------
    UnreadableNotebook
        As `read`.
    """
    return tuple(cell_of(cell) for cell in parsed(content(path)).cells)


def content(path: Path) -> bytes:
    """Read a file that should hold a notebook.

    Raises
    ------
    UnreadableNotebook
        The file is missing, not an ordinary file, or far too large.
    """
    try:
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise UnreadableNotebook("This is not an ordinary file. Hand in the `.ipynb` file itself.")
        if status.st_size > MAX_BYTES:
            raise UnreadableNotebook(
                f"The file is larger than {MAX_BYTES // 1_000_000} MB. Clear the outputs and save again."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableNotebook("There is no such file.") from None
    except IsADirectoryError:
        raise UnreadableNotebook("This is a folder, not a notebook file.") from None
    except OSError as error:
        raise UnreadableNotebook(f"The file cannot be read: {error.strerror}.") from None


def parsed(data: bytes) -> nbformat.NotebookNode:
    """Parse a file's content as a notebook in today's format.

    Raises
    ------
    UnreadableNotebook
        It is no text, no JSON, no notebook, or one with far too much code or far too many lines.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableNotebook(
            "The file is not text, so it is not a notebook. Save the notebook in Jupyter and hand in the "
            "`.ipynb` file itself."
        ) from None
    if not text.strip():
        raise UnreadableNotebook("The file is empty.")
    if count_items(data, MAX_ITEMS) > MAX_ITEMS:
        raise UnreadableNotebook(
            f"The file holds more than {MAX_ITEMS // 1_000_000} million values, as no notebook does. "
            "Clear the outputs and save again."
        )
    try:
        result = _json(text)
    except (ValueError, RecursionError):
        raise UnreadableNotebook(
            "The file is not a notebook: it does not hold JSON. Save the notebook in Jupyter and hand in "
            "the `.ipynb` file itself."
        ) from None
    if not isinstance(result, dict) or not ("cells" in result or "worksheets" in result):
        raise UnreadableNotebook("The file holds JSON, but no notebook: it has no cells.")
    try:
        notebook = nbformat.from_dict(result)
        if "cells" not in notebook:  # an old one, whatever number it gives itself
            notebook["nbformat"] = 3 if type(notebook.get("nbformat")) is not int else notebook["nbformat"]
            notebook = nbformat.convert(notebook, 4)
        for cell in notebook.cells:
            _check(cell)
    except Exception as error:  # nbformat raises whatever a broken structure leads it to
        raise UnreadableNotebook(
            f"The notebook is damaged ({type(error).__name__}). Open it in Jupyter, save it, and hand it "
            "in again."
        ) from None
    refuse_much_code(notebook)
    return notebook


def refuse_much_code(notebook: nbformat.NotebookNode) -> None:
    """Refuse a notebook with more code, or more lines, than a person writes.

    Raises
    ------
    UnreadableNotebook
        It is far too much.
    """
    if sum(cell.source.count("\n") for cell in notebook.cells) > MAX_LINES:
        raise UnreadableNotebook(
            f"The notebook's cells have more than {MAX_LINES:,} lines. Remove the empty ones, or put data "
            "into a file beside it, and load that."
        )
    if sum(len(cell.source) for cell in notebook.cells if _may_be_code(cell)) > MAX_CODE:
        raise UnreadableNotebook(
            f"The notebook's code is longer than {MAX_CODE // 1_000_000} million characters. "
            "Put data into a file beside it, and load that."
        )


def _may_be_code(cell: nbformat.NotebookNode) -> bool:
    """Tell whether a cell is code, or may be code again once it is restored."""
    return cell.cell_type == "code" or nbgrader_names.METADATA in cell.metadata


def _json(text: str) -> object:
    try:
        return orjson.loads(text)
    except ValueError:  # it is stricter: NaN, long numbers and halves of characters are all right here
        return json.loads(text)


def _check(cell: nbformat.NotebookNode) -> None:
    """Give a cell what every cell has; its source becomes one text."""
    if cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise TypeError("cell_type")
    source = cell.get("source", "")
    if not isinstance(source, (str, list)):
        raise TypeError(type(source).__name__)
    cell["source"] = "".join(source) if isinstance(source, list) else str(source)
    if not isinstance(cell.get("metadata"), dict):
        cell["metadata"] = nbformat.NotebookNode()
    keep_attachments(cell)
    if cell["cell_type"] == "code":
        cell.setdefault("outputs", [])
        cell.setdefault("execution_count", None)


def keep_attachments(cell: nbformat.NotebookNode) -> None:
    """Keep those of a text cell's attached files that have the form of one."""
    attached = cell.pop("attachments", None)
    if isinstance(attached, dict) and cell["cell_type"] != "code":
        cell["attachments"] = nbformat.from_dict(
            {name: bundle for name, bundle in attached.items() if bundle and _is_attachment(bundle)}
        )


def _is_attachment(bundle: object) -> bool:
    """Tell whether this is a file as a cell holds it: its content by kind, as text."""
    return isinstance(bundle, dict) and all(isinstance(content, str) for content in bundle.values())


def cell_of(cell: nbformat.NotebookNode) -> Cell:
    """Read one cell, whatever its metadata hold."""
    marked = nbgrader_names.metadata_of(cell)
    grade_id, points, identity = marked.get("grade_id"), marked.get("points"), cell.get("id")
    return Cell(
        source=cell.source,
        grade_id=str(grade_id) if grade_id is not None else None,
        is_test=nbgrader_names.is_marked(marked),
        kind=cell.cell_type,
        cell_id=identity if isinstance(identity, str) else None,
        points=_points(points),
    )


def _points(written: object) -> float | None:
    """Read what a cell says it is worth, if that is a number: JSON knows some that no float can hold."""
    try:
        return float(written) if isinstance(written, (int, float)) else None
    except OverflowError:
        return None
