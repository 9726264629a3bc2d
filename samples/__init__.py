"""Sample answers -> submitted notebooks.

A sample is a small text: a docstring that says what it does, then a `# %% exercise1` line and the code that
a student would have put into that exercise's cell. What it does not mention stays the stub it was.
"""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

FOLDER = Path(__file__).parent
CELL = re.compile(r"^# %% *(\w+) *$\n", re.MULTILINE)


@dataclass(frozen=True)
class Sample:
    """One student's answers to one assignment."""

    assignment: str
    name: str
    description: str
    cells: dict[str, str]
    marks: dict[str, float]

    @property
    def score(self) -> float:
        """Add up the marks of all exercises."""
        return sum(self.marks.values())

    def notebook(self, released: Path) -> NotebookNode:
        """Fill the answers into the cells of a released notebook."""
        notebook = nbformat.read(released, as_version=4)
        for cell in notebook.cells:
            answer = self.cells.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
            if answer is not None:
                cell.source = answer
        return notebook


@cache
def samples(assignment: str) -> dict[str, Sample]:
    """Return all samples of an assignment, by name."""
    marks = tomllib.loads((FOLDER / "marks.toml").read_text(encoding="utf-8")).get(assignment, {})
    paths = sorted((FOLDER / assignment).glob("*.py"))
    return {path.stem: _sample(assignment, path, marks[path.stem]) for path in paths}


def _sample(assignment: str, path: Path, marks: dict[str, float]) -> Sample:
    text = path.read_text(encoding="utf-8")
    pieces = CELL.split(text)
    cells = {name: code.strip() for name, code in zip(pieces[1::2], pieces[2::2], strict=True)}
    description = ast.get_docstring(ast.parse(pieces[0])) or ""
    return Sample(assignment, path.stem, description, cells, marks)
