"""Show a class's marks on a terminal: one row per student, or, for a large class, their distribution."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean, median

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from autograder.plain_text import in_one_line
from autograder.reporting.report import marks

LARGE = 60  # students: above that a table says less than a summary
STEPS = 10  # of the summary's scale
UNBOUNDED = 100_000  # columns of a terminal in which any table would fit
FORMULA = ("=", "+", "-", "@")  # how a cell begins that a spreadsheet computes
WIDTH = 40  # characters of its longest bar


@dataclass(frozen=True)
class Row:
    """Hold a student's marks."""

    scores: Mapping[str, float | None]
    """Marks earned, by test cell; None if a person has to mark it."""
    total: float
    penalty: float = 0.0
    """The late penalty, which the total already takes into account."""


def show(console: Console, title: str, maxima: Mapping[str, float], rows: Mapping[str, Row]) -> None:
    """Print a class's marks; if a table does not fit into the terminal, a line per student.

    maxima : marks to be earned, by test cell.
    rows : by student.
    """
    if not rows:
        return
    if len(rows) > LARGE:
        console.print(_spread(title, maxima, rows))
        return
    table = _every(title, maxima, rows)
    wanted = Measurement.get(console, console.options.update_width(UNBOUNDED), table).maximum
    if wanted <= console.width:
        console.print(table)
        return
    console.print(title, highlight=False, soft_wrap=True, markup=False)
    for line in _lines(maxima, rows):  # nobody's name is cut off
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def as_csv(maxima: Mapping[str, float], rows: Mapping[str, Row]) -> str:
    """Write everybody's marks for a spreadsheet; its first row holds the marks that can be earned."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["student", *maxima, "late_submission_penalty", "score"])
    writer.writerow(["(to be earned)", *map(marks, maxima.values()), "", marks(sum(maxima.values()))])
    for student, row in sorted(rows.items()):
        scores = ["" if (score := row.scores.get(cell)) is None else marks(score) for cell in maxima]
        writer.writerow([no_formula(student), *scores, marks(row.penalty), marks(row.total)])
    return file.getvalue()


def _shown(student: str) -> str:
    """Return a name as a terminal may show it, in full."""
    return in_one_line(student, len(student))


def no_formula(student: str) -> str:
    """Return a name that a spreadsheet shows instead of evaluating it."""
    return f"'{student}" if student.startswith(FORMULA) else student


def _every(title: str, maxima: Mapping[str, float], rows: Mapping[str, Row]) -> Table:
    late = any(row.penalty for row in rows.values())
    table = Table(title=title, title_justify="left")
    table.add_column("student", no_wrap=True)
    for cell, most in maxima.items():
        table.add_column(f"{_name(cell)}\n({marks(most)} P)", justify="right", no_wrap=True)
    if late:
        table.add_column("late", justify="right", no_wrap=True)
    table.add_column("sum", justify="right", no_wrap=True)
    for student, row in sorted(rows.items()):
        cells = [_mark(row.scores.get(cell)) for cell in maxima]
        table.add_row(Text(_shown(student)), *cells, *([_penalty(row)] if late else []), marks(row.total))
    return table


def _lines(maxima: Mapping[str, float], rows: Mapping[str, Row]) -> list[str]:
    most = marks(sum(maxima.values()))
    lines = []
    for student, row in sorted(rows.items()):
        cells = [f"{_name(cell)} {_mark(row.scores.get(cell))}" for cell in maxima]
        late = [f"late {_penalty(row)}"] if row.penalty else []
        lines.append(f"{_shown(student)}: {marks(row.total)} of {most} P ({', '.join([*cells, *late])})")
    return lines


def _spread(title: str, maxima: Mapping[str, float], rows: Mapping[str, Row]) -> Table:
    sums = [row.total for row in rows.values()]
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


def _name(cell: str) -> str:
    return cell.removesuffix("-marks")


def _mark(score: float | None) -> str:
    return "–" if score is None else marks(score)


def _penalty(row: Row) -> str:
    return f"−{marks(row.penalty)}" if row.penalty else ""
