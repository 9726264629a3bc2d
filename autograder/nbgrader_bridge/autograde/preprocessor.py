"""Take the place of `Execute` in `nbgrader autograde`: execute in the sandbox, and mark outside it.

c.Autograde.autograde_preprocessors = ["autograder.nbgrader_bridge.executor.BoxedExecute", ...]
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import nbjson
from nbgrader import api
from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import determine_grade, is_grade, is_solution
from traitlets import Bool, Float

from autograder import assignments, patches
from autograder.grading import secret
from autograder.marking import hidden_data
from autograder.marking.named_answers import read_names
from autograder.nbgrader_bridge.autograde.prefetch import Prefetch, start_prefetch
from autograder.nbgrader_bridge.course import results
from autograder.nbgrader_bridge.course.class_log import ClassLog, FollowUp
from autograder.nbgrader_bridge.course.errors import GradebookError
from autograder.nbgrader_bridge.submission.grade_notebook import grade_notebook
from autograder.nbgrader_bridge.submission.sanitize_notebook import make_valid
from autograder.nbgrader_bridge.submission.submissions import read_timestamp, refuse_links
from autograder.nbgrader_bridge.whole_class.gradebook import SAME_CODE, GradebookWriter
from autograder.plain_text import for_terminal
from autograder.sandbox.client.doctor import check_layers
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.protocol.limits import USUAL, Limits
from autograder.submissions.notebook import refuse_much_code
from autograder.submissions.submission import files_in


class BoxedExecute(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is not followed
    """Run a notebook's cells in the sandbox, and mark our exercises outside it.

    Courses set its options by this name: `c.BoxedExecute.timeout`.
    """

    timeout = Float(USUAL.cell, help="Seconds for one cell of a notebook.").tag(config=True)
    call_timeout = Float(USUAL.call, help="Seconds for one call of an exercise's function.").tag(config=True)
    notebook_timeout = Float(USUAL.submission, help="Seconds for a notebook as a whole.").tag(config=True)
    require_sandbox = Bool(False, help="Refuse to grade where a layer of the sandbox is missing.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Execute and mark the notebook, in place; `resources` has nbgrader's ids and the folder."""
        patches.share_engines(api)
        assignments.search(*assignments.folders_of_course(self._course))
        if self.require_sandbox and not _sandbox_is_whole():
            raise RuntimeError(
                "A layer of the sandbox is missing (see `autograder doctor`), and "
                "BoxedExecute.require_sandbox asks for all of them. Nothing was run."
            )
        self._refuse_links(resources["nbgrader"])
        refuse_much_code(nb)
        make_valid(nb)  # for courses whose configuration does not have it done first
        findings = self._executed_ahead(nb, resources) or self._execute(nb, resources)
        for flag in findings.flags:
            self.log.warning("For the instructor: %s", for_terminal(flag))
        for notice in findings.notices:
            self.log.warning("For the instructor: %s", notice)
        for layer, why in findings.missing_layers.items():
            self.log.warning("The sandbox lacks a layer, %s: %s", layer, why)
        if self._converter is not None:
            findings = replace(findings, by_hand=_by_hand(nb))
            self._log_findings(self._converter, resources["nbgrader"], findings)
        return nb, resources

    def _log_findings(self, converter: Autograde, ids: Mapping[str, str], findings: _Findings) -> None:
        """Add findings to the list of what needs a person; if that fails, marks are unaffected."""
        try:
            _log_and_flag(converter, ids, findings)
        except (GradebookError, OSError) as reason:
            self.log.warning("The list of what needs a person could not be written: %s", reason)

    def _refuse_links(self, ids: Mapping[str, str]) -> None:
        """Refuse to mark what a link leads to: nbgrader has followed it already, and logs why we refuse."""
        if self._converter is not None:
            course = self._converter.coursedir
            submitted = course.format_path(course.submitted_directory, ids["student"], ids["assignment"])
            refuse_links(Path(submitted), [ids["notebook"]])

    def _execute(self, nb: NotebookNode, resources: dict[str, Any]) -> _Findings:
        hidden_data.keep(self._course)
        marked = grade_notebook(
            nb,
            resources["nbgrader"]["student"],
            secret.course_secret(self._course, make=True),
            files_in(Path(resources["metadata"]["path"])),
            _fork_server(),
            self._limits,
            names=read_names(self._course),
        )
        return _Findings(
            marked.flags,
            marked.endings,
            marked.notices,
            _fork_server().missing_layers,
            results.as_json(marked.report),
        )

    def _executed_ahead(self, nb: NotebookNode, resources: dict[str, Any]) -> _Findings | None:
        """Insert what another process has executed already; return None if none has."""
        if self._converter is None:
            return None
        ids = resources["nbgrader"]
        prefetch = _prefetch(self._converter, ids["assignment"], ids["student"], self._limits)
        ahead = prefetch.executed(ids["student"], ids["notebook"], nb) if prefetch is not None else None
        if ahead is None:
            return None
        notebook, submission = ahead
        for cell, done in zip(nb.cells, nbjson.reads(notebook.content.decode()).cells, strict=True):
            cell.source = done.source
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = done.outputs, done.execution_count
        return _Findings(
            notebook.flags, notebook.endings, notebook.notices, submission.missing_layers, notebook.results
        )

    @property
    def _converter(self) -> Autograde | None:
        """Return nbgrader's own program, if it is what runs us."""
        converter = getattr(self.parent, "parent", None)
        return converter if isinstance(converter, Autograde) else None

    @property
    def _course(self) -> Path:
        return Path.cwd() if self._converter is None else Path(self._converter.coursedir.root)

    @property
    def _limits(self) -> Limits:
        return Limits(self.timeout, self.call_timeout, self.notebook_timeout)


