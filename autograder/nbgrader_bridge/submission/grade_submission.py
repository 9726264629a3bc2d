"""Grade one submission, from the bytes that were handed in to the bytes that are kept.

This opens no gradebook and writes no file, so it can run on any machine.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import orjson
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient
from nbgrader import utils as nbgrader_utils
from nbgrader.preprocessors import IgnorePattern, LimitOutput
from traitlets.config import Config

from autograder.marking import named_answers
from autograder.nbgrader_bridge.course import results
from autograder.nbgrader_bridge.course.release import GradingContext
from autograder.nbgrader_bridge.submission import choose_notebook
from autograder.nbgrader_bridge.submission.choose_notebook import ChosenFile
from autograder.nbgrader_bridge.submission.grade_notebook import MarkedNotebook, grade_notebook
from autograder.nbgrader_bridge.submission.outputs import OutputWriter
from autograder.nbgrader_bridge.submission.sanitize_notebook import NotebookSanitizer
from autograder.nbgrader_bridge.submission.submissions import Submission
from autograder.plain_text import in_one_line
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer
from autograder.sandbox.isolation import own_memory
from autograder.sandbox.protocol import frames
from autograder.submissions import notebook as notebooks

JUPYTERS_FORMAT = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
RESERVED = 1_000_000  # bytes, for all that is reported of a submission beside its notebooks
LONGEST_PROBLEM = 2000  # letters
TOO_LARGE = (
    f"What was handed in becomes more than {(frames.MAX_ARRAYS - RESERVED) // 1_000_000} MB when it is "
    "written down. Clear the outputs and save again."
)
AFTER_EXECUTION = (IgnorePattern, ClearMetadataPreprocessor, LimitOutput)
"""nbgrader's own preprocessors between running and saving, each with the course's settings."""


@dataclass(frozen=True)
class GradedNotebook:
    """Hold a notebook that was executed and marked."""

    content: bytes
    scores: Mapping[str, float | None]
    """By `grade_id`; None if a person has to mark."""
    comments: Mapping[str, str | None]
    """By `grade_id`, nbgrader's own: `No response.`"""
    flags: Sequence[str] = ()
    """What is right, but worth an instructor's look."""
    endings: Sequence[str] = ()
    """What ended an exercise as a whole: `exercise1: timeout`."""
    notices: Sequence[str] = ()
    """What the instructor should know about the course."""
    shapes: Mapping[str, str] = field(default_factory=dict)
    """By exercise, a fingerprint of its code that is the same up to names, comments and layout."""
    fingerprint: str = ""
    """Fingerprint of the notebook when it was executed: only the same notebook may take over its outputs."""
    renamed: str = ""
    """Which file this was, if the one with the assignment's name is missing."""
    results: str = ""
    """The results of every part, as `results.as_json` writes them."""


