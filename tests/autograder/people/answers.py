"""Read what people write: wrong answers in tables of text, one table an exercise.

They were written down from public questions, bug reports, reviews and courses, in our signatures, and share
nothing with the grader. A table begins with the right answer; a wrong one follows after the other:

    #### 5 wrong-slope@DZ3,DZ2: title    marks that it earns; what is named, and where
    old text → new text                  a piece of the right answer's lines that is written otherwise
    old text →                           the same by several lines, or, if none is indented, by nothing
        a line
        another
    #### 0 zero@answer: title            an answer whose first line has no arrow is a whole function body
    return numpy.zeros_like(A)

Answers are sorted by what is named. Where no name is known yet, it is `unrecognised`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch

Key = tuple[str, str]
ANSWER = re.compile(r"^#### (\S+) (.+?): (.+)$", re.MULTILINE)
ARROW = re.compile(r" →(?: |$)", re.MULTILINE)
EDIT = re.compile(r"^(\S.*?) →(?: (.*)|((?:\n(?:    .*)?)*))$", re.MULTILINE)


@dataclass(frozen=True)
class Written:
    """An answer that somebody might hand in."""

    exercise: Key
    title: str
    told: frozenset[str]
    """`name@place` of all that is named."""
    score: float
    source: str
    """The whole function."""

    @cached_property
    def function(self) -> Callable[..., Any]:
        """What a cell with it defines."""
        return defined(self.source)


@dataclass(frozen=True)
class Table:
    """The answers to one exercise."""

    exercise: Key
    head: str
    right: str
    """The lines of the right answer."""
    rows: tuple[tuple[str, ...], ...]
    """Marks, what is named, title and text of each wrong one."""

    def with_body(self, body: str) -> str:
        """Write a function of this exercise."""
        return f"{self.head}\n{textwrap.indent(body, '    ')}\n"

    def with_edits(self, *edits: tuple[str, str]) -> str:
        """Write the right answer with some of its lines written otherwise."""
        body = self.right
        for old, new in edits:
            body = edited(body, old, new)
        return self.with_body(body)

    def __iter__(self) -> Iterator[Written]:
        for score, told, title, text in self.rows:
            places = (one.partition("@") for one in told.split())
            named = frozenset(f"{name}@{where}" for name, _, all_ in places for where in all_.split(","))
            edits = [
                (old, new or textwrap.dedent(lines).strip("\n")) for old, new, lines in EDIT.findall(text)
            ]
            whole = not ARROW.search(text.partition("\n")[0])
            source = self.with_body(text) if whole else self.with_edits(*edits)
            yield Written(self.exercise, title, named, float(score), source)


def edited(lines: str, old: str, new: str) -> str:
    """Replace a piece of a line wherever it stands; further new lines are indented as that line is."""
    if old not in lines:
        raise ValueError(f"no line has {old!r}")
    first, *further = new.split("\n")
    result = []
    for line in lines.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        result.append(line.replace(old, "\n".join((first, *(indent + each for each in further)))))
    return "\n".join(result)


def defined(source: str) -> Callable[..., Any]:
    """Run a function's text as a cell of a notebook does."""
    names: dict[str, Any] = {"np": np, "numpy": np, "torch": torch}
    exec(source, names)
    return names[source.partition("(")[0].removeprefix("def ")]


def read(path: Path) -> Table:
    """Read a table, `01-exercise1.txt`."""
    number, exercise = path.stem.split("-")
    right, *cells = ANSWER.split(path.read_text(encoding="utf-8"))
    head, _, body = right[right.index("def ") :].rstrip().partition("\n")
    rows = zip(cells[::4], cells[1::4], cells[2::4], (text.strip("\n") for text in cells[3::4]), strict=True)
    return Table((number, exercise), head, textwrap.dedent(body), tuple(rows))


TABLES = {table.exercise: table for table in map(read, sorted(Path(__file__).parent.glob("*.txt")))}
PEOPLE = tuple(answer for table in TABLES.values() for answer in table)
