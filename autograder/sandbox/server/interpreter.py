"""What runs a notebook's cells in a worker."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class CellRun:
    """A cell has run."""

    error: BaseException | None = None
    count: int | None = None
    """Its number, as in `In [3]`."""
    messages: list[dict[str, Any]] = field(default_factory=list)
    """What it put out, as a kernel's messages."""


class Interpreter(Protocol):
    """Runs cells one after the other in one namespace."""

    user_ns: dict[str, Any]

    def rehearsal(self) -> AbstractContextManager[None]:
        """Run cells meanwhile that are forgotten afterwards: time spent now that every later fork saves."""

    def learn(self, source: str) -> None:
        """Compile a cell that will come in many forks."""

    def start(self) -> None:
        """Get ready in the process that the cells will run in."""

    def run(self, source: str) -> CellRun:
        """Run a cell. What it raises is in the result, but for KeyboardInterrupt."""
