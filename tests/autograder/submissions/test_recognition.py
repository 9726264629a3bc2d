"""A notebook is recognised by ids and parameters, and its known cells are what nbgrader makes of them."""

import copy
import json
import logging
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbgrader import utils as nbgrader_utils
from traitlets.config import Config

from autograder import assignments
from autograder.nbgrader_bridge.course.release import ReleasedAssignment, ReleasedCell, ReleasedNotebook
from autograder.nbgrader_bridge.submission.sanitize_notebook import NotebookSanitizer
from autograder.submissions.notebook import Cell, cell_of
from autograder.submissions.recognition import recognise, restored
from tests.autograder.submissions.test_signatures import WRITTEN

NETWORK, DESCENT = (assignments.load(name) for name in ("01-error-backpropagation", "02-gradient-descent"))
ALL = assignments.load_all()
NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
ELSEWHERE = Path("my homework (7).ipynb")


def read(assignment):
    return nbformat.read(NOTEBOOKS / f"{assignment.name}.ipynb", as_version=4)


def found(*cells, path=ELSEWHERE):
    return recognise(path, [Cell(cell) if isinstance(cell, str) else cell for cell in cells], ALL)


SIGNATURES = {
    NETWORK: ["W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T", "W,B,X,T"],
    DESCENT: ["theta,x,y", "theta,x,y,learning_rate,steps"],
}
both = pytest.mark.parametrize("assignment", SIGNATURES, ids=["network", "descent"])


@both
def test_a_notebook_that_was_handed_out_is_recognised_under_any_name(assignment):
    cells = [cell_of(cell) for cell in read(assignment).cells]
    assert recognise(ELSEWHERE, cells, ALL) is assignment


@both
@pytest.mark.parametrize(
    "head",
    [
        "def exercise{n}(\n    {lines},\n): pass",
        "def exercise{n}({given}, more=None): pass",
        "def exercise{n}({given}, *rest, **others): pass",
        "    def exercise{n}({given}):\n        pass",
        "async def exercise{n}({given}): pass",
        "exercise{n} = lambda {given}: 1",
        ">>> def exercise{n}({given}):\n...     pass",
        "this is no Python\ndef exercise{n}(\n    {lines},\n): pass",
        "def exercise{n}(*given):\n    {given} = given",
        "def exercise{n}(*, {given}): pass",
    ],
)
def test_functions_are_recognised_by_their_parameters_without_any_ids(assignment, head):
    for n, given in enumerate(SIGNATURES[assignment], 1):
        assert found(head.format(n=n, given=given, lines=given.replace(",", ",\n    "))) is assignment


def test_parameters_of_other_names_are_counted():
    assert found("def exercise2(a, b, c, d): pass") is NETWORK
    assert found("def exercise1(a, b, c,): pass") is DESCENT


@pytest.mark.parametrize("source", WRITTEN.values(), ids=WRITTEN)
def test_an_answer_written_in_any_way_is_recognised(source):
    assert found(source) is NETWORK


@both
def test_ids_tell_an_assignment_where_no_cell_is_python(assignment):
    cells = [cell_of(cell) for cell in read(assignment).cells]
    broken = [Cell("this is no Python", cell.grade_id, cell.is_test, cell.kind) for cell in cells]
    assert recognise(ELSEWHERE, broken, ALL) is assignment
    without_metadata = [Cell("no Python", cell_id=cell.cell_id) for cell in cells]
    assert recognise(ELSEWHERE, without_metadata, ALL) is assignment
    helpers = [Cell("from mine import *", cell.grade_id, cell.is_test) for cell in cells if cell.is_test]
    assert recognise(ELSEWHERE, helpers, ALL) is assignment


def test_functions_count_more_than_a_deleted_cells_id():
    third = {"exercise3", "exercise3-marks"}
    cells = [cell_of(cell) for cell in read(DESCENT).cells]
    assert recognise(ELSEWHERE, [cell for cell in cells if cell.grade_id not in third], ALL) is DESCENT


def test_a_browsers_name_tells_an_empty_notebook():
    assert found("1", path=Path(f"{DESCENT.name} (3).ipynb")) is DESCENT


@pytest.mark.parametrize(
    "cells",
    [
        (),
        ("1 + 1",),
        ("def exercise1(x): pass",),
        ("exercise1 = None",),
        (Cell("def exercise1(n): return n", "exercise1"),),
        (Cell("x = 1", "problem1-marks", is_test=True),),
    ],
)
def test_what_is_nobodys_stays_unknown(cells):
    assert found(*cells) is None


def test_one_solutions_id_is_nobodys_either_where_an_assignment_has_no_more():
    single = replace(NETWORK, exercises=NETWORK.exercises[:1])
    assert recognise(ELSEWHERE, [Cell("def exercise1(n): return n", "exercise1")], [single]) is None


