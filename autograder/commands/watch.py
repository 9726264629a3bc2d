"""`autograder watch`: grade what arrives, as it arrives."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.running import (
    INTERRUPTED,
    CallSeconds,
    CellSeconds,
    Jobs,
    refuse_elsewhere,
    started_fork_server,
)
from autograder.parallel import process_pool
from autograder.plain_text import for_terminal, of_system
from autograder.sandbox.protocol.limits import USUAL, Limits

NO_FOLDERS: list[Path] = []


class Shown(StrEnum):
    """Name what students see immediately."""

    marks = "marks"
    faults = "faults"
    nothing = "nothing"


def watch(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Its name.")],
    inbound: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where work arrives; nbgrader's exchange if left out.",
            show_default=False,
        ),
    ] = None,
    outbound: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where feedback for students goes; the exchange, or outbound/, if left out.",
            show_default=False,
        ),
    ] = None,
    tries: Annotated[
        int, typer.Option(min=1, help="How many times a day each student's work is graded.")
    ] = 3,
    show: Annotated[Shown, typer.Option(help="What students see immediately.")] = Shown.marks,
    seconds: Annotated[float, typer.Option(min=0.1, help="Seconds between looks for new work.")] = 5.0,
    once: Annotated[bool, typer.Option("--once", help="Grade what is there now, then exit.")] = False,
    jobs: Jobs = 0,
    cell_seconds: CellSeconds = USUAL.cell,
    call_seconds: CallSeconds = USUAL.call,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
    own: Annotated[
        list[Path], typer.Option("--assignments", metavar="DIR", help="A folder with your own assignments.")
    ] = NO_FOLDERS,
) -> None:
    """Grade work as it arrives, and give students feedback at once.

    It runs until it is interrupted; run again, it continues where it stopped.
    """
    from autograder.nbgrader_bridge.whole_class import PRELOADED

    refuse_elsewhere()
    process_pool.prepare(PRELOADED, process_pool.PRELOAD)
    with started_fork_server() as fork_server:
        from autograder.nbgrader_bridge.arriving import watch as watching
        from autograder.nbgrader_bridge.arriving.arrival_notice import Show
        from autograder.nbgrader_bridge.whole_class.grade_class import FAILURES

        limits = Limits(cell_seconds, call_seconds)
        options = watching.Options(
            assignment,
            inbound,
            outbound,
            tries,
            Show(show.value),
            seconds,
            once,
            jobs,
            limits,
            tuple(own),
        )
        try:
            watching.watch(course, options, _say, fork_server)
        except KeyboardInterrupt:
            _end("Interrupted. Run the same command again to continue.", INTERRUPTED)
        except OSError as error:
            _end(f"Stopped: {of_system(error)}. Run the same command again to continue.", 1)
        except FAILURES as reason:
            _end(f"Stopped: {reason}", 1)


def _say(line: str) -> None:
    print(for_terminal(line), flush=True)


def _end(line: str, status: int) -> None:
    print(for_terminal(line), file=sys.stderr)
    raise typer.Exit(status) from None
