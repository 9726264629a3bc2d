"""`autograder new`: the folder of a new assignment."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.plain_text import for_terminal, of_system


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The assignment's name, such as 04-normalisation.")
    ],
    to: Annotated[Path, typer.Option(help="The folder to create it in.")] = Path("assignments"),
) -> None:
    """Create a folder for a new assignment, with an example in it that runs as it is."""
    from autograder import new as writing

    try:
        written = writing.write(name, to)
    except writing.NotWritten as reason:
        print(reason, file=sys.stderr)
        raise typer.Exit(1) from None
    except OSError as error:
        print(for_terminal(f"The assignment cannot be written: {of_system(error)}."), file=sys.stderr)
        raise typer.Exit(1) from None
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo(
        f"`autograder lint {name}` checks it, `autograder build --assignments {to}` builds a course with it."
    )
