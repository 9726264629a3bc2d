"""`autograder collect`: put a course server's download into submitted/."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.plain_text import for_terminal, of_system

NO_FOLDERS: list[Path] = []


def collect(
    download: Annotated[
        Path, typer.Argument(metavar="ZIP|FOLDER", help="The course server's download, or a folder.")
    ],
    assignment: Annotated[
        str, typer.Option(help="The assignment's name, as in submitted/STUDENT/ASSIGNMENT.")
    ],
    roster: Annotated[
        Path | None, typer.Option(metavar="CSV", help="The server's list of students.", show_default=False)
    ] = None,
    id_column: Annotated[
        str, typer.Option("--id", metavar="COLUMN", help="The roster column that holds the students' ids.")
    ] = "",
    system: Annotated[
        str,
        typer.Option(
            "--from", metavar="SYSTEM", help="The course server it comes from, if that is not recognised."
        ),
    ] = "",
    zone: Annotated[
        str,
        typer.Option(
            "--timezone", metavar="ZONE", help="The time zone of the download's times, such as Europe/Berlin."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, and write nothing.")
    ] = False,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
    own: Annotated[
        list[Path], typer.Option("--assignments", metavar="DIR", help="A folder with your own assignments.")
    ] = NO_FOLDERS,
) -> None:
    """Put a course server's submissions into submitted/, and list whatever cannot be placed.

    Newer submissions, and those that somebody has changed, are never overwritten.
    """
    from autograder.collecting.download import UnusableDownload
    from autograder.collecting.roster import UnusableRoster, read_roster
    from autograder.collecting.systems import SYSTEMS
    from autograder.nbgrader_bridge.collecting import collect as collecting
    from autograder.nbgrader_bridge.course.errors import CourseError, GradebookError

    if system and system not in SYSTEMS:
        raise typer.BadParameter(f"--from takes {', '.join(SYSTEMS)}.")
    try:
        students = read_roster(roster, id_column) if roster else None
        options = collecting.Options(download, assignment, students, system, zone, dry_run, tuple(own))
        done = collecting.collect(course, options)
    except (UnusableDownload, UnusableRoster, CourseError, GradebookError) as reason:
        print(for_terminal(str(reason)), file=sys.stderr)
        raise typer.Exit(1) from None
    except OSError as error:
        print(for_terminal(f"Stopped: {of_system(error)}. What was placed stays."), file=sys.stderr)
        raise typer.Exit(1) from None
    for line in collecting.lines(done, options):
        typer.echo(for_terminal(line))
