"""`autograder name`: call a group of unexplained answers by a name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.plain_text import for_terminal


def name_answers(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="The group, as the report calls it.")],
    called: Annotated[str, typer.Option("--as", metavar="NAME", help="Its name, as in wrong-input.")],
    sentence: Annotated[str, typer.Option("--say", metavar="SENTENCE", help="What students read.")],
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path(),
) -> None:
    """Name what no known mistake explains, once for all who answer alike, now and later."""
    from autograder.marking.named_answers import FILE
    from autograder.nbgrader_bridge.course.errors import CourseError
    from autograder.nbgrader_bridge.course.name_answers import name_group

    try:
        done = name_group(course, group, called, sentence)
    except (CourseError, OSError) as reason:
        print(for_terminal(str(reason)), file=sys.stderr)
        raise typer.Exit(1) from None
    count = len(done.group.students)
    who = "1 student answers" if count == 1 else f"{count} students answer"
    typer.echo(f"{called}: {who} so in {done.group.exercise} of {done.assignment}. Written into {FILE}.")
    typer.echo(f"`autograder grade {done.assignment}` grades them again, and tells them.")
