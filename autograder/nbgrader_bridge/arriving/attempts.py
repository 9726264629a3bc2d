"""Remember what `autograder watch` did with what arrived: `autograder-logs/ASSIGNMENT.attempts.jsonl`.

An attempt is recorded before it is graded, and again afterwards, so that interrupting the watching neither
gives anybody a second try nor takes one away.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path

from autograder.nbgrader_bridge.course.class_log import LOG_FOLDER

SUFFIX = ".attempts.jsonl"
TAKEN, GRADED, REFUSED, WAITING = "taken", "graded", "refused", "waiting"
COUNTED = (TAKEN, GRADED)
DONE = (GRADED, REFUSED)


@dataclass(frozen=True)
class Attempt:
    """Record what became of one of a student's arrivals."""

    student: str
    key: str
    time: str
    """When that was, in ISO format."""
    state: str


class Attempts:
    """Read and add to an assignment's attempts; ignore a line left unfinished by a run that was killed."""

    def __init__(self, course: Path, assignment: str) -> None:
        self._path = course / LOG_FOLDER / f"{assignment}{SUFFIX}"
        self._of: dict[str, list[Attempt]] = {}
        content = self._path.read_bytes() if self._path.is_file() else b""
        self._before = b"" if content.endswith(b"\n") or not content else b"\n"  # ends an unfinished line
        for line in content.splitlines():
            try:
                self._add(Attempt(**{key: str(value) for key, value in json.loads(line).items()}))
            except (ValueError, TypeError, AttributeError):
                continue

    def _add(self, attempt: Attempt) -> None:
        """Append an attempt; if it is there already, update its state only."""
        all_of = self._of.setdefault(attempt.student, [])
        if all_of and all_of[-1].key == attempt.key:
            all_of.pop()
        all_of.append(attempt)

    def last(self, student: str) -> Attempt | None:
        """Return a student's last attempt."""
        all_of = self._of.get(student)
        return all_of[-1] if all_of else None

    def used(self, student: str, day: date, zone: tzinfo, besides: str = "") -> int:
        """Count the tries that a student has used on a day.

        besides : the key of an attempt that does not count if it was the last one: it is being tried now.
        """
        all_of = self._of.get(student, [])
        before = all_of[:-1] if all_of and all_of[-1].key == besides else all_of
        return sum(each.state in COUNTED and _day(each, zone) == day for each in before)

    def record(self, attempt: Attempt) -> None:
        """Record an attempt.

        Raises
        ------
        OSError
            The disk is full or read-only.
        """
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("ab") as file:
            file.write(self._before + json.dumps(asdict(attempt)).encode("ascii") + b"\n")
        self._before = b""
        self._add(attempt)


def _day(attempt: Attempt, zone: tzinfo) -> date | None:
    try:
        return datetime.fromisoformat(attempt.time).astimezone(zone).date()
    except ValueError:
        return None
