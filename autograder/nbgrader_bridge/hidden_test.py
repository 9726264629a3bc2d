"""The hidden test of plain nbgrader: what its one-line cell calls, in the student's own kernel.

The compatible, weaker mode: the student's code shares this process.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from IPython.core.getipython import get_ipython
from IPython.display import clear_output, display

from autograder import assignments, calling, report, secret
from autograder.exercise import (
    Answer,
    Exercise,
    ExerciseResult,
    Fault,
    Instance,
)
from autograder.mark import lost, mark
from autograder.submission import files_in, without_own

OURS = "import marks; marks("  # stands in the one line of a hidden test

TIMEOUT = Fault(
    "timeout",
    "answer",
    "The function did not come back in time: look for a loop that does not end.",
)


def marks(assignment: str, exercise: str, names: Mapping[str, object], out_of: float | None = None) -> float:
    """Mark an exercise, show the reasons, and give the marks as nbgrader wants them.

    Parameters
    ----------
    assignment, exercise : as in `marks("01-error-backpropagation", "exercise1", globals())`.
    names : the notebook's global names, with the student's function among them.
    out_of : what the exercise was worth when the course was built; whoever runs the cell outside of
        plain nbgrader compares it with what it is worth now.

    Returns
    -------
    marks : a plain float between 0 and the points of the test cell, which is its value.
    """
    del out_of
    folder = _folder()
    found = secret.place(folder / "notebook")
    with _silence():
        assignments.search(*(assignments.of_course(found.course) if found else ()))
        course = assignments.load(assignment)
        (declared,) = (e for e in course.exercises if e.name == exercise)
        seed = _seed(assignment, exercise, folder)
        result = _marked(declared, names.get(exercise), seed, carry_forward=course.carry_forward)
        result = replace(result, points=_points(folder, assignment, declared.marks_cell))
    # nbgrader takes anything on stderr for a failed test. Whatever slipped past the silence (a logging
    # handler that kept the old stream, say) is cleared from the cell before the reasons are shown.
    clear_output()
    display(
        {
            "text/plain": report.exercise_as_text(result),
            "text/html": report.exercise_as_html(result),
        },
        raw=True,
    )
    return result.earned


def _folder() -> Path:
    """Where the notebook lies: there its kernel was started, wherever its cells have gone since."""
    shell = get_ipython()
    return Path(shell.starting_dir if shell is not None else Path.cwd())


def _points(folder: Path, assignment: str, marks_cell: str) -> float | None:
    """What the test cell is worth; None if no file beside tells.

    nbgrader has written the notebook, with its points restored from the gradebook, before it runs it.
    """
    try:
        cells = json.loads((folder / f"{assignment}.ipynb").read_bytes())["cells"]
        known = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
        return next((float(k["points"]) for k in known if k["grade_id"] == marks_cell), None)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _seed(assignment: str, exercise: str, folder: Path) -> int:
    """Seed of the hidden instances: by whose folder nbgrader runs this in, and by what ran before."""
    found = secret.place(folder / "notebook")
    key = secrets.token_bytes() if found is None else secret.of_course(found.course, make=True)
    shell = get_ipython()
    ran = [] if shell is None else shell.history_manager.input_hist_raw
    code = [source for source in ran if OURS not in source]
    content = secret.fingerprint(code, without_own(files_in(folder)))
    return secret.of_submission(key, found.student if found else "", assignment, exercise, content)


def _marked(exercise: Exercise, function: object, seed: int, *, carry_forward: bool) -> ExerciseResult:
    if not callable(function):
        fault = Fault(
            "missing",
            "answer",
            f"`{exercise.name}` is not defined when the notebook's cells have run.",
        )
        return lost(exercise, fault)

    def call(exercise: Exercise, instance: Instance) -> Answer:
        return calling.call(function, exercise.convention, instance.inputs)

    try:
        return mark(exercise, calling.one_by_one(call), seed, carry_forward=carry_forward)
    except KeyboardInterrupt:  # nbgrader's time limit interrupts the kernel
        return lost(exercise, TIMEOUT)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Swallow what is printed meanwhile, by Python, by libraries, and by handlers of `logging`."""
    handlers = [h for h in logging.getLogger().handlers if isinstance(h, logging.StreamHandler)]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as sink:
        saved = {fd: os.dup(fd) for fd in (1, 2)}
        streams = [(handler, handler.setStream(sink)) for handler in handlers]
        try:
            for fd in saved:
                os.dup2(sink.fileno(), fd)
            with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
                yield
        finally:
            for fd, copy in saved.items():
                os.dup2(copy, fd)
                os.close(copy)
            for handler, stream in streams:
                handler.setStream(stream or sys.stderr)
