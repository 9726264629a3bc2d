"""Show what a check found, in a notebook or in a plain terminal."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from utils.checks.compare import TOLERANCE
from utils.checks.vocabulary import Row

HEADINGS = ("part", "shape", "right?", "largest relative error", "at", "case", "yours", "true")
NARROW = ("part", "shape", "right?", "error", "at", "case", "yours", "true")
RIGHT, WRONG = "✓", "✗"
LENGTH = re.compile(r"(\w) = (\d)")
PLACE = re.compile(r"\[\d+(?:, \d+)*\]")
QUOTED = re.compile(r"`([^`\n]*)`")

# No colour of ours stands behind or in front of a word: the page's own are kept, in light themes and in
# dark ones, and lines are of a grey between them. What is wrong is told by a sign, a word and bold type.
TABLE = "border-collapse: collapse; margin: 0.5em 0; font-variant-numeric: tabular-nums"
CELL = "padding: 0.2em 0.7em; border-bottom: 1px solid rgba(128, 128, 128, 0.4); text-align: {align}"
CODE = "margin: 0.4em 0; padding: 0.3em 0.7em; border-left: 3px solid; background: none; color: inherit"


@dataclass(frozen=True)
class Report:
    """A check's outcome; a notebook shows it as a table, `print` as text."""

    headline: str
    passed: bool = False
    """Whether everything that the check looks at is right."""

    rows: tuple[Row, ...] = ()
    line: str = ""
    """The student's line that an exception went through, with its number."""

    remarks: tuple[str, ...] = ()
    """What to look at first, what else was noticed, and how to continue."""

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return self._text()

    def __str__(self) -> str:
        return self._text()

    def _repr_html_(self) -> str:
        """Show as HTML, for a notebook."""
        headline = _together(as_html(self.headline))
        blocks = [f"<p><strong>{_sign(self)}{headline}</strong></p>"] if self.headline else []
        if self.line:
            blocks.append(f'<pre style="{CODE}">{html.escape(self.line)}</pre>')
        if self.rows:
            blocks.append(_table(self.rows))
        blocks += [f"<p>{as_html(remark)}</p>" for remark in self.remarks]
        return f"<div>{''.join(blocks)}</div>" if blocks else ""

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Show as HTML where a notebook can, and as text everywhere else."""
        del include, exclude  # the notebook drops by itself what it does not want
        return {"text/html": self._repr_html_(), "text/plain": self._text()}

    def _text(self) -> str:
        blocks = [wrapped(f"{_sign(self)}{self.headline}")] if self.headline else []
        if self.line:
            blocks.append(f"    {self.line}")
        if self.rows:
            blocks.append(_columns([NARROW, *(_cells(row) for row in self.rows)]))
        blocks += [wrapped(plain(remark)) for remark in self.remarks]
        return "\n\n".join(printable(block) for block in blocks)


class Unseen(Report):
    """What a check returns while nobody is looking: a notebook shows nothing at all."""

    def _ipython_display_(self) -> None:
        """Show nothing."""


def _sign(report: Report) -> str:
    return f"{RIGHT if report.passed else WRONG} " if report.rows or report.line else ""


def _cells(row: Row) -> tuple[str, ...]:
    verdict = f"{RIGHT if row.right else WRONG} {row.word}"
    if row.error is None or row.yours is None or row.true is None:
        return (row.part, row.shape, verdict, "–", "–", "–", "–", "–")
    if row.right:  # if nothing is wrong, digits would only be in the way
        return (row.part, row.shape, verdict, f"< {TOLERANCE:g}", "", "", "", "")
    index = f"[{', '.join(map(str, row.index))}]" if row.index else "–"
    error = f"{row.error:.2g}" if row.error < 100 else f"{row.error:.0f}"
    numbers = (error, index, row.case, f"{row.yours + 0.0:.6g}", f"{row.true + 0.0:.6g}")  # no -0
    return (row.part, row.shape, verdict, *numbers)


def _columns(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    numbers = {3, 6, 7}  # right-aligned, so that digits line up
    return "\n".join(
        "  "
        + "  ".join(
            cell.rjust(width) if k in numbers else cell.ljust(width)
            for k, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _table(rows: Sequence[Row]) -> str:
    head = "".join(_cell("th", name, k) for k, name in enumerate(HEADINGS))
    body = "".join(
        "<tr>"
        + "".join(_cell("td", cell, k, bold=not row.right) for k, cell in enumerate(_cells(row)))
        + "</tr>"
        for row in rows
    )
    return f'<table style="{TABLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cell(tag: str, text: str, column: int, *, bold: bool = False) -> str:
    style = CELL.format(align="left" if column in (0, 1, 2, 4, 5) else "right")
    inner = _together(html.escape(printable(text)))
    inner = f"<strong>{inner}</strong>" if bold and column in (0, 2) else inner
    scope = ' scope="col"' if tag == "th" else ""
    return f'<{tag}{scope} style="{style}">{inner}</{tag}>'


def _together(text: str) -> str:
    """Keep a size like `N = 4` and a place like `[0, 1]` on one line."""
    return LENGTH.sub(r"\1&nbsp;=&nbsp;\2", PLACE.sub(lambda place: place[0].replace(" ", "&nbsp;"), text))


def as_html(text: str) -> str:
    """Turn a paragraph into HTML: calls of ours as code, and where to look first in bold type."""
    escaped = html.escape(printable(text), quote=False).replace("\n", "<br>")
    escaped = QUOTED.sub(r"<code>\1</code>", escaped)
    escaped = re.sub(r"^Look first at [^.]+\.", r"<strong>\g<0></strong>", escaped)
    return re.sub(r"utils\.\w+\([^)]*\)", r"<code>\g<0></code>", escaped)


def plain(text: str) -> str:
    """Turn a paragraph into text: without the marks around names and formulas."""
    return QUOTED.sub(r"\1", text)


def printable(text: str) -> str:
    """Return text that any terminal can display: no control characters, no surrogates."""
    clean = "".join(c if c.isprintable() or c == "\n" else "?" for c in text)
    return clean.encode("utf-8", "replace").decode("utf-8")


def wrapped(text: str, width: int = 88) -> str:
    """Break a paragraph into lines; what is in it stays as it is."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)
