"""nbgrader's seam: a preprocessor that stands where `Execute` stands in `nbgrader autograde`.

c.Autograde.autograde_preprocessors = ["autograder.nbgrader_bridge.executor.BoxedExecute", ...]
"""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float

from autograder import secret
from autograder.doctor import examine
from autograder.nbgrader_bridge import engines
from autograder.nbgrader_bridge.execution import execute
from autograder.sandbox.limits import Limits
from autograder.sandbox.nursery import Nursery
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
        nursery = _nursery()
        if self.require_sandbox and not _sandboxed():
            raise RuntimeError(
                "A layer of the sandbox is missing (see `autograder doctor`), and "
                "BoxedExecute.require_sandbox asks for all of them. Nothing was run."
            )
        executed = execute(
            nb,
            nursery,
            resources["nbgrader"]["student"],
            secret.of_course(Path.cwd(), make=True),  # nbgrader works in the course's folder
            files_in(Path(resources["metadata"]["path"])),
            Limits(self.timeout, self.call_timeout, self.notebook_timeout),
        )
        if executed.report is not None:
            for flag in executed.report.flags:
                self.log.warning("For the instructor: %s", flag)
        for layer, why in executed.lacks.items():
            self.log.warning("The sandbox lacks a layer, %s: %s", layer, why)
        return nb, resources


@cache
def _nursery() -> Nursery:
    """One warm process for all notebooks of a run."""
    nursery = Nursery()
    atexit.register(nursery.close)
    return nursery


@cache
def _sandboxed() -> bool:
    return all(finding.holds for finding in examine(_nursery()))
