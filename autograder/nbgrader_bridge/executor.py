"""nbgrader's seam: a preprocessor that stands where `Execute` stands in `nbgrader autograde`.

c.Autograde.autograde_preprocessors = ["autograder.nbgrader_bridge.executor.BoxedExecute", ...]
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import nbjson
from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float

from autograder import assignments, hidden_data, report, secret
from autograder.doctor import examine
from autograder.nbgrader_bridge import engines
from autograder.nbgrader_bridge.ahead import Ahead, begin
from autograder.nbgrader_bridge.execution import execute
from autograder.nbgrader_bridge.handed_in import refuse_links
from autograder.nbgrader_bridge.ledger import LedgerError
from autograder.nbgrader_bridge.noting import Noted, note
from autograder.nbgrader_bridge.valid_notebook import make_valid
from autograder.notebook import refuse_much_code
from autograder.plain_text import for_terminal
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.protocol.limits import Limits
from autograder.submission import files_in


class BoxedExecute(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is not followed
    """Runs a notebook's cells in the sandbox, and marks ours outside it."""

    timeout = Float(30, help="Seconds for one cell of a notebook.").tag(config=True)
    call_timeout = Float(10, help="Seconds for one call of an exercise's function.").tag(config=True)
    notebook_timeout = Float(300, help="Seconds for a notebook as a whole.").tag(config=True)
    require_sandbox = Bool(False, help="Refuse to grade where a layer of the sandbox is missing.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Run the notebook; nbgrader gives its folder and the student in `resources`."""
        engines.remember()
        assignments.search(*assignments.of_course(self._course))
        if self.require_sandbox and not _sandboxed():
            raise RuntimeError(
                "A layer of the sandbox is missing (see `autograder doctor`), and "
                "BoxedExecute.require_sandbox asks for all of them. Nothing was run."
            )
        self._refuse_links(resources["nbgrader"])
        refuse_much_code(nb)
        make_valid(nb)  # for courses whose configuration does not have it done first
        told = self._from_ahead(nb, resources) or self._run(nb, resources)
        for flag in told.flags:
            self.log.warning("For the instructor: %s", for_terminal(flag))
        for notice in told.notices:
            self.log.warning("For the instructor: %s", notice)
        for layer, why in told.lacks.items():
            self.log.warning("The sandbox lacks a layer, %s: %s", layer, why)
        self._note(resources["nbgrader"], told)
        return nb, resources

    def _note(self, who: dict[str, str], told: _Told) -> None:
        """Put it into the list of what needs a person; marks come about all the same where that fails."""
        if self._converter is None:
            return
        noted = Noted(
            who["student"], who["assignment"], who["notebook"], told.flags, told.faults, told.notices
        )
        try:
            note(self._converter, noted)
        except (LedgerError, OSError) as reason:
            self.log.warning("The list of what needs a person could not be written: %s", reason)

    def _refuse_links(self, who: dict[str, str]) -> None:
        """Nbgrader has followed them already; what they lead to is not marked, and nbgrader tells why."""
        if self._converter is not None:
            course = self._converter.coursedir
            submitted = course.format_path(course.submitted_directory, who["student"], who["assignment"])
            refuse_links(Path(submitted), [who["notebook"]])

    def _run(self, nb: NotebookNode, resources: dict[str, Any]) -> _Told:
        hidden_data.keep(self._course)
        executed = execute(
            nb,
            _nursery(),
            resources["nbgrader"]["student"],
            secret.of_course(self._course, make=True),
            files_in(Path(resources["metadata"]["path"])),
            self._limits,
        )
        flags = executed.report.flags if executed.report is not None else ()
        return _Told(flags, report.endings(executed.report), executed.notices, executed.lacks)

    def _from_ahead(self, nb: NotebookNode, resources: dict[str, Any]) -> _Told | None:
        """What another process has run already, put into the notebook; None if it has not."""
        if self._converter is None:
            return None
        who = resources["nbgrader"]
        ahead = _ahead(self._converter, who["assignment"], who["student"], self._limits)
        ran = ahead.ran(who["student"], who["notebook"], nb) if ahead is not None else None
        if ran is None:
            return None
        notebook, graded = ran
        for cell, done in zip(nb.cells, nbjson.reads(notebook.content.decode()).cells, strict=True):
            cell.source = done.source
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = done.outputs, done.execution_count
        return _Told(notebook.flags, notebook.faults, notebook.notices, graded.lacks or {})

    @property
    def _converter(self) -> Autograde | None:
        """Nbgrader's own program, where it is what runs us."""
        converter = getattr(self.parent, "parent", None)
        return converter if isinstance(converter, Autograde) else None

    @property
    def _course(self) -> Path:
        return Path.cwd() if self._converter is None else Path(self._converter.coursedir.root)

    @property
    def _limits(self) -> Limits:
        return Limits(self.timeout, self.call_timeout, self.notebook_timeout)


@dataclass(frozen=True)
class _Told:
    """What an instructor should hear of a notebook that has been run."""

    flags: Sequence[str]
    faults: Sequence[str]
    """What ended an exercise as a whole."""
    notices: Sequence[str]
    lacks: Mapping[str, str]


_BEGUN: list[tuple[Autograde, str, Ahead | None]] = []


def _ahead(converter: Autograde, assignment: str, student: str, limits: Limits) -> Ahead | None:
    """What is run ahead of this run of nbgrader's; it begins with the first submission."""
    if not _BEGUN or _BEGUN[0][0] is not converter or _BEGUN[0][1] != assignment:
        _end()
        _BEGUN.append((converter, assignment, begin(converter, assignment, student, limits, _nursery())))
    return _BEGUN[0][2]


@atexit.register
def _end() -> None:
    for _, _, ahead in _BEGUN:
        if ahead is not None:
            ahead.close()
    _BEGUN.clear()


@cache
def _nursery() -> ForkServer:
    """One warm process for all notebooks of a run."""
    nursery = ForkServer()
    atexit.register(nursery.close)
    return nursery


@cache
def _sandboxed() -> bool:
    return all(finding.holds for finding in examine(_nursery()))
