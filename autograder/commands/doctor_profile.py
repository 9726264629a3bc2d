"""`autograder doctor --profile`: what a container may do that grades, for the program that starts it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path(__file__).parents[1] / "sandbox" / "container"


class Profile(StrEnum):
    """Name a kind of profile."""

    SECCOMP = "seccomp"
    APPARMOR = "apparmor"


FILES = {Profile.SECCOMP: FOLDER / "seccomp.json", Profile.APPARMOR: FOLDER / "apparmor"}


def print_profile(profile: Profile | None) -> None:
    """Print a profile as the container's program reads it, and end; with None, go on."""
    if profile is not None:
        typer.echo(FILES[profile].read_text(encoding="utf-8"), nl=False)
        raise typer.Exit


PrintedProfile = Annotated[
    Profile | None,
    typer.Option(
        "--profile",
        callback=print_profile,
        help="Check nothing; print the profile of a container in which all layers hold.",
    ),
]
"""An option of `doctor`, which has nothing to do where it is given."""
