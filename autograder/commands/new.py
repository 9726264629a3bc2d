"""`autograder new`: the folder of a new assignment."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.plain_text import for_terminal, of_system


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The assignment's name, as in 04-normalisation.")
    ],
    to: Annotated[Path, typer.Option(help="The folder in which it is made.")] = Path("assignments"),
) -> None:
    """Write the folder of a new assignment, which runs at once and is yours to change."""
    from autograder import new as writing

    try:
        written = writing.write(name, to)
    except writing.NotWritten as reason:
        print(reason, file=sys.stderr)
        raise typer.Exit(1) from None
    except OSError as error:
        print(for_terminal(f"Nothing can be written there: {of_system(error)}."), file=sys.stderr)
        raise typer.Exit(1) from None
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo(
        f"`autograder build --assignments {to}` makes a course of it, `autograder lint {name}` examines it."
    )
