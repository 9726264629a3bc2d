"""Find the assignment's notebooks among everything that one person has handed in, and the files beside them.

A notebook is recognised by its cells and functions, not by its name. Of several, the newest counts; if
nothing says which that is, none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from autograder.collecting.download import Unpacked
from autograder.collecting.people import File, Person
from autograder.nbgrader_bridge.course.release import ReleasedAssignment
from autograder.nbgrader_bridge.submission.choose_notebook import Candidate, candidates, files_beside
from autograder.nbgrader_names import TIMESTAMP
from autograder.plain_text import in_one_line
from autograder.submissions import notebook
from autograder.submissions.submission import LEFT_OUT

COPY_NUMBER = re.compile(r"(?:\((\d+)\)|-(\d+))\.ipynb", re.IGNORECASE)
ANOTHERS = "it is a notebook, but not this assignment's"
OLDER = "another notebook of this person counts, which is newer or has the answers"
OWN_TIME = "a student's own note of when something was handed in does not count"


@dataclass(frozen=True)
class Work:
    """Hold what a person's submission is made of."""

    notebooks: Mapping[str, bytes] = field(default_factory=dict)
    """By the name that the assignment gives them."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The person's own beside them."""
    source: str = ""
    """The name of the first notebook in the download."""
    time: str = ""
    """When it was handed in, as the system writes it."""
    order: int = 0
    changed: datetime | None = None
    problem: str = ""
    """Why there is no notebook."""
    notes: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def submitted(self) -> dict[str, bytes]:
        """Return everything that goes into submitted/, by name."""
        return {**{f"{name}.ipynb": data for name, data in self.notebooks.items()}, **self.files}


def find_work(one: Person, unpacked: Unpacked, released: ReleasedAssignment, given: Collection[str]) -> Work:
    """Find each of the assignment's notebooks among a person's files.

    given : sources of code cells as students were given them.
    """
    left_out = dict(unpacked.left_out)
    named = {
        name: data for name, data in unpacked.files.items() if ".ipynb" in name.rpartition("/")[2].lower()
    }
    result = candidates(named, released, given)
    chosen: dict[str, str] = {}
    notes: list[str] = []
    for name in released.notebooks:
        fitting = result.get(name, [])
        if not fitting:
            continue
        best = _newest(fitting, one, unpacked, name)
        if len(best) > 1:
            files = " and ".join(in_one_line(each.file) for each in best[:3])
            return Work(problem=f"{files} differ, and nothing says which is newer", left_out=left_out)
        chosen[name] = best[0].file
    if not chosen:
        sole = _sole(named, released)
        if sole is None:
            return Work(problem=_nothing(named, unpacked), left_out=left_out)
        chosen = {next(iter(released.notebooks)): sole}
        notes.append(
            f"{in_one_line(sole)} is not known as this assignment's notebook; it was placed all the same"
        )
    for file in named:
        if file not in chosen.values():
            known = any(file == each.file for fitting in result.values() for each in fitting)
            left_out[file] = OLDER if known else ANOTHERS
    first = next(iter(chosen.values()))
    notes += [
        f"{in_one_line(file)} was renamed to {name}.ipynb"
        for name, file in chosen.items()
        if file != f"{name}.ipynb"
    ]
    others = {
        name: data
        for name, data in unpacked.files.items()
        if not name.endswith(LEFT_OUT) and name not in named
    }
    beside = {**others, **files_beside(first, others)}
    if TIMESTAMP in beside:
        del beside[TIMESTAMP]
        left_out[TIMESTAMP] = OWN_TIME
    origin = _file_of(first, one)
    return Work(
        {name: unpacked.files[file] for name, file in chosen.items()},
        beside,
        origin.name,
        origin.time,
        origin.order,
        unpacked.changed.get(first),
        "",
        tuple(notes),
        left_out,
    )


def _newest(fitting: list[Candidate], one: Person, unpacked: Unpacked, name: str) -> list[Candidate]:
    """Choose the newest notebook with answers; return several if nothing says which is newest."""
    different = list({each.code: each for each in fitting}.values())
    answered = [each for each in different if each.answers] or different
    keys = {each.file: _age(each.file, one, unpacked) for each in answered}
    newest = max(keys.values())
    best = [each for each in answered if keys[each.file] == newest]
    exact = [each for each in best if each.file.rpartition("/")[2] == f"{name}.ipynb"]
    return exact if len(exact) == 1 else best


def _age(file: str, one: Person, unpacked: Unpacked) -> tuple[int, str, str, int]:
    """Return a key by which a person's files are ordered: the larger, the newer."""
    origin = _file_of(file, one)
    changed = unpacked.changed.get(file)
    copy = COPY_NUMBER.search(file)
    number = int((copy[1] or copy[2])[:9]) if copy else 0
    return origin.order, origin.time, changed.isoformat() if changed else "", number


def _file_of(own: str, one: Person) -> File:
    """Find a file in the download, or the archive in which it was handed in."""
    if own in one.files:
        return one.files[own]
    around = [name for name in one.files if own.startswith(f"{name.rpartition('.')[0]}/")]
    return one.files[max(around, key=len)] if around else File(own)


def _sole(named: Mapping[str, bytes], released: ReleasedAssignment) -> str | None:
    """Return the only file that is named like a notebook, unless it is another assignment's."""
    if len(named) != 1 or len(released.notebooks) != 1:
        return None
    file, content = next(iter(named.items()))
    try:
        cells = notebook.parsed(content).cells
    except notebook.UnreadableNotebook:
        return file  # grading says what is wrong with it
    return file if not any(notebook.cell_of(cell).grade_id for cell in cells) else None


def _nothing(named: Mapping[str, bytes], unpacked: Unpacked) -> str:
    """Say that there is no notebook of this assignment, and what there is instead."""
    if len(named) > 1:
        return "none of the notebooks is this assignment's"
    if named:
        return f"{in_one_line(next(iter(named)))} is another assignment's notebook"
    there = [*unpacked.files, *unpacked.left_out]
    if not there:
        return "nothing was handed in"
    return f"there is no notebook, but {', '.join(in_one_line(name) for name in there[:3])}"
