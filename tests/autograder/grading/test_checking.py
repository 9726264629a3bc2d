"""`autograder check` on many notebooks: on all cores, in their order; one that goes wrong stops no other."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest

from autograder.grading import checking
from autograder.parallel import process_pool
from autograder.sandbox.client.fork_server import NoForkServer
from autograder.sandbox.protocol.limits import Limits
from samples import samples
from tests.autograder.notebook_files import written

ROOT = Path(__file__).parents[3]
NAME = "02-gradient-descent"
RIGHT = "import numpy\ndef exercise3(x): return 1/numpy.linalg.norm(numpy.vander(x, 4), 2)**2"
COMMAND = [sys.executable, "-m", "autograder.cli", "check"]


def command(*arguments, **more):
    return {
        "args": [*COMMAND, *map(str, arguments)],
        "env": os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "100"},
        **more,
    }


@pytest.fixture(scope="module")
def prepared():
    process_pool.prepare("autograder.grading.checking")


def test_results_come_in_the_order_given_whichever_is_done_first(prepared, fork_server, tmp_path):
    slow = written(tmp_path / "slow.ipynb", "import time; time.sleep(3)", RIGHT)
    files = [
        slow,
        *(written(tmp_path / f"{n}.ipynb", RIGHT) for n in range(3)),
        tmp_path / "none.ipynb",
        slow,
    ]
    result = list(checking.check_notebooks(files, fork_server, Limits(), jobs=3))
    assert [one.json["notebook"] for one in result] == [str(path) for path in files]
    assert [one.json["score"] for one in result] == [5.0, 5.0, 5.0, 5.0, 0.0, 5.0]
    assert all(one.text.startswith(str(path)) for one, path in zip(result, files, strict=True))


@pytest.mark.thorough  # a class in processes of their own
def test_many_are_marked_as_one_alone_is(prepared, fork_server, tmp_path):
    files = []
    for sample in ("vandermonde", "no_factor_two", "loops"):
        files.append(tmp_path / sample / f"{NAME}.ipynb")
        files[-1].parent.mkdir()
        nbformat.write(samples(NAME)[sample].notebook(ROOT / "notebooks" / files[-1].name), files[-1])
    together = list(checking.check_notebooks(files, fork_server, Limits(), jobs=2))
    assert together == [next(checking.check_notebooks([path], fork_server, Limits())) for path in files]


@pytest.mark.thorough  # a class in processes of their own
def test_equal_code_is_flagged_in_each_of_them(prepared, fork_server, tmp_path):
    files = [tmp_path / f"{n}.ipynb" for n in range(3)]
    for path, sample in zip(files, ("optimizer", "loops", "optimizer"), strict=True):
        nbformat.write(samples(NAME)[sample].notebook(ROOT / "notebooks" / f"{NAME}.ipynb"), path)
    flags = [one.json["flags"] for one in checking.check_notebooks(files, fork_server, Limits(), jobs=2)]
    assert any(f"is the same as in {files[2]}, up to renaming" in flag for flag in flags[0])
    assert not any("is the same as" in flag for flag in flags[1])
    assert any(f"is the same as in {files[0]}, up to renaming" in flag for flag in flags[2])


@pytest.mark.parametrize("many", [1, 3])
def test_what_goes_wrong_with_one_is_said_of_it(prepared, fork_server, tmp_path, many, monkeypatch):
    def broken(path, *rest, **more):
        raise MemoryError

    monkeypatch.setattr("autograder.grading.grade.grade_file", broken)
    path = written(tmp_path / "x.ipynb", RIGHT)
    (result,) = checking.check_notebooks([path], fork_server, Limits())
    assert result.json["status"] == "unreadable"
    assert result.json["message"] == "It could not be marked: MemoryError: "
    assert list(checking.check_notebooks([path] * many, fork_server, Limits(), jobs=1)) == [result] * many


def test_a_machine_that_can_run_nothing_is_not_taken_for_the_notebooks_fault(
    fork_server, tmp_path, monkeypatch
):
    def broken(path, *rest, **more):
        raise NoForkServer("gone")

    monkeypatch.setattr("autograder.grading.grade.grade_file", broken)
    with pytest.raises(NoForkServer):
        list(checking.check_notebooks([written(tmp_path / "x.ipynb", RIGHT)], fork_server, Limits()))


def pieces(terminal):
    """What is written to a terminal until nobody writes to it any more."""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return
        if not piece:
            return
        yield piece.decode(errors="replace")


@pytest.mark.thorough  # a class on a terminal
def test_a_terminal_sees_how_far_it_is_and_a_file_gets_the_reports_alone(tmp_path):
    files = [written(tmp_path / f"{n}.ipynb", RIGHT) for n in range(3)]
    shown: list[str] = []
    seen, terminal = pty.openpty()
    call = command(*files, "--json", stdout=subprocess.PIPE, stderr=terminal)
    with subprocess.Popen(**call) as process:
        os.close(terminal)
        reader = threading.Thread(target=lambda: shown.extend(pieces(seen)))
        reader.start()  # who does not read on holds up who writes
        out, _ = process.communicate(timeout=300)
        reader.join()
    os.close(seen)
    assert "/3" in "".join(shown)
    assert [entry["score"] for entry in json.loads(out)] == [5.0, 5.0, 5.0]


@pytest.mark.thorough  # a class that is interrupted
def test_ctrl_c_ends_it_with_a_sentence_and_leaves_nothing(tmp_path):
    files = [written(tmp_path / "first.ipynb", RIGHT)]
    files += [written(tmp_path / f"{n}.ipynb", "import time; time.sleep(25)", RIGHT) for n in range(4)]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    call = command(
        *files, "--jobs", 2, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    call["env"] |= {"TMPDIR": str(scratch)}
    with subprocess.Popen(**call) as process:
        assert process.stdout.readline().startswith(str(files[0]).encode()), "it is printed as it comes"
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode() == "Interrupted: 1 of 5 notebooks were marked.\n"
    deadline = time.monotonic() + 30
    while left := [path for path in scratch.iterdir() if not path.name.startswith("pymp-")]:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)
