"""Replace the students' names by numbers, the same throughout a report, different ones in the next."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from autograder.reporting.records import ClassRecord

NOT_SHOWN = "not shown: it may hold a name"


def anonymous(records: Sequence[ClassRecord]) -> list[ClassRecord]:
    """Give everybody a random number, and leave out sentences that may name somebody."""
    students = sorted({one.student for record in records for one in record.students})
    numbers = list(range(1, len(students) + 1))
    random.SystemRandom().shuffle(numbers)
    width = len(str(len(students)))
    names = {student: f"student {n:0{width}}" for student, n in zip(students, numbers, strict=True)}
    return [_anonymous(record, names) for record in records]


def _anonymous(record: ClassRecord, names: dict[str, str]) -> ClassRecord:
    renamed = [
        replace(
            one, student=names[one.student], needs={kind: NOT_SHOWN for kind, why in one.needs.items() if why}
        )
        for one in record.students
    ]
    same = [
        replace(one, students=tuple(sorted(names[each] for each in one.students if each in names)))
        for one in record.same_code
    ]
    groups = [
        replace(one, students=sorted(names[each] for each in one.students), examples=())
        for one in record.groups
    ]
    return replace(
        record, groups=groups, students=sorted(renamed, key=lambda one: one.student), same_code=same
    )
