"""Run `autograder` within this process, where all runs share what takes seconds to start.

Each call has a folder, an environment and streams of its own. A test of the process itself (its encoding, its
signals, what is left when it is killed) starts one: `tests.autograder.nbgrader_bridge.classes.Run`.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from autograder import assignments, cli
from autograder.commands import watch
from autograder.nbgrader_bridge import whole_class
from autograder.parallel import process_pool
from autograder.sandbox.client.fork_server import ForkServer

TERMINAL = {"COLUMNS": "150", "PYTEST_CURRENT_TEST": None}


@dataclass(frozen=True)
class Done:
    """What a command that has ended leaves: its status and what it printed."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        """Both streams; where there is no terminal, a progress bar is an empty line."""
        return (self.stdout + self.stderr).strip()


def autograder(fork_server: ForkServer, *arguments: object, cwd: Path, **environment: str) -> Done:
    """Run the command in a folder; its own modules, its searches and its settings end with it.

    fork_server : the one that all tests of this process share.
    """
    warm_up()

    @contextlib.contextmanager
    def shared() -> Iterator[ForkServer]:
        with ForkServer(fork_server.address) as client:
            yield client

    before = assignments.searched()
    with (
        no_module_stays(cwd.resolve().parent),
        contextlib.chdir(cwd),
        mock.patch.object(cli, "_fork_server", shared),
        mock.patch.object(watch, "started_fork_server", shared),
    ):
        try:
            result = CliRunner().invoke(
                cli.app, [str(each) for each in arguments], env=TERMINAL | environment
            )
        finally:
            assignments.search(*before)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def grade(fork_server: ForkServer, course: Path, assignment: str, *arguments: object, status: int = 0) -> str:
    """Run `autograder grade` in a course's folder; what it said."""
    done = autograder(fork_server, "grade", assignment, *arguments, cwd=course)
    assert done.returncode == status, done.said
    return done.said


@cache
def warm_up() -> None:
    """Have the process that a pool's processes are forked from import all that any of them needs."""
    process_pool.prepare(cli.CHECKING, whole_class.PRELOADED, process_pool.PRELOAD)


@contextlib.contextmanager
def no_module_stays(folder: Path) -> Iterator[None]:
    """Forget what was imported from below a folder meanwhile: a course's plugin is that course's.

    What is installed stays, in a folder that the environment lies in as well.
    """
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).is_relative_to(folder) and not Path(file).is_relative_to(sys.prefix):
                del sys.modules[name]
