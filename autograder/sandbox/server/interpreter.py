"""Define what a worker needs from whatever runs a notebook's cells."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class CellRun:
    """Hold how a cell ran."""

    error: BaseException | None = None
    count: int | None = None
    """Its number, as in `In [3]`."""
    messages: list[dict[str, Any]] = field(default_factory=list)
    """Its output, as a kernel's messages."""


class Interpreter(Protocol):
    """Run cells one after another in one namespace."""

    user_ns: dict[str, Any]

    def warm_up(self) -> AbstractContextManager[None]:
        """Run cells meanwhile and forget them afterwards: each later fork saves the time that they take."""

    def precompile(self, source: str) -> None:
        """Compile a cell that many forks will run."""

    def start(self) -> None:
        """Prepare the process that the cells will run in."""

    def run_cell(self, source: str) -> CellRun:
        """Run a cell; put what it raises into the result, except KeyboardInterrupt."""
