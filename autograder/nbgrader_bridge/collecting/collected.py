"""Remember where collected submissions came from: `autograder-logs/ASSIGNMENT.collected.json`.

The next collection reads from it which files it may replace, `autograder export` how the course server
names each student, and `autograder report` who was late.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.nbgrader_bridge.course.class_log import LOG_FOLDER
from autograder.whole_files import write_whole

SUFFIX = ".collected.json"


@dataclass(frozen=True)
class Origin:
    """Record where a student's submission came from, and what was made of it."""

    system: str
    label: str
    """How the download calls the student."""
    source: str
    """The name of the notebook in the download."""
    name: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    """What the system knows about the student, by the kinds of a roster's columns."""
    time: str = ""
    """When it was handed in, in UTC, in ISO format."""
    order: int = 0
    changed: str = ""
    late: bool = False
    """Whether the system marks it as late."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Fingerprints of what was put into submitted/, by name."""


class Collected:
    """Hold what is remembered about an assignment; read when opened, written as a whole."""

    def __init__(self, course: Path, assignment: str) -> None:
        self._path = course / LOG_FOLDER / f"{assignment}{SUFFIX}"
        self.students: dict[str, Origin] = {}
        try:
            content: Any = json.loads(self._path.read_text(encoding="utf-8"))
            self.students = {student: Origin(**origin) for student, origin in content["students"].items()}
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError, AttributeError):  # somebody else wrote into it
            self._path.replace(self._path.with_suffix(".json.unreadable"))

    def remember(self, student: str, origin: Origin) -> None:
        """Record a submission that is in its place."""
        self.students[student] = origin
        self._path.parent.mkdir(exist_ok=True)
        students = {student: asdict(origin) for student, origin in sorted(self.students.items())}
        write_whole(self._path, json.dumps({"students": students}, indent=1, ensure_ascii=False) + "\n")

    def report(self, lines: list[str]) -> Path:
        """Write the last collection's list, for people to read; return the file."""
        path = self._path.with_suffix(".txt")
        path.parent.mkdir(exist_ok=True)
        write_whole(path, "\n".join(lines) + "\n")
        return path
