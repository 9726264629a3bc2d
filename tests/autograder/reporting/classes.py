"""A class that was graded, as records."""

from datetime import UTC, datetime, timedelta

from autograder.nbgrader_bridge.course.class_log import HEADINGS
from autograder.reporting.records import (
    ClassRecord,
    RecordedExercise,
    RecordedFault,
    RecordedPart,
    SameCode,
    StudentRecord,
)

DUE = datetime(2026, 5, 10, 18, tzinfo=UTC)
TWO, MASK = ("missing-factor-two", "DY"), ("missing-relu-mask", "DZ2")
EVIL = "<script>alert(1)</script>"


def exercise(*faults, flags=()):
    """An exercise of two parts; each mistake costs one of them."""
    wrong = {where for _, where in faults}
    parts = {
        part: RecordedPart("wrong" if of in wrong else "correct", 0.0 if of in wrong else 5.0, 5.0)
        for part, of in (("DW4", "DY"), ("DW2", "DZ2"))
    }
    result = tuple(RecordedFault(name, where, f"look at `{where}`", 5.0) for name, where in faults)
    return RecordedExercise(sum(p.score for p in parts.values()), 10.0, parts, result, tuple(flags))


def student(name, *faults, hours=-1.0, flags=(), **options):
    done = exercise(*faults, flags=flags)
    return StudentRecord(name, done.score, 0.0, {"exercise1": done}, DUE + timedelta(hours=hours), **options)


def record(assignment="01-network"):
    """Twelve students and one that was not graded: six right, three and three wrong, two of these in both."""
    students = [
        *(student(f"right{n}") for n in range(6)),
        *(student(f"two{n}", TWO) for n in range(2)),
        *(student(f"mask{n}", MASK, hours=-30) for n in range(2)),
        student("both", TWO, MASK, hours=5),
        student("both2", TWO, MASK, late=True, flags=["uses differences"]),
        StudentRecord(EVIL, needs={"problem": f"it holds {EVIL}"}),
    ]
    same = (SameCode("exercise1", ("right0", "right1"), 9, 10),)
    return ClassRecord(assignment, 10.0, students, DUE, same, headings=dict(HEADINGS))
