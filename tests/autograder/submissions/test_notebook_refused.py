"""A file that is no notebook, or far too much of one, is refused with a sentence."""

import json
import os
import threading
import time

import pytest

from autograder.submissions.notebook import MAX_BYTES, MAX_CODE, Cell, read
from tests.autograder.notebook_files import code, held, read_or_refused, refused, v4
from tests.process import python


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.ipynb"


PLACES = {
    "no file": (lambda path: path, "There is no such file."),
    "a folder": (lambda path: path.parent, "This is a folder, not a notebook file."),
    "in a file": (lambda path: held(path, "{}") / "x", "The file cannot be read: Not a directory."),
    "a long name": (lambda path: path.with_name("x" * 5000), "The file cannot be read: File name too long."),
    "a link to nowhere": (lambda path: linked(path, "nowhere"), "There is no such file."),
    "a link to itself": (
        lambda path: linked(path, path.name),
        "The file cannot be read: Too many levels of symbolic links.",
    ),
}


def linked(path, target):
    path.symlink_to(path.with_name(target))
    return path


@pytest.mark.parametrize(("place", "sentence"), PLACES.values(), ids=PLACES)
def test_where_no_file_is_a_sentence_says_so(path, place, sentence):
    assert refused(place(path)) == sentence


SAVE = "Save the notebook in Jupyter and hand in the `.ipynb` file itself."
CONTENTS: dict[str, list[object]] = {
    "The file is empty.": ["", " ", "\n\n\t"],
    f"The file is not text, so it is not a notebook. {SAVE}": [
        *(b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\xff\xfe", bytes(range(256)), b"\xff\xfe{\x00}\x00")
    ],
    f"The file is not a notebook: it does not hold JSON. {SAVE}": [
        *("Error backpropagation\n\nIn this homework …", "def exercise1(): pass", "<html></html>"),
        *('{"cells": [', "{'a': 1}", b"\x00" * 100, '{"cells": [], "n": ' + "9" * 10_000 + "}"),
        *("[" * 100_000, '{"cells":' * 100_000, '{"cells":[' * 50_000),
    ],
    "The file holds JSON, but no notebook: it has no cells.": [
        *([], {}, '"text"', 5, None, True, [1, 2], {"nbformat": 4}, [{"cells": []}])
    ],
}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(content, sentence) for sentence, contents in CONTENTS.items() for content in contents],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_notebook_is_refused_with_what_it_is(path, content, sentence):
    assert refused(held(path, content)) == sentence


@pytest.mark.parametrize(
    "cells",
    [
        *(None, 5, "text", {"0": {}}, ["text"], [None], [5], [[]]),
        *([code(5)], [code([1, 2])], [code([None])], [{"cell_type": "code", "source": 5, "metadata": []}]),
    ],
    ids=json.dumps,
)
def test_cells_of_the_wrong_type_are_refused(path, cells):
    assert refused(held(path, v4(cells=cells))).startswith("The notebook is damaged (")


@pytest.mark.parametrize("depth", [100, 500, 900, 5000])
def test_deeply_nested_json_is_read_or_refused(path, depth):
    deep = "[" * depth + "]" * depth
    held(path, f'{{"nbformat": 4, "nbformat_minor": 5, "metadata": {deep}, "cells": []}}')
    assert read_or_refused(path) in (None, ())


@pytest.mark.parametrize("version", ["4", None, 0, -1, 2.5, 99, [], {}])
def test_an_unheard_of_format_is_read_or_refused(path, version):
    held(path, v4(code("a = 1"), nbformat=version))
    assert read_or_refused(path) in (None, (Cell("a = 1"),))


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
    message = refused(held(path, v4(code(half), code(half), code(half))))
    assert message.startswith("The notebook's code is longer than 5 million characters. Put data into a file")


def test_a_file_without_an_end_is_refused(path):
    """A device has no size that would tell; a link to one is quickly made."""
    path.symlink_to("/dev/full")  # as endless as /dev/zero
    source = (
        "import resource, sys; from pathlib import Path\n"
        "from autograder.submissions.notebook import read, UnreadableNotebook\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "try: read(Path(sys.argv[1]))\n"
        "except UnreadableNotebook: print('refused')\n"
    )
    assert python("-c", source, path).stdout == "refused\n"


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
