"""Start, for a command, what runs students' code, or say why that is impossible here."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import typer

from autograder.sandbox.client import unsupported
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer

INTERRUPTED = 130  # as a shell has it


@contextlib.contextmanager
def started_fork_server() -> Iterator[ForkServer]:
    """Start a fork server for the command; if it cannot be started, say why and end the command."""
    try:
        with ForkServer() as fork_server:
            yield fork_server
    except NoForkServer as reason:
        print(reason, file=sys.stderr)
        raise typer.Exit(1) from None


def refuse_elsewhere() -> None:
    """End the command on a system that is not Linux, before anything Linux-specific is imported."""
    if refused := unsupported.reason():
        print(refused, file=sys.stderr)
        raise typer.Exit(1)
