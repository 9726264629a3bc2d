"""Limit what a submission may use up: seconds, bytes, descriptors."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limit one submission. One that reaches a limit is stopped, with a message; others notice nothing."""

    cell: float = 30.0
    """Seconds for a cell of the notebook, as in nbgrader."""
    call: float = 10.0
    """Seconds for one call of an exercise on a small instance."""
    submission: float = 300.0
    """Seconds for all of it together."""
    memory: int = 2048 * MEGABYTE
    """Bytes of memory beyond what the interpreter and its libraries take."""
    disk: int = 64 * MEGABYTE
    """Bytes of files, in one file and in all."""
    descriptors: int = 128
    """Files open at once."""
