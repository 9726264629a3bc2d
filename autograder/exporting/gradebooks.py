"""Write a class's marks in each course server's format.

If the server's own list was provided, its lines are returned as they were, with the marks filled in, so that
the server recognises everybody. Otherwise the lines are made from what the collected downloads said.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.collecting import roster as rosters
from autograder.collecting.roster import Roster
from autograder.reporting.report import marks as written
from autograder.reporting.tables import no_formula

MOODLE = ("Identifier", "Full name", "Email address", "Grade", "Maximum Grade")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
ILIAS = (
    *("update", "usr_id", "login", "lastname", "firstname", "status", "mark", "notice", "comment"),
    *("plagiarism", "plag_comment"),
)
ILIAS_TEAMS = (
    *(rosters.TEAM, rosters.MEMBERS, "status", "mark", "notice", "comment", "plagiarism", "plag_comment"),
)
MOODLE_GRADE = ("Grade", "Bewertung")
MOODLE_MAXIMUM = ("Maximum Grade", "Bestwertung")


@dataclass(frozen=True)
class Part:
    """Hold the marks of one part of an exercise."""

    score: float
    max_score: float
    feedback: str = ""
    """The verdict, and what to look at."""


@dataclass(frozen=True)
class Marked:
    """Hold a student's marks."""

    student: str
    total: float | None
    """None if nothing by the student was graded."""
    name: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    """What the course server says about the student, by the kinds of a roster's columns."""
    label: str = ""
    """The student's name in the collected download."""
    source: str = ""
    """The name of the notebook in that download."""
    penalty: float = 0.0
    exercises: Mapping[str, float | None] = field(default_factory=dict)
    """By marks cell."""
    parts: Mapping[str, Part] = field(default_factory=dict)
    """By exercise and part: `exercise1 DW1`."""

    @property
    def score(self) -> str:
        """Return the marks as they are written; empty if there are none."""
        return "" if self.total is None else written(self.total)


@dataclass(frozen=True)
class Class:
    """Hold all marks for an assignment."""

    assignment: str
    maximum: float
    students: Sequence[Marked]
    exercises: Mapping[str, float] = field(default_factory=dict)
    """What each marks cell is worth."""
    roster: Roster | None = None
    with_parts: bool = False
    passed: float | None = None
    """The marks needed to pass, for systems that ask."""
    column: str = ""
    """The assignment's column in the server's list, if its name is different."""

    @property
    def part_names(self) -> list[str]:
        """Return all parts that somebody has marks for, in order; none if they are not wanted."""
        if not self.with_parts:
            return []
        return list(dict.fromkeys(name for one in self.students for name in one.parts))

    def parts_of(self, one: Marked) -> list[str]:
        """Return a student's marks of each part."""
        return [written(one.parts[name].score) if name in one.parts else "" for name in self.part_names]


class CannotExport(Exception):
    """The marks have no place in the server's list; the message is a sentence for people."""


def moodle(marked: Class) -> str:
    """Fill in Moodle's grading worksheet for upload; or write a file that *Import grades* accepts."""
    if marked.roster is None:
        lines = [[*MOODLE, *marked.part_names]]
        for one in marked.students:
            number = one.keys.get(rosters.NUMBERED, "")
            identifier = f"Participant {number}" if number else ""
            email = one.keys.get(rosters.EMAIL, "")
            own = [identifier, no_formula(one.name or one.student), email, one.score]
            lines.append([*own, written(marked.maximum), *marked.parts_of(one)])
        return _csv(lines)
    grade = _column(marked.roster, MOODLE_GRADE)
    if grade is None:
        raise CannotExport(
            f"The roster has no column {MOODLE_GRADE[0]}: it is not a grading worksheet of Moodle's. "
            "Download one, or leave --roster out."
        )
    return _filled(marked, marked.roster, grade)


