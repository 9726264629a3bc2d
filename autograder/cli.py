"""The command line: arguments in, exit status out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder import assignments, grade, report, sandbox

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build the course's assignments and mark notebooks.",
)

UNSANDBOXED = (
    "Note: the notebooks' code ran in processes of its own with a time limit, but without a sandbox. "
    "Check only notebooks that you would open yourself."
)


@app.callback()
def main() -> None:
    """Build the course's assignments and mark notebooks."""


@app.command()
def check(
    notebooks: Annotated[list[Path], typer.Argument(metavar="NOTEBOOK...", help="Notebook files to mark.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list and nothing else.")] = False,
    cell_seconds: Annotated[
        float, typer.Option(min=0.1, help="Time limit for a cell of the notebook.")
    ] = 30.0,
    call_seconds: Annotated[
        float, typer.Option(min=0.1, help="Time limit for one call of an exercise.")
    ] = 10.0,
) -> None:
    """Mark notebooks and write nothing."""
    known = assignments.load_all()
    limits = grade.Limits(cell_seconds, call_seconds)
    found = []
    flags = grade.alike(notebooks, known)
    for notebook in notebooks:
        marked = grade.grade(notebook, known, limits, flags.get(notebook, ()))
        found.append(marked)
        if not as_json:
            typer.echo(report.as_text(marked) + "\n")
    if as_json:
        typer.echo(json.dumps([report.as_json(marked) for marked in found], indent=1))
    if not sandbox.SANDBOXED and any(marked.readable for marked in found):
        print(UNSANDBOXED, file=sys.stderr)


@app.command()
def build(
    course: Annotated[
        Path, typer.Option(help="The nbgrader course folder to build into; made if need be.")
    ] = Path("build/course"),
    notebooks: Annotated[
        Path | None, typer.Option(help="A folder for copies of the students' notebooks.")
    ] = None,
) -> None:
    """Build every assignment: nbgrader source, release, and the student's notebook."""
    from autograder.nbgrader_bridge import course as courses  # nbgrader takes a second to import

    try:
        released = courses.build(course, notebooks)
    except courses.CourseError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    for notebook in released:
        typer.echo(f"released {notebook}")


if __name__ == "__main__":
    app()
