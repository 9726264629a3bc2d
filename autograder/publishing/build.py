"""Turn an assignment's text into nbgrader source: the notebook with solutions and tests, and its files.

`autograder/assignments/*/notebook.py` is the only source of each. Cells are marked in the text:

    # %% solution="exercise1"     the student's cell; its solution is between BEGIN and END SOLUTION.
                                  A task without marks has one, too
    # %% marks="exercise1"        where the exercise is marked; empty in the text, filled in here
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import assignments, notebook_text, student_material
from autograder.exercise import Assignment, Exercise
from autograder.nbgrader_names import METADATA, cell_metadata
from autograder.self_check import file as checks

PICTURE = re.compile(r"(!\[[^]]*\])\(files/([^)]+)\)")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def write_source(assignment: Assignment, folder: Path) -> Path:
    """Write an assignment's nbgrader source, replacing what is there; return its notebook."""
    for name, content in source_files(assignment).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / f"{assignment.name}.ipynb"


def source_files(assignment: Assignment) -> dict[str, bytes]:
    """Make an assignment's nbgrader source, by relative name: its notebook, `utils` and `files`.

    The numbers for its self-check are made here, too, unless they came with `files`.
    """
    result = {f"{assignment.name}.ipynb": (nbformat.writes(source_notebook(assignment)) + "\n").encode()}
    result |= student_material.beside_a_notebook() | own_files(assignment)
    if checks.name_of(assignment) not in result:
        result[checks.name_of(assignment)] = checks.made(assignment)
    return result


def own_files(assignment: Assignment) -> dict[str, bytes]:
    """Read the files that somebody's own assignment adds to the course's `files`: those in its own folder."""
    if assignments.is_ours(assignment.name):
        return {}
    folder = assignments.folders()[assignment.name] / "files"
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return {f"files/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}


def source_notebook(assignment: Assignment) -> NotebookNode:
    """Turn an assignment's text into its nbgrader source notebook, solutions and hidden tests included."""
    notebook = notebook_text.read(assignments.notebook_of(assignment.name))
    notebook.cells = [cell for cell in notebook.cells if not notebook_text.is_forward_pass(cell)]
    exercises = {exercise.name: exercise for exercise in assignment.exercises}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's own, of no use outside the text
        answers, marked = cell.metadata.pop("solution", None), cell.metadata.pop("marks", None)
        if answers:
            cell.id = answers
            cell.metadata[METADATA] = NotebookNode(cell_metadata(answers, solution=True))
        if marked:
            exercise = exercises[marked]
            cell.id = exercise.marks_cell
            cell.source = _hidden_test(assignment, exercise)
            cell.metadata[METADATA] = NotebookNode(
                cell_metadata(exercise.marks_cell, points=exercise.max_score)
            )
        if cell.cell_type == "markdown":
            _attach_pictures(cell, own_files(assignment))
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(KERNEL))
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return notebook


def _hidden_test(assignment: Assignment, exercise: Exercise) -> str:
    return "\n".join(
        [
            f"# {exercise.max_score:g} P: the hidden tests of {exercise.name} run here once your notebook "
            "is collected.",
            f'utils.ready("{exercise.name}")',
            "### BEGIN HIDDEN TESTS",
            "from autograder.nbgrader_bridge.hidden_test import marks; "
            f'marks("{assignment.name}", "{exercise.name}", globals(), out_of={exercise.max_score:g})',
            "### END HIDDEN TESTS",
        ]
    )


def _attach_pictures(cell: NotebookNode, own: Mapping[str, bytes]) -> None:
    """Embed a text's pictures in the cell itself, so that they are visible wherever the notebook goes."""
    for _, name in PICTURE.findall(cell.source):
        path = f"files/{name}"
        content = base64.b64encode(own.get(path) or (student_material.FOLDER / path).read_bytes()).decode()
        cell.setdefault("attachments", NotebookNode())[name] = NotebookNode({"image/png": content})
    cell.source = PICTURE.sub(r"\1(attachment:\2)", cell.source)
