"""What lies beside a submitted notebook, as bytes that can be sent anywhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import utils
from autograder.plain_text import in_one_line

MAX_FILES = 500
MAX_BYTES = 20_000_000  # of all files together
LEFT_OUT = (".ipynb", ".pyc")
TIMESTAMP = "timestamp.txt"  # nbgrader's note of when something was handed in; no code needs it
LEFT_OUT_FOLDERS = (".ipynb_checkpoints", "__pycache__")
MAX_FOLDERS = 1000  # that are looked through for notebooks
HANDED_IN = ("submitted", "autograded")  # nbgrader's; a student's folder in them is the student's alone
COURSES = frozenset(("nbgrader_config.py", "gradebook.db", ".autograder-secret"))
"""What marks a folder as a course's, in which an instructor works."""
THE_COURSES = ("utils", "files")  # a session has these anyway


@dataclass(frozen=True)
class Beside:
    """What a notebook finds in its folder."""

    files: Mapping[str, bytes]
    """By name relative to the notebook."""
    left_out: str = ""
    """A sentence on what it does not find there, and why; empty if all is there that may be meant."""


def beside(notebook: Path) -> Beside:
    """Read what is clearly a notebook's own: other people's work may lie in the same folder.

    Everything in submitted/STUDENT/ASSIGNMENT is the student's. Elsewhere, files and folders beside a
    notebook are its own if it is the only notebook there and the folder is no course's. A folder that holds
    notebooks, at any depth, is another one's.
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
    others = [entry.name for entry in entries if _is_folder(entry) and _holds_notebooks(entry)]
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


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and entry.name not in LEFT_OUT_FOLDERS


def _holds_notebooks(folder: os.DirEntry[str]) -> bool:
    """Tell whether a folder may hold notebooks; one that is far too large to look through may."""
    for count, (_, folders, names) in enumerate(os.walk(folder.path)):
        folders[:] = [name for name in folders if name not in LEFT_OUT_FOLDERS]
        if count == MAX_FOLDERS or any(name.endswith(".ipynb") for name in names):
            return True
    return False


def files_in(folder: Path) -> dict[str, bytes]:
    """The ordinary files of a submission, by relative name; links are not followed, and too much is left."""
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    for path in _walk(folder):
        try:
            # a link, a pipe or a device that somebody handed in is not opened
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            continue
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > left:
                continue
            content = file.read(left)
        left -= len(content)
        found[path.relative_to(folder).as_posix()] = content
        if len(found) == MAX_FILES:
            break
    return found


def without_own(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave out copies of the course's own `utils/` and `files/`: a session has these anyway.

    They are left out folder by folder, where all that is in one is as the course has it. nbgrader's timestamp
    is left out as well: no code needs it, and it differs where the same work is handed in twice.
    """
    changed = {name.partition("/")[0] for name, content in files.items() if _own().get(name) != content}
    return {
        name: content
        for name, content in files.items()
        if name != TIMESTAMP and (name not in _own() or name.partition("/")[0] in changed)
    }


@cache
def _own() -> Mapping[str, bytes]:
    """The course's `utils/` and `files/`, as they are installed."""
    package = Path(utils.__file__).parent
    folders = (package, package.parent / "files")
    return {f"{folder.name}/{name}": data for folder in folders for name, data in files_in(folder).items()}


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT_FOLDERS)
        yield from (Path(root, name) for name in sorted(names) if not name.endswith(LEFT_OUT))
