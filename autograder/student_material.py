"""Where the student's material lies: `utils`, `files` and `notebooks`.

In the repository these are top-level folders. The wheel installs one package, so it carries them inside, in
`autograder/_student`. Whatever reads them asks here; and `import utils` finds them from here.

They are read and never written to.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

PACKAGED: Final = Path(__file__).resolve().parent / "_student"
FOLDER: Final = PACKAGED if PACKAGED.is_dir() else PACKAGED.parents[1]
"""Holds `utils/`, `files/`, `notebooks/` and `LICENSE`."""
BESIDE_A_NOTEBOOK: Final = ("utils", "files")


def make_importable() -> None:
    """Let `import utils` find the course's own, before any other package of that name."""
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))


def beside_a_notebook() -> dict[str, bytes]:
    """Read what a notebook needs beside it, by relative name."""
    paths = (path for folder in BESIDE_A_NOTEBOOK for path in files_below(folder))
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}


def files_below(folder: str) -> list[Path]:
    """Find the files in one of the folders; hidden and compiled ones may hold somebody's own work."""
    return [
        path
        for path in sorted((FOLDER / folder).rglob("*"))
        if path.is_file()
        and not any(part == "__pycache__" or part.startswith(".") for part in path.relative_to(FOLDER).parts)
    ]
