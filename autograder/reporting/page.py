"""Write the report as a self-contained page, and as tables for other programs."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from autograder.plain_text import for_terminal
from autograder.reporting import charts
from autograder.reporting.report import marks
from autograder.reporting.statistics import VERDICTS, Data
from autograder.reporting.tables import no_formula

SHOWN_MISTAKES = 15  # in the picture, and in the table before the others are folded
SHOWN_NAMES = 8  # of a list, before it is folded
SHOWN_ROWS = 10  # of other tables


def as_html(course: str, classes: Sequence[Data], over_time: Sequence[Data]) -> str:
    """Write the page: pictures, a table beside each, and nothing that is loaded from elsewhere."""
    template = _TEMPLATES.get_template("report.html.j2")
    return template.render(
        course=course,
        classes=[_shown(one) for one in classes],
        over_time=over_time,
        verdicts=VERDICTS,
        shown_mistakes=SHOWN_MISTAKES,
        shown_rows=SHOWN_ROWS,
    )


def parts_as_csv(classes: Sequence[Data]) -> str:
    """Write a line for each part of each assignment."""
    header = ["assignment", "exercise", "part", "maximum", "mean", "success", *VERDICTS, "discrimination"]
    lines = [
        [
            one["assignment"],
            part["exercise"],
            part["part"],
            marks(part["maximum"]),
            f"{part['mean']:.3f}",
            _number(part["success"]),
            *(str(part["verdicts"][verdict]) for verdict in VERDICTS),
            _number(part["discrimination"]),
        ]
        for one in classes
        for part in one["parts"]
    ]
    return _csv([header, *lines])


def mistakes_as_csv(classes: Sequence[Data]) -> str:
    """Write a line for each mistake of each assignment, with who makes it."""
    header = [
        "assignment",
        "exercise",
        "mistake",
        "where",
        "students",
        "share",
        "mean_cost",
        "who",
        "message",
    ]
    lines = [
        [
            one["assignment"],
            row["exercise"],
            row["mistake"],
            row["where"],
            str(row["students"]),
            f"{row['share']:.3f}",
            marks(row["cost"]),
            no_formula(" ".join(row["who"])),
            no_formula(for_terminal(row["message"])),
        ]
        for one in classes
        for row in one["mistakes"]
    ]
    return _csv([header, *lines])


def _shown(one: Data) -> Data:
    """Group what people read as one: a mistake in several places, a reason that many share."""
    mistakes = _by_students(one["mistakes"])
    return {
        **one,
        "mistakes": mistakes,
        "needs_by_reason": _alike(one["needs"], "kind", "why"),
        "flags_by_reason": _alike(one["flags"], "exercise", "flag"),
        "charts": _charts({**one, "mistakes": mistakes}),
    }


def _by_students(mistakes: Sequence[Data]) -> list[Data]:
    """Join the rows of a mistake that the same students make in several places, and add up its costs."""
    joined: dict[tuple[str, ...], Data] = {}
    for row in mistakes:
        key = (row["exercise"], row["mistake"], *row["who"])
        before = joined.get(key)
        if before is None:
            joined[key] = dict(row)
        else:
            before["where"] = f"{before['where']}, {row['where']}"
            before["cost"] += row["cost"]
    return list(joined.values())


def _alike(rows: Sequence[Data], *columns: str) -> list[Data]:
    """Join rows that say the same about several students; keep the order."""
    who: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        who[tuple(row[column] for column in columns)].append(row["student"])
    return [{**dict(zip(columns, said, strict=True)), "students": names} for said, names in who.items()]


def _charts(one: Data) -> dict[str, Markup]:
    histogram = one["marks"]["histogram"]
    parts, mistakes = one["parts"], one["mistakes"][:SHOWN_MISTAKES]
    days = one["time"]["days"]
    return {
        "histogram": charts.columns(
            [f"{marks(each['from'])}–{marks(each['to'])}" for each in histogram],
            [each["students"] for each in histogram],
            f"How many students have how many of {marks(one['maximum'])} marks, as in the table below.",
            "marks",
        ),
        "parts": charts.bars(
            [f"{each['exercise']} {each['part']}" for each in parts],
            [each["success"] or 0.0 for each in parts],
            [percent(each["success"]) for each in parts],
            "The share of its marks that the class earns in each part. The table below has them, too.",
        ),
        "mistakes": charts.bars(
            [f"{each['mistake']} {each['where']}" for each in mistakes],
            [each["share"] for each in mistakes],
            [str(each["students"]) for each in mistakes],
            "How many students make each of the most frequent mistakes. The table below has them, too.",
        ),
        "time": charts.columns(
            [each["day"][5:] if len(each["day"]) == 10 else "before" for each in days],
            [each["students"] for each in days],
            "How many submissions came in on each day. The table below has them, too.",
            "day",
        ),
    }


def percent(share: float | None) -> str:
    """Write a share as people do."""
    return "–" if share is None else f"{100 * share:.0f} %"


def _code(text: str) -> Markup:
    """Escape a sentence, which may quote a student, and set text between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(for_terminal(text)))))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _csv(lines: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(lines)
    return file.getvalue()


def _split(rows: Sequence[Any], shown: int = SHOWN_NAMES) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return the first rows, and the others; if one more than allowed is left, it is shown as well."""
    shown += len(rows) == shown + 1
    return rows[:shown], rows[shown:]


_TEMPLATES = Environment(
    loader=PackageLoader("autograder"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
_TEMPLATES.filters.update(marks=marks, percent=percent, code=_code, split=_split, plain=for_terminal)
