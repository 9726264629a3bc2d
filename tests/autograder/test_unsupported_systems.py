"""On macOS and Windows: what does not need the sandbox works, and the rest is told in sentences."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder import assignments
from samples import FOLDER
from tests.process import python
from tests.tables import first_every_day

ROOT = Path(__file__).parents[2]
SHEET = FOLDER / "01-error-backpropagation" / "filled_in_sheet.ipynb"

WITHOUT = """
import builtins, contextlib, io, json, multiprocessing, os, signal, socket, sys

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
from autograder.cli import app
done = []
for arguments in {commands!r}:
    out, err = io.StringIO(), io.StringIO()
    sys.argv = ['autograder', *arguments]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            app()
        except SystemExit as ended:
            done.append({{"status": ended.code, "out": out.getvalue(), "err": err.getvalue()}})
print(json.dumps(done))
"""
"""One process for all commands: to import what others wrote takes longest."""
WITHOUT_POSIX = ("getuid", "fork", "mkfifo", "setsid")
SYSTEMS = {
    "macOS": ("darwin", ("landlock", "pyseccomp"), ()),
    "Windows": ("win32", ("fcntl", "resource", "landlock", "pyseccomp"), WITHOUT_POSIX),
    "Linux without these": ("linux", ("fcntl", "resource"), ()),
}

COMMANDS = {
    "check": ("check", SHEET),
    "check many": ("check", SHEET, SHEET, SHEET, "--json"),
    "grade": ("grade", "01-error-backpropagation"),
    "doctor": ("doctor",),
}
"""Which need the sandbox."""


def run(system, *commands, cwd=ROOT):
    """Run our commands one after the other; of each its status and what it printed."""
    platform, modules, posix = SYSTEMS[system]
    words = [[str(word) for word in command] for command in commands]
    code = WITHOUT.format(modules=modules, posix=posix, platform=platform, commands=words)
    return [SimpleNamespace(**one) for one in json.loads(python("-B", "-c", code, cwd=cwd).stdout)]


@pytest.mark.thorough  # each command in a process of its own
@pytest.mark.parametrize("system", first_every_day(SYSTEMS))
def test_what_needs_the_sandbox_is_refused_in_sentences_and_all_else_works(system, tmp_path):
    others = ("--help",), ("bundle", "--to", tmp_path)
    *refused, help_, bundle = run(system, *COMMANDS.values(), *others)
    for command, done in zip(COMMANDS, refused, strict=True):
        assert done.status == 1, command
        assert "Traceback" not in done.err
        assert done.out == ""
        first, works, grade = done.err.splitlines()
        assert "nothing was run" in first
        assert system.startswith("Linux") or system in first
        assert all(word in works for word in ("self-checks", "build", "bundle", "plain nbgrader"))
        assert all(word in grade for word in ("docker run", "Linux server", "--cluster", "docs/sandbox.md"))
    assert help_.status == 0, help_.err
    assert "check" in help_.out
    assert bundle.status == 0, bundle.err
    assert len(list(tmp_path.glob("*.zip"))) == len(assignments.folders())


@pytest.mark.thorough  # a scheduler and workers
def test_a_cluster_is_asked_for_from_any_system(tmp_path):
    """The machines that grade are Linux; who keeps the gradebook need not be."""
    command = ("grade", "01-error-backpropagation", "--cluster", "tcp://127.0.0.1:1")
    (done,) = run("macOS", command, cwd=tmp_path)
    assert "has no nbgrader_config.py" in done.err.replace("\n", " ")
    assert "Linux's own parts" not in done.err
