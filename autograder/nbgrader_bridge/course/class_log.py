"""Keep from run to run what needs a person, and what each graded submission contained: `autograder-logs/`.

`ASSIGNMENT.json` and `.txt` list what needs a person. A student's entry is replaced when that student is
graded again, and stays otherwise: continuing after an interruption, or grading one student again, loses
nothing about the others. The text is made from the JSON, which programs may read.

`ASSIGNMENT.graded.jsonl` has a line for each graded submission; a student's last one counts. Work that
is handed in again without a timestamp is graded again if its content differs, and identical code is found in
a whole class, no matter when each submission was graded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.plain_text import for_terminal, in_one_line
from autograder.whole_files import write_whole

LOG_FOLDER = "autograder-logs"
GRADED_SUFFIX = ".graded.jsonl"
HEADINGS = {
    "problem": "Not graded",
    "ended": "Ended early",
    "penalty": "Late, but the penalty is not known",
    "time": "In time or late, which is not known",
    "flags": "Worth a look",
    "by_hand": "To be marked by hand",
    "renamed": "Graded under another name than the assignment's",
}
"""What may need a person, the most urgent first."""


@dataclass(frozen=True)
class FollowUp:
    """Record what needs a person in one submission; the names are those of the JSON."""

    problem: str = ""
    """Why it was not graded."""
    ended: Sequence[str] = ()
    """What ended an exercise as a whole."""
    penalty: str = ""
    """Why it is not known what its lateness costs."""
    time: str = ""
    """Why it is not known when it was handed in."""
    flags: Sequence[str] = ()
    """Right, but worth an instructor's look."""
    by_hand: Sequence[str] = ()
    """Cells that a person has to mark."""
    flagged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Notebooks that we, and no person, have flagged in formgrader, and for what."""
    alike: Sequence[str] = ()
    """Exercises whose code is the same as others'."""
    renamed: Sequence[str] = ()
    """Which file was graded in place of a notebook that is missing."""

    def text(self, kind: str) -> str:
        """Describe one kind of need; return an empty text if there is none."""
        value = (*self.flags, *self.alike) if kind == "flags" else getattr(self, kind)
        return value if isinstance(value, str) else "; ".join(value)


