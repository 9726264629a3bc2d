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
        Path, typer.Argument(metavar="ZIP|FOLDER", help="What the course server gives out, or a folder.")
    ],
    assignment: Annotated[
        str, typer.Option(help="The assignment's name, as in submitted/STUDENT/ASSIGNMENT.")
    ],
    roster: Annotated[
        Path | None, typer.Option(metavar="CSV", help="The server's list of students.", show_default=False)
    ] = None,
    id_column: Annotated[
        str, typer.Option("--id", metavar="COLUMN", help="The roster's column with the students' ids.")
    ] = "",
    system: Annotated[
        str, typer.Option("--from", metavar="SYSTEM", help="Whose download it is, if its form does not tell.")
    ] = "",
    zone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="What times are in, as in Europe/Berlin.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")
    ] = False,
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path(),
    own: Annotated[
        list[Path], typer.Option("--assignments", metavar="DIR", help="A folder with your own assignments.")
    ] = NO_FOLDERS,
) -> None:
    """Put what students handed in elsewhere into submitted/, and list all that has no place there.

    A newer submission, and what somebody has changed, is never overwritten.
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
