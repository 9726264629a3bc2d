"""Folders that the grader's user may not look into: who handed in there is named, and not left out."""

from __future__ import annotations

import glob
import os
from pathlib import Path

from autograder.notebook import UnreadableNotebook


def behind_closed(pattern: str) -> list[str]:
    """Where submissions may lie that cannot be seen, since a student's folder cannot be looked into.

    pattern : for `glob`, of all submissions of an assignment; it finds those that can be seen.
    """
    above, name = os.path.split(pattern)
    folders = (Path(folder) for folder in glob.glob(above))  # noqa: PTH207  an absolute one
    return [str(folder / name) for folder in folders if folder.is_dir() and not _opens(folder)]


def refuse_closed(submitted: Path) -> None:
    """See that a submission's folder can be looked into.

    Raises
    ------
    UnreadableNotebook
        It cannot, or the student's folder above it cannot.
    """
    for folder in (submitted.parent, submitted):
        if not _opens(folder) and (folder == submitted.parent or folder.is_dir()):
            raise UnreadableNotebook(
                f"The folder {folder.parent.name}/{folder.name} cannot be opened: the user who grades lacks "
                f"the right to read it. Give it back (`chmod -R u+rwX` on it, by its owner), and grade again."
            )


def _opens(folder: Path) -> bool:
    """Whether a folder can be listed, and what lies in it be opened."""
    return os.access(folder, os.R_OK | os.X_OK)
