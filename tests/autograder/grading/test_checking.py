"""`autograder check` on many notebooks: on all cores, in their order; one that goes wrong stops no other."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest

from autograder.grading import checking
from autograder.grading.secret import Keys
from autograder.parallel import process_pool
from autograder.sandbox.client.fork_server import NoForkServer
from autograder.sandbox.protocol.limits import USUAL
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
    quick = [written(tmp_path / f"{n}.ipynb", RIGHT) for n in range(3)]
    files = [slow, *quick, tmp_path / "none.ipynb", slow]
    result = list(checking.check_notebooks(files, fork_server, USUAL, jobs=3))
    assert [one.json["notebook"] for one in result] == [str(path) for path in files]
    assert [one.json["score"] for one in result] == [5.0, 5.0, 5.0, 5.0, 0.0, 5.0]
    assert all(one.text.startswith(str(path)) for one, path in zip(result, files, strict=True))


def handed_in(folder, *chosen):
    """The files that students with the answers of samples hand in."""
    files = [folder / f"{n}.ipynb" for n in range(len(chosen))]
    for path, sample in zip(files, chosen, strict=True):
        nbformat.write(samples(NAME)[sample].notebook(ROOT / "notebooks" / f"{NAME}.ipynb"), path)
    return files


@pytest.mark.thorough  # a class in processes of their own
def test_many_are_marked_as_one_alone_is(prepared, fork_server, tmp_path):
    files = handed_in(tmp_path, "vandermonde", "no_factor_two", "loops")
    together = list(checking.check_notebooks(files, fork_server, USUAL, jobs=2))
    assert together == [next(checking.check_notebooks([path], fork_server, USUAL)) for path in files]


@pytest.mark.thorough  # a class in processes of their own
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_too_much_to_hold_is_read_again(prepared, fork_server, tmp_path, monkeypatch, jobs):
    files = handed_in(tmp_path, "vandermonde", "loops", "vandermonde")
    keys = Keys.of("00")
    held = list(checking.check_notebooks(files, fork_server, USUAL, jobs, keys))
    monkeypatch.setattr(checking, "MOST_HELD", 0)
    assert list(checking.check_notebooks(files, fork_server, USUAL, jobs, keys)) == held
    assert all(one.cells is None for one in checking._held([(0, checking._read_notebook(files[0]))]).values())
    assert held[0].json["flags"]


def test_equal_code_is_flagged_in_each_of_them(prepared, fork_server, tmp_path):
    files = handed_in(tmp_path, "optimizer", "loops", "optimizer")
    flags = [one.json["flags"] for one in checking.check_notebooks(files, fork_server, USUAL, jobs=2)]
    assert any(f"is the same as in {files[2]}, up to renaming" in flag for flag in flags[0])
    assert not any("is the same as" in flag for flag in flags[1])
    assert any(f"is the same as in {files[0]}, up to renaming" in flag for flag in flags[2])


@pytest.mark.parametrize("many", [1, 3])
def test_what_goes_wrong_with_one_is_said_of_it(prepared, fork_server, tmp_path, many, monkeypatch):
    monkeypatch.setattr("autograder.grading.grade.grade_file", Mock(side_effect=MemoryError))
    path = written(tmp_path / "x.ipynb", RIGHT)
    (result,) = checking.check_notebooks([path], fork_server, USUAL)
    assert result.json["status"] == "unreadable"
    assert result.json["message"] == "It could not be marked: MemoryError: "
    assert list(checking.check_notebooks([path] * many, fork_server, USUAL, jobs=1)) == [result] * many


def test_a_machine_that_can_run_nothing_is_not_the_notebooks_fault(fork_server, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.grading.grade.grade_file", Mock(side_effect=NoForkServer("gone")))
    with pytest.raises(NoForkServer):
        list(checking.check_notebooks([written(tmp_path / "x.ipynb", RIGHT)], fork_server, USUAL))


def read(terminal, shown):
    """Take what is written to a terminal until nobody writes to it any more."""
    with contextlib.suppress(OSError):
        while piece := os.read(terminal, 65536):
            shown.append(piece)


@pytest.mark.thorough  # a class on a terminal
def test_a_terminal_sees_how_far_it_is_and_a_file_gets_the_reports_alone(tmp_path):
    files = [written(tmp_path / f"{n}.ipynb", RIGHT) for n in range(3)]
    shown: list[bytes] = []
    seen, terminal = pty.openpty()
    call = command(*files, "--json", stdout=subprocess.PIPE, stderr=terminal)
    with subprocess.Popen(**call) as process:
        os.close(terminal)
        reader = threading.Thread(target=read, args=(seen, shown))
        reader.start()  # who does not read on holds up who writes
        out, _ = process.communicate(timeout=300)
        reader.join()
    os.close(seen)
    assert b"/3" in b"".join(shown)
    assert [entry["score"] for entry in json.loads(out)] == [5.0, 5.0, 5.0]


@pytest.mark.thorough  # a class that is interrupted
def test_ctrl_c_ends_it_with_a_sentence_and_leaves_nothing(tmp_path):
    files = [written(tmp_path / "first.ipynb", RIGHT)]
    files += [written(tmp_path / f"{n}.ipynb", "import time; time.sleep(25)", RIGHT) for n in range(4)]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    call = command(*files, "--jobs", 2, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    call["env"] |= {"TMPDIR": str(scratch)}
    with subprocess.Popen(**call, start_new_session=True) as process:
        assert process.stdout.readline().startswith(str(files[0]).encode()), "it is printed as it comes"
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode() == "Interrupted: 1 of 5 notebooks were marked.\n"
    deadline = time.monotonic() + 30
    while left := [path for path in scratch.iterdir() if not path.name.startswith("pymp-")]:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)
