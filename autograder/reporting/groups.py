"""Group answers that no known mistake explains by how they behave."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from autograder.marking.behaviour import Behaviour, alike
from autograder.reporting.records import AnswerGroup, RecordedExercise

UNKNOWN = "unrecognised"
LETTERS = 6  # of a group's own name
COARSE = 3  # digits that its name is made of


def groups(students: Mapping[str, Mapping[str, RecordedExercise]]) -> list[AnswerGroup]:
    """Group what was not recognised, the largest group first.

    students : the results of each one's exercises.
    """
    results: list[AnswerGroup] = []
    for student, exercises in sorted(students.items()):
        for name, result in exercises.items():
            if not result.behaviour or all(fault.fault != UNKNOWN for fault in result.faults):
                continue
            for group in results:
                if group.exercise == name and alike(group.behaviour, result.behaviour):
                    group.students.append(student)
                    break
            else:
                results.append(
                    AnswerGroup(_called(name, result.behaviour), name, result.behaviour, [student])
                )
    return sorted(results, key=lambda group: (-len(group.students), group.exercise, group.group))


def _called(exercise: str, behaviour: Behaviour) -> str:
    """Name a group by its numbers, so that it has the same name in the next report."""
    numbers = [
        f"{part}:{round(n, COARSE) + 0.0:.{COARSE}f}" for part in sorted(behaviour) for n in behaviour[part]
    ]
    return hashlib.sha256(" ".join([exercise, *numbers]).encode()).hexdigest()[:LETTERS]
