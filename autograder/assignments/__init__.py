"""Find and load assignments: ours, one folder each beside this file, and an instructor's own.

`search` sets where else this process looks. If one does not load, the others are not affected: `load_all`
skips it, `broken` reports it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from autograder.assignments.finding import (
    MEMORY,
    Place,
    folders_of_course,
    holds_any,
    lost,
    places,
    remember,
)
from autograder.assignments.finding import BrokenAssignment as BrokenAssignment
from autograder.assignments.finding import UnknownAssignment as UnknownAssignment
from autograder.exercise import Assignment, Exercise

__all__ = [
    "MEMORY",
    "BrokenAssignment",
    "Place",
    "UnknownAssignment",
    "broken",
    "declaration_of",
    "files_of",
    "folder_of",
    "folders",
    "folders_of_course",
    "holds_any",
    "is_ours",
    "load",
    "load_all",
    "lost",
    "notebook_of",
    "remember",
    "search",
    "searched",
    "unknown",
]

_SEARCHED: list[Path] = []
_FOLDERS: dict[Exercise, Path] = {}


def search(*own: Path) -> None:
    """Look for assignments in these folders, too, from now on, replacing folders set before."""
    now = [path.resolve() for path in own]
    if now != _SEARCHED:
        _SEARCHED[:] = now
        _places.cache_clear()
        load.cache_clear()


def searched() -> tuple[Path, ...]:
    """Return the folders set by `search`."""
    return tuple(_SEARCHED)


def folders() -> dict[str, Path]:
    """Return the folder of each assignment: `01-error-backpropagation` -> `01_error_backpropagation/`."""
    return {name: here[0].folder for name, here in _places().items()}


@cache
def load(name: str) -> Assignment:
    """Load the declaration of an assignment: the `ASSIGNMENT` of its `exercises.py`.

    Raises
    ------
    UnknownAssignment
        There is none of that name.
    BrokenAssignment
        There are two, or it does not load.
    """
    if name not in _places():
        _places.cache_clear()  # it may have been written since
    here = _places().get(name, ())
    if not here:
        raise UnknownAssignment(unknown(name))
    if len(here) > 1:
        both = " and ".join(str(place.folder) for place in here)
        raise BrokenAssignment(
            f"More than one assignment is named {name}: {both}. Rename one: its folder, and the name in its "
            "declaration."
        )
    assignment = here[0].load()
    _FOLDERS.update(dict.fromkeys(assignment.exercises, here[0].folder))
    return assignment


def notebook_of(name: str) -> Path:
    """Find the file with the text of an assignment's notebook."""
    return _places()[name][0].notebook


def declaration_of(name: str) -> Path:
    """Find the file that declares an assignment."""
    return _places()[name][0].declaration


def files_of(names: Iterable[str]) -> dict[str, bytes]:
    """Read all files of somebody's own assignments among these, as far as they are found.

    Raises
    ------
    BrokenAssignment
        They are too large to be sent to other machines.
    """
    result: dict[str, bytes] = {}
    for name in sorted(names):
        for place in _places().get(name, ()):
            if not _is_ours((place,)):
                result |= place.files()
    return result


def unknown(name: str) -> str:
    """Say that there is no assignment of a name, and what to do."""
    others = "".join(f", {path}" for path in _SEARCHED)
    return (
        f"There is no assignment named {name!r}; there are {', '.join(folders())}. Looked in: this package"
        f"{others}. Give the folder of one of your own by `--assignments DIR`."
    )


def load_all(*, strict: bool = False) -> tuple[Assignment, ...]:
    """Return all assignments that load, in the order of the course.

    strict : whether to raise for one of somebody's own that does not load, instead of skipping it.
    """
    result = []
    for name, here in _places().items():
        try:
            result.append(load(name))
        except BrokenAssignment:
            if strict or _is_ours(here):
                raise
    return tuple(result)


def broken() -> dict[str, str]:
    """Return, by name, what is wrong with each of somebody's own assignments that does not load."""
    result = {}
    for name, here in _places().items():
        if not _is_ours(here):
            try:
                load(name)
            except BrokenAssignment as reason:
                result[name] = str(reason)
    return result


def folder_of(exercise: Exercise) -> Path | None:
    """Return the folder in which an exercise was declared, if it was loaded from an assignment's folder."""
    return _FOLDERS.get(exercise)


def is_ours(name: str) -> bool:
    """Return whether an assignment is part of this package."""
    return _is_ours(_places()[name])


def _is_ours(here: tuple[Place, ...]) -> bool:
    return all(place.folder.parent == Path(__file__).parent for place in here)


@cache
def _places() -> dict[str, tuple[Place, ...]]:
    result: dict[str, tuple[Place, ...]] = {}
    for place in places(_SEARCHED):
        result[place.name] = (*result.get(place.name, ()), place)
    return dict(sorted(result.items()))
