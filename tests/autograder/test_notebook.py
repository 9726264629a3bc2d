"""A file, whatever was done to it, is read as cells or refused with a sentence."""

import json
import os
import subprocess
import sys
import threading
import time

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.notebook import MAX_BYTES, MAX_CODE, Cell, UnreadableNotebook, read

steady = settings(derandomize=True, deadline=None)  # the same examples on every machine


def held(path, content):
    """The file, holding these bytes, this text, or this JSON."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def v4(*cells, **more):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | more


def code(source, **metadata):
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata,
        "outputs": [],
        "execution_count": None,
    }


def refused(path):
    with pytest.raises(UnreadableNotebook) as caught:
        read(path)
    sentence = str(caught.value)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert str(path) not in sentence
    return sentence


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.ipynb"


# Files that are no notebook


def test_a_missing_file_is_refused(path):
    assert refused(path) == "There is no such file."


def test_a_folder_is_refused(tmp_path):
    assert "folder" in refused(tmp_path)


def test_a_file_in_a_file_is_refused(path):
    refused(held(path, "{}") / "x.ipynb")


def test_a_name_that_is_too_long_is_refused(tmp_path):
    refused(tmp_path / ("x" * 5000))


def test_a_link_to_nowhere_is_refused(path):
    path.symlink_to(path.with_name("nowhere"))
    refused(path)


def test_a_link_to_itself_is_refused(path):
    path.symlink_to(path)
    refused(path)


@pytest.mark.parametrize("content", ["", " ", "\n\n\t"])
def test_an_empty_file_is_refused(path, content):
    assert refused(held(path, content)) == "The file is empty."


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04\xff\xfe",
        bytes(range(256)),
        b"\xff\xfe{\x00}\x00",
        b"\x00" * 100,
    ],
)
def test_a_binary_file_is_refused(path, content):
    refused(held(path, content))


@pytest.mark.parametrize(
    "content",
    [
        "Error backpropagation\n\nIn this homework …",
        "def exercise1(): pass",
        "<html></html>",
        '{"cells": [',
        "{'a': 1}",
    ],
)
def test_text_that_is_no_json_is_refused(path, content):
    assert "JSON" in refused(held(path, content))


@pytest.mark.parametrize("content", [[], {}, "text", 5, None, True, [1, 2], {"nbformat": 4}, [{"cells": []}]])
def test_json_that_is_no_notebook_is_refused(path, content):
    assert "no notebook" in refused(held(path, json.dumps(content)))


@pytest.mark.parametrize("content", ["[" * 100_000, '{"cells":' * 100_000, '{"cells":[' * 50_000])
def test_json_without_end_is_refused(path, content):
    refused(held(path, content))


@pytest.mark.parametrize("depth", [100, 500, 900, 5000])
def test_deeply_nested_json_is_read_or_refused(path, depth):
    deep = "[" * depth + "]" * depth
    held(path, f'{{"nbformat": 4, "nbformat_minor": 5, "metadata": {deep}, "cells": []}}')
    try:
        assert read(path) == ()
    except UnreadableNotebook:
        refused(path)


def test_a_number_of_many_digits_is_read_or_refused(path):
    held(path, '{"nbformat": 4, "metadata": {"n": ' + "9" * 10_000 + '}, "cells": []}')
    refused(path)


@pytest.mark.parametrize(
    "cells",
    [
        None,
        5,
        "text",
        {"0": {}},
        ["text"],
        [None],
        [5],
        [[]],
        [{"cell_type": "code", "source": 5, "metadata": []}],
        [{"cell_type": "code", "source": [1, 2], "metadata": {}}],
        [{"cell_type": "code", "source": [None], "metadata": {}}],
    ],
    ids=json.dumps,
)
def test_cells_of_the_wrong_type_are_refused(path, cells):
    refused(held(path, v4() | {"cells": cells}))


@pytest.mark.parametrize("version", ["4", None, 0, -1, 2.5, 99, [], {}])
def test_an_unheard_of_format_is_read_or_refused(path, version):
    held(path, v4(code("a = 1")) | {"nbformat": version})
    try:
        assert [cell.source for cell in read(path)] == ["a = 1"]
    except UnreadableNotebook:
        refused(path)


def test_a_huge_file_is_refused_without_being_read(path):
    path.touch()
    os.truncate(path, 20 * MAX_BYTES)  # a sparse file
    started = time.monotonic()
    assert "50 MB" in refused(path)
    assert time.monotonic() - started < 1.0


def test_far_too_much_code_is_refused_and_text_is_not_counted(path):
    line = f"a = '{'1' * 94}'\n"
    half = line * (MAX_CODE // 2 // len(line))
    text = {"cell_type": "markdown", "metadata": {}, "source": "x" * MAX_CODE}
    assert len(read(held(path, v4(code(half), text, code(half))))) == 2
    told = refused(held(path, v4(code(half), code(half), code(half))))
    assert told.startswith("The notebook's code is longer than 5 million characters. Put data into a file")


def test_a_file_without_an_end_is_refused(path):
    """A device has no size that would tell; a link to one is quickly made."""
    path.symlink_to("/dev/full")  # as endless as /dev/zero
    source = (
        "import resource, sys; from pathlib import Path\n"
        "from autograder.notebook import read, UnreadableNotebook\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "try: read(Path(sys.argv[1]))\n"
        "except UnreadableNotebook: print('refused')\n"
    )
    command = [sys.executable, "-c", source, str(path)]
    done = subprocess.run(command, capture_output=True, timeout=60, text=True, check=False)
    assert done.stdout == "refused\n"


def test_a_pipe_is_refused_and_not_waited_for(path):
    os.mkfifo(path)
    waited = []

    def relent():
        time.sleep(1.0)
        waited.append(True)
        with path.open("wb"):
            pass

    thread = threading.Thread(target=relent, daemon=True)
    thread.start()
    refused(path)
    assert not waited
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # so that the thread can end
    thread.join()
    os.close(descriptor)


# Notebooks


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


@settings(steady, max_examples=400)
@given(NOTEBOOKS | JSON)
def test_any_json_is_read_or_refused(tmp_path_factory, content):
    path = held(tmp_path_factory.getbasetemp() / "any.ipynb", json.dumps(content))
    try:
        cells = read(path)
    except UnreadableNotebook:
        refused(path)
    else:
        assert all(type(cell.source) is str and type(cell.is_test) is bool for cell in cells)


@steady
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
    monkeypatch.setattr("autograder.notebook.MAX_CODE", 10)
    text = {"cell_type": "markdown", "metadata": {}, "source": "x" * 11}
    assert read(held(path, v4(text))) == ()
    text["metadata"] = {"nbgrader": {"grade_id": "exercise1", "solution": True}}
    refused(held(path, v4(text)))
