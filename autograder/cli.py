"""The command line: arguments in, exit status out."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from autograder import crew, own_memory, report
from autograder.sandbox.limits import Limits
from autograder.sandbox.nursery import NoNursery, Nursery

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build the course's assignments and mark notebooks.",
)

UNSAFE = (
    "This machine lacks layers of the sandbox: {}. Grade only what you would run yourself; "
    "`autograder doctor` tells what is lost."
)

CellSeconds = Annotated[float, typer.Option(min=0.1, help="Time limit for a cell of the notebook.")]
CallSeconds = Annotated[float, typer.Option(min=0.1, help="Time limit for one call of an exercise.")]
RequireSandbox = Annotated[
    bool, typer.Option("--require-sandbox", help="Refuse to run anything where a layer is missing.")
]


@app.callback()
def main() -> None:
    """Build the course's assignments and mark notebooks."""


@app.command()
def check(
    notebooks: Annotated[list[Path], typer.Argument(metavar="NOTEBOOK...", help="Notebook files to mark.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list and nothing else.")] = False,
    cell_seconds: CellSeconds = 30.0,
    call_seconds: CallSeconds = 10.0,
    require_sandbox: RequireSandbox = False,
) -> None:
    """Mark notebooks and write nothing."""
    with _nursery() as nursery:  # first: it warms up while we import torch
        from autograder import assignments, grade

        known = assignments.load_all()
        limits = Limits(cell_seconds, call_seconds)
        if require_sandbox:
            _refuse_without_sandbox(nursery)
        own_memory.limit()
        found = []
        flags = grade.alike(notebooks, known)
        lacks: dict[str, str] = {}
        for notebook in notebooks:
            marked = grade.grade(notebook, known, nursery, limits, flags.get(notebook, ()), lacks)
            found.append(marked)
            if not as_json:
                typer.echo(report.as_text(marked) + "\n")
    if as_json:
        typer.echo(json.dumps([report.as_json(marked) for marked in found], indent=1))
    _tell(lacks)


@app.command("grade")
def grade_class(
    assignment: Annotated[str, typer.Argument(help="The assignment's name, as in submitted/STUDENT/NAME.")],
    jobs: Annotated[int, typer.Option(min=0, help="Processes that grade; 0: as many as the cores need.")] = 0,
    cluster: Annotated[str, typer.Option(metavar="ADDRESS", help="A Dask scheduler to work on.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Grade also what is graded already.")] = False,
    student: Annotated[str, typer.Option(metavar="ID", help="Only this student's submission.")] = "*",
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path(),
    cell_seconds: CellSeconds = 30.0,
    call_seconds: CallSeconds = 10.0,
    require_sandbox: RequireSandbox = False,
) -> None:
    """Grade a class: submitted/ -> gradebook and autograded/. Interrupted, it goes on where it was."""
    from rich.console import Console

    from autograder.nbgrader_bridge.local import GRADER

    if not cluster:
        crew.prepare(GRADER)  # first, as the warm process: they import torch while we import nbgrader
    with contextlib.nullcontext() if cluster else _nursery() as nursery:
        if require_sandbox and nursery is not None:  # a cluster's machines are asked each for itself
            _refuse_without_sandbox(nursery)
        from autograder.nbgrader_bridge.run import Options, Stopped, run

        limits = Limits(cell_seconds, call_seconds)
        options = Options(assignment, student, jobs, cluster, force, limits, require_sandbox)
        try:
            run(course, options, Console(), nursery)
        except Stopped as reason:
            print(reason, file=sys.stderr)
            raise typer.Exit(1) from None


@app.command()
def doctor() -> None:
    """Tell which layers of the sandbox hold on this machine."""
    from autograder.doctor import examine

    with _nursery() as nursery:
        findings = examine(nursery)
    for finding in findings:
        typer.echo(f"{'holds  ' if finding.holds else 'MISSING'}  {finding.layer}: {finding.why}.")
    if not all(finding.holds for finding in findings):
        raise typer.Exit(1)


@contextlib.contextmanager
def _nursery() -> Iterator[Nursery]:
    try:
        with Nursery() as nursery:
            yield nursery
    except NoNursery as reason:
        print(reason, file=sys.stderr)
        raise typer.Exit(1) from None


def _refuse_without_sandbox(nursery: Nursery) -> None:
    from autograder.doctor import examine

    missing = [finding for finding in examine(nursery) if not finding.holds]
    if missing:
        for finding in missing:
            print(f"{finding.layer}: {finding.why}.", file=sys.stderr)
        print("Nothing was run: --require-sandbox asks for every layer.", file=sys.stderr)
        raise typer.Exit(1)


def _tell(lacks: Mapping[str, str]) -> None:
    if lacks:
        print(UNSAFE.format(", ".join(sorted(lacks))), file=sys.stderr)


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


@app.command()
def bundle(
    to: Annotated[Path, typer.Option(help="The folder for the zips; made if need be.")] = Path(
        "build/bundle"
    ),
) -> None:
    """Write each assignment's bundle for students: one zip that runs anywhere."""
    import tempfile

    from autograder import assignments
    from autograder import bundle as bundles
    from autograder.nbgrader_bridge import course as courses

    with tempfile.TemporaryDirectory() as folder:  # released anew: what lies in notebooks/ may be written in
        try:
            released = courses.build(Path(folder))
            for assignment, notebook in zip(assignments.load_all(), released, strict=True):
                typer.echo(f"bundled {bundles.write(assignment, notebook, to)}")
        except (courses.CourseError, OSError) as error:
            print(error, file=sys.stderr)
            raise typer.Exit(1) from None


if __name__ == "__main__":
    app()
