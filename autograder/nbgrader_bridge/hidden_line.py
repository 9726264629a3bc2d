"""The one line of a hidden test of ours, in a locked cell whose source nbgrader has restored."""

from __future__ import annotations

import re
from collections.abc import Iterable

OURS = re.compile(
    r'import marks; marks\("(?P<assignment>[^"\\]+)", "(?P<exercise>[^"\\]+)", globals\(\)'
    r"(?:, out_of=(?P<out_of>[\d.]+))?\)"
)


def named(sources: Iterable[str]) -> set[str]:
    """Name the assignments whose exercises are marked in some cells."""
    return {found["assignment"] for source in sources if (found := OURS.search(source))}
