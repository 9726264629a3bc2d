"""What a right answer is, and how its pieces are put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.autograder.mutants.calls import TASKS
from tests.autograder.mutants.planted import rows

Piece = Callable[..., Any]


@dataclass(frozen=True)
class Right:
    """A right answer: which exercise, in what style."""

    exercise: tuple[str, str]
    style: str
    function: Piece

    def __str__(self) -> str:
        return f"{'-'.join(self.exercise)}: {self.style}"


def mixed(pieces: Mapping[str, Mapping[str, Piece]], count: int) -> Iterator[dict[str, str]]:
    """Choose one way for each piece, every way of each in turn, in ever new company."""
    for i in range(count):
        yield {
            kind: list(ways)[(i + (i // len(ways)) * place) % len(ways)]
            for place, (kind, ways) in enumerate(pieces.items())
        }


def ways(arguments: str, table: str, **helpers: Any) -> dict[str, Piece]:
    """Read formulas of some arguments, with bars between; each is its own name."""
    names = {"np": np, "torch": torch, "functional": functional, **helpers}
    formulas = [formula for row in rows(table) for formula in row.split(" | ")]
    return {formula: eval(f"lambda {arguments}: {formula}", names) for formula in formulas}


def put_together(
    exercise: tuple[str, str], pieces: Mapping[str, Mapping[str, Piece]], count: int
) -> list[Right]:
    """Make right answers of pieces, which one of them, called `order`, puts together."""
    result = []
    for chosen in mixed(pieces, count):
        p = SimpleNamespace(**{kind: pieces[kind][way] for kind, way in chosen.items()})
        result.append(Right(exercise, " | ".join(chosen.values()), partial(p.order, p)))
    return result


def named(exercise: tuple[str, str], functions: Iterable[Any]) -> list[Right]:
    """Take functions as right answers, but those whose names begin with _ and help others."""
    own = [each for each in functions if isinstance(each, FunctionType) and each.__name__[0] != "_"]
    return [Right(exercise, function.__name__.replace("_", " "), function) for function in own]


def written(exercise: tuple[str, str], table: str) -> list[Right]:
    """Read a table of styles, and of the lines in which each differs from a right answer to the exercise.

    Two blanks stand between; a formula alone is what is returned; what is indented belongs to the row above.
    """
    result = []
    for style, lines in (re.split("  +", row, maxsplit=1) for row in rows(table)):
        function = TASKS[exercise].function(lines if " = " in lines else f"answer = {lines}")
        result.append(Right(exercise, style, function))
    return result
