"""Measure how long a process has waited for a core, which on a busy machine is no fault of what it runs.

Limits are in seconds of wall-clock time. If ten processes share two cores, honest code takes five times as
long, and would be stopped as if it did not end.
"""

from __future__ import annotations

import re
from pathlib import Path

PID = re.compile(r"^Pid:\s*([1-9]\d*)$", re.MULTILINE)
NANOSECONDS = 1e9


class Starved:
    """Read the kernel's count of the time in which a process could have run, but had no core."""

    def __init__(self, handle: int) -> None:
        """Look up the process behind a pidfd.

        If the kernel does not count, or shows nothing, the waiting time is 0.
        """
        self._statistics: Path | None = None
        self._most = 0.0
        try:
            result = PID.search(Path(f"/proc/self/fdinfo/{handle}").read_text(encoding="ascii"))
        except OSError:
            result = None
        if result is not None:
            self._statistics = Path(f"/proc/{result[1]}/schedstat")

    def seconds(self) -> float:
        """Return the seconds for its first thread since it began; if it has ended, the last value seen."""
        if self._statistics is not None:
            try:
                _, waited, _ = self._statistics.read_text(encoding="ascii").split()
                self._most = max(self._most, int(waited) / NANOSECONDS)
            except (OSError, ValueError):
                self._statistics = None
        return self._most
