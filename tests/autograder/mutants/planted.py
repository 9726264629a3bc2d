"""What a wrong answer is: a student's function with planted mistakes, each with its name and place.

They are written as a student would write them and share nothing with the grader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Formula = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Planted:
    """A student's function with planted mistakes."""

    faults: tuple[tuple[str, str], ...]
    """Names and places."""
    score: float
    function: Callable[..., Any]

    def __str__(self) -> str:
        return "+".join(f"{name}@{where}" for name, where in self.faults)
