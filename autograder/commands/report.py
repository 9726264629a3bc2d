"""`autograder report`: what the class got right and wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.plain_text import for_terminal, of_system


def report(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ASSIGNMENT...", help="The assignments to report on; all graded ones if left out."
        ),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The folder to write into; report/ if left out.", show_default=False)
    ] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Leave the students' names out.")] = False,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
) -> None:
    """Write a page about what the class got right and wrong, with its data as JSON and tables."""
    from autograder.nbgrader_bridge.course.errors import CourseError, GradebookError
    from autograder.nbgrader_bridge.returning import report as reporting

    options = reporting.Options(to or course / "report", tuple(assignments or ()), anonymous)
    try:
        done = reporting.report(course, options)
    except (CourseError, GradebookError) as reason:
        print(for_terminal(str(reason)), file=sys.stderr)
        raise typer.Exit(1) from None
    except OSError as error:
        print(for_terminal(f"Stopped: {of_system(error)}."), file=sys.stderr)
        raise typer.Exit(1) from None
    for line in reporting.lines(done):
        typer.echo(for_terminal(line))
