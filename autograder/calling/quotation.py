"""Quote what a student's program says: marked as a quotation, on one line, printable, truncated.

A sentence in a report is the grader's own. A student's words appear in it between “ and ”, and nothing
in them can end the quotation or look like more than text.
"""

from __future__ import annotations

import traceback

from utils.reading import type_name

MAX_QUOTED = 300  # characters of a quotation
MAX_NAME = 60  # characters of a name that a student gave

RESERVED_SIGNS = str.maketrans({"“": '"', "”": '"', "„": '"', "`": "'"})
"""Characters that reports use themselves: quotation marks, and the backtick that marks code."""


def quoted(text: str, longest: int = MAX_QUOTED) -> str:
    """Put text into quotation marks, on one line, without anything that steers a terminal or a page."""
    words = " ".join(text[: 4 * longest].split())
    cut = f"{words[:longest]}…" if len(words) > longest or len(text) > 4 * longest else words
    return f"“{''.join(map(_shown, cut.translate(RESERVED_SIGNS)))}”"


def _shown(letter: str) -> str:
    return letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"


def name(given: str, otherwise: str) -> str:
    """Return a name if it is an identifier of reasonable length; else return the other one."""
    return given if len(given) <= MAX_NAME and given.isidentifier() else otherwise


def exception(error: BaseException) -> tuple[str, str, str]:
    """Return the type, message and line of an exception in a student's code; an empty line if unknown."""
    message, line = "its message cannot be printed", ""
    try:
        message = " ".join(str(error)[: 4 * MAX_QUOTED].split())
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if "ipython-input" in f.filename or "ipykernel" in f.filename]
        line = (own[-1].line or "").strip() if own else ""
    except KeyboardInterrupt:
        raise
    except BaseException:  # an exception's own __str__ is student code, too
        pass
    return type_name(error)[:MAX_NAME], _sent(message), _sent(line)


def _sent(text: str) -> str:
    """Truncate text, and make it fit for any channel and file."""
    return text[: MAX_QUOTED + 1].encode("utf-8", "replace").decode("utf-8")
