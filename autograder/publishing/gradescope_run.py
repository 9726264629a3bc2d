"""Grade the submission in a Gradescope container, and write `results.json`.

`python -m autograder.publishing.gradescope_run ASSIGNMENT SUBMISSION RESULTS`, with the key in the
environment.

A submission that cannot be marked gets 0 and an explanation. If the container itself fails there are no
results: Gradescope reports that, and the submission can be run again.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder import assignments
from autograder.exercise import Assignment, ExerciseResult, Report
from autograder.exporting.gradebooks import Marked, Part, gradescope
from autograder.grading import grade
from autograder.grading.secret import Keys
from autograder.marking.named_answers import NamedAnswer, from_json
from autograder.plain_text import in_one_line
from autograder.sandbox.client.fork_server import ForkServer
from autograder.submissions.notebook import UnreadableNotebook, read_all
from autograder.submissions.recognition import recognise
from autograder.submissions.submission import names_in
from autograder.whole_files import write_whole

NAMELESS = Path("notebook.ipynb")  # what it holds decides, not what it is called
KEY = "AUTOGRADER_KEY"


def main(arguments: Sequence[str]) -> None:
    """Grade one submission."""
    parser = argparse.ArgumentParser()
    parser.add_argument("assignment")
    parser.add_argument("submission", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--assignments", type=Path)
    parser.add_argument("--names", type=Path)
    options = parser.parse_args(arguments)
    keys = Keys.of(os.environ.pop(KEY))
    if options.assignments is not None and options.assignments.is_dir():
        assignments.search(options.assignments)
    names = from_json(options.names.read_text(encoding="utf-8")) if options.names is not None else ()
    text = results(assignments.load(options.assignment), options.submission, keys, names)
    write_whole(options.results, text)


def results(assignment: Assignment, submission: Path, keys: Keys, names: Sequence[NamedAnswer] = ()) -> str:
    """Mark the assignment's notebook in a folder; return the text of `results.json`.

    names : the instructor's names for unexplained answers.
    """
    notebook, problem = find(assignment, submission)
    if notebook is None:
        return gradescope(Marked("", 0.0, parts={"notebook": Part(0.0, assignment.max_score, problem)}))
    with ForkServer() as fork_server:
        report = grade.grade_file(notebook, [assignment], fork_server, keys=keys, names=names)
    return gradescope(_marked(report, assignment))


def find(assignment: Assignment, submission: Path) -> tuple[Path | None, str]:
    """Find the assignment's notebook among the files; return None and the reason if there is none."""
    there = names_in(submission)
    names = [name for name in there if name.lower().endswith(".ipynb")]
    paths = [submission / name for name in names if not (submission / name).is_symlink()]
    known = {path: _assignment_of(path) for path in paths}
    fitting = [path for path in paths if known[path] == assignment.name]
    if fitting:
        return max(fitting, key=lambda path: path.stat().st_mtime), ""
    if len(paths) == 1 and not known[paths[0]]:
        return paths[0], ""  # marking says what is wrong with it
    if len(paths) == 1:
        other = (
            f"{in_one_line(paths[0].name)} is the notebook of {known[paths[0]]}, not of {assignment.name}."
        )
        return None, f"{other} Hand in the one that was asked for."
    listed = ", ".join(in_one_line(name) for name in (names if paths else there)[:3])
    if paths:
        return None, f"None of {listed} is this assignment's notebook."
    but = f", but {listed}" if listed else ""
    return None, f"There is no notebook{but}. Hand in the `.ipynb` file itself."


def _assignment_of(path: Path) -> str:
    """Return the assignment that a notebook belongs to, by its content; an empty text if none."""
    try:
        known = recognise(NAMELESS, read_all(path), assignments.load_all())
    except UnreadableNotebook:
        return ""
    return known.name if known is not None else ""


def _marked(report: Report, assignment: Assignment) -> Marked:
    if not report.readable:
        return Marked("", 0.0, parts={"notebook": Part(0.0, assignment.max_score, report.message)})
    parts = {name: part for result in report.results for name, part in _parts(result)}
    return Marked("", report.score, parts=parts)


def _parts(result: ExerciseResult) -> list[tuple[str, Part]]:
    """Return each part's marks; put what to look at beside the part where it arose, or the first."""
    names = [one.part.name for one in result.parts]
    sentences: dict[str, list[str]] = {name: [] for name in names}
    for fault in result.faults:
        sentences[fault.where if fault.where in sentences else _first_lost(result)].append(fault.message)
    return [
        (
            f"{result.exercise.name} {one.part.name}",
            Part(one.score, one.part.marks, "\n".join([str(one.verdict), *sentences[one.part.name]])),
        )
        for one in result.parts
    ]


def _first_lost(result: ExerciseResult) -> str:
    lost = [one.part.name for one in result.parts if one.score < one.part.marks]
    return lost[0] if lost else result.parts[0].part.name


if __name__ == "__main__":
    main(sys.argv[1:])
