"""A file that is no notebook, or far too much of one, is refused with a sentence."""

import json
import os
import threading
import time

import pytest

from autograder.submissions.notebook import MAX_BYTES, MAX_CODE, UnreadableNotebook, read
from tests.autograder.notebook_files import code, held, refused, v4
from tests.process import python


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.ipynb"


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
