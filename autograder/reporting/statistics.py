"""Count what a class got right and wrong. The result is plain data, as it is in the report's JSON."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import combinations, pairwise
from statistics import mean, median
from typing import Any

from autograder.reporting.records import ClassRecord, RecordedExercise, StudentRecord

BINS = 10
ENOUGH = 10  # students from whom a correlation is computed
MOST_PAIRS = 15  # of mistakes that go together
TOGETHER = 2  # students who make both, at least
DAYS = 21  # of the time line, the last ones
VERDICTS = ("correct", "carried-forward", "wrong", "malformed", "missing")

Data = dict[str, Any]
Mistake = tuple[str, str, str]
"""Exercise, name, place."""


def of_class(record: ClassRecord) -> Data:
    """Sum up one assignment."""
    graded = [one for one in record.students if one.total is not None]
    return {
        "assignment": record.assignment,
        "maximum": record.maximum,
        "students": len(record.students),
        "graded": len(graded),
        "marks": _marks(graded, record.maximum),
        "parts": _parts(graded),
        "mistakes": _mistakes(graded),
        "together": _together(graded),
        "time": _time(record),
        "same_code": [
            {
                "exercise": one.exercise,
                "students": list(one.students),
                "shared_lines": one.shared,
                "lines": one.lines,
            }
            for one in record.same_code
        ],
        "groups": [
            {
                "group": one.group,
                "exercise": one.exercise,
                "parts": sorted(one.behaviour),
                "students": one.students,
                "examples": list(one.examples),
            }
            for one in record.groups
        ],
        "flags": [
            {"student": one.student, "exercise": name, "flag": flag}
            for one in graded
            for name, exercise in one.exercises.items()
            for flag in exercise.flags
        ],
        "needs": _needs(record),
    }


def over_time(records: Sequence[ClassRecord]) -> list[Data]:
    """Say for each mistake that occurs in two assignments whether those who made it make it again.

    records : in the order in which the assignments were set.
    """
    made = [_by_name(record.students) for record in records]
    rows = []
    for name in sorted({name for each in made for name in each}):
        where = [n for n, each in enumerate(made) if name in each]
        if len(where) < 2:
            continue
        steps = []
        for n, later in pairwise(where):
            before, after = made[n][name], made[later][name]
            there = {one.student for one in records[later].students if one.total is not None}
            steps.append(
                {
                    "from": records[n].assignment,
                    "to": records[later].assignment,
                    "made": len(before),
                    "again": sorted(before & after),
                    "no_longer": len((before & there) - after),
                    "not_seen": len(before - there),
                    "new": len(after - before),
                }
            )
        counts = {records[n].assignment: len(made[n][name]) for n in where}
        rows.append({"mistake": name, "counts": counts, "steps": steps})
    return sorted(rows, key=lambda row: (-max(row["counts"].values()), row["mistake"]))


def _marks(graded: Sequence[StudentRecord], maximum: float) -> Data:
    totals = [one.total for one in graded if one.total is not None]
    if not totals:
        return {"mean": None, "median": None, "histogram": []}
    size = maximum / BINS or 1.0
    counts = [0] * BINS
    for total in totals:
        counts[min(max(int(total / size + 1e-9), 0), BINS - 1)] += 1
    histogram = [
        {"from": n * size, "to": (n + 1) * size, "students": count} for n, count in enumerate(counts)
    ]
    return {"mean": mean(totals), "median": median(totals), "histogram": histogram}


def _parts(graded: Sequence[StudentRecord]) -> list[Data]:
    """Return how each part went, and how well it discriminates between stronger and weaker students."""
    order = list(dict.fromkeys((e, p) for one in graded for e, x in one.exercises.items() for p in x.parts))
    rows = []
    for exercise, part in order:
        have = [one for one in graded if part in _of(one, exercise).parts]
        result = [_of(one, exercise).parts[part] for one in have]
        worth = max(each.max_score for each in result)
        scores = [each.score for each in result]
        rest = [_assigned(one) - score for one, score in zip(have, scores, strict=True)]
        verdicts = Counter(each.verdict for each in result)
        rows.append(
            {
                "exercise": exercise,
                "part": part,
                "maximum": worth,
                "mean": mean(scores),
                "success": mean(scores) / worth if worth else None,
                "verdicts": {verdict: verdicts.get(verdict, 0) for verdict in VERDICTS},
                "discrimination": correlation(scores, rest),
            }
        )
    return rows


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Compute Pearson's correlation; None for few students, or if all have the same marks."""
    if len(one) < ENOUGH:
        return None
    mine, theirs = mean(one), mean(other)
    product = sum((a - mine) * (b - theirs) for a, b in zip(one, other, strict=True))
    sizes = math.sqrt(sum((a - mine) ** 2 for a in one) * sum((b - theirs) ** 2 for b in other))
    return product / sizes if sizes > 1e-9 else None


