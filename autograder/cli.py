"""The command line: arguments in, exit status out."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder import process_pool, secret
from autograder.plain_text import for_terminal
from autograder.sandbox.client import unsupported
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer
from autograder.sandbox.protocol.limits import Limits

if TYPE_CHECKING:
    from autograder.checking import Checked

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build the course's assignments and mark notebooks.",
)

FEW = 2  # notebooks that are marked one after the other
CHECKING = "autograder.checking"  # what a process that checks imports first
PRELOAD = "autograder.preload"  # what is loaded once for all processes
INTERRUPTED = 130  # as a shell has it
UNSAFE = (
    "This machine lacks layers of the sandbox: {}. Grade only what you would run yourself; "
    "`autograder doctor` tells what is lost, and what to do."
)

CellSeconds = Annotated[float, typer.Option(min=0.1, help="Time limit for a cell of the notebook.")]
CallSeconds = Annotated[float, typer.Option(min=0.1, help="Time limit for one call of an exercise.")]
Jobs = Annotated[int, typer.Option(min=0, help="Processes that grade; 0: as many as the cores need.")]
RequireSandbox = Annotated[
    bool, typer.Option("--require-sandbox", help="Refuse to run anything where a layer is missing.")
]


Own = Annotated[
    list[Path],
    typer.Option(
        "--assignments", metavar="DIR", help="A folder with assignments of your own; may be given again."
    ),
]
NO_FOLDERS: list[Path] = []


@app.callback()
def main() -> None:
    """Build the course's assignments and mark notebooks."""


@app.command()
def check(
    notebooks: Annotated[list[Path], typer.Argument(metavar="NOTEBOOK...", help="Notebook files to mark.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list and nothing else.")] = False,
    course: Annotated[
        Path | None,
        typer.Option(help="The course with the secret, and with assignments of its own.", show_default=False),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="HEX", help="Repeat a run that printed this seed.")
    ] = None,
    cell_seconds: CellSeconds = 30.0,
    call_seconds: CallSeconds = 10.0,
    jobs: Jobs = 0,
    own: Own = NO_FOLDERS,
    require_sandbox: RequireSandbox = False,
) -> None:
    """Mark notebooks and write nothing."""
    _refuse_elsewhere()
    try:
        keys = secret.Keys.of(seed, course)
        keys.require(notebooks)
    except ValueError as reason:
        raise typer.BadParameter(str(reason)) from None
    except secret.UnusableSecret as reason:
        print(reason, file=sys.stderr)
        raise typer.Exit(1) from None
    # not those of the course around a notebook: what was handed in may look like a course, and they are run
    _search(own, *([course] if course else []))
    if len(notebooks) > FEW:
        process_pool.prepare(CHECKING, PRELOAD)  # they import torch meanwhile
    with _nursery() as nursery:  # first: it warms up while we import torch
        from autograder import checking

        _tell_broken()
        if require_sandbox:
            _refuse_without_sandbox(nursery)
        found: list[Mapping[str, object]] = []
        lacks: dict[str, str] = {}
        limits = Limits(cell_seconds, call_seconds)
        try:
            with contextlib.closing(checking.check(notebooks, nursery, limits, jobs, keys)) as checked:
                for one in _watched(checked, len(notebooks)):
                    found.append(one.json)
                    lacks |= one.lacks
                    if not as_json:
                        typer.echo(for_terminal(one.text) + "\n")
        except KeyboardInterrupt:
            print(f"Interrupted: {len(found)} of {len(notebooks)} notebooks were marked.", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except process_pool.CannotStart as reason:
            print(reason, file=sys.stderr)
            raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(found, indent=1))
    _tell(lacks)
    marked = [n for n, one in zip(notebooks, found, strict=True) if one["status"] == "graded"]
    if note := keys.note(marked):
        print(note, file=sys.stderr)


def _watched(checked: Iterator[Checked], total: int) -> Iterator[Checked]:
    """Show how many are done, where somebody sees it; not while a result is printed on the same terminal."""
    if total <= FEW or not sys.stderr.isatty():
        yield from checked
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    progress = Progress(
        *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    )
    bar = progress.add_task("check", total=total)
    with progress:
        for one in checked:
            if sys.stdout.isatty():
                progress.stop()
            yield one
            progress.advance(bar)
            progress.start()


