"""Run a notebook's cells here, the author's own code, to get its functions: as solutions or as stubs."""

from __future__ import annotations

import contextlib
import io
import linecache
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from autograder.lint.subject import Cell, Subject
from autograder.nbgrader_names import AUTOGRADE, EXECUTION
from autograder.notebook_text import FORWARD
from autograder.publishing.build import own_files

SOLUTION = re.compile(
    r"^[ \t]*### BEGIN SOLUTION[^\n]*\n(?P<body>.*?)^[ \t]*### END SOLUTION[^\n]*\n?",
    re.DOTALL | re.MULTILINE,
)
MAGIC = re.compile(r"^[ \t]*(?:# )?[%!].*$", re.MULTILINE)


@dataclass(frozen=True)
class CellResult:
    """Hold what a notebook has defined when its cells have run."""

    names: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[Cell, str]] = field(default_factory=list)
    """Cells that raised, and what they raised."""


@cache
def run(subject: Subject, *, stub: bool) -> CellResult:
    """Run all code cells in order, beside the assignment's files; what they print is dropped.

    stub : whether to run them as students get them, instead of with the solutions.
    """
    ran = CellResult({"__name__": "__main__"})
    with _beside(subject), contextlib.redirect_stdout(io.StringIO()), _as_when_marked():
        for number, cell in enumerate(subject.cells):
            if cell.is_text or cell.marks or FORWARD.match(cell.source):
                continue
            file = f"<{subject.assignment.name}, cell {number}>"
            source = MAGIC.sub("", _stub(cell.source) if stub else cell.source)
            linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
            try:
                exec(compile(source, file, "exec"), ran.names)
            except (Exception, SystemExit) as error:
                ran.problems.append((cell, f"{type(error).__name__}: {' '.join(str(error).split())}"))
    return ran


def _stub(source: str) -> str:
    """Return what a student's cell has in place of the solution: a comment alone."""
    return SOLUTION.sub("", source)


@contextlib.contextmanager
def _beside(subject: Subject) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, content in own_files(subject.assignment).items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield


@contextlib.contextmanager
def _as_when_marked() -> Iterator[None]:
    """Draw no pictures and check nothing meanwhile, as when a submission is marked."""
    before = os.environ.get(EXECUTION)
    os.environ[EXECUTION] = AUTOGRADE
    try:
        yield
    finally:
        if before is None:
            del os.environ[EXECUTION]
        else:
            os.environ[EXECUTION] = before
