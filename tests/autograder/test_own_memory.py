"""A process that limits its own memory fails where it would take too much, and goes on."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from autograder import own_memory
from autograder.assignments import load_all
from autograder.grade import grade
from autograder.nbgrader_bridge import autograding
from autograder.nbgrader_bridge.choosing import Chosen

LIMITED = """
from autograder import own_memory
own_memory.limit({extra})
try:
    kept = [list(range(1000)) for _ in range(100_000)]
except MemoryError:
    print("refused")
own_memory.lift()
print(len([list(range(1000)) for _ in range(2_000)]))
"""
linux = pytest.mark.skipif(os.uname().sysname != "Linux", reason="other systems go without")


def printed(extra):
    code = LIMITED.format(extra=extra)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@linux
def test_too_much_is_refused_and_the_process_goes_on():
    assert printed(100 << 20) == ["refused", "2000"]


def test_what_is_honest_is_granted():
    code = "from autograder import own_memory; own_memory.limit(); print(len(bytes(500_000_000)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "500000000\n", done.stderr


def _gives_out(*_, **__):
    raise MemoryError


def test_check_tells_it_of_that_notebook(monkeypatch, fork_server, tmp_path):
    monkeypatch.setattr("autograder.grade.mark_cells", _gives_out)
    path = tmp_path / "01-error-backpropagation.ipynb"
    path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    report = grade(path, load_all(), fork_server)
    assert report.message == own_memory.TOO_MUCH
    assert not report.results


def _takes_its_only_file(submitted):
    return {name: Chosen(f"{name}.ipynb", content) for name, content in submitted.notebooks.items()}


@pytest.fixture
def grader(monkeypatch):
    """One without a course, which takes what was handed in as it is."""
    grader = autograding.Autograder.__new__(autograding.Autograder)
    monkeypatch.setattr(grader, "_chosen", _takes_its_only_file, raising=False)
    return grader


def test_what_is_too_large_to_be_written_down_is_told_of_that_submission(grader, monkeypatch):
    large = autograding.GradedNotebook(bytes(autograding.frames.MAX_ARRAYS), {}, {})
    executed = SimpleNamespace(lacks={})
    monkeypatch.setattr(autograding.Autograder, "_executed", lambda *_: executed)
    monkeypatch.setattr(grader, "_restorer", SimpleNamespace(restore=lambda *_: None), raising=False)
    monkeypatch.setattr(autograding.notebooks, "parsed", lambda _: None)
    submitted = autograding.Submitted("lena", {"a": b"{}"}, {})
    graded = grader._each(submitted, lambda *_: large, lambda _: "")
    assert graded.problem == autograding.TOO_LARGE
    assert autograding.Graded.from_bytes(graded.to_bytes()) == graded


def test_grade_tells_it_of_that_submission(grader, monkeypatch):
    submitted = autograding.Submitted("lena", {"a": b"{}"}, {})
    monkeypatch.setattr(autograding.Autograder, "_executed", _gives_out)
    monkeypatch.setattr(autograding.notebooks, "parsed", _gives_out)
    graded = grader._each(submitted, _gives_out, _gives_out)
    assert graded.problem == f"a.ipynb: {own_memory.TOO_MUCH}"
