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
from tests.autograder.nbgrader_bridge import others
from tests.autograder.nbgrader_bridge.others import NOTEBOOKS

NAME = "problem1"
CONFIG = Config({"OverwriteCells": {"add_missing_cells": True}})
LOG = logging.getLogger("test")
LOG.addHandler(logging.NullHandler())
ADDED = re.compile(
    r"# This cell \(id:\S+\) was missing from the submission. It was added back by nbgrader.\n\n"
)


def released_cell(cell):
    marked = cell.metadata.nbgrader
    checksum = nbgrader_utils.compute_checksum(cell)
    flags = {key: marked[key] for key in ("locked", "grade", "solution", "task")}
    points = float(marked.get("points", 0))
    return ReleasedCell(marked.grade_id, cell.cell_type, cell.source, checksum, max_score=points, **flags)


def released_notebook(name, cells):
    kernel = json.dumps({"name": "python3", "display_name": "Python 3", "language": "python"})
    own = (released_cell(cell) for cell in cells if "nbgrader" in cell.metadata)
    return ReleasedNotebook(name, kernel, tuple(own))


RELEASED = ReleasedAssignment("ps1", {name: released_notebook(name, own) for name, own in NOTEBOOKS.items()})


@pytest.fixture
def notebook():
    """As it was handed out."""
    return nbformat.v4.new_notebook(cells=copy.deepcopy(NOTEBOOKS[NAME]))


def cell(notebook, grade_id):
    (result,) = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return result


def graded_cells(cells):
    """Sources and points of test cells, by their names."""
    marked = [(c, c.metadata.nbgrader) for c in cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert all(c.cell_type == "code" and own.locked for c, own in marked)
    return {own.grade_id: (ADDED.sub("", c.source), own.points) for c, own in marked}


def restored(notebook):
    NotebookSanitizer(RELEASED, CONFIG, LOG).sanitize(notebook, NAME)
    assert graded_cells(notebook.cells) == graded_cells(NOTEBOOKS[NAME])
    assert not [c for c in notebook.cells if c.metadata.get("tags")]
    assert len({c.id for c in notebook.cells}) == len(notebook.cells)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def test_an_honest_notebook_stays_as_it_is(notebook):
    cell(notebook, "squares").source = "def squares(n): return []"
    sources = [c.source for c in notebook.cells]
    assert [c.source for c in restored(notebook).cells] == sources


def small(notebook):
    return cell(notebook, "squares-small")


def in_all(deed):
    return lambda notebook: [deed(each) for each in notebook.cells]


def retyped(notebook):
    here = notebook.cells.index(small(notebook))
    notebook.cells[here] = nbformat.v4.new_markdown_cell("gone", metadata=notebook.cells[here].metadata)


def unlocked(notebook):
    small(notebook).metadata.nbgrader.update(locked=False, solution=True)
    small(notebook).source = "print('mine')"


def nonsense(notebook):
    for n, each in enumerate(notebook.cells):
        each.metadata = nbformat.NotebookNode(nbgrader=[3, "text", None, {"grade_id": 5}][n % 4], tags=5)


TAGS = ["skip-execution", "raises-exception", "remove-input"]
DEEDS = {
    "emptied": lambda notebook: small(notebook).update(source="pass"),
    "inflated": lambda notebook: small(notebook).metadata.nbgrader.update(points=1000),
    "deleted": lambda notebook: notebook.cells.remove(small(notebook)),
    "all deleted": lambda notebook: notebook.cells.clear(),
    "tagged": in_all(lambda each: each.metadata.update(tags=TAGS)),
    "duplicated": lambda notebook: notebook.cells.append(copy.deepcopy(small(notebook))),
    "retyped": retyped,
    "unlocked": unlocked,
    "renamed": lambda notebook: small(notebook).metadata.nbgrader.update(grade_id="another"),
    "without metadata": in_all(lambda each: each.update(metadata={})),
    "nonsense": nonsense,
    "the same id everywhere": in_all(lambda each: each.update(id="same")),
    "a marks cell of one's own": lambda notebook: notebook.cells.append(
        others.cell("bonus", "100.0", grade=True, solution=True, points=100)
    ),
    "an old schema": in_all(lambda each: each.metadata.get("nbgrader", {}).update(schema_version=0)),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_released_is_there_again(notebook, deed):
    DEEDS[deed](notebook)
    restored(notebook)


def test_what_a_student_wrote_stays_when_its_cell_lost_its_name(notebook):
    cell(notebook, "squares").source = "def squares(n): return ['mine']"
    DEEDS["without metadata"](notebook)
    assert any("mine" in c.source for c in restored(notebook).cells)


def test_restoring_twice_changes_nothing(notebook):
    DEEDS["duplicated"](notebook)
    notebook.cells.remove(cell(notebook, "squares-hidden"))
    once, twice = ([ADDED.sub("", c.source) for c in restored(notebook).cells] for _ in range(2))
    assert twice == once


def test_cells_for_a_person_to_mark_are_put_back_where_all_cells_are_gone():
    notebook = nbformat.v4.new_notebook()
    NotebookSanitizer(RELEASED, CONFIG, LOG).sanitize(notebook, "problem2")
    names = [c.metadata.nbgrader.grade_id for c in notebook.cells]
    assert sorted(names) == ["answer-told", "by-hand", "draw", "why"]
