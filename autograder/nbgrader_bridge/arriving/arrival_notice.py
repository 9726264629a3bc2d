"""Write what a student sees as soon as an arrival is graded: a small page, without outputs of cells.

A notebook's outputs may contain the hidden data that it was marked on, so students who may hand in often do
not get to see them.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape
from nbgrader.utils import notebook_hash

from autograder.exercise import Verdict
from autograder.plain_text import for_terminal, in_one_line, without_commands
from autograder.reporting.records import RecordedExercise
from autograder.reporting.report import SIGNS, marks
from autograder.whole_files import write_whole


class Show(StrEnum):
    """Name what students see immediately."""

    MARKS = "marks"
    FAULTS = "faults"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Row:
    """Hold what a task has earned."""

    task: str
    earned: str


@dataclass(frozen=True)
class Exercise:
    """Hold the results of an exercise, part by part."""

    name: str
    record: RecordedExercise

    @property
    def parts(self) -> Mapping[str, object]:
        """Return each part's verdict and marks."""
        return self.record.parts

    @property
    def faults(self) -> Sequence[object]:
        """Return the mistakes that were named."""
        return self.record.faults


@dataclass(frozen=True)
class Notice:
    """Hold what a student reads about an arrival."""

    assignment: str
    student: str
    time: str
    summary: str
    remarks: Sequence[str] = ()
    """What became of the files that were handed in."""
    rows: Sequence[Row] = ()
    exercises: Sequence[Exercise] = ()

    def to_html(self) -> bytes:
        """Write the notice as a self-contained page, with everything escaped."""
        return _TEMPLATES.get_template("arrival.html.j2").render(notice=self).encode("utf-8", "replace")


def rows(scores: Mapping[str, float | None], maxima: Mapping[str, float]) -> list[Row]:
    """List what each task has earned, except those that still have to be marked by hand.

    scores, maxima : by marked cell.
    """
    return [
        Row(
            cell.removesuffix("-marks"),
            f"{marks(score)} / {marks(maxima.get(cell, 0.0))}"
            if score is not None
            else "marked by a person, later",
        )
        for cell, score in scores.items()
    ]


def put_beside(outbound: Path, notice: Notice) -> None:
    """Write a notice to `outbound/STUDENT/ASSIGNMENT.html`, whole or not at all.

    Raises
    ------
    OSError
        It cannot be written.
    """
    folder = outbound / notice.student
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{notice.assignment}.html", notice.to_html(), 0o644)


def put_into_exchange(feedback: Path, secret: bytes, notebooks: Sequence[str], notice: Notice) -> None:
    """Write a notice where `nbgrader fetch_feedback` looks for the feedback on a submission.

    feedback : the exchange's feedback folder.
    secret : the submission's, which its student also has.

    Raises
    ------
    OSError
        It cannot be written.
    ValueError
        The secret is empty.
    """
    text = secret.decode("ascii")
    if not text.strip():
        raise ValueError("the secret is empty")
    if not feedback.is_dir():
        feedback.mkdir()
        feedback.chmod(stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH)  # as nbgrader: names are not listed
    for notebook in notebooks:
        page = f"{notebook_hash(secret=text, notebook_id=notebook)}.html"
        write_whole(feedback / page, notice.to_html(), 0o644)


def _code(text: str) -> Markup:
    """Escape a sentence that may quote a student, then set text between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(without_commands(for_terminal(text))))))


_TEMPLATES = Environment(loader=PackageLoader("autograder"), autoescape=True)
_TEMPLATES.filters.update(
    marks=marks, code=_code, sign=lambda verdict: SIGNS[Verdict(verdict)], line=in_one_line
)
