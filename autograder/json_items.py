"""Count what a JSON text contains before building it: few bytes may become gigabytes of objects."""

from __future__ import annotations

FEW = 10_000  # up to so many are not counted exactly


def count_items(text: bytes, most: int) -> int:
    """Count the values of a JSON text; if there are more than `most`, any number above it will do.

    This takes time and memory proportional to the text's length, whatever it contains. If there are few,
    commas and brackets in strings may be counted, too.
    """
    roughly = _marks(text)
    if roughly <= min(FEW, most):
        return roughly
    # a string ends at a quote that is not escaped; what is between two strings is structure
    plain = text.replace(rb"\\", b"").replace(rb"\"", b"")
    strings = plain.count(b'"') // 2
    if strings > most:
        return strings
    return max(strings, _marks(b"".join(plain.split(b'"')[::2])))


def _marks(text: bytes) -> int:
    return text.count(b",") + text.count(b"[") + text.count(b"{")
