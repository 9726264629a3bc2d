"""How long one submission may hold a grader with what does not end.

The first cell that is too late has the time that any cell has. From then on the submission spends what is
left of a budget: a cell that calls a function which was too late once gets a second, and whatever else is
too late gets half of what is left, so that honest cells after it still run. All of it together ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.sandbox.limits import Limits

AFTERWARDS = 0.4  # of the longest limit: what may be lost once one thing has been too late, all in all
LEAST_AFTERWARDS = 1.5  # seconds, where limits are short
SUSPECT_SECONDS = 1.0
SHORTEST = 0.25  # seconds: less, and an interrupt would come before what it is meant for has begun
DEFINED = re.compile(
    r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^(\w+)[ \t]*=[ \t]*lambda\b", re.MULTILINE
)
NAME = re.compile(r"[^\W\d]\w*")


class TimeBudget:
    """What is left of a submission's time for what does not end, and what it was spent on."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nothing lost."""
        longest = max(limits.cell, limits.call)
        self._limits = limits
        self._left = longest + max(AFTERWARDS * longest, LEAST_AFTERWARDS)
        self._untouched = True
        self._late_sources: set[str] = set()
        self._late_functions: set[str] = set()

    @property
    def exhausted(self) -> bool:
        """Whether nothing more of the submission is run."""
        return self._left < SHORTEST

    def for_cell(self, source: str) -> float:
        """Seconds that a cell may take now."""
        suspect = source in self._late_sources or self._late_functions & _names(source)
        return self._suspect() if suspect else self._any(self._limits.cell)

    def for_call(self, function: str) -> float:
        """Seconds that one call of an exercise may take now."""
        return self._suspect() if function in self._late_functions else self._any(self._limits.call)

    def for_repetition(self) -> float:
        """Seconds for each of several things done again, because one of them could not be interrupted."""
        return self._suspect()

    def spend(self, seconds: float) -> None:
        """Take off what was lost: on what was too late, or on doing again what was done before."""
        if seconds > 0:
            self._left -= seconds
            self._untouched = False

    def was_late(self, source: str, before: Sequence[str]) -> None:
        """Remember a cell that was too late, and the notebook's functions that it names.

        before : sources of the cells before it, which may define them.
        """
        if not self._late_functions & _names(source):  # or it is known already which of them it was
            self._late_functions |= _names(source) & {
                name for cell in (*before, source) for name in _defined(cell)
            }
        self._late_sources.add(source)

    def function_was_late(self, function: str) -> None:
        """Remember an exercise whose call was too late."""
        self._late_functions.add(function)

    def was_in_time(self, source: str) -> None:
        """Forget of functions what was known, where a cell defines them anew."""
        if self._late_functions:
            self._late_functions -= _defined(source)

    def _suspect(self) -> float:
        return max(SHORTEST, min(SUSPECT_SECONDS, self._left / 4))

    def _any(self, limit: float) -> float:
        return limit if self._untouched else max(SHORTEST, min(limit, self._left / 2))


def _names(source: str) -> set[str]:
    """Names in a cell, in texts as well: `utils.hint("exercise1")` calls it by its name."""
    return set(NAME.findall(source))


def _defined(source: str) -> set[str]:
    """Functions that a cell defines."""
    return {function or other for function, other in DEFINED.findall(source)}
