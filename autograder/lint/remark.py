"""Represent what a check has to say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """Say how bad a remark is."""

    ERROR = "error"
    """The assignment is not built."""
    WARNING = "warning"
    """Worth a look: the assignment is built all the same."""
    NOTE = "note"
    """What was counted."""


@dataclass(frozen=True)
class Remark:
    """Hold a sentence about an assignment, and where to look."""

    file: Path
    line: int
    sentence: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level}: {self.sentence}"
