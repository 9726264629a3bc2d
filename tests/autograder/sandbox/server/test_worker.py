"""Cells run as in a kernel, functions are called, and an answer always comes back, made of plain arrays."""

import numpy as np
import pytest

from autograder.exercise import Failed, Instance, Opaque, Returned
from autograder.sandbox.client.host import Worker
from autograder.sandbox.protocol.limits import Limits
from tests.autograder.sandbox.inside import SCALAR, ask, called, printed, stream


def test_cells_run_in_order_and_keep_their_names(worker):
    assert worker.run("a = 1").error is None
    assert worker.run("a = a + 1\nb = [a]").error is None
    value = called(worker, "def f(x): return [a, b, x]").value
    assert value[0] == 2
    np.testing.assert_array_equal(value[2], [1.0, 2.0])


def test_cells_are_counted_as_in_a_kernel(fork_server):
    with Worker(fork_server) as worker:
        counts = [worker.run(source).count for source in ("a = 1", "", "   \n", "# a comment", "1/0", "a")]
    assert counts == [1, None, None, 2, 3, 4]


@pytest.mark.parametrize(
    "line", ["!ls", "%pip install x", "%conda --version", "%%bash\nls", "import os; os.system('ls')"]
)
def test_no_program_is_run(worker, line):
    """Programs that came into being would leave a trace in the private folder."""
    assert worker.run("open('mark', 'w').close()").error is None
    ran = worker.run(line)
    assert "mark" not in stream(ran)
    if line.startswith("!"):
        assert stream(ran) == "Not run while grading: !ls\n"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1/0", "ZeroDivisionError: division by zero (at its line 1/0)"),
        ("a = 1\nundefined", "NameError: name 'undefined' is not defined (at its line undefined)"),
        ("def f(:", "SyntaxError"),
        ("raise ValueError", "ValueError (at its line raise ValueError)"),
        ("%no_such_magic", "no_such_magic"),
        ("assert False, 'no'", "AssertionError: no"),
    ],
)
def test_a_cells_error_is_reported_and_the_next_cell_runs(worker, source, message):
    assert message in (worker.run(source).error or "")
    assert worker.run("a = 1").error is None


@pytest.mark.parametrize(
    "source", ["exit()", "quit()", "exit", "raise SystemExit", "import sys; sys.exit(3)"]
)
def test_a_polite_exit_does_not_end_the_worker(worker, source):
    worker.run(source)
    assert worker.alive
    assert stream(worker.run("print('next')")) == "next\n"
    assert ask(worker, "2.0") == 2.0


def test_input_gets_an_error_and_no_wait(worker):
    assert "input" in str(worker.run("input('your name? ')").error)
    assert ask(worker, "sys.stdin.readline() == ''") == 1.0


@pytest.mark.parametrize(
    "draw", ["random.random()", "numpy.random.rand()", "numpy.random.default_rng().random()"]
)
def test_two_submissions_draw_different_random_numbers(fork_server, draw):
    drawn = set()
    for _ in range(2):
        with Worker(fork_server) as worker:
            assert worker.run("import random, numpy").error is None
            drawn.add(printed(worker, draw))
    assert len(drawn) == 2


# Calls


def test_a_call_gives_arrays(worker):
    value = ask(worker, "[x, x.sum(), 3, None]")
    np.testing.assert_array_equal(value[0], [1.0, 2.0])
    assert value[1:] == [3.0, 3.0, Opaque("None")]


def test_a_call_with_tensors_gives_gradients(worker):
    assert worker.run("import torch\ndef g(w): return (w*w).sum()").error is None
    value, (gradient,) = worker.call(SCALAR, Instance({"w": np.array([1.0, 3.0])}, "x")).value
    assert value == 10.0
    np.testing.assert_array_equal(gradient, [2.0, 6.0])


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("pass", "missing"),
        ("f = 3", "missing"),
        ("f = None", "missing"),
        ("def f(x): raise NotImplementedError", "not-implemented"),
        ("def f(x): return 1/0", "raised"),
        ("def f(x): raise SystemExit", "raised"),
        ("def f(x): return bytearray(1 << 42)", "memory"),
    ],
)
def test_a_call_that_gives_no_answer_says_why_and_the_worker_goes_on(worker, source, fault):
    found = called(worker, source).fault
    assert (found.fault, found.where) == (fault, "answer")
    assert ask(worker, "4.0") == 4.0


