"""Find the submissions to an assignment, determine which are new, and read them, by nbgrader's own rules.

Everything in a submission's folder was put there by a student: names, links, folders that cannot be opened,
invalid times. What cannot be read is reported for that submission and never left out silently.
"""

from __future__ import annotations

import glob
import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder.nbgrader_bridge.submission import choose_notebook
from autograder.nbgrader_names import TIMESTAMP
from autograder.plain_text import in_one_line
from autograder.sandbox.protocol import frames
from autograder.submissions import notebook
from autograder.submissions.notebook import UnreadableNotebook
from autograder.submissions.submission import (
    LEFT_OUT,
    names_in,
    read_files,
    read_ordinary,
    without_those_in_the_way,
)

LONGEST_TIMESTAMP = 200  # bytes; a larger file is not a time, whatever it holds
NO_TIME = f"{TIMESTAMP} holds no time that can be read, so nobody knows whether it was late"
UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")  # Unicode's names for control characters, half letters, ends of lines
MAX_OTHERS = 20  # notebooks of other names that are looked into
MAX_OTHER_BYTES = 10_000_000  # of all of these together


@dataclass(frozen=True)
class SubmissionFolder:
    """Record where a submission is, and when it was handed in."""

    student: str
    folder: Path
    timestamp: datetime | None
    """When it was handed in, in UTC."""
    time_problem: str = ""
    """Why that is not known, if there is a timestamp."""


