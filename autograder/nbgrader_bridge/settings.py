"""A course folder's settings, found where nbgrader's own programs find them.

nbgrader reads `nbgrader_config.py` and `nbgrader_config.json` in Jupyter's folders, in the folder it is
called in, and in the course's folder, and it puts the folder it is called in on Python's path, so that a
plugin can lie beside them.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from nbgrader.apps.baseapp import NbGrader
from traitlets.config import Application, Config

CONFIG = "nbgrader_config.py"
CONFIGS = (CONFIG, "nbgrader_config.json")


class CourseError(Exception):
    """nbgrader could not do its part; the message is a sentence for people."""


def load(folder: Path) -> Config:
    """Read the settings of the course in a folder; `CourseDirectory.root` in them is where the course lies.

    Raises
    ------
    CourseError
        There is no course, or its settings cannot be read.
    """
    folder, here = folder.resolve(), Path.cwd()
    program = NbGrader(raise_config_file_errors=True, log_level=logging.CRITICAL)
    try:
        with importable(here, folder):
            program.load_config_file(suppress_errors=False)
            elsewhere = program.config.CourseDirectory.pop("root", None) if folder == here else None
            if _holds_settings(folder):
                elsewhere = None  # unless its own settings say where the course is
                program.config.CourseDirectory.pop("root", None)
            elif not elsewhere and not (folder != here and _holds_settings(here)):
                raise CourseError(
                    f"{folder} is no course folder: it holds no {CONFIG}. Run this in the course's folder."
                )
            _add(program, folder)
            root = (folder / program.config.CourseDirectory.get("root", elsewhere or folder)).resolve()
            if root != folder:
                _add(program, root)
    except json.JSONDecodeError as error:
        raise CourseError(f"{CONFIGS[1]} is no JSON: {error}") from None
    except CourseError:
        raise
    except (Exception, SystemExit) as error:  # it is a program
        raise CourseError(f"{CONFIG} does not run: {type(error).__name__}: {error}") from None
    config: Config = program.config
    config.CourseDirectory.root = str(root)
    return config


def _add(program: NbGrader, folder: Path) -> None:
    """Read a folder's settings on top of those before, as nbgrader does."""
    Application.load_config_file(program, CONFIG, path=str(folder))


def _holds_settings(folder: Path) -> bool:
    return any((folder / name).is_file() for name in CONFIGS)


@contextlib.contextmanager
def importable(*folders: Path) -> Iterator[None]:
    """Let modules that lie in these folders be imported meanwhile, the first folder's before all others.

    Meanwhile only: processes that grade are not to find a course's own `utils.py` in the place of ours.
    """
    before = list(sys.path)
    sys.path[:0] = [str(folder) for folder in folders]
    try:
        yield
    finally:
        sys.path[:] = before


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """As nbgrader runs plugins: in the course's folder, with what lies there, and here, to be imported."""
    with importable(Path.cwd(), folder), contextlib.chdir(folder):
        yield


def root_of(config: Config) -> Path:
    """Where the course lies by its settings."""
    return Path(config.get("CourseDirectory", {}).get("root") or os.getcwd())  # noqa: PTH109  nbgrader's default
