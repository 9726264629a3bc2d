"""Quote what a student's program says: marked as a quotation, in one line, printable, cut short.

A sentence in a report is the grader's own. Words of a student's stand in it between “ and ”, and nothing
in them can end the quotation or look like more than text.
"""

from __future__ import annotations

MAX_QUOTED = 300  # characters of a quotation
MAX_NAME = 60  # characters of a name that a student gave

OWN_SIGNS = str.maketrans({"“": '"', "”": '"', "„": '"', "`": "'"})
"""What reports use themselves: the quotation's own marks, and the backtick that sets code."""


def quoted(text: str, longest: int = MAX_QUOTED) -> str:
    """Put text into quotation marks, on one line, without anything that steers a terminal or a page."""
    words = " ".join(text[: 4 * longest].split())
    cut = f"{words[:longest]}…" if len(words) > longest or len(text) > 4 * longest else words
    return f"“{''.join(map(_shown, cut.translate(OWN_SIGNS)))}”"


def _shown(letter: str) -> str:
    return letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"


def type_name(value: object) -> str:
    """Name a value's type, whatever its metaclass makes of it; what is no name is `thing`."""
    return name(str(type.__dict__["__name__"].__get__(type(value))), "thing")


def name(given: str, otherwise: str) -> str:
    """Give a name back if it is one, of a reasonable length; else the other."""
    return given if len(given) <= MAX_NAME and given.isidentifier() else otherwise