@dataclass(frozen=True)
class _Findings:
    """Hold what an instructor should know about a notebook that has been executed."""

    flags: Sequence[str]
    endings: Sequence[str]
    """What ended an exercise as a whole."""
    notices: Sequence[str]
    missing_layers: Mapping[str, str]
    results: str
    """The results of every part, as `results.as_json` writes them."""
    by_hand: Mapping[str, bool] = field(default_factory=dict)
    """By marked cell, whether a person has to mark it."""


def _merged(before: Sequence[str], by_hand: Mapping[str, bool]) -> tuple[str, ...]:
    """Replace what waited for a person in one notebook by what waits there now."""
    others = (cell for cell in before if cell not in by_hand)
    return tuple(sorted({*others, *(cell for cell, waits in by_hand.items() if waits)}))


def _by_hand(notebook: NotebookNode) -> dict[str, bool]:
    """Find the cells that nbgrader's rule leaves to a person: answers in words, and code without a test."""
    tested = (cell for cell in notebook.cells if is_grade(cell))
    return {
        cell.metadata.nbgrader["grade_id"]: (is_solution(cell) or cell.cell_type != "code")
        and determine_grade(cell)[0] is None
        for cell in tested
    }


def _log_and_flag(converter: Autograde, ids: Mapping[str, str], findings: _Findings) -> None:
    """Log what needs a person, and flag it in formgrader, as `autograder grade` does.

    Only `autograder grade` looks for identical code.

    Raises
    ------
    GradebookError, OSError
        The gradebook or the disk failed.
    """
    course = converter.coursedir
    student, assignment, name = ids["student"], ids["assignment"], ids["notebook"]
    results.remember(Path(course.root), assignment, student, name, findings.results)
    log = ClassLog(Path(course.root), assignment)
    before = log.entry(student)
    submitted = course.format_path(course.submitted_directory, student, assignment)
    _, time_problem = read_timestamp(Path(submitted))
    needs = replace(
        before,
        problem="",
        ended=findings.endings,
        penalty="",
        time=time_problem,
        flags=findings.flags,
        by_hand=_merged(before.by_hand, findings.by_hand),
        renamed=(),
    )
    if needs == before == FollowUp() and not findings.notices:
        return
    flags, ours = [*findings.flags, *[SAME_CODE] * bool(before.alike)], before.flagged.get(name)
    flagged = {notebook: why for notebook, why in before.flagged.items() if notebook != name}
    if flags or ours is not None:
        with GradebookWriter(course.db_url, course.course_id, converter.config) as writer:
            if writer.flag_notebook(assignment, student, name, flags, ours):
                flagged[name] = flags
    log.update({student: replace(needs, flagged=flagged)}, findings.notices)


_PREFETCHES: list[tuple[Autograde, str, Prefetch | None]] = []


def _prefetch(converter: Autograde, assignment: str, student: str, limits: Limits) -> Prefetch | None:
    """Return what executes ahead of this run of nbgrader's; start it at the first submission."""
    if not _PREFETCHES or _PREFETCHES[0][0] is not converter or _PREFETCHES[0][1] != assignment:
        _close_prefetches()
        started = start_prefetch(converter, assignment, student, limits, _fork_server())
        _PREFETCHES.append((converter, assignment, started))
    return _PREFETCHES[0][2]


@atexit.register
def _close_prefetches() -> None:
    for _, _, prefetch in _PREFETCHES:
        if prefetch is not None:
            prefetch.close()
    _PREFETCHES.clear()


@cache
def _fork_server() -> ForkServer:
    """Start one fork server for all notebooks of a run."""
    fork_server = ForkServer()
    atexit.register(fork_server.close)
    return fork_server


@cache
def _sandbox_is_whole() -> bool:
    return all(finding.holds for finding in check_layers(_fork_server()))