# What nbgrader makes of known cells


def released(assignment):
    def cell(source):
        marked = source.metadata.nbgrader
        flags = {key: bool(marked[key]) for key in ("locked", "grade", "solution", "task")}
        flags["max_score"] = float(marked.get("points", 0))
        checksum = nbgrader_utils.compute_checksum(source)
        return ReleasedCell(marked.grade_id, source.cell_type, source.source, checksum, **flags)

    known = tuple(cell(source) for source in read(assignment).cells if "nbgrader" in source.metadata)
    kernel = json.dumps({"name": "python3", "display_name": "Python 3"})
    return ReleasedAssignment("ps", {assignment.name: ReleasedNotebook(assignment.name, kernel, known)})


LOG = logging.getLogger("test")
CONFIG = Config({"OverwriteCells": {"add_missing_cells": True}})
SANITIZERS = {assignment: NotebookSanitizer(released(assignment), CONFIG, LOG) for assignment in ALL}


def id_of(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def at(notebook, grade_id):
    (place,) = (n for n, cell in enumerate(notebook.cells) if id_of(cell) == grade_id)
    return place


def tampering(change):
    """Make of a change of a notebook one that waits for its notebook."""
    return lambda *words, **more: lambda notebook: change(notebook, *words, **more)


@tampering
def retype(notebook, kind, *grade_ids):
    for grade_id in grade_ids:
        cell = notebook.cells[at(notebook, grade_id)]
        cell.cell_type = kind
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)


@tampering
def attach(notebook, grade_id):
    retype("markdown", grade_id)(notebook)
    notebook.cells[at(notebook, grade_id)].attachments = {"a.png": {"image/png": "eA=="}}


@tampering
def delete(notebook, *grade_ids):
    notebook.cells = [cell for cell in notebook.cells if id_of(cell) not in grade_ids]


@tampering
def move(notebook, grade_id, place):
    notebook.cells.insert(place, notebook.cells.pop(at(notebook, grade_id)))


@tampering
def duplicate(notebook, grade_id, place, source=None):
    copied = copy.deepcopy(notebook.cells[at(notebook, grade_id)])
    copied.source = source or copied.source
    notebook.cells.insert(place, copied)


@tampering
def metadata(notebook, cell_of_id, /, **changed):
    notebook.cells[at(notebook, cell_of_id)].metadata["nbgrader"].update(changed)


@tampering
def several(notebook, *steps):
    for step in steps:
        step(notebook)


@tampering
def forget(notebook):
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()


M1, M2 = "exercise1-marks", "exercise2-marks"
TAMPERED = {
    "nothing": several(),
    "an answer as Markdown": retype("markdown", "exercise1"),
    "an answer as raw text": retype("raw", "exercise2"),
    "everything as Markdown": retype("markdown", "exercise1", "exercise2", M1, M2),
    "an attachment in an answer": attach("exercise1"),
    "a test cell deleted": delete(M1),
    "the last test cell deleted": delete(M2),
    "both test cells deleted": delete(M1, M2),
    "an answer deleted": delete("exercise1"),
    "an answer and its test cell deleted": delete("exercise1", M1),
    "the second of both deleted": delete("exercise2", M2),
    "all but one deleted": delete("exercise1", M1, M2),
    "everything deleted": delete("exercise1", M1, "exercise2", M2),
    "test cell first": move(M1, 0),
    "test cell last": move(M1, 30),
    "answers in another order, no test cells": several(move("exercise2", 1), delete(M1, M2)),
    "test cell duplicated below": duplicate(M1, 30),
    "test cell duplicated above": duplicate(M1, 0),
    "answer duplicated": duplicate("exercise1", 0, "def exercise1(): pass"),
    "answer duplicated as its test": metadata("exercise1", grade_id=M1),
    "test cell called a solution": metadata(M1, solution=True),
    "answer called a test": metadata("exercise1", grade=True, solution=False, points=20),
    "answer locked": metadata("exercise1", locked=True),
    "another id": metadata(M1, grade_id="mine"),
    "an id of no text": metadata(M1, grade_id=5),
    "no metadata": forget(),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
@both
def test_known_cells_are_what_nbgrader_makes_of_them(assignment, tamper):
    """So that `check` and `grade` give one file the same marks."""
    notebook = read(assignment)
    tamper(notebook)
    cells = [cell_of(cell) for cell in copy.deepcopy(notebook).cells]
    SANITIZERS[assignment].sanitize(notebook, assignment.name)
    by_nbgrader = [cell_of(cell) for cell in notebook.cells if cell.cell_type == "code"]

    def seen(cells):
        return [(cell.grade_id, cell.is_test, None if cell.is_test else cell.source) for cell in cells]

    assert seen(restored(cells, assignment)) == seen(by_nbgrader)
