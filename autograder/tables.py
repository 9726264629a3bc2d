"""A class's marks as a terminal shows them: a row a student, or, for a large class, how they are spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean, median

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.plain_text import for_terminal, in_one_line
from autograder.report import marks

LARGE = 60  # students, from where on a table says less than a summary
STEPS = 10  # of the summary's scale
WIDTH = 40  # characters of its longest bar


def show(
    console: Console,
    title: str,
    maxima: Mapping[str, float],
    scores: Mapping[str, Mapping[str, float | None]],
) -> None:
    """Print a class's marks.

    maxima : marks to be earned, by test cell.
    scores : marks earned, by student and test cell; None where a person has to mark.
    """
    if not scores:
        return
    console.print(_every(title, maxima, scores) if len(scores) <= LARGE else _spread(title, maxima, scores))


def _every(
    title: str, maxima: Mapping[str, float], scores: Mapping[str, Mapping[str, float | None]]
) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("student")
    for cell, most in maxima.items():
        table.add_column(f"{cell.removesuffix('-marks')}\n({marks(most)} P)", justify="right")
    table.add_column("sum", justify="right")
    for student, earned in sorted(scores.items()):
        cells = [_mark(earned.get(cell)) for cell in maxima]
        table.add_row(Text(in_one_line(student)), *cells, marks(_sum(earned)))
    return table


def _spread(
    title: str, maxima: Mapping[str, float], scores: Mapping[str, Mapping[str, float | None]]
) -> Table:
    sums = [_sum(earned) for earned in scores.values()]
    most = sum(maxima.values()) or 1.0
    counts = [0] * STEPS
    for value in sums:
        counts[min(int(STEPS * value / most), STEPS - 1)] += 1
    about = f"{len(sums)} students, mean {mean(sums):.1f} P, median {marks(median(sums))} P"
    table = Table(title=f"{title}: {about}", title_justify="left")
    table.add_column("marks", justify="right")
    table.add_column("students", justify="right")
    table.add_column("")
    for step in reversed(range(STEPS)):
        last = step == STEPS - 1
        low, high = most * step / STEPS, most * (step + 1) / STEPS
        bar = "█" * round(WIDTH * counts[step] / max(counts))
        table.add_row(f"{marks(low)} to {'' if last else 'under '}{marks(high)}", str(counts[step]), bar)
    return table


def _sum(earned: Mapping[str, float | None]) -> float:
    return sum(score or 0.0 for score in earned.values())


def _mark(score: float | None) -> str:
    return "–" if score is None else marks(score)


def listed(problems: Sequence[tuple[str, str]], what: str) -> list[str]:
    """Lines for those whom something is to be said of; nothing where there is nobody."""
    # a text that quotes a student's stays in its line, too: the next one would be read as ours
    lines = [f"  {in_one_line(name)}: {' '.join(for_terminal(text).split())}" for name, text in problems]
    return [f"{what}: {len(problems)}.", *lines] if problems else []
