"""Represent an assignment as it was released: its cells from the gradebook, its files, the course's settings.

nbgrader's preprocessors ask a gradebook for cells, one by one, with several queries each. A process that
grades gets them once, as plain data, and answers by the same names (`find_source_cell`, …) from memory.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils as nbgrader_utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import assignments
from autograder.grading import secret
from autograder.marking import named_answers
from autograder.nbgrader_bridge.course.errors import CourseError
from autograder.sandbox.protocol import frames
from autograder.sandbox.protocol.limits import Limits
from autograder.submissions.notebook import UnreadableNotebook, read
from autograder.submissions.submission import files_in

MARKS_CALL = re.compile(
    r'import marks; marks\("(?P<assignment>[^"\\]+)", "(?P<exercise>[^"\\]+)", globals\(\)'
    r"(?:, out_of=(?P<out_of>[\d.]+))?\)"
)
"""The one line of our hidden tests, in a locked cell whose source nbgrader has restored."""
PREPROCESSORS = (
    *("OverwriteCells", "ClearOutput", "DeduplicateIds", "IgnorePattern", "LimitOutput"),
    *("ClearMetadataPreprocessor", "CheckCellMetadata", "NbGraderPreprocessor", "Preprocessor"),
)
"""Sections of nbgrader's settings that grading one submission needs."""


@dataclass(frozen=True)
class ReleasedCell:
    """A cell that nbgrader knows by its `grade_id`."""

    name: str
    cell_type: str
    source: str
    checksum: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    max_score: float


@dataclass(frozen=True)
class ReleasedNotebook:
    """A notebook of the assignment; its attributes are those that nbgrader's preprocessors ask for."""

    name: str
    kernelspec: str | None
    source_cells: tuple[ReleasedCell, ...]

    @property
    def grade_cells(self) -> tuple[ReleasedCell, ...]:
        """Return the cells that are marked."""
        return tuple(cell for cell in self.source_cells if cell.grade)

    @property
    def solution_cells(self) -> tuple[ReleasedCell, ...]:
        """Return the cells that students write in."""
        return tuple(cell for cell in self.source_cells if cell.solution)

    @property
    def task_cells(self) -> tuple[ReleasedCell, ...]:
        """Return the cells that are marked by hand."""
        return tuple(cell for cell in self.source_cells if cell.task)


@dataclass(frozen=True)
class ReleasedAssignment:
    """An assignment as it was released."""

    assignment: str
    notebooks: Mapping[str, ReleasedNotebook]

    @property
    def maxima(self) -> dict[str, float]:
        """Return what can be earned, by marked cell."""
        cells = (cell for notebook in self.notebooks.values() for cell in notebook.source_cells)
        return {cell.name: cell.max_score for cell in cells if cell.grade or cell.task}

    def find_notebook(self, notebook: str, assignment: str) -> ReleasedNotebook:
        """Find a notebook, as `Gradebook.find_notebook` does."""
        if assignment != self.assignment or notebook not in self.notebooks:
            raise MissingEntry(f"No such notebook: {assignment}/{notebook}")
        return self.notebooks[notebook]

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> ReleasedCell:
        """Find a cell, as `Gradebook.find_source_cell` does."""
        for cell in self.find_notebook(notebook, assignment).source_cells:
            if cell.name == name:
                return cell
        raise MissingEntry(f"No such source cell: {assignment}/{notebook}/{name}")

    find_graded_cell = find_source_cell

    def to_json(self) -> str:
        """Serialise it for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ReleasedAssignment:
        """Read what `to_json` wrote."""
        content = json.loads(text)
        return cls(content["assignment"], {k: _notebook(v) for k, v in content["notebooks"].items()})

    @classmethod
    def from_gradebook(cls, gradebook: Gradebook, assignment: str) -> ReleasedAssignment:
        """Read it from the course's gradebook.

        Raises
        ------
        nbgrader.api.MissingEntry
            There is no such assignment in it.
        """
        row = gradebook.find_assignment(assignment)
        return cls(assignment, {notebook.name: _from_rows(notebook) for notebook in row.notebooks})


def _notebook(content: dict[str, Any]) -> ReleasedNotebook:
    cells = tuple(ReleasedCell(**cell) for cell in content["source_cells"])
    return ReleasedNotebook(content["name"], content["kernelspec"], cells)


def _from_rows(notebook: Any) -> ReleasedNotebook:  # noqa: ANN401  nbgrader's table row
    grades = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    tasks = {cell.name: float(cell.max_score) for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    cells = tuple(
        ReleasedCell(
            name=cell.name,
            cell_type=str(cell.cell_type),
            source=cell.source or "",
            checksum=cell.checksum or "",
            locked=bool(cell.locked),
            grade=cell.name in grades,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            max_score=(grades | tasks).get(cell.name, 0.0),
        )
        for cell in notebook.source_cells
    )
    with_points = tuple(replace(cell, checksum=_checksum(cell)) if cell.grade else cell for cell in cells)
    return ReleasedNotebook(notebook.name, notebook.kernelspec, with_points)


def _checksum(cell: ReleasedCell) -> str:
    """Compute a marks cell's checksum with the points that the gradebook has now."""
    flags = {"grade": cell.grade, "solution": cell.solution, "locked": cell.locked}
    marked = NotebookNode(flags, grade_id=cell.name, points=cell.max_score)
    node = NotebookNode(cell_type=cell.cell_type, source=cell.source, metadata=NotebookNode(nbgrader=marked))
    return str(nbgrader_utils.compute_checksum(node))


