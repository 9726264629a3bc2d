"""Read the students of a course from a list that its server exports as CSV.

Each system has its own names for columns, and several columns that identify a student. The first
line says what they are; other columns are left alone.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LARGEST = 50_000_000  # bytes
NUMBER = re.compile(r"(\d+)$")
EXCELS = re.compile(r"sep=(.)\r?\n")

ID = "id"
LOGIN = "login"
NUMBERED = "number"
EMAIL = "email"
NAME = "name"
FIRST = "first"
LAST = "last"
TIME = "time"
LATE = "late"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    ID: (
        "student",
        "student id",
        "student_id",
        "id number",
        "sid",
        "sis user id",
        "roster_identifier",
        "matriculation number",
        "matrikelnummer",
        "idnumber",
    ),
    LOGIN: ("username", "login", "sis login id", "github_username", "user name", "anmeldename"),
    NUMBERED: ("identifier", "id", "usr_id", "user_id", "participant"),
    EMAIL: ("email", "email address", "e-mail", "e-mail-adresse", "e-mail address"),
    NAME: ("full name", "name", "student", "vollständiger name"),
    FIRST: ("first name", "firstname", "first_name", "vorname"),
    LAST: ("last name", "lastname", "last_name", "surname", "nachname"),
    TIME: (
        "last modified (submission)",
        "zuletzt geändert (abgabe)",
        "submission_timestamp",
        "submission time",
    ),
    LATE: ("lateness (h:m:s)",),
}
"""What columns of each kind are called, in lower case, by nbgrader and by each system."""
TEAM, MEMBERS = "team_id", "logins"  # columns of ILIAS's list of teams, with a line for each
NBGRADERS = "id"  # the column of nbgrader's own lists, as `nbgrader db student import` reads them
PREFERRED = (LOGIN, ID, EMAIL, NUMBERED)
"""Which column is a student's id in the course, if nothing else was said."""


class UnusableRoster(Exception):
    """The list of students cannot be read; the message is a sentence for people."""


@dataclass(frozen=True)
class Student:
    """Hold one line of the list."""

    id: str
    """The course's name for this student: the name of a folder in submitted/."""
    name: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    """What the line says, by kind: `login`, `number`, `email`, …"""


@dataclass(frozen=True)
class Roster:
    """Hold all students, and the file as it was, to be filled in with marks."""

    students: tuple[Student, ...]
    header: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    """Of each student, the line by the names of its columns."""

    @property
    def teams(self) -> dict[str, list[str]]:
        """Return the students of each team, by its number."""
        result: dict[str, list[str]] = {}
        for student, row in zip(self.students, self.rows, strict=True):
            if row.get(TEAM):
                result.setdefault(row[TEAM].strip(), []).append(student.id)
        return result

    def find(self, keys: Mapping[str, Sequence[str]]) -> tuple[Student | None, str]:
        """Find the student whom a download means; None and the reason if there is none, or more than one.

        keys : what is known about that person, by kind, the most reliable first; each in all its spellings.
        """
        for kind, values in keys.items():
            wanted = {folded(value) for value in values} - {""}
            # a student may be in several lines: one for each group, for example
            result = {one.id: one for one in reversed(self.students) if wanted & _spellings(one, kind)}
            if len(result) == 1:
                return next(iter(result.values())), ""
            if result:
                named = ", ".join(sorted(result)[:3])
                return None, f"the roster has {len(result)} students to whom this {kind} belongs ({named})"
        return None, "the roster has nobody of this name"


