"""Name what nbgrader has in notebooks, folders and the environment, for code that must not import nbgrader.

The rest is known in `nbgrader_bridge`. `utils/progress.py` reads the variable by itself: it ships alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

METADATA = "nbgrader"
"""The key of nbgrader's own metadata in a cell."""
SCHEMA_VERSION = 3  # of these metadata
CONFIG = "nbgrader_config.py"  # what makes a folder a course's
GRADEBOOK = "gradebook.db"
SUBMITTED, AUTOGRADED = "submitted", "autograded"
"""A course's folders, with a student's folder in them and an assignment's in that."""
TIMESTAMP = "timestamp.txt"
"""When something was handed in; no submission's code needs the file."""
EXECUTION, AUTOGRADE = "NBGRADER_EXECUTION", "autograde"
"""The variable that says what a notebook is run for, and its value where that is marking."""


def cell_metadata(grade_id: str, *, solution: bool = False, points: float | None = None) -> dict[str, object]:
    """Make a cell's metadata: one in which an answer is written, or one that is marked."""
    metadata: dict[str, object] = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": points is not None,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }
    return metadata if points is None else {**metadata, "points": points}


def metadata_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return nbgrader's metadata of a cell, or none if they are not as nbgrader writes them."""
    metadata = cell.get("metadata")
    marked = metadata.get(METADATA) if isinstance(metadata, dict) else None
    return marked if isinstance(marked, dict) else {}


def is_marked(metadata: Mapping[str, Any]) -> bool:
    """Return whether these are the metadata of a test: a locked cell that is marked by itself."""
    return bool(metadata.get("grade")) and not metadata.get("solution")
