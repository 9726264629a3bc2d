"""Recognise the words in which `utils.reading` describes values that are not numbers."""

from __future__ import annotations

import re

from utils.reading import HOLDING, RAISED, Opaque

LONGEST = 200  # characters

_NAME = r"[^\W\d]\w{0,59}"
_DTYPE = r"[<>|=]?\w{1,20}(\[\w{1,8}\])?"
KNOWN = re.compile(
    f"None|no gradient|{RAISED}|lists nested too deeply"
    rf"|a {_NAME}( that cannot be read \({_NAME}\)| of more than \d{{1,20}} items, far too many)?"
    r"|an? (tensor|array|list) of \d{1,40} (entries|items), far too many"
    rf"|an array with \d{{1,3}} axes|an array of dtype {_DTYPE}|{HOLDING}{_NAME}"
    "|a complex (array|number) with imaginary part|an int too large for double precision"
)


def described(description: str) -> Opaque:
    """Make an `Opaque` from words that a student's process sent, if they are words of `utils.reading`."""
    known = len(description) <= LONGEST and KNOWN.fullmatch(description)
    return Opaque(description if known else "an object")
