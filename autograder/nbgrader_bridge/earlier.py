"""What is remembered of each graded submission from run to run: what it held, and what its code looks like.

A file of lines, a submission each, the last one counts. Whoever hands in again without a timestamp is graded
again where the content is another; equal code is found in a whole class, whenever each was graded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SUFFIX = ".graded.jsonl"


@dataclass(frozen=True)
class Seen:
    """A submission as it was when it was graded last."""

    content: str = ""
    """Its content's fingerprint."""
    alike: Mapping[str, str] = field(default_factory=dict)
    """By exercise, what two functions share that are the same up to names, comments and layout."""


class Earlier:
    """What is remembered of an assignment's submissions."""

    def __init__(self, path: Path) -> None:
        """Read it; a line that a killed run has left unfinished is left out."""
        self._path = path
        self.seen: dict[str, Seen] = {}
        """By student."""
        lines = path.read_bytes().splitlines() if path.is_file() else []
        for line in lines:
            student, seen = _parsed(line)
            if seen is not None:
                self.seen[student] = seen
        if len(lines) > len(self.seen):
            self._write_anew()

    def remember(self, student: str, seen: Seen) -> None:
        """Write down a submission that is graded and in its place."""
        self.seen[student] = seen
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("ab") as file:
            file.write(_line(student, seen))

    def _write_anew(self) -> None:
        new = self._path.with_name(f"{self._path.name}.new")
        new.write_bytes(b"".join(_line(student, seen) for student, seen in self.seen.items()))
        new.replace(self._path)


def fingerprint(payload: bytes) -> str:
    """What tells one submission's content from another."""
    return hashlib.sha256(payload).hexdigest()


def _line(student: str, seen: Seen) -> bytes:
    line = {"student": student, "content": seen.content, "alike": dict(seen.alike)}
    return json.dumps(line).encode("ascii") + b"\n"


def _parsed(line: bytes) -> tuple[str, Seen | None]:
    try:
        found = json.loads(line)
        alike = {str(exercise): str(shape) for exercise, shape in found["alike"].items()}
        return str(found["student"]), Seen(str(found["content"]), alike)
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", None