@dataclass(frozen=True)
class GradingContext:
    """Hold what all submissions of a run share, as it is sent to the processes that grade."""

    released: ReleasedAssignment
    secret: bytes
    """The course's, from which hidden data are drawn."""
    config: Mapping[str, Any]
    """nbgrader's settings, section by section, as far as JSON holds them."""
    limits: Limits
    files: Mapping[str, bytes]
    """The assignment's own, which take the place of a student's copies."""
    released_cells: Sequence[str] = ()
    """Code cells as they were released, most of which come back unchanged."""
    assignment_folders: Sequence[str] = ()
    """Folders with assignments of the course's own."""
    assignment_files: Mapping[str, bytes] = field(default_factory=dict)
    """The files of those that are marked, for machines on which these folders are not."""
    names: str = ""
    """What the instructor has called answers, as `named_answers.to_json` writes it."""

    def to_bytes(self) -> bytes:
        """Serialise it for another process."""
        return frames.encode(
            {
                "released": self.released.to_json(),
                "secret": self.secret,
                "config": json.dumps(self.config),
                "limits": asdict(self.limits),
                "files": dict(self.files),
                "released_cells": list(self.released_cells),
                "assignment_folders": list(self.assignment_folders),
                "assignment_files": dict(self.assignment_files),
                "names": self.names,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> GradingContext:
        """Read what `to_bytes` wrote."""
        content: Any = frames.decode_whole(data)
        return cls(
            ReleasedAssignment.from_json(content["released"]),
            content["secret"],
            json.loads(content["config"]),
            Limits(**content["limits"]),
            content["files"],
            content["released_cells"],
            content["assignment_folders"],
            content["assignment_files"],
            content["names"],
        )


def grading_context(
    directory: CourseDirectory, config: Config, released: ReleasedAssignment, limits: Limits
) -> GradingContext:
    """Collect from a course's folder what processes need to grade an assignment.

    Raises
    ------
    CourseError
        Its exercises belong to an assignment that is not found, or is too large to be sent to other machines.
    """
    name = released.assignment
    marked = marked_assignments(released)
    _refuse_unknown(marked)
    source = directory.format_path(directory.source_directory, ".", name)
    not_overwritten = config.get("Autograde", {}).get("exclude_overwriting", {}).get(name, [])
    return GradingContext(
        released,
        secret.course_secret(Path(directory.root), make=True),
        {section: _as_json(config[section]) for section in PREPROCESSORS if section in config},
        limits,
        {path: data for path, data in files_in(Path(source)).items() if path not in not_overwritten},
        released_cells(Path(directory.format_path(directory.release_directory, ".", name))),
        [str(folder) for folder in assignments.searched()],
        _files_of(marked),
        _names(Path(directory.root)),
    )


def marked_assignments(released: ReleasedAssignment) -> set[str]:
    """Name the assignments whose exercises are marked in a release's hidden tests."""
    cells = (cell for notebook in released.notebooks.values() for cell in notebook.source_cells)
    calls = (MARKS_CALL.search(cell.source) for cell in cells if cell.grade and cell.locked)
    return {call["assignment"] for call in calls if call}


def _refuse_unknown(marked: set[str]) -> None:
    """Ensure that the assignments whose exercises are marked are found; whether they load shows later."""
    for name in sorted(marked):
        if name not in assignments.folders():
            raise CourseError(assignments.unknown(name))


def _files_of(marked: set[str]) -> dict[str, bytes]:
    try:
        return assignments.files_of(marked)
    except assignments.BrokenAssignment as reason:
        raise CourseError(str(reason)) from None


def _names(course: Path) -> str:
    try:
        return named_answers.to_json(named_answers.read_names(course))
    except named_answers.UnusableNames as reason:
        raise CourseError(str(reason)) from None


def released_cells(folder: Path) -> list[str]:
    """Return the sources of the code cells that students were given, if the release is still there."""
    sources = []
    for path in sorted(folder.glob("*.ipynb")):
        with contextlib.suppress(UnreadableNotebook):
            sources += [cell.source for cell in read(path)]
    return sources


def _as_json(section: Config) -> dict[str, object]:
    """Return those of a section's settings that JSON can hold."""
    kinds = (str, int, float, bool, list, type(None))
    return {key: value for key, value in section.items() if isinstance(value, kinds)}
