"""A notebook is read as cells, whatever was done to it, or refused with a sentence."""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.submissions.notebook import Cell, UnreadableNotebook, read
from tests.autograder.notebook_files import code, held, refused, v4


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.ipynb"


def test_code_cells_are_read_in_order(path):
    markdown = {"cell_type": "markdown", "source": "# text", "metadata": {}}
    raw = {"cell_type": "raw", "source": "raw", "metadata": {}}
    held(path, v4(code("a = 1"), markdown, code("b = 2"), raw, code("")))
    assert read(path) == (Cell("a = 1"), Cell("b = 2"), Cell(""))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a = 1\nb = 2", "a = 1\nb = 2"),
        (["a = 1\n", "b = 2"], "a = 1\nb = 2"),
        ([], ""),
        (["a = 'é … 数'"], "a = 'é … 数'"),
    ],
)
def test_a_source_is_text_or_a_list_of_lines(path, source, text):
    (cell,) = read(held(path, v4(code(source))))
    assert cell.source == text


def test_a_cell_without_a_source_is_empty(path):
    (cell,) = read(held(path, v4({"cell_type": "code"})))
    assert cell == Cell("")


def test_no_cells_are_a_notebook_still(path):
    assert read(held(path, v4())) == ()


def test_a_byte_order_mark_is_read_or_refused(path):
    held(path, b"\xef\xbb\xbf" + json.dumps(v4(code("a = 1"))).encode())
    try:
        assert [cell.source for cell in read(path)] == ["a = 1"]
    except UnreadableNotebook:
        refused(path)


@pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5, 99])
def test_every_minor_version_is_read(path, minor):
    (cell,) = read(held(path, v4(code("a = 1")) | {"nbformat_minor": minor}))
    assert cell.source == "a = 1"


def test_what_is_missing_around_the_cells_does_not_matter(path):
    (cell,) = read(held(path, {"cells": [{"cell_type": "code", "source": "a = 1"}]}))
    assert cell.source == "a = 1"


def test_a_notebook_of_version_3_is_converted(path):
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "heading", "level": 1, "source": "A title", "metadata": {}},
                    {
                        "cell_type": "code",
                        "input": ["a = 1\n", "b = 2"],
                        "language": "python",
                        "outputs": [],
                        "collapsed": False,
                        "metadata": {},
                    },
                ],
            }
        ],
    }
    (cell,) = read(held(path, old))
    assert cell.source == "a = 1\nb = 2"


def test_what_jupyter_writes_is_read(path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1\nb = 2")])
    nbformat.write(notebook, path)
    assert [cell.source for cell in read(path)] == ["a = 1\nb = 2"]


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


GARBAGE = [
    None,
    5,
    "text",
    [],
    [1],
    True,
    {"grade_id": None},
    {"grade_id": ["x"]},
    {"grade": "yes", "solution": []},
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=json.dumps)
def test_garbage_for_nbgraders_metadata_is_read_or_refused(path, garbage):
    held(path, v4(code("a", nbgrader=garbage)))
    try:
        (cell,) = read(path)
    except UnreadableNotebook:
        refused(path)
    else:
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
    try:
        cells = read(path)
    except UnreadableNotebook:
        refused(path)
    else:
        assert all(type(cell.source) is str and type(cell.is_test) is bool for cell in cells)


@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = held(tmp_path_factory.getbasetemp() / "bytes.ipynb", content)
    with pytest.raises(UnreadableNotebook):
        read(path)


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
