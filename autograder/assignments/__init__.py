"""The course's assignments: one folder each, found by looking, in order."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

from autograder.exercise import Assignment

FOLDER = Path(__file__).parent


class UnknownAssignment(LookupError):
    """No folder of that name; the message is a sentence for people."""


def folders() -> dict[str, Path]:
    """Assignment names and their folders: `01-error-backpropagation` -> `01_error_backpropagation/`."""
    found = sorted(path.parent for path in FOLDER.glob("*/exercises.py"))
    return {path.name.replace("_", "-"): path for path in found}


@cache
def load(name: str) -> Assignment:
    """Load the declaration of an assignment: the `ASSIGNMENT` of its `exercises.py`."""
    if name not in folders():
        raise UnknownAssignment(
            f"There is no assignment named {name!r}; the course has {', '.join(folders())}."
        )
    module = importlib.import_module(f"{__name__}.{folders()[name].name}.exercises")
    assignment = module.ASSIGNMENT
    assert isinstance(assignment, Assignment)
    assert assignment.name == name, f"{name} declares itself as {assignment.name}"
    return assignment


def load_all() -> tuple[Assignment, ...]:
    """All assignments, in the order of the course."""
    return tuple(load(name) for name in folders())
