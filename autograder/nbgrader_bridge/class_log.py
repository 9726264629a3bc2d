"""What needs a person, for one assignment and over all runs: `autograder-logs/ASSIGNMENT.json` and `.txt`.

A student's entry is replaced when that student is graded again, and stays otherwise: whoever goes on after an
interruption, or grades one student anew, loses nothing of what was said of the others. The text is made from
the JSON, which programs may read.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.plain_text import for_terminal, in_one_line

LOGS = "autograder-logs"
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
class Needs:
    """What somebody should see to of one submission."""

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

    def told(self, what: str) -> str:
        """Text of one kind of need; empty where there is none."""
        value = (*self.flags, *self.alike) if what == "flags" else getattr(self, what)
        return value if isinstance(value, str) else "; ".join(value)


class ClassLog:
    """The list of one assignment, read when it is opened and written whole after each change."""

    def __init__(self, course: Path, assignment: str) -> None:
        self._path = course / LOGS / f"{assignment}.json"
        self._students: dict[str, Needs] = {}
        self._notices: list[str] = []
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            self._students = {student: _needs(entry) for student, entry in content["students"].items()}
            self._notices = [str(notice) for notice in content["notices"]]
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError, AttributeError):  # somebody else wrote into it
            self._path.replace(self._path.with_suffix(".json.unreadable"))

    @property
    def text(self) -> Path:
        """Where people read it."""
        return self._path.with_suffix(".txt")

    @property
    def marks(self) -> Path:
        """Where everybody's marks stand, for a spreadsheet."""
        return self._path.with_suffix(".csv")

    def of(self, student: str) -> Needs:
        """What is known of a student's submission."""
        return self._students.get(student, Needs())

    def update(self, entries: Mapping[str, Needs], notices: Iterable[str] = ()) -> None:
        """Put in what was found now in place of what was said of these students before."""
        self._students |= entries
        self._notices += [notice for notice in dict.fromkeys(notices) if notice not in self._notices]
        self.save()

    def begin(self, there: Collection[str] | None, graded: Collection[str], *, anew: bool) -> None:
        """Forget what is no longer so when a run begins.

        there : all who have handed in; None where that was not looked for.
        graded : who is graded and has handed in nothing since, by us or by nbgrader.
        anew : whether all are graded anew, so that what is true of the course is found again.
        """
        if there is not None:
            self._students = {student: n for student, n in self._students.items() if student in there}
        for student in set(graded) & set(self._students):
            self._students[student] = replace(self._students[student], problem="")
        if anew:
            self._notices = []

    def newly_alike(self, alike: Mapping[str, Sequence[str]]) -> list[str]:
        """Whose code is the same as another's and was not before, or was and is no longer."""
        everybody = {*self._students, *alike}
        return sorted(who for who in everybody if bool(self.of(who).alike) != bool(alike.get(who)))

    def note_alike(
        self, alike: Mapping[str, Sequence[str]], flagged: Mapping[str, Mapping[str, Sequence[str]]]
    ) -> None:
        """Put in whose code is the same as others', in place of those before.

        flagged : notebooks that we have flagged in formgrader, of those for whom that may have changed.
        """
        for student in {*self._students, *alike}:
            needs = self.of(student)
            ours = flagged.get(student, needs.flagged)
            self._students[student] = replace(needs, alike=tuple(alike.get(student, ())), flagged=ours)
        self.save()

    def wait_for_marks(self, by_hand: Mapping[str, Sequence[str]]) -> None:
        """Put in which cells of whom wait for a person now, in place of those before."""
        for student in {*self._students, *by_hand}:
            self._students[student] = replace(self.of(student), by_hand=tuple(by_hand.get(student, ())))
        self.save()

    def save(self) -> None:
        """Write both files, each whole or not at all.

        Raises
        ------
        OSError
            The disk is full, or may not be written to.
        """
        self._students = {student: n for student, n in sorted(self._students.items()) if _compact(n)}
        students = {student: _compact(needs) for student, needs in self._students.items()}
        content = {"notices": self._notices, "students": students}
        self._path.parent.mkdir(exist_ok=True)
        write_whole(self._path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
        lines = self.lines()
        write_whole(self.text, "\n".join(lines) + "\n" if lines else "Nothing to report.\n")

    def lines(self, student: str = "", most: int | None = None) -> list[str]:
        """Write it as people read it; under each heading all, or as many as make at most `most` lines.

        student : of whom alone it is wanted.
        """
        listed = {
            heading: [
                (who, told) for who, needs in sorted(self._students.items()) if (told := needs.told(kind))
            ]
            for kind, heading in HEADINGS.items()
        }
        chosen = {h: [(w, t) for w, t in found if student in ("", w)] for h, found in listed.items()}
        shown = {heading: found for heading, found in chosen.items() if found}
        rooms = _rooms([len(found) for found in shown.values()], most)
        lines = list(self._notices)
        for (heading, found), room in zip(shown.items(), rooms, strict=True):
            lines.append(f"{heading}: {len(found)}.")
            # a text that quotes a student's stays in its line: the next one would be read as ours
            lines += [
                f"  {in_one_line(who, len(who))}: {' '.join(for_terminal(t).split())}"
                for who, t in found[:room]
            ]
            if room < len(found):
                lines.append(f"  … and {len(found) - room} more")
        return lines


def _rooms(counts: Sequence[int], most: int | None) -> list[int]:
    """How many are shown under each heading: all, or in turns as many as fit into `most` lines."""
    if most is None or sum(counts) + len(counts) <= most:
        return list(counts)
    rooms = [1 for _ in counts]

    def lines() -> int:
        return sum(1 + room + (room < count) for room, count in zip(rooms, counts, strict=True))

    grew = True
    while grew:
        grew = False
        for n, count in enumerate(counts):
            if rooms[n] < count:
                rooms[n] += 1
                if lines() > most:
                    rooms[n] -= 1
                else:
                    grew = True
    return rooms


def write_whole(path: Path, text: str) -> None:
    """Put a file into its place in one step."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8", errors="backslashreplace")
    new.replace(path)


def _needs(entry: Mapping[str, object]) -> Needs:
    return Needs(**entry)  # type: ignore[arg-type]  # TypeError for what is none


def _compact(needs: Needs) -> dict[str, object]:
    return {key: value for key, value in vars(needs).items() if value}
