"""`autograder export`: marks and feedback in the format of a course server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.plain_text import for_terminal, of_system


def export(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="The assignment's name.")],
    to: Annotated[
        Path | None,
        typer.Option(help="The folder to write into; export/ASSIGNMENT if left out.", show_default=False),
    ] = None,
    system: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="SYSTEM",
            help="The format: moodle, canvas, ilias, gradescope or plain; if left out, that of the download.",
        ),
    ] = "",
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV", help="The server's list of students, to be filled in.", show_default=False
        ),
    ] = None,
    id_column: Annotated[
        str, typer.Option("--id", metavar="COLUMN", help="The roster column that holds the students' ids.")
    ] = "",
    column: Annotated[
        str, typer.Option(metavar="NAME", help="The assignment's column in the server's list.")
    ] = "",
    parts: Annotated[bool, typer.Option("--parts", help="Add a column for each part.")] = False,
    passed: Annotated[
        float | None,
        typer.Option(min=0, metavar="MARKS", help="Marks needed to pass, for ILIAS.", show_default=False),
    ] = None,
    feedback: Annotated[bool, typer.Option(help="Also write the feedback pages.")] = True,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
) -> None:
    """Write everybody's marks and feedback in the format of a course server.

    Feedback pages are also written into feedback/, where `nbgrader release_feedback` finds them.
    """
    from autograder.collecting.roster import UnusableRoster, read_roster
    from autograder.exporting.gradebooks import GRADEBOOKS, CannotExport
    from autograder.nbgrader_bridge.course.errors import CourseError, GradebookError
    from autograder.nbgrader_bridge.returning import export as exporting

    if system and system not in GRADEBOOKS:
        raise typer.BadParameter(f"--as takes {', '.join(sorted(set(GRADEBOOKS) - {'own'}))}.")
    try:
        options = exporting.Options(
            assignment,
            to or course / "export" / assignment,
            system,
            read_roster(roster, id_column) if roster else None,
            parts,
            feedback,
            passed,
            column,
        )
        done = exporting.export(course, options)
    except (UnusableRoster, CannotExport, CourseError, GradebookError) as reason:
        print(for_terminal(str(reason)), file=sys.stderr)
        raise typer.Exit(1) from None
    except OSError as error:
        print(
            for_terminal(f"Stopped: {of_system(error)}. Files written so far are complete."), file=sys.stderr
        )
        raise typer.Exit(1) from None
    for line in exporting.lines(done, options):
        typer.echo(for_terminal(line))
