"""Say what a person has handed in, before anybody knows who that is in the course."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.collecting.download import Download
from autograder.plain_text import in_one_line


@dataclass(frozen=True)
class File:
    """One file of a person, as it lies in the download."""

    name: str
    """In the download."""
    order: int = 0
    """Which is newer, where the system numbers what is uploaded."""
    time: str = ""
    """When it was handed in, in the system's own words."""


@dataclass
class Person:
    """All that one person has handed in."""

    keys: Mapping[str, Sequence[str]]
    """What the system says of that person, by the kinds of a roster's columns, the surest first."""
    id: str
    """The student's id, if there is no roster to say another one."""
    label: str
    """How the download calls this person: what feedback has to be called to find its way back."""
    name: str = ""
    time: str = ""
    """When it was handed in, in the system's own words, where files have no time of their own."""
    late: bool = False
    files: dict[str, File] = field(default_factory=dict)
    """By the name that each is to have in the submission."""


@dataclass
class Sorted:
    """A download, sorted by person."""

    system: str
    people: list[Person] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    """Why files belong to nobody, by their names in the download."""

    @property
    def count(self) -> int:
        """How many files belong to somebody."""
        return len({file.name for one in self.people for file in one.files.values()})


class People:
    """Gather files by person, in the order in which people are met."""

    def __init__(self, system: str) -> None:
        self.sorted = Sorted(system)
        self._by_label: dict[str, Person] = {}

    def person(self, one: Person) -> Person:
        """Return this person as met before, or from now on."""
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
        """Say why a file belongs to nobody."""
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