@dataclass(frozen=True)
class Submission:
    """Hold what a student handed in, as it is sent to the process that grades it."""

    student: str
    notebooks: Mapping[str, bytes]
    """By name; those that the assignment has."""
    files: Mapping[str, bytes]
    """The student's own files beside them."""
    others: Mapping[str, bytes] = field(default_factory=dict)
    """Notebooks with other names, among which a missing one may be found."""

    def to_bytes(self) -> bytes:
        """Serialise it for another process."""
        return frames.encode(
            {
                "student": self.student,
                "notebooks": dict(self.notebooks),
                "files": dict(self.files),
                "others": dict(self.others),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Submission:
        """Read what `to_bytes` wrote."""
        content: Any = frames.decode_whole(data)
        return cls(content["student"], content["notebooks"], content["files"], content["others"])


def find_submissions(
    directory: CourseDirectory, assignment: str, student: str = "*"
) -> list[SubmissionFolder]:
    """List all submissions to an assignment, by student, including whatever takes the place of one."""
    submitted = directory.submitted_directory
    excluded = {name.strip() for name in directory.student_id_exclude.split(",")}
    pattern = directory.format_path(submitted, "(?P<student>.*)", re.escape(assignment), escape=True)
    submissions = []
    places = directory.format_path(submitted, student, assignment)
    folders = glob.glob(places)  # noqa: PTH207  an absolute one
    for name in sorted({*folders, *_hidden_by_closed_folders(places)}):
        match = re.fullmatch(pattern, name, re.DOTALL)
        if match is not None and match["student"] not in excluded:
            time, problem = read_timestamp(Path(name))
            submissions.append(SubmissionFolder(match["student"], Path(name), time, problem))
    return submissions


def is_new(submission: SubmissionFolder, autograded: Path) -> bool | None:
    """Return whether nbgrader would grade it without `--force`: never graded, or handed in again since.

    None if one of the two times is not known: then its content decides.
    """
    if not autograded.exists():
        return True
    before, _ = read_timestamp(autograded)
    if submission.timestamp is None or before is None:
        return None
    return submission.timestamp > before


def read_timestamp(folder: Path) -> tuple[datetime | None, str]:
    """Read when a folder's submission was handed in, in UTC; None and the reason if that is unreadable."""
    try:
        (folder / TIMESTAMP).lstat()
    except OSError:
        return None, ""
    content = read_ordinary(folder / TIMESTAMP, LONGEST_TIMESTAMP)
    try:
        text = "" if content is None else content.decode("utf-8").strip()
        time: datetime | None = parse_utc(text) if text else None
    except Exception:  # whatever a parser of dates makes of a student's file
        time = None
    return time, NO_TIME if time is None else ""


def read_submission(
    submission: SubmissionFolder,
    notebooks: Sequence[str],
    assignment_files: Collection[str],
    *,
    find_renamed: bool = True,
) -> Submission:
    """Read a submission's notebooks and the files beside them.

    Parameters
    ----------
    notebooks : the names of the assignment's notebooks.
    assignment_files : names of the assignment's own files, whose copies are not read.
    find_renamed : whether to read notebooks of other names, too, which may be the assignment's.

    Raises
    ------
    notebook.UnreadableNotebook
        There is no notebook, or one of the assignment's is not an ordinary file.
    """
    refuse_unprintable_name(submission)
    refuse_closed_folder(submission.folder)
    refuse_links(submission.folder, notebooks)
    if not submission.folder.is_dir():
        raise UnreadableNotebook(
            f"{in_one_line(submission.folder.name)} is a file, where the submission's folder should be. Put "
            "the notebook into a folder of this name."
        )
    names = names_in(submission.folder)
    others = _other_notebooks(submission.folder, names, notebooks) if find_renamed else {}
    contents = {}
    for name in notebooks:
        path = submission.folder / f"{name}.ipynb"
        if path.exists() and not (others and path.is_dir()):
            try:
                contents[name] = notebook.content(path)
            except UnreadableNotebook as reason:
                raise UnreadableNotebook(f"{path.name}: {reason}") from None
    if not contents and not others:
        raise UnreadableNotebook(choose_notebook.missing(notebooks, list(filter(_is_notebook, names))))
    files = _files_beside(submission.folder, names, notebooks, frozenset(assignment_files))
    return Submission(submission.student, contents, files, others)


def refuse_unprintable_name(submission: SubmissionFolder) -> None:
    """Refuse a student's name that cannot be written into a gradebook or into a line of a log.

    Raises
    ------
    notebook.UnreadableNotebook
        It cannot be written.
    """
    if is_unprintable(submission.student):
        raise UnreadableNotebook(
            f"The name of the folder {in_one_line(submission.student)} is not text that can be written down. "
            "Give it the student's id as its name."
        )


def is_unprintable(student: str) -> bool:
    """Return whether a student's name contains surrogates, line ends, or control characters."""
    return not student.strip() or any(unicodedata.category(letter) in UNPRINTABLE for letter in student)


def refuse_links(submitted: Path, notebooks: Sequence[str]) -> None:
    """Refuse links in place of a submission or its notebooks: they may lead to somebody else's work.

    Raises
    ------
    notebook.UnreadableNotebook
        The submission's folder, or one of these notebooks in it, is a link.
    """
    for folder in (submitted, submitted.parent):
        if folder.is_symlink():
            raise UnreadableNotebook(
                f"The folder {in_one_line(folder.name)} is a link. Hand in the notebook itself."
            )
    for name in notebooks:
        if (submitted / f"{name}.ipynb").is_symlink():
            raise UnreadableNotebook(f"{name}.ipynb is a link. Hand in the `.ipynb` file itself.")


def refuse_closed_folder(submitted: Path) -> None:
    """Refuse a submission's folder that the user who grades may not open.

    Raises
    ------
    notebook.UnreadableNotebook
        It, or the student's folder above it, cannot be opened.
    """
    for folder in (submitted.parent, submitted):
        if not _may_look_into(folder) and (folder == submitted.parent or folder.is_dir()):
            raise UnreadableNotebook(
                f"The folder {folder.parent.name}/{folder.name} cannot be opened: the user who grades lacks "
                f"the right to read it. Give it back (`chmod -R u+rwX` on it, by its owner), and grade again."
            )


def _hidden_by_closed_folders(pattern: str) -> list[str]:
    """Return where submissions may be hidden, because the student's folder cannot be opened.

    pattern : for `glob`, of all submissions to an assignment; it finds those that are visible.
    """
    above, name = os.path.split(pattern)
    folders = (Path(folder) for folder in glob.glob(above))  # noqa: PTH207  an absolute one
    return [str(folder / name) for folder in folders if folder.is_dir() and not _may_look_into(folder)]


def _may_look_into(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _files_beside(
    folder: Path, names: Iterable[str], notebooks: Sequence[str], assignment_files: frozenset[str]
) -> dict[str, bytes]:
    """Read a student's own files, except those in places that the assignment's files need."""
    wanted = [name for name in names if name not in assignment_files and not name.endswith(LEFT_OUT)]
    taken = assignment_files | {f"{name}.ipynb" for name in notebooks}
    return without_those_in_the_way(read_files(folder, wanted), taken)


def _other_notebooks(folder: Path, names: Iterable[str], notebooks: Sequence[str]) -> dict[str, bytes]:
    """Read notebooks that have none of the assignment's names, or are in subfolders."""
    expected = {f"{name}.ipynb" for name in notebooks}
    others = (name for name in names if _is_notebook(name) and name not in expected)
    return read_files(folder, others, MAX_OTHERS, MAX_OTHER_BYTES)


def _is_notebook(name: str) -> bool:
    """Return whether a file is named like a notebook; some browsers add `.txt` or `.json` to a download."""
    return ".ipynb" in name.rpartition("/")[2].lower()
