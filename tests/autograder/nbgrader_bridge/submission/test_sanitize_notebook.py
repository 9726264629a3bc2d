"""Whatever was done to a notebook's cells, names, points and locked sources are those that were released."""

import copy
import json
import logging
import re

import nbformat
import pytest
from nbgrader import utils as nbgrader_utils
from traitlets.config import Config

from autograder.nbgrader_bridge.course.release import ReleasedAssignment, ReleasedCell, ReleasedNotebook
from autograder.nbgrader_bridge.submission.sanitize_notebook import NotebookSanitizer
from tests.autograder.nbgrader_bridge.others import NOTEBOOKS

NAME = "problem1"
CONFIG = Config({"OverwriteCells": {"add_missing_cells": True}})
LOG = logging.getLogger("test")
LOG.addHandler(logging.NullHandler())
TESTS = [cell for cell in NOTEBOOKS[NAME] if cell.metadata.get("nbgrader", {}).get("grade")]


def released_cell(cell):
    marked = cell.metadata.nbgrader
    checksum = nbgrader_utils.compute_checksum(cell)
    flags = {key: marked[key] for key in ("locked", "grade", "solution", "task")}
    points = float(marked.get("points", 0))
    return ReleasedCell(marked.grade_id, cell.cell_type, cell.source, checksum, max_score=points, **flags)


RELEASED = ReleasedAssignment(
    "ps1",
    {
        name: ReleasedNotebook(
            name,
            json.dumps({"name": "python3", "display_name": "Python 3", "language": "python"}),
            tuple(released_cell(cell) for cell in cells if "nbgrader" in cell.metadata),
        )
        for name, cells in NOTEBOOKS.items()
    },
)


ADDED = re.compile(
    r"# This cell \(id:\S+\) was missing from the submission. It was added back by nbgrader.\n\n"
)


@pytest.fixture
def notebook():
    """As it was handed out."""
    return nbformat.v4.new_notebook(cells=copy.deepcopy(NOTEBOOKS[NAME]))


def cell(notebook, grade_id):
    (result,) = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return result


def restored(notebook):
    NotebookSanitizer(RELEASED, CONFIG, LOG).sanitize(notebook, NAME)
    tests = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert {c.metadata.nbgrader.grade_id: ADDED.sub("", c.source) for c in tests} == {
        c.metadata.nbgrader.grade_id: c.source for c in TESTS
    }
    assert {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in tests} == {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in TESTS
    }
    assert all(c.cell_type == "code" and c.metadata.nbgrader.locked for c in tests)
    assert not [c for c in notebook.cells if c.metadata.get("tags")]
    assert len({c.id for c in notebook.cells}) == len(notebook.cells)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def test_an_honest_notebook_stays_as_it_is(notebook):
    cell(notebook, "squares").source = "def squares(n): return []"
    sources = [c.source for c in notebook.cells]
    assert [c.source for c in restored(notebook).cells] == sources


def test_it_is_the_same_assignment_after_a_journey_as_text():
    assert ReleasedAssignment.from_json(RELEASED.to_json()) == RELEASED


def emptied(notebook):
    cell(notebook, "squares-small").source = "pass"


def inflated(notebook):
    cell(notebook, "squares-small").metadata.nbgrader.points = 1000


def deleted(notebook):
    notebook.cells.remove(cell(notebook, "squares-small"))


def all_deleted(notebook):
    notebook.cells.clear()


def tagged(notebook):
    for each in notebook.cells:
        each.metadata["tags"] = ["skip-execution", "raises-exception", "remove-input"]


def duplicated(notebook):
    notebook.cells.append(copy.deepcopy(cell(notebook, "squares-small")))


def retyped(notebook):
    here = notebook.cells.index(cell(notebook, "squares-small"))
    metadata = notebook.cells[here].metadata
    notebook.cells[here] = nbformat.v4.new_markdown_cell("gone", metadata=metadata)


def unlocked(notebook):
    cell(notebook, "squares-small").metadata.nbgrader.update(locked=False, solution=True)
    cell(notebook, "squares-small").source = "print('mine')"


def renamed(notebook):
    cell(notebook, "squares-small").metadata.nbgrader.grade_id = "another"


def without_metadata(notebook):
    for each in notebook.cells:
        each.metadata = {}


def nonsense(notebook):
    for n, each in enumerate(notebook.cells):
        each.metadata = nbformat.NotebookNode(nbgrader=[3, "text", None, {"grade_id": 5}][n % 4], tags=5)


def same_ids(notebook):
    for each in notebook.cells:
        each.id = "same"


def an_own_marks_cell(notebook):
    added = nbformat.v4.new_code_cell("100.0")
    added.metadata["nbgrader"] = {
        **{"grade": True, "locked": False, "solution": True, "task": False},
        **{"grade_id": "bonus", "points": 100, "schema_version": 3},
    }
    notebook.cells.append(added)


def an_old_schema(notebook):
    for each in notebook.cells:
        if "nbgrader" in each.metadata:
            each.metadata.nbgrader.schema_version = 0


DEEDS = [emptied, inflated, deleted, all_deleted, tagged, duplicated, retyped, unlocked, renamed]
DEEDS += [without_metadata, nonsense, same_ids, an_own_marks_cell, an_old_schema]


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__.replace("_", " "))
def test_what_was_released_is_there_again(notebook, deed):
    deed(notebook)
    restored(notebook)


def test_what_a_student_wrote_stays_when_its_cell_lost_its_name(notebook):
    cell(notebook, "squares").source = "def squares(n): return ['mine']"
    without_metadata(notebook)
    assert any("mine" in c.source for c in restored(notebook).cells)


def test_restoring_twice_changes_nothing(notebook):
    duplicated(notebook)
    deleted_too = cell(notebook, "squares-hidden")
    notebook.cells.remove(deleted_too)
    once = [ADDED.sub("", c.source) for c in restored(notebook).cells]
    assert [ADDED.sub("", c.source) for c in restored(notebook).cells] == once


def test_cells_for_a_person_to_mark_are_put_back_where_all_cells_are_gone():
    notebook = nbformat.v4.new_notebook()
    NotebookSanitizer(RELEASED, CONFIG, LOG).sanitize(notebook, "problem2")
    names = [c.metadata.nbgrader.grade_id for c in notebook.cells]
    assert sorted(names) == ["answer-told", "by-hand", "draw", "why"]