@app.command("grade")
def grade_class(
    assignment: Annotated[str, typer.Argument(help="The assignment's name, as in submitted/STUDENT/NAME.")],
    jobs: Jobs = 0,
    cluster: Annotated[str, typer.Option(metavar="ADDRESS", help="A Dask scheduler to work on.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Grade also what is graded already.")] = False,
    student: Annotated[str, typer.Option(metavar="ID", help="Only this student's submission.")] = "*",
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path(),
    cell_seconds: CellSeconds = 30.0,
    call_seconds: CallSeconds = 10.0,
    own: Own = NO_FOLDERS,
    require_sandbox: RequireSandbox = False,
) -> None:
    """Grade a class: submitted/ -> gradebook and autograded/. Interrupted, it goes on where it was."""
    from rich.console import Console

    from autograder.nbgrader_bridge.local import GRADER

    if not cluster:
        _refuse_elsewhere()
        process_pool.prepare(GRADER, PRELOAD)  # first: they import torch while we import nbgrader
    with contextlib.nullcontext() if cluster else _nursery() as nursery:
        if require_sandbox and nursery is not None:  # a cluster's machines are asked each for itself
            _refuse_without_sandbox(nursery)
        from autograder.nbgrader_bridge.run import Options, Stopped, run

        limits = Limits(cell_seconds, call_seconds)
        _see(own)
        options = Options(assignment, student, jobs, cluster, force, limits, tuple(own), require_sandbox)
        try:
            run(course, options, Console(), nursery)
        except Stopped as reason:
            print(for_terminal(str(reason)), file=sys.stderr)
            raise typer.Exit(1) from None


@app.command()
def doctor() -> None:
    """Tell which layers of the sandbox hold on this machine, and what to do where one does not."""
    _refuse_elsewhere()
    from autograder.doctor import examine

    with _nursery() as nursery:
        findings = examine(nursery)
    for finding in findings:
        typer.echo(f"{'holds  ' if finding.holds else 'MISSING'}  {finding.layer}: {finding.why}.")
        if not finding.holds:
            typer.echo(f"{' ' * 9}What to do: {finding.remedy}.")
    if not all(finding.holds for finding in findings):
        raise typer.Exit(1)


@contextlib.contextmanager
def _nursery() -> Iterator[ForkServer]:
    try:
        with ForkServer() as nursery:
            yield nursery
    except NoForkServer as reason:
        print(reason, file=sys.stderr)
        raise typer.Exit(1) from None


def _refuse_elsewhere() -> None:
    """Say so on a system that is not Linux, before anything of Linux's own is asked for."""
    if refused := unsupported.reason():
        print(refused, file=sys.stderr)
        raise typer.Exit(1)


def _refuse_without_sandbox(nursery: ForkServer) -> None:
    from autograder.doctor import examine

    missing = [finding for finding in examine(nursery) if not finding.holds]
    if missing:
        for finding in missing:
            print(f"{finding.layer}: {finding.why}. What to do: {finding.remedy}.", file=sys.stderr)
        print("Nothing was run: --require-sandbox asks for every layer.", file=sys.stderr)
        raise typer.Exit(1)


def _tell(lacks: Mapping[str, str]) -> None:
    if lacks:
        print(UNSAFE.format(", ".join(sorted(lacks))), file=sys.stderr)


def _see(own: Sequence[Path]) -> None:
    """Refuse folders in which there is no assignment."""
    from autograder import assignments

    for folder in own:
        if not assignments.holds_any(folder):
            print(
                f"{folder} holds no assignment: neither it nor a folder in it has an `exercises.py`. "
                f"`autograder new NAME --to {folder}` writes one.",
                file=sys.stderr,
            )
            raise typer.Exit(2)


def _search(own: Sequence[Path], *courses: Path) -> None:
    """Look for assignments in these folders, and in those that courses know."""
    from autograder import assignments

    _see(own)
    assignments.search(*own, *(folder for course in courses for folder in assignments.of_course(course)))
    for course in courses:
        for line in assignments.lost(course):
            print(
                f"{course} remembers assignments in {line}, and no such folder is there: correct "
                f"{course / assignments.MEMORY}.",
                file=sys.stderr,
            )


def _tell_broken() -> bool:
    """Say what is the matter with assignments that do not load; the others go on."""
    from autograder import assignments

    broken = assignments.broken()
    for sentence in broken.values():
        print(sentence, file=sys.stderr)
    return bool(broken)


