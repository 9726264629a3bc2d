"""Hold what commands that run students' code share: their options, and what they start."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from autograder.sandbox.client import unsupported
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer

INTERRUPTED = 130  # as a shell has it

CellSeconds = Annotated[float, typer.Option(min=0.1, help="Time limit for each cell, in seconds.")]
CallSeconds = Annotated[
    float, typer.Option(min=0.1, help="Time limit for each call of a student's function, in seconds.")
]
Jobs = Annotated[
    int, typer.Option(min=0, help="Number of grading processes; 0 means as many as suit the cores.")
]


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
