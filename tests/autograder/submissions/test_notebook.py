"""A notebook is read as cells, whatever was done to it, or refused with a sentence."""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.submissions.notebook import Cell, read
from tests.autograder.notebook_files import code, held, read_or_refused, refused, v4


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.ipynb"


def text(kind, source):
    return {"cell_type": kind, "source": source, "metadata": {}}


OLD_CELLS = [
    {"cell_type": "heading", "level": 1, "source": "A title", "metadata": {}},
    {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python", "outputs": [], "metadata": {}},
]
TWO_LINES = "a = 1\nb = 2"
OF_JUPYTER = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TWO_LINES)])
CONTENTS = {
    "code cells in order, and no others": (
        v4(code("a = 1"), text("markdown", "# text"), code("b = 2"), text("raw", "raw"), code("")),
        ["a = 1", "b = 2", ""],
    ),
    "a source that is text": (v4(code(TWO_LINES)), [TWO_LINES]),
    "a list of lines": (v4(code(["a = 1\n", "b = 2"])), [TWO_LINES]),
    "a list of no lines": (v4(code([])), [""]),
    "letters of all kinds": (v4(code(["a = 'é … 数'"])), ["a = 'é … 数'"]),
    "a cell without a source": (v4({"cell_type": "code"}), [""]),
    "no cells": (v4(), []),
    "nothing around the cells": ({"cells": [{"cell_type": "code", "source": "a = 1"}]}, ["a = 1"]),
    "version 3": ({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": OLD_CELLS}]}, [TWO_LINES]),
    **{f"version 4.{n}": (v4(code("a = 1"), nbformat_minor=n), ["a = 1"]) for n in (0, 1, 2, 3, 4, 5, 99)},
    "what Jupyter writes": (nbformat.writes(OF_JUPYTER), [TWO_LINES]),
}


@pytest.mark.parametrize(("content", "sources"), CONTENTS.values(), ids=CONTENTS)
def test_a_notebook_is_read_as_its_code_cells(path, content, sources):
    assert read(held(path, content)) == tuple(map(Cell, sources))


def test_a_byte_order_mark_is_read_or_refused(path):
    held(path, b"\xef\xbb\xbf" + json.dumps(v4(code("a = 1"))).encode())
    assert read_or_refused(path) in (None, (Cell("a = 1"),))


def test_reading_changes_nothing(path):
    before = held(path, v4(code("a = 1"))).read_bytes()
    read(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["x.ipynb"]


# nbgrader's metadata


@pytest.mark.parametrize(
    ("metadata", "cell"),
    [
        ({}, Cell("a")),
        ({"nbgrader": {}}, Cell("a")),
        ({"nbgrader": {"grade": False, "solution": True, "grade_id": "exercise1"}}, Cell("a", "exercise1")),
        ({"nbgrader": {"grade": True, "solution": False, "grade_id": "m"}}, Cell("a", "m", is_test=True)),
        ({"nbgrader": {"grade": True, "grade_id": "m"}}, Cell("a", "m", is_test=True)),
        ({"nbgrader": {"grade": True, "solution": True, "grade_id": "m"}}, Cell("a", "m")),
        ({"nbgrader": {"grade": False, "locked": True, "grade_id": "m"}}, Cell("a", "m")),
        ({"nbgrader": {"grade_id": 5}}, Cell("a", "5")),
        ({"tags": ["skip-execution"]}, Cell("a")),
    ],
)
def test_a_test_cell_is_graded_and_no_solution(path, metadata, cell):
    assert read(held(path, v4(code("a", **metadata)))) == (cell,)


@pytest.mark.parametrize(
    "garbage",
    [
        *(None, 5, "text", [], [1], True),
        *({"grade_id": None}, {"grade_id": ["x"]}, {"grade": "yes", "solution": []}),
    ],
    ids=json.dumps,
)
def test_garbage_for_nbgraders_metadata_is_read_or_refused(path, garbage):
    for cell in read_or_refused(held(path, v4(code("a", nbgrader=garbage)))) or ():
        assert cell.source == "a"
        assert cell.grade_id is None or type(cell.grade_id) is str
        assert type(cell.is_test) is bool


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda items: st.lists(items, max_size=3) | st.dictionaries(st.text(max_size=5), items, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["cell_type", "source", "metadata", "outputs", "input", "id", "level", "nbgrader", "cells"]
)
CELLS = st.dictionaries(KEYS, JSON | st.sampled_from(["code", "markdown", "heading"]), max_size=5) | JSON
NOTEBOOKS = st.fixed_dictionaries(
    {},
    optional={
        "nbformat": st.integers(0, 6) | JSON,
        "nbformat_minor": JSON,
        "metadata": JSON,
        "cells": st.lists(CELLS, max_size=3) | JSON,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=2)}), max_size=2)
        | JSON,
    },
)


@settings(max_examples=400)
@given(NOTEBOOKS | JSON)
def test_any_json_is_read_or_refused(tmp_path_factory, content):
    path = held(tmp_path_factory.getbasetemp() / "any.ipynb", json.dumps(content))
    for cell in read_or_refused(path) or ():
        assert (type(cell.source), type(cell.is_test)) == (str, bool)


@given(st.binary(max_size=64))
def test_any_few_bytes_are_refused(tmp_path_factory, content):
    refused(held(tmp_path_factory.getbasetemp() / "bytes.ipynb", content))


@pytest.mark.parametrize("points", [10**400, -(10**4000)])
def test_points_that_no_float_can_hold_are_none(path, points):
    (cell,) = read(held(path, v4(code("1", nbgrader={"grade_id": "a", "grade": True, "points": points}))))
    assert cell.points is None


def test_code_that_was_turned_into_text_is_counted_as_code(path, monkeypatch):
    monkeypatch.setattr("autograder.submissions.notebook.MAX_CODE", 10)
    text = {"cell_type": "markdown", "metadata": {}, "source": "x" * 11}
    assert read(held(path, v4(text))) == ()
    text["metadata"] = {"nbgrader": {"grade_id": "exercise1", "solution": True}}
    refused(held(path, v4(text)))
