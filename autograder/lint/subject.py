"""Represent an assignment to be checked: its files, and at which line something is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder import notebook_text
from autograder.exercise import Assignment, Exercise
from autograder.lint.remark import Level, Remark

CELL = re.compile(r"# %%(?P<rest>.*)")
MARK = re.compile(r'\b(?P<kind>solution|marks)="(?P<name>[^"]*)"')


@dataclass(frozen=True)
class Cell:
    """Hold a cell of the notebook's text."""

    line: int
    """The line of the file where it begins."""
    source: str
    """Without its first line."""
    is_text: bool
    solution: str = ""
    """The exercise that is written in it."""
    marks: str = ""
    """The exercise that is marked in it."""


@dataclass(frozen=True)
class Subject:
    """Hold an assignment and its folder."""

    assignment: Assignment
    folder: Path
    declaration: Path
    notebook: Path
    """The text of its notebook."""

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Return the notebook's cells, in order."""
        return tuple(_cells(notebook_text.as_text(self.notebook)))

    def declared(self, exercise: Exercise, *words: str) -> int:
        """Find the line that declares an exercise, or one of some words within it; else the first line."""
        if self.declaration == self.notebook:  # the forward pass in its cell
            headers = [cell.line for cell in self.cells if notebook_text.FORWARD.match(cell.source)]
            numbers = [e.name for e in self.assignment.exercises]
            return dict(zip(numbers, headers, strict=True)).get(exercise.name, 1) + 1
        whole = ast.parse(self.declaration.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(whole) if isinstance(node, ast.Call) and _names(node, exercise)]
        for word in words:
            for scope in (*calls, whole):
                lines = [line for ways in WAYS for node in ast.walk(scope) if (line := ways(node, word))]
                if lines:
                    return lines[0]
        return calls[0].lineno if calls else 1

    def in_declaration(self, exercise: Exercise, sentence: str, *words: str) -> Remark:
        """Make an error about what is declared."""
        return Remark(self.declaration, self.declared(exercise, *words), sentence)

    def in_notebook(self, sentence: str, line: int, level: Level = Level.ERROR) -> Remark:
        """Make a remark about the notebook's text."""
        return Remark(self.notebook, line, sentence, level)

    def definition(self, cell: Cell, name: str) -> int:
        """Find the line of a function in a cell; the cell's own if it is not there."""
        for offset, line in enumerate(cell.source.splitlines(), start=1):
            if re.match(rf"\s*((?:def|class)\s+{re.escape(name)}\b|{re.escape(name)}\s*=)", line):
                return cell.line + offset
        return cell.line


def _cells(text: str) -> Iterator[Cell]:
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if CELL.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        first = lines[start]
        marked = {result["kind"]: result["name"] for result in MARK.finditer(first)}
        source = "\n".join(lines[start + 1 : end]).rstrip()
        yield Cell(
            start + 1, source, "[markdown]" in first, marked.get("solution", ""), marked.get("marks", "")
        )


def _names(call: ast.Call, exercise: Exercise) -> bool:
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "name")]
    return any(isinstance(one, ast.Constant) and one.value == exercise.name for one in given)


def _called_for(node: ast.AST, word: str) -> int:
    """Return the line of a call about a word: `Part("DW", …)`."""
    first = node.args[0] if isinstance(node, ast.Call) and node.args else None
    return first.lineno if isinstance(first, ast.Constant) and first.value == word else 0


def _is(node: ast.AST, word: str) -> int:
    return node.lineno if isinstance(node, ast.Constant) and node.value == word else 0


def _lists(node: ast.AST, word: str) -> int:
    """Return the line of a text that names several: "DW, DB"."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.lineno if word in re.findall(r"[\w-]+", node.value) else 0
    return 0


WAYS = (_called_for, _is, _lists)
"""Where a word may appear in a declaration, the most reliable first; each returns a line, or 0."""
