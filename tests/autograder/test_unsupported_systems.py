"""On macOS and Windows: what does not need the sandbox works, and the rest is told in sentences."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import assignments
from samples import FOLDER

ROOT = Path(__file__).parents[2]
SHEET = FOLDER / "01-error-backpropagation" / "filled_in_sheet.ipynb"

WITHOUT = """
import builtins, multiprocessing, os, signal, socket, sys

REFUSED = {modules!r}
taken = builtins.__import__

def give(name, globals=None, *rest, **more):
    if name.partition('.')[0] in REFUSED and (globals or {{}}).get('__name__', '').startswith('autograder'):
        raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
    return taken(name, globals, *rest, **more)

# what is not ours may take what it likes
import multiprocessing.connection, multiprocessing.forkserver, concurrent.futures.process
import alembic.config, jupytext, nbconvert, nbgrader.apps, nbgrader.converters, rich.progress
import send2trash, torch, typer
builtins.__import__ = give
for place, names in (
    (os, ('sched_getaffinity', 'pidfd_open', 'O_NOFOLLOW', 'O_NONBLOCK', 'O_DIRECTORY', 'uname', *{posix!r})),
    (signal, ('pidfd_send_signal', 'pthread_sigmask')),
    (socket, ('AF_UNIX', 'send_fds', 'recv_fds')),
):
    for name in names:
        if hasattr(place, name):
            delattr(place, name)
sys.platform = {platform!r}
for name in REFUSED:
    sys.modules.pop(name, None)
sys.argv = ['autograder', *{arguments!r}]
from autograder.cli import app
app()
"""
SYSTEMS = {
    "macOS": ("darwin", ("landlock", "pyseccomp"), ()),
    "Windows": (
        "win32",
        ("fcntl", "resource", "landlock", "pyseccomp"),
        ("getuid", "fork", "mkfifo", "setsid"),
    ),
    "Linux without these": ("linux", ("fcntl", "resource"), ()),
}

every_system = pytest.mark.parametrize("system", SYSTEMS)


def run(system, *arguments, cwd=None):
    platform, modules, posix = SYSTEMS[system]
    code = WITHOUT.format(
        modules=modules, posix=posix, platform=platform, arguments=[str(word) for word in arguments]
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd or ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@every_system
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", SHEET),
        ("check", SHEET, SHEET, SHEET, "--json"),
        ("grade", "01-error-backpropagation"),
        ("doctor",),
    ],
    ids=["check", "check many", "grade", "doctor"],
)
def test_what_needs_the_sandbox_is_refused_in_sentences(system, arguments):
    done = run(system, *arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    first, works, grade = done.stderr.splitlines()
    assert "nothing was run" in first
    assert system.startswith("Linux") or system in first
    assert all(word in works for word in ("self-checks", "build", "bundle", "plain nbgrader"))
    assert all(word in grade for word in ("docker run", "Linux server", "--cluster", "docs/sandbox.md"))


@every_system
def test_help_is_given(system):
    done = run(system, "--help")
    assert done.returncode == 0, done.stderr
    assert "check" in done.stdout


@every_system
def test_bundles_are_built(system, tmp_path):
    done = run(system, "bundle", "--to", tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(list(tmp_path.glob("*.zip"))) == len(assignments.folders())


def test_a_cluster_is_asked_for_from_any_system(tmp_path):
    """The machines that grade are Linux; who keeps the gradebook need not be."""
    done = run("macOS", "grade", "01-error-backpropagation", "--cluster", "tcp://127.0.0.1:1", cwd=tmp_path)
    assert "holds no nbgrader_config.py" in done.stderr.replace("\\n", " ")
    assert "Linux's own parts" not in done.stderr
