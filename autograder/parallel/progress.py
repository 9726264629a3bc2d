"""Show on a terminal how far a command has got."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")


def progress_bar(console: Console, *, redirect: bool = True) -> Progress:
    """Make a progress bar that disappears when it is done.

    redirect : whether what is printed meanwhile goes above the bar.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(
        *columns, console=console, transient=True, redirect_stdout=redirect, redirect_stderr=redirect
    )


def with_progress(results: Iterator[T], total: int, what: str) -> Iterator[T]:
    """Yield results as they come, and show on stderr how many are done.

    The bar is hidden while a result is printed on the same terminal.
    """
    progress = progress_bar(Console(stderr=True), redirect=False)
    bar = progress.add_task(what, total=total)
    with progress:
        for result in results:
            if sys.stdout.isatty():
                progress.stop()
            yield result
            progress.advance(bar)
            progress.start()
