"""A task that is still a stub says so in one line, and every other mistake is shown as it is."""

import linecache
import sys
import textwrap
import types

import pytest

import utils
from utils import Unfinished

STUB = '''
def task(W,B):
    """What the task is.

    W, B     lists
    """
    # Write your code here, then remove the line below.
    raise NotImplementedError("task")
'''
BARE_STUB = "def task(x):\n    raise NotImplementedError"
STUB_IN_A_CLASS = "class task:\n    def tanh(self):\n        raise NotImplementedError"
NOT_WRITTEN = "task is not written yet: its cell still raises NotImplementedError."
NOT_DEFINED = "task is not defined. Run its cell first; if it is gone, write it again."
WRITTEN = "task is written. Its marks are decided when your notebook is collected."
CASES = {
    "stub": (STUB, NOT_WRITTEN),
    "bare stub": (BARE_STUB, NOT_WRITTEN),
    "in a block": (f"if True:\n{textwrap.indent(BARE_STUB, '    ')}", NOT_WRITTEN),
    "in a class": (STUB_IN_A_CLASS, NOT_WRITTEN.replace("its cell", "task.tanh")),
    "undefined": ("pass", NOT_DEFINED),
    "no function": ("task = 5", NOT_DEFINED),
}
DONE = {
    "written": "def task(x):\n    return x",
    "line left": 'def task(x):\n    """What it is."""\n    return x\n    raise NotImplementedError("task")',
    "docstring only": 'def task(x):\n    """What the task is."""',
    "a lambda": "task = lambda x: x",
    "a class": "class task:\n    def __init__(self, x): self.x = x",
    "a built-in": "task = len",
    "a partial": "import functools; task = functools.partial(max, 1)",
    "a check before": "def task(x):\n    if x is None:\n        raise NotImplementedError\n    return x",
    "its text lost": "exec('def task(x): raise NotImplementedError')",
}
unfinished = pytest.mark.parametrize(("source", "problem"), CASES.values(), ids=CASES)


@pytest.fixture
def notebook(monkeypatch):
    """A notebook's names: a fresh `__main__`, and a way to run a cell in it, in a mode of nbgrader's."""
    main = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)

    def run(source, mode=None):
        if mode is not None:
            monkeypatch.setenv("NBGRADER_EXECUTION", mode)
        filename = f"<ipython-input-{len(linecache.cache)}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        exec(compile(source, filename, "exec"), vars(main))

    return run


# attempt


@pytest.mark.parametrize(
    ("tasks", "error", "named"),
    [
        (["exercise1"], NotImplementedError("exercise1"), "exercise1"),
        (["exercise1", "exercise2"], NotImplementedError("exercise2"), "exercise2"),
        (["exercise1", "exercise2"], NotImplementedError, "exercise1 or exercise2"),
    ],
    ids=["one task", "of several tasks the one that is a stub", "a stub that may be any of them"],
)
def test_a_stub_is_named_and_the_notebook_goes_on(tasks, error, named, capsys):
    with utils.attempt(*tasks):
        raise error
    said = f"{named} is not written yet. Write it in its cell, then run all cells again.\n"
    assert capsys.readouterr().out == said


def test_of_blocks_in_blocks_only_the_inner_one_stops(capsys):
    done = []
    with utils.attempt("exercise3"):
        with utils.attempt("exercise2"):
            raise NotImplementedError("exercise2")
        done.append(True)
    assert done
    assert capsys.readouterr().out.count("not written yet") == 1


def test_a_block_that_succeeds_says_nothing(capsys):
    with utils.attempt("exercise1"):
        pass
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "error", [ValueError, TypeError, NameError, RuntimeError, AssertionError, KeyboardInterrupt, SystemExit]
)
def test_every_other_error_is_shown(error, capsys):
    with pytest.raises(error, match="mine"), utils.attempt("exercise1"):
        raise error("mine")
    assert capsys.readouterr().out == ""


def test_the_stub_of_a_released_notebook_names_itself(notebook, capsys):
    notebook(STUB)
    with utils.attempt("something else"):
        vars(sys.modules["__main__"])["task"](1, 2)
    assert capsys.readouterr().out.startswith("task is not written yet.")


# ready


@unfinished
@pytest.mark.parametrize("mode", [None, "", "interactive"])
def test_what_is_unfinished_is_said(notebook, capsys, source, problem, mode):
    notebook(source, mode)
    utils.ready("task")
    assert capsys.readouterr().out == f"{problem}\n"


@unfinished
def test_what_is_unfinished_fails_validation(notebook, capsys, source, problem):
    notebook(source, "validate")
    with pytest.raises(Unfinished) as caught:
        utils.ready("task")
    assert str(caught.value) == problem
    assert caught.value._render_traceback_() == [problem]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("source", DONE.values(), ids=DONE)
@pytest.mark.parametrize("mode", [None, "validate"])
def test_what_is_written_is_said_to_be_written(notebook, capsys, source, mode):
    notebook(source, mode)
    utils.ready("task")
    assert capsys.readouterr().out == f"{WRITTEN}\n"


EVERYTHING = {name: source for name, (source, _) in CASES.items()} | DONE


@pytest.mark.parametrize("source", EVERYTHING.values(), ids=EVERYTHING)
def test_nothing_is_said_where_marks_are_decided(notebook, capsys, source):
    notebook(source, "autograde")
    utils.ready("task")
    assert capsys.readouterr() == ("", "")


# autograding


@pytest.mark.parametrize(("mode", "answer"), [("autograde", True), ("validate", False), (None, False)])
def test_nobody_looks_while_marks_are_decided(monkeypatch, mode, answer):
    if mode:
        monkeypatch.setenv("NBGRADER_EXECUTION", mode)
    assert utils.progress.autograding() is answer
