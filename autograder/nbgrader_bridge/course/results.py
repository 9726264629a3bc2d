"""Keep the results of every part of every graded notebook: `autograder-logs/ASSIGNMENT.results.jsonl`.

The gradebook has a number for each exercise. What a class got wrong, part by part and mistake by mistake, is
in this file: a line for each graded notebook; the last one for a student's notebook counts. The
report, and marks by part, are made from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.exercise import Report
from autograder.nbgrader_bridge.course.class_log import LOG_FOLDER
from autograder.reporting.records import RecordedExercise

SUFFIX = ".results.jsonl"


@dataclass(frozen=True)
class NotebookResult:
    """Hold the results of a notebook, and of its exercises by name."""

    exercises: Mapping[str, RecordedExercise] = field(default_factory=dict)


def as_json(report: Report | None) -> str:
    """Serialise what is kept of a report; empty for a notebook that is not ours."""
    if report is None:
        return ""
    return json.dumps({r.exercise.name: asdict(RecordedExercise.of(r)) for r in report.results})


class Results:
    """Read and add to the results of an assignment's notebooks."""

    def __init__(self, course: Path, assignment: str) -> None:
        """Read the file; ignore a line left unfinished by a run that was killed."""
        self._path = course / LOG_FOLDER / f"{assignment}{SUFFIX}"
        self.by_student: dict[str, dict[str, NotebookResult]] = {}
        """By student and notebook."""
        lines = self._path.read_bytes().splitlines() if self._path.is_file() else []
        for line in lines:
            try:
                entry = json.loads(line)
                exercises = {n: RecordedExercise.read(e) for n, e in entry["exercises"].items()}
                notebooks = self.by_student.setdefault(str(entry["student"]), {})
                notebooks[str(entry["notebook"])] = NotebookResult(exercises)
            except (ValueError, TypeError, KeyError, AttributeError):
                continue

    def exercises(self, student: str) -> dict[str, RecordedExercise]:
        """Return the results of all of a student's exercises, by name."""
        notebooks = self.by_student.get(student, {})
        return {name: one for each in notebooks.values() for name, one in each.exercises.items()}


def remember(course: Path, assignment: str, student: str, notebook: str, results: str) -> None:
    """Append what `as_json` wrote for a graded notebook.

    Raises
    ------
    OSError
        The disk is full or read-only.
    """
    if not results:
        return
    path = course / LOG_FOLDER / f"{assignment}{SUFFIX}"
    path.parent.mkdir(exist_ok=True)
    line = {"student": student, "notebook": notebook, "exercises": json.loads(results)}
    with path.open("ab") as file:
        file.write(json.dumps(line).encode("ascii") + b"\n")
