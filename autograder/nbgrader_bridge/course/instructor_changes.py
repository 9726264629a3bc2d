"""Find out what an instructor has changed since a build wrote it, so that it is never overwritten unasked.

A build records a fingerprint of each file, in the course's folder. A file that still has its fingerprint is
updated; one that has another was changed since, and stays. Files that no build wrote are ignored.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import orjson

from autograder.whole_files import write_whole

RECORD = ".autograder-build.json"
BACKUPS = "autograder-backups"
EDITORS_METADATA = (
    "collapsed",
    "scrolled",
    "jupyter",
    "execution",
    "ExecuteTime",
    "trusted",
    "editable",
    "deletable",
)
"""Metadata of a cell that editors leave behind when a notebook is only looked at and run."""
IGNORED_FOLDERS = {"__pycache__", ".ipynb_checkpoints"}


class BuildRecord:
    """Record what builds have written into a course's folder."""

    def __init__(self, course: Path) -> None:
        self._course = course
        self._path = course / RECORD
        self._known: dict[str, dict[str, str]] = {}
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            places = json.loads(self._path.read_text(encoding="utf-8"))["places"]
            self._known = {place: dict(marks) for place, marks in places.items()}

    def update(self, place: str, files: Mapping[str, bytes], *, force: bool) -> list[str]:
        """Update a folder of the course; list the files that were changed and are therefore left alone.

        Parameters
        ----------
        place : the folder, relative to the course's.
        files : what the folder should contain, by relative name.
        force : whether to write changed files, too, after copying the folder to `BACKUPS`.
        """
        known = self._known.get(place, {})
        wanted = {name: fingerprint(name, content) for name, content in files.items()}
        current = {name: self._fingerprint(place, name) for name in sorted({*files, *known})}
        stale = [name for name, mark in current.items() if mark != wanted.get(name)]
        changed = [name for name in stale if current[name] and current[name] != known.get(name)]
        if changed and force:
            self.back_up(place)
            changed = []
        for name in stale:
            if name not in changed:
                _write(self._course / place / name, files.get(name))
        before = {name: known[name] for name in changed if name in known}
        self._remember(place, {name: mark for name, mark in wanted.items() if name not in changed} | before)
        return [f"{place}/{name}" for name in changed]

    def remember(self, place: str) -> None:
        """Record everything in a folder as written by a build."""
        self._remember(place, self._all(place))

    def is_changed(self, place: str) -> bool:
        """Return whether anything in a folder was changed, added or removed since it was remembered."""
        return (self._course / place).exists() and self._all(place) != self._known.get(place)

    def back_up(self, place: str) -> Path:
        """Copy a folder into `BACKUPS`."""
        now = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
        to = self._course / BACKUPS / now / place
        number = 1
        while to.exists():
            number += 1
            to = self._course / BACKUPS / f"{now}-{number}" / place
        shutil.copytree(self._course / place, to, symlinks=True)
        return to

    def _all(self, place: str) -> dict[str, str]:
        folder = self._course / place
        paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        names = sorted(path.as_posix() for path in paths if not set(path.parts) & IGNORED_FOLDERS)
        return {name: self._fingerprint(place, name) for name in names}

    def _fingerprint(self, place: str, name: str) -> str:
        """Fingerprint a file; return an empty text if there is none."""
        path = self._course / place / name
        if path.is_file():
            return fingerprint(name, path.read_bytes())
        return "no file" if path.exists() or path.is_symlink() else ""

    def _remember(self, place: str, marks: Mapping[str, str]) -> None:
        self._known[place] = dict(marks)

    def save(self) -> None:
        """Save the record, whole or not at all; call it only when the files are in their places."""
        theirs = any(self._all(place) != known for place, known in self._known.items())
        content = {"theirs": theirs, "places": self._known}  # `make clean` looks for the first
        write_whole(self._path, json.dumps(content, indent=1, sort_keys=True) + "\n")


def fingerprint(name: str, content: bytes) -> str:
    """Fingerprint a file; a notebook only by what an instructor means by changing it."""
    if name.endswith(".ipynb"):
        with contextlib.suppress(Exception):  # a file that is no notebook counts by its bytes
            content = _meant(nbformat.reads(content.decode(), as_version=4))
    return hashlib.sha256(content).hexdigest()


def _meant(notebook: Any) -> bytes:  # noqa: ANN401  nbformat's
    """Reduce a notebook to what is meant: no outputs, counts or ids, nor what editors leave behind."""
    cells = [
        {
            "type": cell.cell_type,
            "source": cell.source,
            "attachments": cell.get("attachments", {}),
            "metadata": {key: value for key, value in cell.metadata.items() if key not in EDITORS_METADATA},
        }
        for cell in notebook.cells
    ]
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    own = {k: v for k, v in notebook.metadata.items() if k not in ("kernelspec", "language_info", "widgets")}
    whole = json.loads(json.dumps([cells, kernel, own]), parse_int=float)  # 20 and 20.0 points are the same
    return orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)


def _write(path: Path, content: bytes | None) -> None:
    """Put a file into its place, or remove it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if content is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
