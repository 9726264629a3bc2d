"""What nbgrader calls things in notebooks, folders and the environment, for those who import nothing of it.

`nbgrader_bridge` knows the rest. `utils/progress.py` asks for the variable by itself: it ships without us.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

METADATA = "nbgrader"
"""A cell's metadata of this name are nbgrader's."""
SCHEMA_VERSION = 3  # of these metadata
CONFIG = "nbgrader_config.py"  # what makes a folder a course's
GRADEBOOK = "gradebook.db"
SUBMITTED, AUTOGRADED = "submitted", "autograded"
"""A course's folders, with a student's folder in them and an assignment's in that."""
TIMESTAMP = "timestamp.txt"
"""When something was handed in; no code needs it."""
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
    """Give nbgrader's metadata of a cell; none where they are not as nbgrader writes them."""
    metadata = cell.get("metadata")
    marked = metadata.get(METADATA) if isinstance(metadata, dict) else None
    return marked if isinstance(marked, dict) else {}


def is_marked(metadata: Mapping[str, Any]) -> bool:
    """Whether these are of a cell that is locked and marked by itself: a test."""
    return bool(metadata.get("grade")) and not metadata.get("solution")
