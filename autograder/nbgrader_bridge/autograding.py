"""One submission, from the bytes that were handed in to the bytes that are kept: a grader's whole work.

It opens no gradebook and writes no file, so it can be done on any machine.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient
from nbgrader import utils as nbgrader_utils
from nbgrader.preprocessors import IgnorePattern, LimitOutput
from traitlets.config import Config

from autograder import notebook as notebooks
from autograder import own_memory, report
from autograder.nbgrader_bridge import choosing
from autograder.nbgrader_bridge.choosing import Chosen
from autograder.nbgrader_bridge.execution import Executed, execute
from autograder.nbgrader_bridge.outputs import Writer
from autograder.nbgrader_bridge.released import Released
from autograder.nbgrader_bridge.restoring import Restorer
from autograder.plain_text import in_one_line
from autograder.sandbox import frames
from autograder.sandbox.limits import Limits
from autograder.sandbox.nursery import NoNursery, Nursery

FORM = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
ROOM = 1_000_000  # bytes, for all that is told of a submission beside its notebooks
TOO_LARGE = (
    f"What was handed in becomes more than {(frames.MAX_ARRAYS - ROOM) // 1_000_000} MB when it is written "
    "down. Clear the outputs and save again."
)
AFTERWARDS = (IgnorePattern, ClearMetadataPreprocessor, LimitOutput)
"""nbgrader's own between running and saving, each with the course's settings."""


@dataclass(frozen=True)
class Course:
    """What all submissions of a run share."""

    released: Released
    secret: bytes
    config: Mapping[str, Any]
    """nbgrader's settings, section by section, as far as JSON holds them."""
    limits: Limits
    files: Mapping[str, bytes]
    """The assignment's own, which take the place of a student's copies."""
    cells: Sequence[str] = ()
    """Code cells as they were released, most of which come back unchanged."""
    assignments: Sequence[str] = ()
    """Folders with assignments of the course's own."""
    declared: Mapping[str, bytes] = field(default_factory=dict)
    """The files of those that are marked, for machines on which these folders are not."""

    def to_bytes(self) -> bytes:
        """For a grader in another process."""
        return frames.encode(
            {
                "released": self.released.to_json(),
                "secret": self.secret,
                "config": json.dumps(self.config),
                "limits": asdict(self.limits),
                "files": dict(self.files),
                "cells": list(self.cells),
                "assignments": list(self.assignments),
                "declared": dict(self.declared),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Course:
        """Read what `to_bytes` wrote."""
        content: Any = frames.decode_whole(data)
        released = Released.from_json(content["released"])
        config = json.loads(content["config"])
        limits = Limits(**content["limits"])
        shared = content["files"], content["cells"], content["assignments"], content["declared"]
        return cls(released, content["secret"], config, limits, *shared)


@dataclass(frozen=True)
class Submitted:
    """What a student handed in."""

    student: str
    notebooks: Mapping[str, bytes]
    """By name; those that the assignment has."""
    files: Mapping[str, bytes]
    """The student's own beside them."""
    others: Mapping[str, bytes] = field(default_factory=dict)
    """Notebooks with other names, among which a missing one may be found."""

    def to_bytes(self) -> bytes:
        """For a grader in another process."""
        return frames.encode(
            {
                "student": self.student,
                "notebooks": dict(self.notebooks),
                "files": dict(self.files),
                "others": dict(self.others),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Submitted:
        """Read what `to_bytes` wrote."""
        content: Any = frames.decode_whole(data)
        return cls(content["student"], content["notebooks"], content["files"], content["others"])


@dataclass(frozen=True)
class GradedNotebook:
    """A notebook that was run and marked."""

    content: bytes
    scores: Mapping[str, float | None]
    """By `grade_id`; None where a person has to mark."""
    comments: Mapping[str, str | None]
    """By `grade_id`, nbgrader's own: `No response.`"""
    flags: Sequence[str] = ()
    """Right, but worth an instructor's look."""
    faults: Sequence[str] = ()
    """Names of what ended an exercise as a whole, `exercise1: timeout` for instance."""
    notices: Sequence[str] = ()
    """What the instructor should know of the course."""
    alike: Mapping[str, str] = field(default_factory=dict)
    """By exercise, what two functions share that are the same up to names, comments and layout."""
    restored: str = ""
    """Fingerprint of the notebook as it was when it was run, for who goes on with it."""
    renamed: str = ""
    """Which file this was, where the one with the assignment's name is missing."""


@dataclass(frozen=True)
class Graded:
    """All that comes of a submission."""

    student: str
    notebooks: Mapping[str, GradedNotebook]
    problem: str = ""
    """Why there is nothing to keep."""
    lacks: Mapping[str, str] | None = None
    """Layers of the sandbox that the grader's machine lacks, and why."""

    def to_bytes(self) -> bytes:
        """For the process that keeps the gradebook."""
        return frames.encode(
            {
                "student": self.student,
                "problem": self.problem,
                "lacks": dict(self.lacks or {}),
                "notebooks": {
                    name: {
                        "content": graded.content,
                        "scores": dict(graded.scores),
                        "comments": dict(graded.comments),
                        "flags": list(graded.flags),
                        "renamed": graded.renamed,
                        "faults": list(graded.faults),
                        "notices": list(graded.notices),
                        "alike": dict(graded.alike),
                        "restored": graded.restored,
                    }
                    for name, graded in self.notebooks.items()
                },
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Graded:
        """Read what `to_bytes` wrote."""
        content: Any = frames.decode_whole(data)
        found = {name: GradedNotebook(**graded) for name, graded in content["notebooks"].items()}
        return cls(content["student"], found, content["problem"], content["lacks"])


class Autograder:
    """Grades submissions of one assignment, one after the other."""

    def __init__(self, course: Course, nursery: Nursery) -> None:
        config = Config(dict(course.config))
        self._course, self._nursery = course, nursery
        self._restorer = Restorer(course.released, config, _LOG)
        self._writer = Writer()
        steps = [preprocessor(config=config) for preprocessor in AFTERWARDS]
        self._afterwards = [step for step in steps if step.enabled]

    def grade(self, submitted: Submitted) -> Graded:
        """Restore, run, mark and score all notebooks of a submission; never raises for what is in it."""
        return self._each(submitted, self._scored, lambda _: "")

    def run(self, submitted: Submitted) -> Graded:
        """Restore, run and mark all notebooks as `grade` does, and leave the rest to nbgrader: no scores."""
        return self._each(submitted, _unscored, fingerprint)

    def _each(
        self,
        submitted: Submitted,
        finished: Callable[[NotebookNode, Executed], GradedNotebook],
        named: Callable[[NotebookNode], str],
    ) -> Graded:
        found: dict[str, GradedNotebook] = {}
        lacks: dict[str, str] = {}
        try:
            files = self._chosen(submitted)
        except notebooks.UnreadableNotebook as reason:
            return Graded(submitted.student, {}, str(reason), lacks)
        for name, file in files.items():
            try:
                notebook = notebooks.parsed(file.content)
                self._restorer.restore(notebook, name)
                restored = named(notebook)
                beside = choosing.beside(file.file, submitted.files)
                executed = self._executed(notebook, submitted.student, beside)
                graded = finished(notebook, executed)
                flags = (*graded.flags, *file.notes)
                found[name] = replace(graded, restored=restored, flags=flags, renamed=file.renamed)
            except notebooks.UnreadableNotebook as reason:
                problem = "; ".join((f"{in_one_line(file.file)}: {reason}", *file.notes))
                return Graded(submitted.student, {}, problem, lacks)
            except NoNursery:
                raise  # this machine's trouble, and not the submission's
            except MemoryError:
                return Graded(submitted.student, {}, f"{name}.ipynb: {own_memory.TOO_MUCH}", lacks)
            except Exception as error:  # nbgrader raises whatever a broken notebook leads it to
                problem = f"{name}.ipynb could not be graded: {type(error).__name__}: {error}"
                return Graded(submitted.student, {}, problem[:2000], lacks)
            lacks |= executed.lacks
        if sum(len(one.content) for one in found.values()) > frames.MAX_ARRAYS - ROOM:
            return Graded(submitted.student, {}, TOO_LARGE, lacks)
        return Graded(submitted.student, found, "", lacks)

    def _chosen(self, submitted: Submitted) -> dict[str, Chosen]:
        """The files to be graded, by the names of the assignment's notebooks.

        Raises
        ------
        notebooks.UnreadableNotebook
            There are none, or nobody can say which.
        """
        released = self._course.released
        files = choosing.chosen(submitted.notebooks, submitted.others, released, self._course.cells)
        if not files:
            names = list(released.notebooks)
            raise notebooks.UnreadableNotebook(choosing.missing(names, list(submitted.others)))
        return files

    def _executed(self, notebook: NotebookNode, student: str, beside: Mapping[str, bytes]) -> Executed:
        return execute(
            notebook,
            self._nursery,
            student,
            self._course.secret,
            {**beside, **self._course.files},
            self._course.limits,
            self._writer,
        )

    def _scored(self, notebook: NotebookNode, executed: Executed) -> GradedNotebook:
        for step in self._afterwards:
            step.preprocess(notebook, {})
        cells = notebook.cells
        scores = {c.metadata.nbgrader.grade_id: _score(c) for c in cells if nbgrader_utils.is_grade(c)}
        commented = [c for c in cells if nbgrader_utils.is_solution(c) or nbgrader_utils.is_task(c)]
        comments = {c.metadata.nbgrader.grade_id: _comment(c) for c in commented}
        return replace(_unscored(notebook, executed), scores=scores, comments=comments)


def _unscored(notebook: NotebookNode, executed: Executed) -> GradedNotebook:
    flags = executed.report.flags if executed.report is not None else ()
    endings = report.endings(executed.report)
    return GradedNotebook(_bytes(notebook), {}, {}, flags, endings, executed.notices, executed.alike)


def fingerprint(notebook: NotebookNode) -> str:
    """What tells one notebook that is to be run from another; empty where that cannot be said."""
    cells = [(c.cell_type, c.source, c.metadata.get("nbgrader", {})) for c in notebook.cells]
    try:
        return hashlib.sha256(orjson.dumps(cells, option=orjson.OPT_SORT_KEYS)).hexdigest()
    except (TypeError, ValueError):  # text that is no Unicode, numbers that are too large
        return ""


def _score(cell: NotebookNode) -> float | None:
    """By nbgrader's rule; a test that gives more than there is to get has failed."""
    try:
        score: float | None = nbgrader_utils.determine_grade(cell, _LOG)[0]
    except (ValueError, KeyError):
        return 0.0
    return None if score is None else float(score)


def _comment(cell: NotebookNode) -> str | None:
    """By nbgrader's rule."""
    untouched = cell.metadata.nbgrader.get("checksum") == nbgrader_utils.compute_checksum(cell)
    return "No response." if untouched and not nbgrader_utils.is_task(cell) else None


def _bytes(notebook: NotebookNode) -> bytes:
    """A notebook as Jupyter writes it, in its own form of JSON."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    strip_transient(notebook)
    split_lines(notebook)
    try:
        return orjson.dumps(notebook, option=FORM)
    except (TypeError, ValueError):  # text that is no Unicode, numbers that are too large
        text: str = json.dumps(notebook, indent=2, sort_keys=True, ensure_ascii=False)
        return text.encode("utf-8", "replace")


_LOG = logging.getLogger("autograder.nbgrader")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False
