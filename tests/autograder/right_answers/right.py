"""What a right answer is, and how its pieces are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


def named(exercise: tuple[str, str], functions: Sequence[Piece]) -> list[Right]:
    return [Right(exercise, function.__name__.replace("_", " "), function) for function in functions]
