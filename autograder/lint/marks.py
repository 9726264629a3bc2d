"""Check that marks are positive, and that the parts add up to what the notebook says."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from autograder.exercise import Exercise
from autograder.lint.remark import Remark
from autograder.lint.subject import Subject

STATED = re.compile(
    r"\bexercise\s*(?P<number>\d+)\b[^\n()]{0,80}\((?P<marks>\d+(?:\.\d+)?) P\)", re.IGNORECASE
)


def positive(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that every part is worth something."""
    for part in exercise.parts:
        if not (math.isfinite(part.marks) and part.marks > 0):
            yield subject.in_declaration(
                exercise,
                f"{part.name} of {exercise.name} is worth {part.marks:g} P: a part is worth more than 0.",
                part.name,
            )


def add_up(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that the marks of the parts add up to those that the notebook's text states."""
    for cell in subject.cells:
        for offset, line in enumerate(cell.source.splitlines() if cell.is_text else (), start=1):
            for result in STATED.finditer(line):
                stated = float(result["marks"])
                if exercise.name == f"exercise{result['number']}" and stated != exercise.max_score:
                    yield subject.in_notebook(
                        f"the text says {exercise.name} is worth {stated:g} P, and its parts add up to "
                        f"{exercise.max_score:g} P.",
                        cell.line + offset,
                    )
