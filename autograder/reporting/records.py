"""Record what is known about a graded class: a record for each student."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from autograder.exercise import ExerciseResult

LONGEST = 1000  # letters of a sentence that is kept


@dataclass(frozen=True)
class RecordedPart:
    """Hold the result of a part."""

    verdict: str
    score: float
    max_score: float


@dataclass(frozen=True)
class RecordedFault:
    """Hold a mistake, and what it cost."""

    fault: str
    where: str
    message: str
    cost: float = 0.0


@dataclass(frozen=True)
class RecordedExercise:
    """Hold the result of an exercise."""

    score: float
    """By the assignment's own marks."""
    max_score: float
    parts: Mapping[str, RecordedPart]
    faults: tuple[RecordedFault, ...] = ()
    flags: tuple[str, ...] = ()
    behaviour: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Of parts that no mistake explains."""

    @classmethod
    def of(cls, result: ExerciseResult) -> RecordedExercise:
        """Take from a result what is kept."""
        return cls(
            result.score,
            result.exercise.max_score,
            {p.part.name: RecordedPart(str(p.verdict), p.score, p.part.marks) for p in result.parts},
            tuple(RecordedFault(f.fault, f.where, f.message[:LONGEST], f.cost) for f in result.faults),
            result.flags,
            dict(result.behaviour),
        )

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> RecordedExercise:
        """Read one from JSON."""
        parts = {str(name): RecordedPart(**part) for name, part in entry["parts"].items()}
        faults = tuple(RecordedFault(**fault) for fault in entry["faults"])
        return cls(
            float(entry["score"]),
            float(entry["max_score"]),
            parts,
            faults,
            tuple(entry["flags"]),
            dict(entry.get("behaviour", {})),
        )


@dataclass(frozen=True)
class StudentRecord:
    """Hold what is known about one student's submission."""

    student: str
    total: float | None = None
    """Marks in the gradebook; None if it was not graded."""
    penalty: float = 0.0
    exercises: Mapping[str, RecordedExercise] = field(default_factory=dict)
    time: datetime | None = None
    """When it was handed in, in UTC."""
    late: bool = False
    needs: Mapping[str, str] = field(default_factory=dict)
    """Why a person is needed, by kind: `problem`, `flags`, …"""


@dataclass(frozen=True)
class SameCode:
    """Hold students whose function is the same up to names, comments and layout."""

    exercise: str
    students: tuple[str, ...]
    shared: int
    """How many lines are identical in the functions of the first two."""
    lines: int
    """Lines of the shorter one."""


@dataclass
class AnswerGroup:
    """Hold students whose answers to an exercise behave alike."""

    group: str
    """Its name, until somebody gives it a better one."""
    exercise: str
    behaviour: Mapping[str, Sequence[float]]
    students: list[str] = field(default_factory=list)
    examples: tuple[str, ...] = ()
    """Code of some of them."""


@dataclass(frozen=True)
class ClassRecord:
    """Hold what is known about a class's submissions to one assignment."""

    assignment: str
    maximum: float
    students: Sequence[StudentRecord]
    due: datetime | None = None
    same_code: Sequence[SameCode] = ()
    groups: Sequence[AnswerGroup] = ()
    """Answers that no known mistake explains."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """The heading for each kind of need."""
