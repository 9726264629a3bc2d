"""What lies beside a submitted notebook, as bytes that can be sent anywhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import utils

MAX_FILES = 500
MAX_BYTES = 20_000_000  # of all files together
LEFT_OUT = (".ipynb", ".pyc")
TIMESTAMP = "timestamp.txt"  # nbgrader's note of when something was handed in; no code needs it
LEFT_OUT_FOLDERS = (".ipynb_checkpoints", "__pycache__")


def beside(notebook: Path) -> dict[str, bytes]:
    """The ordinary files beside a notebook and in folders below it, by name relative to it."""
    return files_in(notebook.parent)


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