def canvas(marked: Class) -> str:
    """Write Canvas's gradebook with the assignment's column, for import."""
    if marked.roster is None:
        lines = [[*CANVAS, marked.assignment, *marked.part_names], _possible(marked)]
        for one in marked.students:
            user = [one.keys.get(kind, "") for kind in (rosters.NUMBERED, rosters.ID, rosters.LOGIN)]
            lines.append([no_formula(one.name or one.student), *user, "", one.score, *marked.parts_of(one)])
        return _csv(lines)
    header = list(marked.roster.header)
    own = [n for n, name in enumerate(header) if name.strip() in (*CANVAS, "Root Account")]
    if not own:
        raise CannotExport(
            "The roster is not a gradebook of Canvas's: it has none of its columns. Export one there."
        )
    column = _canvas_column(marked, header)
    lines = [[*(header[n] for n in own), column, *marked.part_names]]
    possible = _possible(marked)
    lines.append([possible[0], *[""] * (len(own) - 1), *possible[len(CANVAS) :]])
    by_student = {one.student: one for one in marked.students}
    for known, row in zip(marked.roster.students, marked.roster.rows, strict=True):
        one = by_student.get(known.id, Marked(known.id, None))
        lines.append([*(row.get(header[n].strip(), "") for n in own), one.score, *marked.parts_of(one)])
    return _csv(lines)


def ilias(marked: Class) -> str:
    """Write the status file of ILIAS's multi-feedback; only lines with marks are to be updated."""
    if marked.roster is not None and rosters.TEAM in marked.roster.header:
        return _ilias_teams(marked, marked.roster)
    lines: list[list[str]] = [list(ILIAS)]
    for one in marked.students:
        last, _, first = _last_first(one).partition(", ")
        user = [one.keys.get(kind, "") for kind in (rosters.NUMBERED, rosters.LOGIN)]
        comment = "; ".join(f"{name}: {written(part.score)}" for name, part in one.parts.items())
        state = [_status(marked, one), one.score, "", comment if marked.with_parts else "", "", ""]
        lines.append(
            ["1" if one.total is not None else "0", *user, no_formula(last), no_formula(first), *state]
        )
    return _csv(lines)


def _ilias_teams(marked: Class, roster: Roster) -> str:
    """Write a line for each team; a team whose members have different marks is not to be updated."""
    lines: list[list[str]] = [["update", *ILIAS_TEAMS]]
    rows = {row[rosters.TEAM].strip(): row for row in roster.rows if row.get(rosters.TEAM)}
    together = _teams(marked, roster)
    for team, row in rows.items():
        members = together[team]
        alike = len({one.score for one in members}) == 1 and members[0].total is not None
        columns = {"status": _status(marked, members[0]), "mark": members[0].score} if alike else {}
        lines.append(["1" if alike else "0", *(columns.get(name, row.get(name, "")) for name in ILIAS_TEAMS)])
    return _csv(lines)


def _teams(marked: Class, roster: Roster) -> dict[str, list[Marked]]:
    """Return each team's members with their marks."""
    by_student = {one.student: one for one in marked.students}
    return {
        team: [by_student.get(student, Marked(student, None)) for student in students]
        for team, students in roster.teams.items()
    }


def plain(marked: Class) -> str:
    """Write everybody's marks by exercise, and by part, for a spreadsheet."""
    names = [cell.removesuffix("-marks") for cell in marked.exercises]
    header = ["student", "name", "score", "max_score", "late_submission_penalty", *names, *marked.part_names]
    lines = [header]
    for one in marked.students:
        cells = [one.exercises.get(cell) for cell in marked.exercises]
        scores = ["" if score is None else written(score) for score in cells]
        own = [no_formula(one.student), no_formula(one.name), one.score, written(marked.maximum)]
        penalty = written(one.penalty) if one.total is not None else ""
        lines.append([*own, penalty, *scores, *marked.parts_of(one)])
    return _csv(lines)


