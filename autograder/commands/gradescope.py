"""`autograder gradescope`: the zip from which Gradescope builds its grader."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder import nbgrader_names
from autograder.plain_text import for_terminal
from autograder.whole_files import write_whole


def gradescope(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="The assignment's name.")],
    wheel: Annotated[Path, typer.Option(metavar="WHL", help="The course's wheel, built by `make wheels`.")],
    to: Annotated[
        Path | None, typer.Option(metavar="ZIP", help="The file to write.", show_default=False)
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
) -> None:
    """Write the zip from which Gradescope builds a container that grades an assignment.

    It holds a key derived from the course's secret: keep it as safe as the secret itself.
    """
    from autograder import assignments
    from autograder.grading import secret
    from autograder.marking.named_answers import UnusableNames, read_names
    from autograder.publishing.gradescope import CannotMake, make

    if not (course / nbgrader_names.CONFIG).is_file():
        raise typer.BadParameter(f"{course} is not a course folder: it has no {nbgrader_names.CONFIG}.")
    assignments.search(*assignments.folders_of_course(course))
    path = to or Path(f"{assignment}-gradescope.zip")
    try:
        key, names = secret.course_secret(course, make=True), read_names(course)
        write_whole(path, make(assignment, wheel, key, names), 0o600)
    except (
        CannotMake,
        secret.UnusableSecret,
        UnusableNames,
        assignments.BrokenAssignment,
        OSError,
    ) as reason:
        print(for_terminal(str(reason)), file=sys.stderr)
        raise typer.Exit(1) from None
    typer.echo(f"wrote {path}")