def _mistakes(graded: Sequence[StudentRecord]) -> list[Data]:
    """List mistakes, the most frequent first, with who makes them."""
    who: dict[Mistake, list[str]] = defaultdict(list)
    sentences: dict[Mistake, str] = {}
    costs: dict[Mistake, list[float]] = defaultdict(list)
    for one in graded:
        for exercise, result in one.exercises.items():
            for fault in result.faults:
                key = (exercise, fault.fault, fault.where)
                if one.student not in who[key]:
                    who[key].append(one.student)
                costs[key].append(fault.cost)
                sentences.setdefault(key, fault.message)
    rows = [
        {
            "exercise": key[0],
            "mistake": key[1],
            "where": key[2],
            "students": len(students),
            "share": len(students) / len(graded),
            "who": sorted(students),
            "cost": mean(costs[key]),
            "message": sentences[key],
        }
        for key, students in who.items()
    ]
    return sorted(rows, key=lambda row: (-row["students"], row["exercise"], row["mistake"], row["where"]))


def _together(graded: Sequence[StudentRecord]) -> list[Data]:
    """List pairs of mistakes that the same students make more often than chance would have it.

    One mistake in several places is not a pair.
    """
    made = [frozenset(_made(one)) for one in graded]
    single = Counter(mistake for each in made for mistake in each)
    both = Counter(pair for each in made for pair in combinations(sorted(each), 2))
    rows: list[Data] = []
    for (first, second), count in both.items():
        expected = single[first] * single[second] / len(made)
        if first[:2] != second[:2] and count >= TOGETHER and count > expected:
            rows.append(
                {
                    "first": " ".join(first),
                    "second": " ".join(second),
                    "students": count,
                    "expected": expected,
                }
            )
    rows.sort(key=lambda row: (row["expected"] - row["students"], row["first"], row["second"]))
    return rows[:MOST_PAIRS]


def _time(record: ClassRecord) -> Data:
    """Count submissions by day, and who was late."""
    known = [one for one in record.students if one.time is not None]
    days = Counter(one.time.date() for one in known if one.time is not None)
    shown: list[Data] = []
    if days:
        first = max(min(days), max(days) - timedelta(days=DAYS - 1))
        count = (max(days) - first).days + 1
        for n in range(count):
            day = first + timedelta(days=n)
            shown.append({"day": day.isoformat(), "students": days.get(day, 0)})
        earlier = sum(number for day, number in days.items() if day < first)
        if earlier:
            shown.insert(0, {"day": f"before {first.isoformat()}", "students": earlier})
    late = sorted(one.student for one in record.students if is_late(one, record))
    return {
        "due": record.due.isoformat() if record.due else None,
        "days": shown,
        "unknown": len(record.students) - len(known),
        "late": late,
    }


def is_late(one: StudentRecord, record: ClassRecord) -> bool:
    """Return whether a submission is late, by its time or by what the course server says."""
    return one.late or bool(one.time and record.due and one.time > record.due)


def _needs(record: ClassRecord) -> list[Data]:
    return [
        {"kind": heading, "student": one.student, "why": one.needs[kind]}
        for kind, heading in record.headings.items()
        for one in record.students
        if one.needs.get(kind)
    ]


def _made(one: StudentRecord) -> Iterable[Mistake]:
    return ((name, f.fault, f.where) for name, result in one.exercises.items() for f in result.faults)


def _by_name(students: Sequence[StudentRecord]) -> Mapping[str, set[str]]:
    made: dict[str, set[str]] = defaultdict(set)
    for one in students:
        for _, fault, _ in _made(one):
            made[fault].add(one.student)
    return made


def _of(one: StudentRecord, exercise: str) -> RecordedExercise:
    return one.exercises.get(exercise, _NOTHING)


def _assigned(one: StudentRecord) -> float:
    return sum(result.score for result in one.exercises.values())


_NOTHING = RecordedExercise(0.0, 0.0, {})
