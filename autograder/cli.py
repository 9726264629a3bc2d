"""Read the command line's arguments, call what they ask for, and return the exit status."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder.commands.collect import collect
from autograder.commands.doctor_profile import PrintedProfile
from autograder.commands.export import export
from autograder.commands.gradescope import gradescope
from autograder.commands.name import name_answers
from autograder.commands.new import new
from autograder.commands.report import report
from autograder.commands.running import INTERRUPTED, CallSeconds, CellSeconds, Jobs
from autograder.commands.running import refuse_elsewhere as _refuse_elsewhere
from autograder.commands.running import started_fork_server as _fork_server
from autograder.commands.watch import watch
from autograder.grading import secret
from autograder.parallel import process_pool
from autograder.plain_text import for_terminal, of_system
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.protocol.limits import USUAL, Limits

if TYPE_CHECKING:
    from autograder.grading.checking import Checked

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build assignments, check notebooks, and grade classes.",
)

FEW = 2  # notebooks, up to which they are marked one after the other
CHECKING = "autograder.grading.checking"  # what a process that checks imports first
UNSAFE = (
    "This machine lacks layers of the sandbox: {}. Grade only what you would run yourself; "
    "`autograder doctor` says which protection is lost, and how to get it back."
)

RequireSandbox = Annotated[
    bool,
    typer.Option("--require-sandbox", help="Refuse to run anything if a layer of the sandbox is missing."),
]


Own = Annotated[
    list[Path],
    typer.Option(
        "--assignments",
        metavar="DIR",
        help="A folder with your own assignments; may be given several times.",
    ),
]
NO_FOLDERS: list[Path] = []


@app.callback()
def main() -> None:
    """Build assignments, check notebooks, and grade classes."""


@app.command()
def check(
    notebooks: Annotated[list[Path], typer.Argument(metavar="NOTEBOOK...", help="Notebook files to mark.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list and nothing else.")] = False,
    course: Annotated[
        Path | None,
        typer.Option(help="The course folder whose secret and own assignments to use.", show_default=False),
    ] = None,
    seed: Annotated[
        str | None,
        typer.Option(metavar="HEX", help="Use the hidden data of the run that printed this seed."),
    ] = None,
    cell_seconds: CellSeconds = USUAL.cell,
    call_seconds: CallSeconds = USUAL.call,
    jobs: Jobs = 0,
    own: Own = NO_FOLDERS,
    require_sandbox: RequireSandbox = False,
) -> None:
    """Mark notebooks and print the reasons; write no files."""
    _refuse_elsewhere()
    try:
        keys = secret.Keys.of(seed, course)
        keys.require(notebooks)
    except ValueError as reason:
        raise typer.BadParameter(str(reason)) from None
    except secret.UnusableSecret as reason:
        print(reason, file=sys.stderr)
        raise typer.Exit(1) from None
    from autograder.commands import own_assignments

    # not those of the course around a notebook: a submission may look like a course, and they are run
    own_assignments.search(own, *([course] if course else []))
    if len(notebooks) > FEW:
        process_pool.prepare(CHECKING, process_pool.PRELOAD)  # they import torch meanwhile
    with _fork_server() as fork_server:  # first: it warms up while we import torch
        from autograder.grading import checking

        own_assignments.report_broken()
        if require_sandbox:
            _refuse_without_sandbox(fork_server)
        results: list[Mapping[str, object]] = []
        missing_layers: dict[str, str] = {}
        limits = Limits(cell_seconds, call_seconds)
        try:
            with contextlib.closing(
                checking.check_notebooks(notebooks, fork_server, limits, jobs, keys)
            ) as checked:
                for one in _with_progress(checked, len(notebooks)):
                    results.append(one.json)
                    missing_layers |= one.missing_layers
                    if not as_json:
                        typer.echo(for_terminal(one.text) + "\n")
        except KeyboardInterrupt:
            print(f"Interrupted: {len(results)} of {len(notebooks)} notebooks were marked.", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except process_pool.CannotStart as reason:
            print(reason, file=sys.stderr)
            raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(results, indent=1))
    _warn_of_missing(missing_layers)
    marked = [n for n, one in zip(notebooks, results, strict=True) if one["status"] == "graded"]
    if note := keys.note(marked):
        print(note, file=sys.stderr)


def _with_progress(checked: Iterator[Checked], total: int) -> Iterator[Checked]:
    """Show progress if there are many notebooks and stderr is a terminal."""
    if total <= FEW or not sys.stderr.isatty():
        return checked
    from autograder.parallel.progress import with_progress

    return with_progress(checked, total, "check")


@app.command()
def grade(
    assignment: Annotated[
        str,
        typer.Argument(
            metavar="ASSIGNMENT", help="The assignment's name, as in submitted/STUDENT/ASSIGNMENT."
        ),
    ],
    jobs: Jobs = 0,
    cluster: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Grade on the workers of the Dask scheduler at this address."),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Grade again what has been graded already.")] = False,
    student: Annotated[str, typer.Option(metavar="ID", help="Grade this student only.")] = "*",
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
    cell_seconds: CellSeconds = USUAL.cell,
    call_seconds: CallSeconds = USUAL.call,
    own: Own = NO_FOLDERS,
    require_sandbox: RequireSandbox = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the data of `autograder report` as JSON, and nothing else.")
    ] = False,
) -> None:
    """Grade all submissions in submitted/ into the gradebook and autograded/.

    If it is interrupted, run the same command again to grade the rest.
    """
    from rich.console import Console

    from autograder.nbgrader_bridge.whole_class import PRELOADED

    if not cluster:
        _refuse_elsewhere()
        # first: they import torch while we import nbgrader
        process_pool.prepare(PRELOADED, process_pool.PRELOAD)
    with contextlib.nullcontext() if cluster else _fork_server() as fork_server:
        if require_sandbox and fork_server is not None:  # a cluster's machines are each asked for themselves
            _refuse_without_sandbox(fork_server)
        from autograder.commands import own_assignments
        from autograder.nbgrader_bridge.whole_class.grade_class import Options, Stopped, grade_class

        limits = Limits(cell_seconds, call_seconds)
        own_assignments.refuse_without_assignments(own)
        options = Options(assignment, student, jobs, cluster, force, limits, tuple(own), require_sandbox)
        try:
            grade_class(course, options, Console(stderr=as_json), fork_server)
            if as_json:
                from autograder.nbgrader_bridge.returning.report import summed

                typer.echo(json.dumps(summed(course, [assignment]), indent=1))
        except Stopped as reason:
            print(for_terminal(str(reason)), file=sys.stderr)
            raise typer.Exit(1) from None


@app.command()
def doctor(_profile: PrintedProfile = None) -> None:
    """Check every layer of the sandbox on this machine, and say how to get those that are missing."""
    _refuse_elsewhere()
    from autograder.sandbox.client.doctor import check_layers

    with _fork_server() as fork_server:
        findings = check_layers(fork_server)
    for finding in findings:
        typer.echo(f"{'holds  ' if finding.holds else 'MISSING'}  {finding.layer}: {finding.why}.")
        if not finding.holds:
            typer.echo(f"{' ' * 9}What to do: {finding.remedy}.")
    if not all(finding.holds for finding in findings):
        raise typer.Exit(1)


def _refuse_without_sandbox(fork_server: ForkServer) -> None:
    from autograder.sandbox.client.doctor import check_layers

    missing = [finding for finding in check_layers(fork_server) if not finding.holds]
    if missing:
        for finding in missing:
            print(f"{finding.layer}: {finding.why}. What to do: {finding.remedy}.", file=sys.stderr)
        print("Nothing was run: --require-sandbox asks for every layer.", file=sys.stderr)
        raise typer.Exit(1)


def _warn_of_missing(missing_layers: Mapping[str, str]) -> None:
    if missing_layers:
        print(UNSAFE.format(", ".join(sorted(missing_layers))), file=sys.stderr)


@app.command()
def build(
    course: Annotated[Path, typer.Option(help="The course folder; created if it does not exist.")] = Path(
        "course"
    ),
    notebooks: Annotated[
        Path | None, typer.Option(help="A folder to copy the students' notebooks into.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also overwrite files that you have changed; back them up.")
    ] = False,
    own: Own = NO_FOLDERS,
) -> None:
    """Build every assignment into a course: nbgrader's source, its release, and the student's notebook.

    Files that you have changed or added in the course stay as they are. The course remembers where your own
    assignments are.
    """
    from traitlets.config import Config

    from autograder import assignments
    from autograder.commands import own_assignments
    from autograder.nbgrader_bridge.course import course_folder  # nbgrader takes a second to import
    from autograder.nbgrader_bridge.course.errors import GradebookError
    from autograder.nbgrader_bridge.course.instructor_changes import BACKUPS
    from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter

    own_assignments.search(own, course)
    if (course / course_folder.CONFIG).is_file():
        try:
            with (  # nbgrader would print pages about a broken one
                course_folder.open_course(course) as (directory, _),
                GradebookWriter(directory.db_url, directory.course_id, Config()),
            ):
                pass
        except (course_folder.CourseError, GradebookError) as reason:
            _end_for(reason)
    refused = own_assignments.report_broken()
    wrong = own_assignments.with_errors()
    unchanged: list[str] = []
    try:
        released = course_folder.build(course, notebooks, force=force, tell=unchanged.append, leave_out=wrong)
        assignments.remember(course, own)
    except (course_folder.CourseError, OSError) as error:
        _end_for(error)
    for notebook in released:
        typer.echo(f"released {notebook}")
    for line in unchanged:
        typer.echo(line)
    if unchanged:
        typer.echo(
            f"`autograder build --course {course} --force` replaces them with this version's files, and "
            f"backs yours up in {course / BACKUPS}/."
        )
    if refused or wrong:
        raise typer.Exit(1)


def _end_for(error: Exception) -> NoReturn:
    """Print why the command cannot continue, and end it."""
    sentence = f"Stopped: {of_system(error)}." if isinstance(error, OSError) else str(error)
    print(for_terminal(sentence), file=sys.stderr)
    raise typer.Exit(1) from None


@app.command("lint")
def lint_assignments(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="The assignments to check; all if left out."),
    ] = None,
    own: Own = NO_FOLDERS,
    course: Annotated[
        Path,
        typer.Option(
            exists=True, file_okay=False, help="A course folder whose own assignments are included."
        ),
    ] = Path(),
    pairs: Annotated[int, typer.Option(min=0, help="The most pairs of mistakes to try.")] = 200,
) -> None:
    """Report what is wrong with assignments, one sentence per problem, with its file and line.

    Every mistake that the diagnosis knows is planted, alone and in pairs: does it show, and is it named?
    """
    from autograder import assignments
    from autograder.commands import own_assignments
    from autograder.lint.checks import lint
    from autograder.lint.remark import Level

    own_assignments.search(own, course)
    refused = False if names else own_assignments.report_broken()
    for name in names or [assignment.name for assignment in assignments.load_all()]:
        counts: dict[Level, int] = {}
        try:
            for remark in lint(name, pairs=pairs):
                typer.echo(for_terminal(str(remark)))
                counts[remark.level] = counts.get(remark.level, 0) + 1
        except (assignments.UnknownAssignment, assignments.BrokenAssignment) as reason:
            print(reason, file=sys.stderr)
            refused = True
            continue
        errors, warnings = counts.get(Level.ERROR, 0), counts.get(Level.WARNING, 0)
        typer.echo(f"{name}: errors: {errors}, warnings: {warnings}.")
        refused |= bool(errors)
    if refused:
        raise typer.Exit(1)


@app.command()
def bundle(
    to: Annotated[
        Path, typer.Option(help="The folder for the zip files; created if it does not exist.")
    ] = Path("build/bundle"),
    own: Own = NO_FOLDERS,
    course: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="A course folder whose own assignments are included.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a self-contained zip file of each assignment, for students."""
    import tempfile

    from autograder import assignments
    from autograder.commands import own_assignments
    from autograder.nbgrader_bridge.course import course_folder
    from autograder.publishing import bundle as bundles

    own_assignments.search(own, *([course] if course else []))
    refused = own_assignments.report_broken()
    wrong = own_assignments.with_errors()
    with tempfile.TemporaryDirectory() as folder:  # released anew: somebody may have written into notebooks/
        try:
            released = course_folder.build(Path(folder), leave_out=wrong)
            built = [one for one in assignments.load_all() if one.name not in wrong]
            for assignment, notebook in zip(built, released, strict=True):
                typer.echo(f"bundled {bundles.write(assignment, notebook, to)}")
        except (course_folder.CourseError, OSError) as error:
            _end_for(error)
    if refused or wrong:
        raise typer.Exit(1)


app.command()(collect)
app.command()(export)
app.command()(gradescope)
app.command()(new)
app.command()(report)
app.command("name")(name_answers)
app.command()(watch)


if __name__ == "__main__":
    app()