def read_roster(path: Path, id_column: str = "") -> Roster:
    """Read a list of students.

    id_column : the name of the column that is a student's id in the course; the best known one if empty.

    Raises
    ------
    UnusableRoster
        It is not a CSV file, or no column of it says who is who.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise UnusableRoster(f"{path} is too large for a list of students.")
        text = _decoded(path.read_bytes())
        lines = _lines(text)
    except OSError as error:
        raise UnusableRoster(f"{path} cannot be read: {error.strerror or error}.") from None
    except csv.Error as error:
        raise UnusableRoster(f"{path} is not a CSV file: {error}.") from None
    if not lines:
        raise UnusableRoster(f"{path} is empty.")
    header = [name.strip().lstrip("#").strip() for name in lines[0]]
    rows = [dict(zip(header, line, strict=False)) for line in lines[1:] if any(map(str.strip, line))]
    columns = {
        kind: [name for wanted in names for name in header if name.lower() == wanted]
        for kind, names in COLUMNS.items()
    }
    if not id_column and NBGRADERS in header:
        id_column = NBGRADERS
    if id_column and id_column not in header:
        raise UnusableRoster(f"{path} has no column {id_column!r}. It has: {', '.join(header)}.")
    if MEMBERS in header:
        rows = [{**row, "login": login} for row in rows for login in _members(row)]
        columns[LOGIN] = ["login"]
    students, remaining = [], []
    for row in rows:
        keys = {kind: value for kind, names in columns.items() if (value := _first(row, names))}
        if NUMBERED in keys and (number := NUMBER.search(keys[NUMBERED])):
            keys[NUMBERED] = number[1]  # Moodle's `Participant 123456`
        own = row.get(id_column, "") if id_column else next((keys[k] for k in PREFERRED if k in keys), "")
        if not own.strip() or _is_no_student(row):
            continue
        name = keys.get(NAME) or " ".join(filter(None, (keys.get(FIRST), keys.get(LAST))))
        students.append(Student(own.strip(), name.strip(), keys))
        remaining.append(row)
    if not students:
        raise UnusableRoster(
            f"{path} lists no students: none of its columns ({', '.join(header)[:300]}) is known. Name one "
            "with --id."
        )
    return Roster(tuple(students), tuple(lines[0]), tuple(remaining))


def _members(row: Mapping[str, str]) -> list[str]:
    return [login.strip() for login in row.get(MEMBERS, "").split(",") if login.strip()]


def folded(text: str) -> str:
    """Reduce a name to what its spellings have in common: letters and digits, without accents and case."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(letter for letter in plain if letter.isalnum())


def name_spellings(first: str, last: str) -> list[str]:
    """List a name in both orders."""
    return [f"{first} {last}", f"{last} {first}"]


def _spellings(student: Student, kind: str) -> set[str]:
    """List the forms that a student's name or number may have in a download."""
    keys = student.keys
    if kind == NAME:
        first, last = keys.get(FIRST, ""), keys.get(LAST, "")
        names = [
            student.name,
            *_turned(student.name),
            *(name_spellings(first, last) if first and last else []),
        ]
        return {folded(name) for name in names} - {""}
    if kind == ID:
        values: Iterable[str] = (student.id, keys.get(ID, ""))
    elif kind == EMAIL:
        values = (keys.get(EMAIL, ""),)
    else:
        values = (keys.get(kind, ""),)
    return {folded(value) for value in values} - {""}


def _turned(name: str) -> list[str]:
    """Return `Anna Maria Müller` as `Müller Anna Maria`, and `Müller, Anna` as `Anna Müller`."""
    if "," in name:
        last, _, first = name.partition(",")
        return [f"{first} {last}"]
    words = name.split()
    return [" ".join((*words[n:], *words[:n])) for n in range(1, len(words))]


def _first(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name].strip() for name in names if row.get(name, "").strip()), "")


def _is_no_student(row: Mapping[str, str]) -> bool:
    """Tell Canvas's line of points and its test student from students."""
    first = next(iter(row.values()), "").strip().lower()
    return first.startswith("points possible") or first in ("student, test", "test student")


def _lines(text: str) -> list[list[str]]:
    """Read a CSV file from its header on, past empty lines and past Excel's line `sep=;`."""
    text = text.lstrip()
    if separator := EXCELS.match(text):
        text = text[separator.end() :].lstrip()
    dialect = _dialect(text, separator[1] if separator else "")
    return list(csv.reader(io.StringIO(text), dialect=dialect))


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")  # Excel's “Unicode text”
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


def _dialect(text: str, separator: str = "") -> type[csv.Dialect]:
    """Tell commas from semicolons and tabs, by the first line if the file does not say."""

    class Dialect(csv.excel):
        delimiter = separator or max(",;\t", key=text.split("\n", 1)[0].count)

    return Dialect
