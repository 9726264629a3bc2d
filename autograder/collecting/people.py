"""Gather what each person in a download has handed in, before it is known which student that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.collecting.download import Download
from autograder.plain_text import in_one_line


@dataclass(frozen=True)
class File:
    """Describe one file of a person, as it is in the download."""

    name: str
    """Its name in the download."""
    order: int = 0
    """Which is newer, if the system numbers uploads."""
    time: str = ""
    """When it was handed in, as the system writes it."""


@dataclass
class Person:
    """Gather everything that one person has handed in."""

    keys: Mapping[str, Sequence[str]]
    """What the system says about that person, by the kinds of a roster's columns, the most reliable first."""
    id: str
    """The student's id, if there is no roster to give another one."""
    label: str
    """The download's name for this person, which feedback must have to find its way back."""
    name: str = ""
    time: str = ""
    """When it was handed in, as the system writes it, if files have no times of their own."""
    late: bool = False
    files: dict[str, File] = field(default_factory=dict)
    """By the name that each will have in the submission."""


@dataclass
class Sorted:
    """A download, sorted by person."""

    system: str
    people: list[Person] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    """Why files belong to nobody, by their names in the download."""

    @property
    def count(self) -> int:
        """Return how many files belong to somebody."""
        return len({file.name for one in self.people for file in one.files.values()})


class People:
    """Collect files by person, in the order in which people first appear."""

    def __init__(self, system: str) -> None:
        self.sorted = Sorted(system)
        self._by_label: dict[str, Person] = {}

    def person(self, one: Person) -> Person:
        """Return this person as known already, or register a new one."""
        known = self._by_label.get(one.label)
        if known is None:
            known = self._by_label[one.label] = one
            self.sorted.people.append(one)
        known.late |= one.late
        return known

    def add(self, one: Person, own: str, file: File) -> None:
        """Add a file; of two with one name the newer counts."""
        person = self.person(one)
        before = person.files.get(own)
        if before is None:
            person.files[own] = file
            return
        old, new = sorted((before, file), key=lambda each: (each.time, each.order))
        person.files[own] = new
        self.leave_out(old.name, "it was handed in again under the same name; the newest counts")

    def leave_out(self, name: str, why: str) -> None:
        """Record why a file belongs to nobody."""
        self.sorted.left_out[listed(name)] = why


def listed(name: str) -> str:
    """Return a file's name as it is listed."""
    return in_one_line(name, 200)


def notebooks(download: Download) -> list[str]:
    """List what may be, or hold, a notebook."""
    return [name for name in download.names if is_work(name)]


def is_work(name: str) -> bool:
    """Return whether a file may be, or hold, a notebook."""
    last = name.rpartition("/")[2].lower()
    return ".ipynb" in last or last.endswith(".zip")


def folders(names: Iterable[str]) -> list[str]:
    """List the first folders of names, each once."""
    return list(dict.fromkeys(name.partition("/")[0] for name in names if "/" in name))
