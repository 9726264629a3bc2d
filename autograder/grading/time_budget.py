"""Decide how long one submission may occupy a grader with what does not end.

The first cell that is too late has the full time of a cell. From then on the submission uses up the rest of
a budget. What is known to be late (the same cell again, one that names a function which was too
late, a call of that function) gets a second, a few times; then such cells are not run any more. Whatever
else is too late gets half of what is left, so that honest cells after it still run. All of it ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.sandbox.protocol.limits import Limits

AFTERWARDS = 0.4  # of the longest limit: what may be lost once one thing has been too late, all in all
LEAST_AFTERWARDS = 3.0  # seconds, where limits are short
FOR_OTHERS = 0.5  # of what may be lost afterwards is kept from what is known to be late
KNOWN_SECONDS = 1.0
SHORTEST = 0.25  # seconds: less, and an interrupt would come before what it is meant for has begun
DEFINED = re.compile(
    r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^(\w+)[ \t]*=[ \t]*lambda\b", re.MULTILINE
)
NAME = re.compile(r"[^\W\d]\w*")


class TimeBudget:
    """Keep what remains of a submission's time for what does not end, and what it was spent on."""

    def __init__(self, limits: Limits) -> None:
        """Start with nothing spent."""
        longest = max(limits.cell, limits.call)
        afterwards = max(AFTERWARDS * longest, LEAST_AFTERWARDS)
        self.untouched = True
        """Whether nothing has been too late so far."""
        self._limits = limits
        self._remaining = longest + afterwards
        self._for_others = FOR_OTHERS * afterwards
        self._late_sources: set[str] = set()
        self._late_functions: set[str] = set()

    @property
    def exhausted(self) -> bool:
        """Return whether nothing more of the submission is run."""
        return self._remaining < SHORTEST

    def for_cell(self, source: str) -> float:
        """Return the seconds that a cell may take now; 0 if it is not to be run."""
        if source not in self._late_sources and not self._late_names(source):
            return self._unknown(self._limits.cell)
        return self.for_known() if self._remaining > self._for_others else 0.0

    def for_call(self, function: str) -> float:
        """Return the seconds that one call of an exercise may take now.

        A function that was too late in a cell may be slow there and quick on small data, so it is called.
        """
        return self.for_known() if function in self._late_functions else self._unknown(self._limits.call)

    def for_known(self) -> float:
        """Return the seconds for what was too late before."""
        return max(SHORTEST, min(KNOWN_SECONDS, self._remaining / 4))

    def spend(self, seconds: float) -> None:
        """Subtract what was lost: on what was too late, or on running cells again."""
        if seconds > 0:
            self._remaining -= seconds
            self.untouched = False

    def was_late(self, source: str, before: Sequence[str]) -> None:
        """Remember a cell that was too late, and the notebook's functions that it names.

        before : sources of the cells before it, which may define them.
        """
        if not self._late_names(source):  # or it is known already which of them it was
            defined = {name for cell in (*before, source) for name in _defined(cell)}
            self._late_functions |= _names(source) & defined
        self._late_sources.add(source)

    def function_was_late(self, function: str) -> None:
        """Remember an exercise whose call was too late."""
        self._late_functions.add(function)

    def was_in_time(self, source: str) -> None:
        """Forget what was known of functions that a cell has defined anew."""
        if self._late_functions:
            self._late_functions -= _defined(source)

    def _late_names(self, source: str) -> set[str]:
        """Find the functions that were too late and that a cell may call, unless it defines them."""
        return (self._late_functions & _names(source)) - _defined(source) if self._late_functions else set()

    def _unknown(self, limit: float) -> float:
        return limit if self.untouched else max(SHORTEST, min(limit, self._remaining / 2))


def _names(source: str) -> set[str]:
    """Find the names in a cell, in texts as well: `utils.hint("exercise1")` calls it by its name."""
    return set(NAME.findall(source))


def _defined(source: str) -> set[str]:
    """Find the functions that a cell defines."""
    return {function or other for function, other in DEFINED.findall(source)}
