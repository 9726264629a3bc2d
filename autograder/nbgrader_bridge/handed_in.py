"""Which submissions there are, and which of them are to be graded now: nbgrader's own rules."""

from __future__ import annotations

import glob
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder import notebook
from autograder.nbgrader_bridge import choosing
from autograder.nbgrader_bridge.autograding import Submitted
from autograder.nbgrader_bridge.closed_folders import behind_closed, refuse_closed
from autograder.plain_text import in_one_line
from autograder.submission import (
    LEFT_OUT,
    TIMESTAMP,
    names_in,
    read_files,
    read_ordinary,
    without_those_in_the_way,
)

LONGEST_TIMESTAMP = 200  # bytes; a file with more holds no time, whatever it holds
NO_TIME = f"{TIMESTAMP} holds no time that can be read, so nobody knows whether it was late"
NO_TEXT = ("Cc", "Cs", "Zl", "Zp")  # Unicode's names for control characters, half letters, ends of lines
MAX_OTHERS = 20  # notebooks of other names that are looked into
MAX_OTHER_BYTES = 10_000_000  # of all of these together


@dataclass(frozen=True)
class Found:
    """A submission's folder."""

    student: str
    folder: Path
    timestamp: datetime | None
    """When it was handed in, in UTC."""
    note: str = ""
    """Why that is not known, where somebody has written something down."""


def found(course: CourseDirectory, assignment: str, student: str = "*") -> list[Found]:
    """All submissions of an assignment, by student; also what lies in a submission's place and is none."""
    submitted = course.submitted_directory
    excluded = {name.strip() for name in course.student_id_exclude.split(",")}
    pattern = course.format_path(submitted, "(?P<student>.*)", re.escape(assignment), escape=True)
    submissions = []
    places = course.format_path(submitted, student, assignment)
    folders = glob.glob(places)  # noqa: PTH207  an absolute one
    for name in sorted({*folders, *behind_closed(places)}):
        match = re.fullmatch(pattern, name, re.DOTALL)
        if match is not None and match["student"] not in excluded:
            submissions.append(Found(match["student"], Path(name), *when_handed_in(Path(name))))
    return submissions


def is_new(submission: Found, graded: Path) -> bool | None:
    """Whether nbgrader would grade it without being forced: never graded, or handed in again since.

    None where one of the two times is not known: then only its content tells.
    """
    if not graded.exists():
        return True
    before, _ = when_handed_in(graded)
    if submission.timestamp is None or before is None:
        return None
    return submission.timestamp > before


def when_handed_in(folder: Path) -> tuple[datetime | None, str]:
    """When what lies in a folder was handed in, in UTC; None and why where that cannot be read."""
    try:
        (folder / TIMESTAMP).lstat()
    except OSError:
        return None, ""
    content = read_ordinary(folder / TIMESTAMP, LONGEST_TIMESTAMP)
    try:
        text = "" if content is None else content.decode("utf-8").strip()
        when: datetime | None = parse_utc(text) if text else None
    except Exception:  # whatever a parser of dates makes of a student's file
        when = None
    return when, NO_TIME if when is None else ""


def read(
    submission: Found, notebooks: Sequence[str], own: frozenset[str], *, renamed: bool = True
) -> Submitted:
    """Read a submission.

    notebooks : the names of the assignment's.
    own : files of the assignment's, which are not read: its originals take their place.
    renamed : whether notebooks of other names are read, too, for a grader to find the assignment's in them.

    Raises
    ------
    notebook.UnreadableNotebook
        There is no notebook, or one of the assignment's is no ordinary file.
    """
    refuse_odd_names(submission)
    refuse_closed(submission.folder)
    refuse_links(submission.folder, notebooks)
    if not submission.folder.is_dir():
        raise notebook.UnreadableNotebook(
            f"{in_one_line(submission.folder.name)} is a file, where the submission's folder should be. Put "
            "the notebook into a folder of this name."
        )
    names = names_in(submission.folder)
    others = _others(submission.folder, names, notebooks) if renamed else {}
    handed_in = {}
    for name in notebooks:
        path = submission.folder / f"{name}.ipynb"
        if path.exists() and not (others and path.is_dir()):
            try:
                handed_in[name] = notebook.content(path)
            except notebook.UnreadableNotebook as reason:
                raise notebook.UnreadableNotebook(f"{path.name}: {reason}") from None
    if not handed_in and not others:
        there = [name for name in names if _is_notebook(name)]
        raise notebook.UnreadableNotebook(choosing.missing(notebooks, there))
    return Submitted(submission.student, handed_in, _beside(submission, names, notebooks, own), others)


def refuse_odd_names(submission: Found) -> None:
    """See that a student's name can be written down: in a gradebook, in a line of a log.

    Raises
    ------
    notebook.UnreadableNotebook
        It cannot.
    """
    if is_odd(submission.student):
        raise notebook.UnreadableNotebook(
            f"The name of the folder {in_one_line(submission.student)} is no text that can be written down. "
            "Give it the student's id as its name."
        )


def is_odd(student: str) -> bool:
    """Whether a student's name holds what is no text: half letters, ends of lines, control characters."""
    return not student.strip() or any(unicodedata.category(letter) in NO_TEXT for letter in student)


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
                f"The folder {in_one_line(folder.name)} is a link. Hand in the notebook itself."
            )
    for name in notebooks:
        if (submitted / f"{name}.ipynb").is_symlink():
            raise notebook.UnreadableNotebook(f"{name}.ipynb is a link. Hand in the `.ipynb` file itself.")


def beside(submission: Found, notebooks: Sequence[str], own: frozenset[str]) -> dict[str, bytes]:
    """A student's own files beside the notebooks; not those that lie where the assignment's have to be."""
    return _beside(submission, names_in(submission.folder), notebooks, own)


def _beside(
    submission: Found, names: Iterable[str], notebooks: Sequence[str], own: frozenset[str]
) -> dict[str, bytes]:
    wanted = [name for name in names if name not in own and not name.endswith(LEFT_OUT)]
    places = own | {f"{name}.ipynb" for name in notebooks}
    return without_those_in_the_way(read_files(submission.folder, wanted), places)


def _others(folder: Path, names: Iterable[str], notebooks: Sequence[str]) -> dict[str, bytes]:
    """Notebooks that have none of the assignment's names, or lie in folders."""
    own = {f"{name}.ipynb" for name in notebooks}
    others = (name for name in names if _is_notebook(name) and name not in own)
    return read_files(folder, others, MAX_OTHERS, MAX_OTHER_BYTES)


def _is_notebook(name: str) -> bool:
    """Whether a file is called like a notebook; some browsers add `.txt` or `.json` to a download."""
    return ".ipynb" in name.rpartition("/")[2].lower()
