"""Write folders of autograded/ whole or not at all, as nbgrader would have written them."""

from __future__ import annotations

import os
import posixpath
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

STAGING = ".autograder-staging"  # in the course's folder, so that moving into place is one step


class AutogradedFolder:
    """Put graded submissions into their places."""

    def __init__(self, root: Path, permissions: int, *, groupshared: bool) -> None:
        """Remove what an earlier run has left half-written.

        permissions : of files, as nbgrader has them: 0o444, or 0o664 in a group's course.
        """
        self._staging = root / STAGING
        self._permissions, self._groupshared = permissions, groupshared
        self._masters: dict[str, str] = {}
        """The single copy of each file that all submissions share, by its name in a submission."""
        _remove(self._staging)

    def put(
        self,
        place: Path,
        notebooks: Mapping[str, bytes],
        files: Mapping[str, bytes],
        shared: Mapping[str, bytes],
    ) -> None:
        """Write a submission's folder and move it to `place`, replacing what was there.

        Parameters
        ----------
        files : the student's own.
        shared : the assignment's; if they are read-only, all submissions share one copy on disk.

        Raises
        ------
        OSError
            The disk is full or read-only; it names the place. Nothing has changed then.
        """
        try:
            self._put(place, notebooks, files, shared)
        except OSError as error:
            raise OSError(error.errno, error.strerror, error.filename or str(place)) from None

    def _put(
        self,
        place: Path,
        notebooks: Mapping[str, bytes],
        files: Mapping[str, bytes],
        shared: Mapping[str, bytes],
    ) -> None:
        new, old = self._staging / "new", self._staging / "old"
        _remove(new)
        _remove(old)
        for below in {posixpath.dirname(name) for name in (*shared, *files, *notebooks)}:
            (new / below).mkdir(parents=True, exist_ok=True)
        for name, content in shared.items():
            self._link(f"{new}/{name}", name, content)
        for name, content in (*files.items(), *notebooks.items()):
            self._write(new / name, content)
        if self._groupshared:
            for folder in (new, *(p for p in new.rglob("*") if p.is_dir())):
                folder.chmod(stat.S_IMODE(folder.stat().st_mode) | 0o2770)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            place.replace(old)
        try:
            new.replace(place)
        except OSError:
            if old.exists():
                old.replace(place)
            raise
        _remove(old)

    def _write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        path.chmod(self._permissions)

    def _link(self, path: str, name: str, content: bytes) -> None:
        """Link a file to the shared copy, if the disk supports that and the file is read-only."""
        master = self._masters.get(name) or self._master(name, content)
        try:
            if self._groupshared:
                raise PermissionError
            os.link(master, path)
        except OSError:
            self._write(Path(path), content)

    def _master(self, name: str, content: bytes) -> str:
        """Write the shared copy."""
        path = self._staging / "shared" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._write(path, content)
        self._masters[name] = str(path)
        return self._masters[name]

    def close(self) -> None:
        """Remove the folder used for writing."""
        _remove(self._staging)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder, onerror=_force)


def _force(function: object, path: str, error: object) -> None:
    """Remove what its owner has made read-only."""
    del function, error
    Path(path).parent.chmod(0o700)
    if Path(path).is_dir() and not Path(path).is_symlink():
        Path(path).chmod(0o700)
        shutil.rmtree(path)
    else:
        Path(path).unlink(missing_ok=True)