@app.command()
def build(
    course: Annotated[
        Path, typer.Option(help="The nbgrader course folder to build into; made if need be.")
    ] = Path("course"),
    notebooks: Annotated[
        Path | None, typer.Option(help="A folder for copies of the students' notebooks.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write also what was changed; keep a copy of what was there.")
    ] = False,
    own: Own = NO_FOLDERS,
) -> None:
    """Build every assignment: nbgrader source, release, and the student's notebook.

    What was changed in the course since it was built is left as it is, and so are files that were added.
    The course remembers where assignments of its own lie.
    """
    from autograder import assignments
    from autograder.nbgrader_bridge import course as courses  # nbgrader takes a second to import
    from autograder.nbgrader_bridge.edits import BACKUPS

    _search(own, course)
    refused = _tell_broken()
    wrong = _with_errors()
    left: list[str] = []
    try:
        released = courses.build(course, notebooks, force=force, tell=left.append, leave_out=wrong)
        assignments.remember(course, own)
    except (courses.CourseError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    for notebook in released:
        typer.echo(f"released {notebook}")
    for line in left:
        typer.echo(line)
    if left:
        typer.echo(
            f"`autograder build --course {course} --force` writes what this version has in their place, and "
            f"keeps what is there now in {course / BACKUPS}/."
        )
    if refused or wrong:
        raise typer.Exit(1)


def _with_errors() -> list[str]:
    """Look at the assignments of somebody's own; print what is wrong with them, and name those."""
    from autograder import assignments
    from autograder.lint.checks import lint
    from autograder.lint.remark import Level

    found = []
    for assignment in assignments.load_all():
        if not assignments.is_ours(assignment.name):  # ours are looked at by the tests
            errors = [r for r in lint(assignment.name, thorough=False) if r.level is Level.ERROR]
            for remark in errors:
                print(for_terminal(str(remark)), file=sys.stderr)
            if errors:
                print(f"{assignment.name} is left out until that is put right.", file=sys.stderr)
                found.append(assignment.name)
    return found


@app.command("lint")
def lint_assignments(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="Assignments; all if left out.")
    ] = None,
    own: Own = NO_FOLDERS,
    course: Annotated[
        Path, typer.Option(help="The course whose own assignments are looked at, too.")
    ] = Path(),
    pairs: Annotated[int, typer.Option(min=0, help="Pairs of mistakes that are planted, at most.")] = 200,
) -> None:
    """Say what is wrong with assignments, each in a sentence with its file and line.

    Every mistake that a diagnosis knows is planted, alone and in pairs: whether it shows, and is named.
    """
    from autograder import assignments
    from autograder.lint.checks import lint
    from autograder.lint.remark import Level

    _search(own, course)
    refused = False if names else _tell_broken()
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
def new(
    name: Annotated[str, typer.Argument(help="The assignment's name, as in 04-normalisation.")],
    to: Annotated[Path, typer.Option(help="The folder with assignments to put it in.")] = Path("assignments"),
) -> None:
    """Write a new assignment's folder: it runs at once, and is yours to change."""
    from autograder import new as writing

    try:
        written = writing.write(name, to)
    except (writing.NotWritten, OSError) as reason:
        print(reason, file=sys.stderr)
        raise typer.Exit(1) from None
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo(
        f"`autograder build --assignments {to}` makes a course of it, `autograder lint {name}` examines it."
    )


@app.command()
def bundle(
    to: Annotated[Path, typer.Option(help="The folder for the zips; made if need be.")] = Path(
        "build/bundle"
    ),
    own: Own = NO_FOLDERS,
    course: Annotated[
        Path | None,
        typer.Option(help="The course whose own assignments are bundled, too.", show_default=False),
    ] = None,
) -> None:
    """Write each assignment's bundle for students: one zip that runs anywhere."""
    import tempfile

    from autograder import assignments
    from autograder import bundle as bundles
    from autograder.nbgrader_bridge import course as courses

    _search(own, *([course] if course else []))
    refused = _tell_broken()
    wrong = _with_errors()
    with tempfile.TemporaryDirectory() as folder:  # released anew: what lies in notebooks/ may be written in
        try:
            released = courses.build(Path(folder), leave_out=wrong)
            built = [one for one in assignments.load_all() if one.name not in wrong]
            for assignment, notebook in zip(built, released, strict=True):
                typer.echo(f"bundled {bundles.write(assignment, notebook, to)}")
        except (courses.CourseError, OSError) as error:
            print(error, file=sys.stderr)
            raise typer.Exit(1) from None
    if refused or wrong:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
