"""Read the files beside a submitted notebook, as bytes that can be sent anywhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import utils
from autograder.nbgrader_names import AUTOGRADED, CONFIG, GRADEBOOK, SUBMITTED, TIMESTAMP
from autograder.plain_text import in_one_line

MAX_FILES = 500
MAX_BYTES = 20_000_000  # of all files together
MAX_NAMES = 20_000  # entries of folders that are looked at
MAX_DEPTH = 30  # of folders in folders
MAX_NAME = 1000  # bytes of a name with its folders; a system takes no more than 4,096 with all that is above
LEFT_OUT = (".ipynb", ".pyc")
LEFT_OUT_FOLDERS = (".ipynb_checkpoints", "__pycache__")
HANDED_IN = (SUBMITTED, AUTOGRADED)  # a student's folder in them is the student's alone
COURSES = frozenset((CONFIG, GRADEBOOK, ".autograder-secret"))
"""What marks a folder as a course's, in which an instructor works."""
THE_COURSES = ("utils", "files")  # a session has these anyway
NO_LINKS = getattr(os, "O_NOFOLLOW", 0)  # Windows has neither
NO_WAITING = getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Beside:
    """Hold the files that a notebook finds in its folder."""

    files: Mapping[str, bytes]
    """By name relative to the notebook."""
    left_out: str = ""
    """A sentence about what it was not given, and why; empty if nothing was left out."""


def beside(notebook: Path) -> Beside:
    """Read what is clearly a notebook's own, because other people's work may be in the same folder.

    Everything in submitted/STUDENT/ASSIGNMENT is the student's. Elsewhere, files and folders beside a
    notebook are its own if it is the only notebook there and the folder is not a course's. A folder that
    contains notebooks, at any depth, belongs to somebody else.
    """
    folder = notebook.parent
    if folder.absolute().parent.parent.name in HANDED_IN:
        return Beside(files_in(folder))
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return Beside({})
    names = {entry.name for entry in entries}
    if names & COURSES:
        return _without_all(entries, "the folder is a course's")
    if any(name.endswith(".ipynb") and name != notebook.name for name in names):
        return _without_all(entries, "other notebooks lie there, too")
    others = [
        entry.name
        for entry in entries
        if _is_folder(entry) and entry.name not in LEFT_OUT_FOLDERS and _holds_notebooks(entry)
    ]
    files = {name: data for name, data in files_in(folder).items() if name.split("/")[0] not in others}
    return Beside(files, _left_out(others, "notebooks lie in them"))


def _without_all(entries: Sequence[os.DirEntry[str]], why: str) -> Beside:
    ours = (*LEFT_OUT_FOLDERS, *THE_COURSES)
    return Beside(
        {}, _left_out([e.name for e in entries if not e.name.endswith(LEFT_OUT) and e.name not in ours], why)
    )


def _left_out(names: Sequence[str], why: str) -> str:
    if not names:
        return ""
    named = ", ".join(in_one_line(name, 40) for name in names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return (
        f"what lies beside the notebook was not given to it ({named}{more}), because {why}. "
        "If it belongs to it, check the notebook in a folder of its own"
    )


def _holds_notebooks(folder: os.DirEntry[str]) -> bool:
    """Return whether a folder may contain notebooks; one that is too large to search may."""
    names = names_in(Path(folder.path))
    return len(names) >= MAX_NAMES or any(name.endswith(".ipynb") for name in names)


def files_in(folder: Path) -> dict[str, bytes]:
    """Read the ordinary files of a submission, by relative name, up to a limit; do not follow links."""
    return read_files(folder, (name for name in names_in(folder) if not name.endswith(LEFT_OUT)))


def read_files(
    folder: Path, names: Iterable[str], most: int = MAX_FILES, largest: int | None = None
) -> dict[str, bytes]:
    """Read ordinary files, by their names relative to a folder; leave out what cannot be read.

    Parameters
    ----------
    most : files.
    largest : bytes of all together; MAX_BYTES if not given.
    """
    files: dict[str, bytes] = {}
    remaining = MAX_BYTES if largest is None else largest
    for name in names:
        content = read_ordinary(folder / name, remaining)
        if content is not None:
            remaining -= len(content)
            files[name] = content
            if len(files) == most:
                break
    return files


def read_ordinary(path: Path, largest: int) -> bytes | None:
    """Read a file that somebody handed in; None for a link, a pipe, a device, and what is too large."""
    try:
        descriptor = os.open(path, os.O_RDONLY | NO_LINKS | NO_WAITING)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > largest:
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(largest)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def names_in(folder: Path) -> list[str]:
    """List everything but folders in a submission, by relative name: a folder's own first, in order.

    Links are not followed. It stops if folders are nested too deeply or hold too many names.
    """
    names: list[str] = []
    remaining = MAX_NAMES
    below = [("", 0)]
    while below and remaining > 0:
        place, depth = below.pop()
        try:
            with os.scandir(folder / place) as entries:
                here = list(islice(entries, remaining))
        except OSError:
            continue
        remaining -= len(here)
        folders: list[str] = []
        for entry in sorted(here, key=lambda entry: entry.name):
            name = f"{place}/{entry.name}" if place else entry.name
            if len(os.fsencode(name)) > MAX_NAME:
                continue
            if not _is_folder(entry):
                names.append(name)
            elif entry.name not in LEFT_OUT_FOLDERS and depth < MAX_DEPTH:
                folders.append(name)
        below += [(name, depth + 1) for name in reversed(folders)]
    return names


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def without_those_in_the_way(files: Mapping[str, bytes], own: Collection[str]) -> dict[str, bytes]:
    """Remove a student's files that are in the way of the assignment's files or folders.

    Both cannot exist at once: a file called `utils`, or a folder called like a data file.
    """
    folders = {str(above) for name in own for above in _above(name)}
    names = frozenset(own)
    return {
        name: content
        for name, content in files.items()
        if name not in folders and not any(above in names for above in _above(name))
    }


def _above(name: str) -> list[str]:
    """List all folders above a file: for `a/b/c` these are `a` and `a/b`."""
    parts = name.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def without_own(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Remove copies of the course's own `utils/` and `files/`: a session has these anyway.

    A folder is removed only if everything in it is as the course has it. nbgrader's timestamp
    is removed as well: no code needs it, and it differs if the same work is handed in twice.
    """
    changed = {name.partition("/")[0] for name, content in files.items() if _own().get(name) != content}
    return {
        name: content
        for name, content in files.items()
        if name != TIMESTAMP and (name not in _own() or name.partition("/")[0] in changed)
    }


@cache
def _own() -> Mapping[str, bytes]:
    """Read the course's `utils/` and `files/`, as they are installed."""
    package = Path(utils.__file__).parent
    folders = (package, package.parent / "files")
    return {f"{folder.name}/{name}": data for folder in folders for name, data in files_in(folder).items()}
