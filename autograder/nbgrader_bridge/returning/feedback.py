"""Write the feedback of a class into feedback/, where nbgrader's own commands look for it."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.nbgrader_bridge.course.errors import CannotGrade, isolate_submission
from autograder.nbgrader_bridge.returning.feedback_page import (
    PNG,
    PageExporter,
    Picture,
    page_exporter,
    smaller,
    style,
    with_marks,
    with_small_pictures,
)
from autograder.nbgrader_bridge.whole_class.autograded_folder import AutogradedFolder
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter
from autograder.nbgrader_bridge.whole_class.gradebook_rows import NotebookMarks
from autograder.nbgrader_names import TIMESTAMP
from autograder.submissions.submission import read_ordinary

KEPT = (TIMESTAMP, "submission_secret.txt")  # by which nbgrader gives feedback back through its exchange
LARGEST = 100_000_000  # bytes of a graded notebook
UNWRITTEN = "The feedback could not be written"


@dataclass(frozen=True)
class Feedback:
    """Record what became of a student's feedback."""

    student: str
    pages: Mapping[str, bytes]
    """By file name."""
    problem: str = ""


def write_feedback(
    directory: CourseDirectory,
    config: Config,
    writer: GradebookWriter,
    assignment: str,
    students: Collection[str],
) -> Iterator[Feedback]:
    """Write the pages of these students, each student's whole or not at all; return what became of each.

    Raises
    ------
    GradebookError, OSError
        The gradebook or the disk failed.
    """
    marks = writer.read_notebook_marks(assignment)
    exporter, css = page_exporter(directory, config), style()
    released = _released_pictures(Path(directory.format_path(directory.release_directory, ".", assignment)))
    permissions = 0o664 if directory.groupshared else 0o644
    folder = AutogradedFolder(Path(directory.root), permissions, groupshared=bool(directory.groupshared))
    with contextlib.closing(folder):
        for student in sorted(students):
            graded = Path(directory.format_path(directory.autograded_directory, student, assignment))
            place = Path(directory.format_path(directory.feedback_directory, student, assignment))
            try:
                with isolate_submission(UNWRITTEN, place.parent.parent):
                    pages = {
                        f"{name}.html": _page(exporter, css, graded, name, one, released)
                        for name, one in marks.get(student, {}).items()
                        if (graded / f"{name}.ipynb").is_file()
                    }
                    remaining = {
                        name: content for name in KEPT if (content := read_ordinary(graded / name, 1000))
                    }
                    folder.put(place, {}, {**pages, **remaining}, {})
            except CannotGrade as reason:
                yield Feedback(student, {}, str(reason))
            else:
                yield Feedback(student, pages)


def _page(
    exporter: PageExporter,
    css: str,
    graded: Path,
    name: str,
    marks: NotebookMarks,
    released: Mapping[str, Picture],
) -> bytes:
    content = read_ordinary(graded / f"{name}.ipynb", LARGEST)
    if content is None:
        raise ValueError(f"{name}.ipynb is not an ordinary file")
    notebook: NotebookNode = nbformat.from_dict(_joined(json.loads(content)))
    with_marks(notebook, marks.scores, marks.comments)
    with_small_pictures(notebook, released)
    total = sum(earned for earned, _ in marks.scores.values())
    own = {
        "notebook": name,
        "score": total - marks.penalty,
        "max_score": sum(points for _, points in marks.scores.values()),
        "late_penalty": marks.penalty,
    }
    return exporter.page(notebook, {"nbgrader": own, "autograder_style": css}).encode("utf-8", "replace")


def _joined(notebook: dict[str, Any]) -> dict[str, Any]:
    """Join text that a notebook's file stores line by line, as nbformat does, without validating it again."""
    return dict(nbformat.v4.rwbase.rejoin_lines(nbformat.from_dict(notebook)))


def _released_pictures(folder: Path) -> dict[str, Picture]:
    """Make the release's pictures smaller: map each, as notebooks store it, to its replacement."""
    pictures: dict[str, Picture] = {}
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for each in cell.get("attachments", {}).values():
                content = each.get(PNG)
                if isinstance(content, str):
                    kind, result = smaller(base64.b64decode(content))
                    pictures[content] = kind, base64.b64encode(result).decode("ascii")
    return pictures
