"""Locate the student's material: `utils`, `files` and `notebooks`.

In the repository these are top-level folders. The wheel installs one package, so it carries them inside, in
`autograder/_student`. Whatever reads them asks here, and `import utils` finds them through here.

They are read and never written to.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

PACKAGED: Final = Path(__file__).resolve().parent / "_student"
FOLDER: Final = PACKAGED if PACKAGED.is_dir() else PACKAGED.parents[1]
"""The folder that contains `utils/`, `files/` and `notebooks/`."""
DISTRIBUTION: Final = "backpropagation-course"
BESIDE_A_NOTEBOOK: Final = ("utils", "files")


def make_importable() -> None:
    """Let `import utils` find the course's own, including what an older copy of it lacks.

    In plain nbgrader the grader runs beside a notebook, with the `utils` that the course was released with.
    """
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    ours = str(FOLDER / "utils")
    package = sys.modules.get("utils") or _unless_ours("utils", ours)
    places = getattr(package, "__path__", None)
    if places is not None and ours not in places:
        places.append(ours)


def _unless_ours(name: str, ours: str) -> ModuleType | None:
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec is not None else None
    return importlib.import_module(name) if places and ours not in places else None


def licence() -> bytes:
    """Read the licence, which goes with the material: the repository's file, or the installed wheel's own."""
    if FOLDER != PACKAGED:
        return (FOLDER / "LICENSE").read_bytes()
    text = importlib.metadata.distribution(DISTRIBUTION).read_text("licenses/LICENSE")
    assert text is not None, "the wheel is built with its licence"
    return text.encode()


def beside_a_notebook() -> dict[str, bytes]:
    """Read the files that a notebook needs beside it, by relative name."""
    paths = (path for folder in BESIDE_A_NOTEBOOK for path in files_below(folder))
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}


def files_below(folder: str) -> list[Path]:
    """Find the files in one of the folders, without hidden and compiled ones: they may be somebody's own."""
    return [
        path
        for path in sorted((FOLDER / folder).rglob("*"))
        if path.is_file()
        and not any(part == "__pycache__" or part.startswith(".") for part in path.relative_to(FOLDER).parts)
    ]
