"""`autograder doctor --profile`: print what a container that grades must be allowed, for its runtime."""

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
    """Print a profile in the container runtime's own format, and exit; with None, do nothing."""
    if profile is not None:
        typer.echo(FILES[profile].read_text(encoding="utf-8"), nl=False)
        raise typer.Exit


PrintedProfile = Annotated[
    Profile | None,
    typer.Option(
        "--profile",
        callback=print_profile,
        help="Instead of checking, print the profile for a container in which all layers hold.",
    ),
]
"""An option of `doctor`: where it is given, the command does nothing else."""
