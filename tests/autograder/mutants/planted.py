"""What a wrong answer is: a right one, as a student would write it, with something else in some of its lines.

A right answer is the text of a function, a quantity a line. A table of mistakes has a row for each: what is
to be told of it, and what the student wrote instead. They share nothing with the grader.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.nn import functional


@dataclass(frozen=True)
class Planted:
    """A student's function with planted mistakes."""

    faults: tuple[tuple[str, str], ...]
    """Names and places."""
    score: float
    function: Callable[..., Any]

    def __str__(self) -> str:
        return "+".join(f"{name}@{where}" for name, where in self.faults)


class Mistake(NamedTuple):
    """A row of a table."""

    told: str
    """`fault@place`, several with + between."""
    fault: str
    where: str
    """Name and place of the first."""
    lost: Mapping[str, str]
    """By place, the parts that it costs where these are not the usual ones."""
    lines: str
    """What is written instead, with semicolons between."""


def rows(table: str) -> list[str]:
    """Read the rows of a table; what is indented belongs to the row above, and # begins a remark."""
    return [row for row in re.sub(r"\n +", " ", table).splitlines() if row and not row.startswith("#")]


def columns(table: str) -> list[dict[str, str]]:
    """Read a table of columns that have a name and two blanks between; `-` stands for nothing."""
    names, *cells = (re.split("  +", row) for row in rows(table))
    return [{name: text for name, text in zip(names, row, strict=True) if text != "-"} for row in cells]


def mistakes(table: str, *fillings: Mapping[str, object]) -> list[Mistake]:
    """Read a table of mistakes.

    A row is `fault@place formula`, where the line of that place is wrong. Of other lines it says which they
    are, `fault@place DX = formula; DG = formula`, and of parts that it costs, if these are not the usual
    ones, `fault@place:DX,DG formula`. Rows with gaps, `{up} @ {W}.T`, are read for each filling that has all
    of theirs, one block of rows after the other.
    """
    result = []
    for block in table.split("\n\n"):
        for (number, filling), row in itertools.product(enumerate(fillings or ({},)), rows(block)):
            gaps = set(re.findall(r"{(\w+)}", row))
            if gaps <= filling.keys() and (gaps or number == 0):
                places, lines = row.format_map(filling).split(maxsplit=1)
                told = re.sub(r":[\w,]+", "", places)
                fault, where = told.split("+")[0].split("@")
                lost = {at: parts.replace(",", " ") for at, parts in re.findall(r"@(\w+):([\w,]+)", places)}
                lines = lines if " = " in lines else f"{where} = {lines}"
                result.append(Mistake(told, fault, where, lost, lines))
    return result


def rewritten(text: str, row: str) -> str:
    """Put each line of a row in the place of the one for its name; `right` is the formula that was there.

    Lines for new names go with the next one that has a place, or else with the last. Where a row begins with
    parameters, these are changed before anything else.
    """
    lines = text.splitlines()
    waiting: list[str] = []
    below, indent, at_first = 1, "    ", True
    for line in row.split("; "):
        name, _, formula = line.partition(" = ")
        at_first = at_first and re.search(rf"[( ]{re.escape(name)}[,)]", lines[0]) is not None
        start = "return " if name == "answer" else f"{name} = "
        own = [k for k, each in enumerate(lines) if each.lstrip().startswith(start)]
        if own and not at_first:
            (k,) = own
            indent, _, right = lines[k].partition(start)
            waiting.append(start + re.sub(r"\bright\b", lambda _, right=right: f"({right})", formula))
            lines[k : k + 1] = [indent + each for each in waiting]
            below, waiting = k + len(waiting), []
        elif at_first:
            lines.insert(below, indent + line)
            below += 1
        else:
            waiting.append(line)
    lines[below:below] = [indent + each for each in waiting]
    return "\n".join(lines)


@dataclass(frozen=True)
class Task:
    """An exercise: a right answer, the marks of its parts, and what is planted in it."""

    right: str
    marks: Mapping[str, float]
    lost: Mapping[str, str] = field(default_factory=dict)
    """The parts that mistakes cost at other places."""
    helpers: Mapping[str, Any] = field(default_factory=dict)
    """What answers call, beside numpy and PyTorch."""
    planted: Sequence[Mistake] = ()
    both_show: Callable[[Mistake, Mistake], bool] = lambda one, other: one.where != other.where
    """Of which two mistakes each is to be told."""
    every: int = 1
    """So many pairs are there that some are enough, each mistake in many."""

    @property
    def name(self) -> str:
        return re.findall(r"\w+", self.right)[1]

    @property
    def parameters(self) -> str:
        return self.right[self.right.index("(") + 1 : self.right.index(")")].replace(",", "")

    def function(self, *rows: str, **formulas: str | Callable[[dict[str, Any]], Any]) -> Callable[..., Any]:
        """Give an answer with these lines, and formulas for some quantities; `answer` is what it returns.

        A formula may be a function of all that is there by then.
        """
        names: dict[str, Any] = {"np": np, "torch": torch, "functional": functional, **self.helpers}
        text = self.right.strip()
        for name, formula in formulas.items():
            if callable(formula):
                names[f"{name}_of"], formula = formula, f"{name}_of(locals())"
            rows = (*rows, formula if " = " in formula else f"{name} = {formula}")
        for row in rows:
            text = rewritten(text, row)
        exec(text, names)
        return names[self.name]

    def wrong(self, *chosen: Mistake) -> Planted:
        """Plant a mistake, or several."""
        faults, lost = [], set()
        usual = {"answer": " ".join(self.marks), **self.lost}
        for mistake in chosen:
            for fault, where in (told.split("@") for told in mistake.told.split("+")):
                faults.append((fault, where))
                lost |= set(mistake.lost.get(where, usual.get(where, where)).split())
        score = sum((marks for part, marks in self.marks.items() if part not in lost), 0.0)
        return Planted(tuple(faults), score, self.function(*(mistake.lines for mistake in chosen)))

    def single(self) -> list[Planted]:
        """Plant every mistake alone."""
        return self.each(self.planted)

    def each(self, rows: Sequence[Mistake]) -> list[Planted]:
        """Plant each of some mistakes alone."""
        return [self.wrong(row) for row in rows]

    def pairs(self) -> list[Planted]:
        """Plant two mistakes at a time."""
        pairs = [pair for pair in itertools.combinations(self.planted, 2) if self.both_show(*pair)]
        return [self.wrong(*pair) for pair in pairs[:: self.every]]
