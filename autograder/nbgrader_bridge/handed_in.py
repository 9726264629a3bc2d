"""Which submissions there are, and which of them are to be graded now: nbgrader's own rules."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder import notebook
from autograder.nbgrader_bridge.autograding import Submitted
from autograder.nbgrader_bridge.closed_folders import behind_closed, refuse_closed
from autograder.submission import files_in


@dataclass(frozen=True)
class Found:
    """A submission's folder."""

    student: str
    folder: Path
    timestamp: datetime | None
    """When it was handed in, in UTC."""


def found(course: CourseDirectory, assignment: str, student: str = "*") -> list[Found]:
    """All submissions of an assignment, by student."""
    submitted = course.submitted_directory
    excluded = {name.strip() for name in course.student_id_exclude.split(",")}
    pattern = course.format_path(submitted, "(?P<student>.*)", re.escape(assignment), escape=True)
    submissions = []
    places = course.format_path(submitted, student, assignment)
    closed = set(behind_closed(places))
    folders = glob.glob(places)  # noqa: PTH207  an absolute one
    for name in sorted({*folders, *closed}):
        match = re.fullmatch(pattern, name)
        there = name in closed or Path(name).is_dir()
        if match is not None and match["student"] not in excluded and there:
            submissions.append(Found(match["student"], Path(name), timestamp(course, Path(name))))
    return submissions


def is_new(course: CourseDirectory, submission: Found, graded: Path) -> bool:
    """Whether nbgrader would grade it without being forced: never graded, or handed in again since."""
    if not graded.exists():
        return True
    before = timestamp(course, graded)
    return submission.timestamp is not None and before is not None and submission.timestamp > before


def timestamp(course: CourseDirectory, folder: Path) -> datetime | None:
    """When what lies in a folder was handed in; None where nobody has written it down in a form we know."""
    try:
        when: datetime | None = course.get_existing_timestamp(str(folder))
    except Exception:  # whatever a parser of dates makes of a student's file
        return None
    return when


def read(submission: Found, notebooks: list[str], own: frozenset[str]) -> Submitted:
    """Read a submission.

    notebooks : the names of the assignment's.
    own : files of the assignment's, which are not read: its originals take their place.

    Raises
    ------
    notebook.UnreadableNotebook
        None of the notebooks is there, or one is no ordinary file.
    """
    refuse_closed(submission.folder)
    refuse_links(submission.folder, notebooks)
    handed_in = {}
    for name in notebooks:
        path = submission.folder / f"{name}.ipynb"
        if path.exists():
            try:
                handed_in[name] = notebook.content(path)
            except notebook.UnreadableNotebook as reason:
                raise notebook.UnreadableNotebook(f"{path.name}: {reason}") from None
    if not handed_in:
        raise notebook.UnreadableNotebook(_missing(submission.folder, notebooks))
    return Submitted(submission.student, handed_in, beside(submission, own))


def refuse_links(submitted: Path, notebooks: Sequence[str]) -> None:
    """See that what was handed in lies where it seems to lie: a link may lead to somebody else's work.

    Raises
    ------
    notebook.UnreadableNotebook
        The submission's folder, or one of these notebooks in it, is a link.
    """
    for folder in (submitted, submitted.parent):
        if folder.is_symlink():
            raise notebook.UnreadableNotebook(
                f"The folder {shown(folder.name)} is a link. Hand in the notebook itself."
            )
    for name in notebooks:
        if (submitted / f"{name}.ipynb").is_symlink():
            raise notebook.UnreadableNotebook(f"{name}.ipynb is a link. Hand in the `.ipynb` file itself.")


def beside(submission: Found, own: frozenset[str]) -> dict[str, bytes]:
    """A student's own files beside the notebooks."""
    return {name: content for name, content in files_in(submission.folder).items() if name not in own}


def shown(name: str) -> str:
    """A name that a student gave, in one line and without signs that steer a terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)[:100]


def _missing(folder: Path, notebooks: list[str]) -> str:
    expected = " and ".join(f"{name}.ipynb" for name in notebooks)
    others = sorted(shown(path.name) for path in folder.glob("*.ipynb"))[:3]
    there = (
        f"There is {', '.join(others)}: rename it if that is the one." if others else "There is no notebook."
    )
    return f"{expected} was expected in {folder.name}. {there}"