def gradescope(one: Marked) -> str:
    """Write one submission's `results.json`, as Gradescope's autograders do."""
    tests = [
        {
            "name": name,
            "score": part.score,
            "max_score": part.max_score,
            "output": part.feedback,
            "status": "passed" if part.score >= part.max_score else "failed",
        }
        for name, part in one.parts.items()
    ]
    late = f"Taken off for lateness: {written(one.penalty)}." if one.penalty else ""
    results = {"score": one.total or 0.0, "output": late, "visibility": "visible", "tests": tests}
    return json.dumps({"stdout_visibility": "hidden", **results}, indent=1, ensure_ascii=False) + "\n"


GRADEBOOKS: Mapping[str, Callable[[Class], str]] = {
    "moodle": moodle,
    "canvas": canvas,
    "ilias": ilias,
    "plain": plain,
    "github": plain,
    "gradescope": plain,
    "own": plain,
}
"""By the system that a download came from."""


def remarks(marked: Class) -> list[str]:
    """Say what an instructor should know about the server's list before uploading it."""
    if marked.roster is None:
        return []
    column = _column(marked.roster, MOODLE_MAXIMUM)
    maxima = {row.get(column, "").replace(",", ".") for row in marked.roster.rows} if column else set()
    different = [
        f"The members of team {team} have different marks, so nothing is updated there: give them by hand."
        for team, members in _teams(marked, marked.roster).items()
        if len({one.score for one in members}) > 1
    ]
    return different + [
        f"The worksheet's maximum grade is {maximum}, and the assignment is worth {written(marked.maximum)}: "
        "marks were not scaled."
        for maximum in sorted(maxima - {""})
        if not _equal(maximum, marked.maximum)
    ]


def _filled(marked: Class, roster: Roster, grade: str) -> str:
    header = [name.strip() for name in roster.header]
    by_student = {one.student: one for one in marked.students}
    lines = [[*roster.header, *marked.part_names]]
    for known, row in zip(roster.students, roster.rows, strict=True):
        one = by_student.get(known.id, Marked(known.id, None))
        if one.total is not None:
            row = {**row, grade: one.score}
        lines.append([*(row.get(name, "") for name in header), *marked.parts_of(one)])
    return _csv(lines)


def _canvas_column(marked: Class, header: Sequence[str]) -> str:
    """Find the assignment's column: by the name that was given, else by the assignment's own."""
    wanted = marked.column or marked.assignment
    result = [name for name in header if wanted.casefold() in name.casefold()]
    if len(result) == 1:
        return result[0]
    if marked.column or len(result) > 1:
        which = "no column" if not result else "more than one column"
        raise CannotExport(f"Canvas's gradebook has {which} called like {wanted!r}. Name one with --column.")
    return marked.assignment  # Canvas asks what it is when it is imported


def _possible(marked: Class) -> list[str]:
    maxima = {name: part.max_score for one in marked.students for name, part in one.parts.items()}
    parts = [written(maxima[name]) for name in marked.part_names]
    return ["    Points Possible", *[""] * (len(CANVAS) - 1), written(marked.maximum), *parts]


def _status(marked: Class, one: Marked) -> str:
    if one.total is None or marked.passed is None:
        return "notgraded"
    return "passed" if one.total >= marked.passed else "failed"


def _last_first(one: Marked) -> str:
    first, last = one.keys.get(rosters.FIRST, ""), one.keys.get(rosters.LAST, "")
    if not last:
        first, _, last = (one.name or one.student).rpartition(" ")
    return f"{last}, {first}"


def _column(roster: Roster, names: Sequence[str]) -> str | None:
    header = {name.strip() for name in roster.header}
    return next((name for name in names if name in header), None)


def _equal(text: str, number: float) -> bool:
    try:
        return abs(float(text) - number) < 1e-9
    except ValueError:
        return True  # Moodle's scales have words


def _csv(lines: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(lines)
    return file.getvalue()
