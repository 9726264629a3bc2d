"""`autograder name`: give a group of unexplained answers a name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.plain_text import for_terminal


def name_answers(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="The group, as the report calls it.")],
    called: Annotated[
        str, typer.Option("--as", metavar="NAME", help="A name for the mistake, such as wrong-input.")
    ],
    sentence: Annotated[
        str, typer.Option("--say", metavar="SENTENCE", help="The sentence that students read.")
    ],
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
) -> None:
    """Name a group of answers that no known mistake explains, and all later answers like them."""
    from autograder.marking.named_answers import FILE
    from autograder.nbgrader_bridge.course.errors import CourseError
    from autograder.nbgrader_bridge.course.name_answers import name_group

    try:
        done = name_group(course, group, called, sentence)
    except (CourseError, OSError) as reason:
        print(for_terminal(str(reason)), file=sys.stderr)
        raise typer.Exit(1) from None
    count = len(done.group.students)
    who = "1 student has" if count == 1 else f"{count} students have"
    where = f"{done.group.exercise} of {done.assignment}"
    typer.echo(f"{called}: {who} given this answer to {where}. Saved in {FILE}.")
    typer.echo(f"Run `autograder grade {done.assignment}` to grade them again and tell them.")