class ClassLog:
    """List what needs a person in one assignment; read when opened, written as a whole after each change."""

    def __init__(self, course: Path, assignment: str) -> None:
        self._path = course / LOG_FOLDER / f"{assignment}.json"
        self._students: dict[str, FollowUp] = {}
        self._notices: list[str] = []
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            self._students = {student: _follow_up(entry) for student, entry in content["students"].items()}
            self._notices = [str(notice) for notice in content["notices"]]
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError, AttributeError):  # somebody else wrote into it
            self._path.replace(self._path.with_suffix(".json.unreadable"))

    @property
    def text(self) -> Path:
        """Return the file that people read."""
        return self._path.with_suffix(".txt")

    @property
    def marks(self) -> Path:
        """Return the file with everybody's marks, for a spreadsheet."""
        return self._path.with_suffix(".csv")

    def entry(self, student: str) -> FollowUp:
        """Look up a student's entry."""
        return self._students.get(student, FollowUp())

    def update(self, entries: Mapping[str, FollowUp], notices: Iterable[str] = ()) -> None:
        """Replace these students' entries."""
        self._students |= entries
        self._notices += [notice for notice in dict.fromkeys(notices) if notice not in self._notices]
        self.save()

    def start_run(self, there: Collection[str] | None, graded: Collection[str], *, anew: bool) -> None:
        """Drop entries that are out of date when a run begins.

        Parameters
        ----------
        there : everybody who has handed in; None if that was not looked up.
        graded : who is graded, by us or by nbgrader, and has handed in nothing since.
        anew : whether everybody is graded again, so that notices about the course will be found again.
        """
        if there is not None:
            self._students = {student: n for student, n in self._students.items() if student in there}
        for student in set(graded) & set(self._students):
            self._students[student] = replace(self._students[student], problem="")
        if anew:
            self._notices = []

    def changed_same_code(self, alike: Mapping[str, Sequence[str]]) -> list[str]:
        """List the students whose code has become, or is no longer, the same as another's."""
        everybody = {*self._students, *alike}
        return sorted(who for who in everybody if bool(self.entry(who).alike) != bool(alike.get(who)))

    def replace_same_code(
        self, alike: Mapping[str, Sequence[str]], flagged: Mapping[str, Mapping[str, Sequence[str]]]
    ) -> None:
        """Record whose code is the same as others', replacing earlier entries.

        flagged : notebooks that we have flagged in formgrader, by student, if that may have changed.
        """
        for student in {*self._students, *alike}:
            needs = self.entry(student)
            ours = flagged.get(student, needs.flagged)
            self._students[student] = replace(needs, alike=tuple(alike.get(student, ())), flagged=ours)
        self.save()

    def replace_by_hand(self, by_hand: Mapping[str, Sequence[str]]) -> None:
        """Record whose cells wait for a mark by hand, replacing earlier entries."""
        for student in {*self._students, *by_hand}:
            self._students[student] = replace(self.entry(student), by_hand=tuple(by_hand.get(student, ())))
        self.save()

    def save(self) -> None:
        """Write both files, each whole or not at all.

        Raises
        ------
        OSError
            The disk is full or read-only.
        """
        self._students = {student: n for student, n in sorted(self._students.items()) if _compact(n)}
        students = {student: _compact(needs) for student, needs in self._students.items()}
        content = {"notices": self._notices, "students": students}
        self._path.parent.mkdir(exist_ok=True)
        write_whole(self._path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
        lines = self.lines()
        write_whole(self.text, "\n".join(lines) + "\n" if lines else "Nothing to report.\n")

    def lines(self, student: str = "", most: int | None = None) -> list[str]:
        """Return the list as people read it.

        Parameters
        ----------
        student : the only student whose lines are wanted; everybody's if empty.
        most : the most lines to return; under each heading as many are left out as necessary.
        """
        listed = {
            heading: [
                (who, text) for who, needs in sorted(self._students.items()) if (text := needs.text(kind))
            ]
            for kind, heading in HEADINGS.items()
        }
        wanted = {h: [(w, t) for w, t in entries if student in ("", w)] for h, entries in listed.items()}
        shown = {heading: entries for heading, entries in wanted.items() if entries}
        counts = _shown_counts([len(entries) for entries in shown.values()], most)
        lines = list(self._notices)
        for (heading, entries), count in zip(shown.items(), counts, strict=True):
            lines.append(f"{heading}: {len(entries)}.")
            # a text that quotes a student stays on its line: the next one would be read as ours
            lines += [
                f"  {in_one_line(who, len(who))}: {' '.join(for_terminal(t).split())}"
                for who, t in entries[:count]
            ]
            if count < len(entries):
                lines.append(f"  … and {len(entries) - count} more")
        return lines


def _shown_counts(counts: Sequence[int], most: int | None) -> list[int]:
    """Count how many to show under each heading: all, or in turns as many as fit into `most` lines."""
    if most is None or sum(counts) + len(counts) <= most:
        return list(counts)
    shown = [1 for _ in counts]

    def lines() -> int:
        return sum(1 + n + (n < count) for n, count in zip(shown, counts, strict=True))

    grew = True
    while grew:
        grew = False
        for n, count in enumerate(counts):
            if shown[n] < count:
                shown[n] += 1
                if lines() > most:
                    shown[n] -= 1
                else:
                    grew = True
    return shown


def _follow_up(entry: Mapping[str, object]) -> FollowUp:
    return FollowUp(**entry)  # type: ignore[arg-type]  # TypeError for what is none


def _compact(needs: FollowUp) -> dict[str, object]:
    return {key: value for key, value in vars(needs).items() if value}


@dataclass(frozen=True)
class GradedContent:
    """Record a submission as it was when it was last graded."""

    content: str = ""
    """Its content's fingerprint."""
    shapes: Mapping[str, str] = field(default_factory=dict)
    """By exercise, a fingerprint of its code that is the same up to names, comments and layout."""


class GradedBefore:
    """Remember what an assignment's submissions contained when they were graded."""

    def __init__(self, course: Path, assignment: str) -> None:
        """Read the file; ignore a line left unfinished by a run that was killed."""
        self._path = path = course / LOG_FOLDER / f"{assignment}{GRADED_SUFFIX}"
        self.by_student: dict[str, GradedContent] = {}
        lines = path.read_bytes().splitlines() if path.is_file() else []
        for line in lines:
            student, content = _parsed(line)
            if content is not None:
                self.by_student[student] = content
        if len(lines) > len(self.by_student):
            self._rewrite()

    def remember(self, student: str, content: GradedContent) -> None:
        """Record a submission that is graded and in its place."""
        self.by_student[student] = content
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("ab") as file:
            file.write(_line(student, content))

    def _rewrite(self) -> None:
        write_whole(self._path, b"".join(_line(*item) for item in self.by_student.items()))


def content_fingerprint(submission: bytes) -> str:
    """Fingerprint a submission's content."""
    return hashlib.sha256(submission).hexdigest()


def _line(student: str, graded: GradedContent) -> bytes:
    line = {"student": student, "content": graded.content, "alike": dict(graded.shapes)}
    return json.dumps(line).encode("ascii") + b"\n"


def _parsed(line: bytes) -> tuple[str, GradedContent | None]:
    try:
        entry = json.loads(line)
        shapes = {str(exercise): str(shape) for exercise, shape in entry["alike"].items()}
        return str(entry["student"]), GradedContent(str(entry["content"]), shapes)
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", None
