"""A class with attackers in it, handed in, marked by some command, and looked at afterwards."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.grading import secret
from autograder.nbgrader_bridge.course import course_folder as courses
from samples import samples
from samples.attacks import supervise
from samples.attacks.canaries import LATER, NEIGHBOUR, Canaries, submitted
from samples.attacks.corpus import ASSIGNMENT, EXERCISES, Attack, write

HONEST = {
    NEIGHBOUR: "matrix_products",
    "lena": "missing_relu_mask",
    "otto": "transposed",
    LATER: "explicit_loops",
}
"""Who hands in what: before, among and after the attacks, by the alphabet."""


@dataclass(frozen=True)
class Run:
    """A command that has ended, or had to be ended."""

    status: int | None
    """Its exit status; None if it did not end by itself."""
    seconds: float
    peak: int
    """MB that its own process took at the most."""
    largest: int
    """MB that the largest process took which it started and waited for."""
    left: Sequence[str]
    """Command lines of the processes that went on when it had ended."""
    output: str
    """What it printed, to stdout and to stderr."""


def hand_in(canaries: Canaries, attacks: Iterable[Attack], honest: Iterable[str] = HONEST) -> None:
    """Let everybody hand in, and take down how everything is."""
    course = canaries.course
    (course / secret.FILE).write_bytes(b"the same instances at every run.")
    released = course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    for student in honest:
        folder = submitted(course, student)
        folder.mkdir(parents=True)
        notebook = samples(ASSIGNMENT)[HONEST[student]].notebook(released)
        nbformat.write(notebook, folder / released.name)
    for attack in attacks:
        write(attack, released, submitted(course, attack.name), canaries.places(attack.name))
    canaries.watch()


def run(canaries: Canaries, command: Sequence[str], report: Path, seconds: float) -> Run:
    """Run a command in the course's folder, among the canaries, for so long at the most."""
    supervised = [sys.executable, "-P", supervise.__file__, str(report), str(seconds), *command]
    subprocess.run(supervised, cwd=canaries.course, env=canaries.environment(), check=True)
    found = json.loads(report.read_text(encoding="utf-8"))
    output = report.with_suffix(".txt").read_text(encoding="utf-8", errors="replace")
    return Run(**found, output=output)


def marks(course: Path, students: Iterable[str]) -> dict[str, dict[str, float]]:
    """Read marks in the gradebook, by student and exercise; who is not there has none."""
    book = courses.marks(course, ASSIGNMENT)
    return {
        student: {exercise: book.get(student, {}).get(f"{exercise}-marks", 0.0) for exercise in EXERCISES}
        for student in students
    }


def expected(student: str) -> dict[str, float]:
    """Return the marks that an honest student deserves."""
    return dict(samples(ASSIGNMENT)[HONEST[student]].marks)


def autograded(course: Path, student: str) -> dict[str, Any] | None:
    """Return the marked notebook as it is shown to people, if there is one."""
    path = course / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    if path.is_symlink() or not path.is_file():
        return None
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def outputs(notebook: dict[str, Any]) -> str:
    """All that stands under the cells, as it is written in the file but for JSON's own signs."""
    return "\n".join(_texts([cell.get("outputs", []) for cell in notebook["cells"]]))


def _texts(content: object) -> Iterator[str]:
    """Yield the texts in JSON; a list of lines is one text."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list) and all(isinstance(line, str) for line in content):
        yield "".join(content)
    elif isinstance(content, (list, dict)):
        for item in content if isinstance(content, list) else content.values():
            yield from _texts(item)


def reasons(course: Path, student: str) -> str:
    """Return what the grader itself says in the marked notebook, with single blanks and without HTML."""
    notebook = autograded(course, student) or {"cells": []}
    marked = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    return _plain(outputs({"cells": marked}))


def told(course: Path, student: str, output: str) -> str:
    """Return what is reported about a submission: in the marked notebook, in the log, by the command.

    In single blanks and without HTML, to look for sentences in it.
    """
    notebook = autograded(course, student)
    logs = [log.read_text(encoding="utf-8") for log in course.glob("autograder-logs/*.txt")]
    lines = "\n".join([*logs, output]).splitlines()
    lines = [line for line in lines if re.search(rf"\b{re.escape(student)}\b", line)]
    text = outputs(notebook) if notebook else ""
    return _plain(f"{text} {' '.join(lines)}")


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>|\x1b\[[\d;]*m", " ", text)).split())