@dataclass(frozen=True)
class GradedSubmission:
    """Hold the results of a submission, as they are sent back to the process that writes the gradebook."""

    student: str
    notebooks: Mapping[str, GradedNotebook]
    problem: str = ""
    """Why it was not graded."""
    missing_layers: Mapping[str, str] = field(default_factory=dict)
    """Layers of the sandbox that the machine which graded it lacks, and why."""

    @property
    def scores(self) -> dict[str, float | None]:
        """Return all marks, by marks cell."""
        return {cell: score for one in self.notebooks.values() for cell, score in one.scores.items()}

    @property
    def shapes(self) -> dict[str, str]:
        """Return fingerprints of all exercises' code, by exercise."""
        return {name: shape for one in self.notebooks.values() for name, shape in one.shapes.items()}

    def to_bytes(self) -> bytes:
        """Serialise it for another process."""
        return frames.encode(
            {
                "student": self.student,
                "problem": self.problem,
                "missing_layers": dict(self.missing_layers),
                "notebooks": {
                    name: {key: _encodable(value) for key, value in vars(graded).items()}
                    for name, graded in self.notebooks.items()
                },
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> GradedSubmission:
        """Read what `to_bytes` wrote."""
        content: Any = frames.decode_whole(data)
        graded = {name: GradedNotebook(**one) for name, one in content["notebooks"].items()}
        return cls(content["student"], graded, content["problem"], content["missing_layers"])


Finish: TypeAlias = Callable[[NotebookNode, MarkedNotebook], GradedNotebook]
"""Turn an executed notebook into what is kept of it."""


class SubmissionGrader:
    """Grade submissions to one assignment, one after another."""

    def __init__(self, context: GradingContext, fork_server: ForkServer) -> None:
        config = Config(dict(context.config))
        self._context, self._fork_server = context, fork_server
        self._sanitizer = NotebookSanitizer(context.released, config, _LOG)
        self._writer = OutputWriter()
        self._names = named_answers.from_json(context.names) if context.names else []
        steps = [preprocessor(config=config) for preprocessor in AFTER_EXECUTION]
        self._afterwards = [step for step in steps if step.enabled]

    def grade_submission(self, submission: Submission) -> GradedSubmission:
        """Sanitize, execute, mark and score all notebooks; never raise for what is in them.

        Raises
        ------
        NoForkServer
            This machine cannot run submissions.
        """
        return self._each_notebook(submission, self._scored)

    def execute_submission(self, submission: Submission) -> GradedSubmission:
        """Sanitize, execute and mark all notebooks like `grade_submission`, but leave scoring to nbgrader."""
        return self._each_notebook(submission, _unscored)

    def _each_notebook(self, submission: Submission, finish: Finish) -> GradedSubmission:
        graded: dict[str, GradedNotebook] = {}
        missing_layers = self._fork_server.missing_layers  # it learns of them while notebooks run

        def refused(problem: str) -> GradedSubmission:
            return GradedSubmission(submission.student, {}, problem, missing_layers)

        try:
            files = self._chosen_files(submission)
        except notebooks.UnreadableNotebook as reason:
            return refused(str(reason))
        for name, file in files.items():
            try:
                graded[name] = self._grade_notebook(name, file, submission, finish)
            except notebooks.UnreadableNotebook as reason:
                return refused("; ".join((f"{in_one_line(file.file)}: {reason}", *file.notes)))
            except NoForkServer:
                raise  # this machine's problem, not the submission's
            except MemoryError:
                return refused(f"{name}.ipynb: {own_memory.TOO_MUCH}")
            except Exception as error:  # nbgrader raises whatever a broken notebook leads it to
                problem = f"{name}.ipynb could not be graded: {type(error).__name__}: {error}"
                return refused(problem[:LONGEST_PROBLEM])
        if sum(len(one.content) for one in graded.values()) > frames.MAX_ARRAYS - RESERVED:
            return refused(TOO_LARGE)
        return GradedSubmission(submission.student, graded, "", missing_layers)

    def _chosen_files(self, submission: Submission) -> dict[str, ChosenFile]:
        """Choose the files to be graded, by the names of the assignment's notebooks.

        Raises
        ------
        notebooks.UnreadableNotebook
            There are none, or it is unclear which.
        """
        released = self._context.released
        files = choose_notebook.chosen_files(
            submission.notebooks, submission.others, released, self._context.released_cells
        )
        if not files:
            names = list(released.notebooks)
            raise notebooks.UnreadableNotebook(choose_notebook.missing(names, list(submission.others)))
        return files

    def _grade_notebook(
        self, name: str, file: ChosenFile, submission: Submission, finish: Finish
    ) -> GradedNotebook:
        notebook = notebooks.parsed(file.content)
        self._sanitizer.sanitize(notebook, name)
        before = fingerprint(notebook)
        files = {**choose_notebook.files_beside(file.file, submission.files), **self._context.files}
        context = self._context
        marked = grade_notebook(
            notebook,
            submission.student,
            context.secret,
            files,
            self._fork_server,
            context.limits,
            self._writer,
            self._names,
        )
        graded = finish(notebook, marked)
        flags = (*graded.flags, *file.notes)
        return replace(graded, fingerprint=before, flags=flags, renamed=file.renamed)

    def _scored(self, notebook: NotebookNode, marked: MarkedNotebook) -> GradedNotebook:
        for step in self._afterwards:
            step.preprocess(notebook, {})
        cells = notebook.cells
        scores = {c.metadata.nbgrader.grade_id: _score(c) for c in cells if nbgrader_utils.is_grade(c)}
        commented = [c for c in cells if nbgrader_utils.is_solution(c) or nbgrader_utils.is_task(c)]
        comments = {c.metadata.nbgrader.grade_id: _comment(c) for c in commented}
        return replace(_unscored(notebook, marked), scores=scores, comments=comments)


def _unscored(notebook: NotebookNode, marked: MarkedNotebook) -> GradedNotebook:
    return GradedNotebook(
        _bytes(notebook),
        {},
        {},
        marked.flags,
        marked.endings,
        marked.notices,
        marked.shapes,
        results=results.as_json(marked.report),
    )


def fingerprint(notebook: NotebookNode) -> str:
    """Fingerprint a notebook that is to be executed; return an empty text if that is impossible."""
    cells = [(c.cell_type, c.source, c.metadata.get("nbgrader", {})) for c in notebook.cells]
    try:
        return hashlib.sha256(orjson.dumps(cells, option=orjson.OPT_SORT_KEYS)).hexdigest()
    except (TypeError, ValueError):  # text that is no Unicode, numbers that are too large
        return ""


def _score(cell: NotebookNode) -> float | None:
    """Score a cell by nbgrader's rule; a test that gives more marks than it is worth has failed."""
    try:
        score: float | None = nbgrader_utils.determine_grade(cell, _LOG)[0]
    except (ValueError, KeyError):
        return 0.0
    return None if score is None else float(score)


def _comment(cell: NotebookNode) -> str | None:
    """Comment on a cell by nbgrader's rule."""
    untouched = cell.metadata.nbgrader.get("checksum") == nbgrader_utils.compute_checksum(cell)
    return "No response." if untouched and not nbgrader_utils.is_task(cell) else None


def _bytes(notebook: NotebookNode) -> bytes:
    """Serialise a notebook in Jupyter's own JSON layout."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    strip_transient(notebook)
    split_lines(notebook)
    try:
        return orjson.dumps(notebook, option=JUPYTERS_FORMAT)
    except (TypeError, ValueError):  # text that is no Unicode, numbers that are too large
        text: str = json.dumps(notebook, indent=2, sort_keys=True, ensure_ascii=False)
        return text.encode("utf-8", "replace")


def _encodable(value: Any) -> Any:  # noqa: ANN401  what a frame can hold
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


_LOG = logging.getLogger("autograder.nbgrader")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False
