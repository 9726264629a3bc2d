"""A task that is still a stub says so in one line, and every other mistake is shown as it is."""

import linecache
import sys
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
WRITTEN = "def task(x):\n    return x"
LINE_LEFT = 'def task(x):\n    """What the task is."""\n    return x\n    raise NotImplementedError("task")'
ONLY_A_DOCSTRING = 'def task(x):\n    """What the task is."""'


@pytest.fixture
def notebook(monkeypatch):
    """A notebook's names: a fresh `__main__`, and a way to run a cell in it."""
    main = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)

    def run(source):
        filename = f"<ipython-input-{len(linecache.cache)}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        exec(compile(source, filename, "exec"), vars(main))

    return run


# attempt


def test_a_stub_is_named_and_the_notebook_goes_on(capsys):
    with utils.attempt("exercise1"):
        raise NotImplementedError("exercise1")
    assert capsys.readouterr().out == (
        "exercise1 is not written yet. Write it in its cell, then run all cells again.\n"
    )


def test_of_several_tasks_the_one_that_is_a_stub_is_named(capsys):
    with utils.attempt("exercise1", "exercise2"):
        raise NotImplementedError("exercise2")
    assert capsys.readouterr().out.startswith("exercise2 is not written yet.")


def test_a_stub_that_does_not_name_its_task_may_be_any_of_them(capsys):
    with utils.attempt("exercise1", "exercise2"):
        raise NotImplementedError
    assert capsys.readouterr().out.startswith("exercise1 or exercise2 is not written yet.")


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

CASES = {
    "stub": (STUB, "task is not written yet: its cell still raises NotImplementedError."),
    "bare stub": (BARE_STUB, "task is not written yet: its cell still raises NotImplementedError."),
    "undefined": ("pass", "task is not defined. Run its cell first; if it is gone, write it again."),
    "no function": ("task = 5", "task is not defined. Run its cell first; if it is gone, write it again."),
}
DONE = {
    "written": WRITTEN,
    "line left": LINE_LEFT,
    "docstring only": ONLY_A_DOCSTRING,
    "a lambda": "task = lambda x: x",
    "a class": "class task:\n    def __init__(self, x): self.x = x",
    "a built-in": "task = len",
    "a partial": "import functools; task = functools.partial(max, 1)",
    "a check before": "def task(x):\n    if x is None:\n        raise NotImplementedError\n    return x",
}


@pytest.mark.parametrize(("source", "problem"), CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("mode", [None, "", "interactive"])
def test_what_is_unfinished_is_said(notebook, monkeypatch, capsys, source, problem, mode):
    if mode is not None:
        monkeypatch.setenv("NBGRADER_EXECUTION", mode)
    notebook(source)
    utils.ready("task")
    assert capsys.readouterr().out == problem + "\n"


@pytest.mark.parametrize(("source", "problem"), CASES.values(), ids=CASES.keys())
def test_what_is_unfinished_fails_validation(notebook, monkeypatch, capsys, source, problem):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    notebook(source)
    with pytest.raises(Unfinished) as caught:
        utils.ready("task")
    assert str(caught.value) == problem
    assert caught.value._render_traceback_() == [problem]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("source", DONE.values(), ids=DONE.keys())
@pytest.mark.parametrize("mode", [None, "validate"])
def test_what_is_written_is_said_to_be_written(notebook, monkeypatch, capsys, source, mode):
    if mode is not None:
        monkeypatch.setenv("NBGRADER_EXECUTION", mode)
    notebook(source)
    utils.ready("task")
    said = capsys.readouterr().out
    assert said == "task is written. Its marks are decided when your notebook is collected.\n"


@pytest.mark.parametrize(
    "source", [*(source for source, _ in CASES.values()), *DONE.values()], ids=[*CASES.keys(), *DONE.keys()]
)
def test_nothing_is_said_where_marks_are_decided(notebook, monkeypatch, capsys, source):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    notebook(source)
    utils.ready("task")
    assert capsys.readouterr() == ("", "")


def test_a_function_whose_text_is_lost_is_taken_for_written(notebook, capsys):
    notebook("pass")
    exec("def task(x): raise NotImplementedError", vars(sys.modules["__main__"]))
    utils.ready("task")
    assert "task is written." in capsys.readouterr().out


def test_a_function_in_a_block_is_looked_into_all_the_same(notebook, capsys):
    notebook("if True:\n    def task(x):\n        raise NotImplementedError('task')")
    utils.ready("task")
    assert "not written yet" in capsys.readouterr().out


# autograding


@pytest.mark.parametrize(("mode", "answer"), [("autograde", True), ("validate", False), (None, False)])
def test_nobody_looks_while_marks_are_decided(monkeypatch, mode, answer):
    if mode:
        monkeypatch.setenv("NBGRADER_EXECUTION", mode)
    assert utils.progress.autograding() is answer