def test_a_polite_exit_in_a_function_gives_nothing_as_in_a_kernel(worker):
    assert called(worker, "def f(x): exit()").value == Opaque("None")


@pytest.mark.parametrize(
    "expression",
    ["__import__('numpy').zeros((1,)*20)", "[[0.0]*1000]*400", "type('N'*5_000_000, (), {})()"],
    ids=["twenty dimensions", "many numbers in lists", "a long name"],
)
def test_an_unusual_answer_is_not_taken_for_a_crash(worker, expression):
    ask(worker, expression)
    assert worker.alive


@pytest.mark.parametrize(
    "definition",
    [
        "class F:\n    def __call__(self, x): return 1.0\n    __name__ = property(lambda self: 1/0)\nf = F()",
        "class E(Exception):\n    def __str__(self): raise SystemExit\ndef f(x): raise E",
        "class M(type): __name__ = property(lambda self: 1/0)\ndef f(x): return M('N', (), {})()",
    ],
    ids=["function without a name", "exception that exits when printed", "class without a name"],
)
def test_an_object_that_raises_when_looked_at_does_not_end_the_worker(worker, definition):
    assert isinstance(called(worker, definition), Returned | Failed)
    assert worker.alive


def test_what_a_function_prints_while_it_is_called_is_not_in_the_next_cells_output(worker):
    loud = "def f(x):\n    print('loud'); os.write(1, b'louder'); return 1.0"
    assert isinstance(called(worker, loud), Returned)
    assert stream(worker.run("print('quiet')")).replace("louder", "") == "quiet\n"


# Files of the submission's own


def test_helpers_beside_the_notebook_are_found(fork_server):
    files = {"helper.py": b"value = 7.0", "data/numbers.txt": b"1 2 3"}
    with Worker(fork_server, files=files) as worker:
        assert worker.run("import helper").error is None
        assert ask(worker, "helper.value") == 7.0
        assert printed(worker, "open('data/numbers.txt').read()") == "1 2 3"


def test_a_helper_shadows_no_library(fork_server):
    files = {f"{name}.py": b"raise SystemExit" for name in ("numpy", "json", "utils", "torch")}
    with Worker(fork_server, files=files) as worker:
        assert worker.run("import numpy, json, utils, torch; numpy.ones(1); utils.getdata()").error is None


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "a\0b", "x" * 300, "", "a/../../outside"])
def test_a_file_whose_name_leads_elsewhere_is_not_laid(fork_server, name):
    with Worker(fork_server, files={name: b"x", "good": b"y"}) as worker:
        assert printed(worker, "open('good').read()") == "y"
        assert worker.run("import os; assert not os.path.exists('../outside')").error is None


def test_files_that_do_not_fit_are_left_out_and_the_rest_runs(fork_server):
    files = {"large": bytes(3_000_000), "small": b"x"}
    with Worker(fork_server, Limits(disk=1 << 20), files) as worker:
        assert worker.run("1 + 1").error is None


def test_another_course_s_notebook_finds_its_own_helpers_first_and_nothing_of_ours(fork_server):
    files = {"utils.py": b"def load(): return 7.0", "random.py": b"value = 8.0"}
    with Worker(fork_server, files=files, course_files=False) as worker:
        assert worker.run("from utils import *\nimport importlib, random").error is None
        assert ask(worker, "load()") == 7.0
        assert printed(worker, "sorted(__import__('os').listdir())") == "['random.py', 'utils.py']"
