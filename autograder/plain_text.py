"""Show what students wrote as text and nothing more: no control sequences, no commands in formulas.

Names of files and people, exceptions and sentences that quote them go through here before anybody reads them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"
ALLOWED = frozenset("\n\N{NO-BREAK SPACE}")  # not printable by Python's rule, but we use them

COMMAND = re.compile(
    r"\\(?=(?:href|url|require|style|cssId|class|unicode|data|html\w{0,20}|bbox|mmlToken|csname"
    r"|smash|raise|lower|moveleft|moveright|llap|rlap|mathllap|mathrlap)(?![A-Za-z]))",
    re.IGNORECASE,
)
"""What does more in a formula than mathematics: links, styles, boxes drawn over other content."""
BACKWARDS = re.compile(
    r"-(?=\s{0,9}(?:\d{2,}|[3-9])(?:\.\d{0,9})?\s{0,9}(?:em|ex|cm|in|pc)\b"
    r"|\s{0,9}\d{2,}(?:\.\d{0,9})?\s{0,9}(?:pt|px|mm|mu)\b)"
)
"""A length that leads far back: a formula with one is drawn over what precedes it."""


def for_terminal(text: str) -> str:
    """Replace what controls a terminal or changes the direction of a line; line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter in ALLOWED else "\N{REPLACEMENT CHARACTER}"
        for letter in text
    )


def of_system(error: OSError) -> str:
    """Return what the operating system refused, and for which file, without Python's punctuation."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        (_, _, why), *_ = error.args[0]  # the first of several that could not be copied
        return re.sub(r"^\[Errno \d+\] ", "", str(why))
    return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"


def in_one_line(name: str, longest: int = 100) -> str:
    """Shorten a name that a student gave to one line without control characters."""
    return for_terminal(name[:longest]).replace("\n", "\N{REPLACEMENT CHARACTER}")


def under_heading(heading: str, entries: Sequence[str]) -> list[str]:
    """List entries under a line that counts them; if there are none, return nothing."""
    return [f"{heading}: {len(entries)}.", *(f"  {entry}" for entry in entries)] if entries else []


def without_commands(text: str) -> str:
    """Break the commands in formulas that do more than mathematics; the readable text stays the same."""
    return BACKWARDS.sub(f"-{ZERO_WIDTH}", COMMAND.sub(rf"\\{ZERO_WIDTH}", text))


def has_commands(text: str) -> bool:
    """Return whether `without_commands` would change a text."""
    return COMMAND.search(text) is not None or BACKWARDS.search(text) is not None
