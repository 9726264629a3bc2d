"""Mark an exercise from a hidden test's cell, in the student's own kernel, for plain nbgrader.

This is the compatible, weaker mode: the student's code shares the process. The cell says
`from autograder.nbgrader_bridge.hidden_test import marks; marks("ASSIGNMENT", "EXERCISE", globals())`.
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

from autograder import assignments
from autograder.calling import function_call
from autograder.exercise import (
    Answer,
    Exercise,
    ExerciseResult,
    Fault,
    Instance,
)
from autograder.grading import secret
from autograder.marking.mark import lost, mark_exercise
from autograder.reporting import report
from autograder.submissions.submission import files_in, without_own

MARKS_CALL = "import marks; marks("  # stands in the one line of a hidden test

TIMEOUT = Fault(
    "timeout",
    "answer",
    "The function did not come back in time: look for a loop that does not end.",
)


def marks(assignment: str, exercise: str, names: Mapping[str, object], out_of: float | None = None) -> float:
    """Mark an exercise, show the reasons, and return the marks as nbgrader wants them.

    Parameters
    ----------
    assignment, exercise : as in `marks("01-error-backpropagation", "exercise1", globals())`.
    names : the notebook's global names, with the student's function among them.
    out_of : what the exercise was worth when the course was built; the sandbox's graders compare it with
        what it is worth now.

    Returns
    -------
    marks : a plain float between 0 and the points of the test cell, which is the cell's value.
    """
    del out_of
    folder = _folder()
    place = secret.place(folder / "notebook")
    with _silence():
        assignments.search(*(assignments.folders_of_course(place.course) if place else ()))
        loaded = assignments.load(assignment)
        (declared,) = (each for each in loaded.exercises if each.name == exercise)
        seed = _seed(assignment, exercise, folder)
        result = _marked(declared, names.get(exercise), seed, carry_forward=loaded.carry_forward)
        result = replace(result, points=_points(folder, assignment, declared.marks_cell))
    # nbgrader takes any output on stderr for a failed test. Whatever slipped past the silencing (a logging
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
    """Find the notebook's folder: its kernel was started there, wherever its cells have changed to since."""
    shell = get_ipython()
    return Path(shell.starting_dir if shell is not None else Path.cwd())


def _points(folder: Path, assignment: str, marks_cell: str) -> float | None:
    """Read what the marks cell is worth from the notebook beside it; return None if that is not known.

    Before it runs the notebook, nbgrader has written it, with its points restored from the gradebook.
    """
    try:
        cells = json.loads((folder / f"{assignment}.ipynb").read_bytes())["cells"]
        marked = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
        return next((float(each["points"]) for each in marked if each["grade_id"] == marks_cell), None)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _seed(assignment: str, exercise: str, folder: Path) -> int:
    """Derive the seed of the hidden instances from the student's folder and from what ran before."""
    place = secret.place(folder / "notebook")
    key = secrets.token_bytes() if place is None else secret.course_secret(place.course, make=True)
    shell = get_ipython()
    ran = [] if shell is None else shell.history_manager.input_hist_raw
    code = [source for source in ran if MARKS_CALL not in source]
    content = secret.fingerprint(code, without_own(files_in(folder)))
    return secret.Seeds(key, place.student if place else "", assignment).of(exercise, content)


def _marked(exercise: Exercise, function: object, seed: int, *, carry_forward: bool) -> ExerciseResult:
    if not callable(function):
        fault = Fault(
            "missing",
            "answer",
            f"`{exercise.name}` is not defined when the notebook's cells have run.",
        )
        return lost(exercise, fault)

    def call(exercise: Exercise, instance: Instance) -> Answer:
        return function_call.call(function, exercise.convention, instance.inputs)

    try:
        return mark_exercise(exercise, function_call.one_by_one(call), seed, carry_forward=carry_forward)
    except KeyboardInterrupt:  # nbgrader's time limit interrupts the kernel
        return lost(exercise, TIMEOUT)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Suppress what is printed meanwhile, by Python, by libraries, and by handlers of `logging`."""
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
