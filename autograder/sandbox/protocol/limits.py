"""Limit what a submission may use up: seconds, bytes, descriptors."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limit one submission. If it reaches a limit it is stopped, with a message; others are not affected."""

    cell: float = 30.0
    """Seconds for a cell of the notebook, as in nbgrader."""
    call: float = 10.0
    """Seconds for one call of an exercise on a small instance."""
    submission: float = 300.0
    """Seconds for everything together."""
    memory: int = 2048 * MEGABYTE
    """Bytes of memory beyond what the interpreter and its libraries take."""
    disk: int = 64 * MEGABYTE
    """Bytes of files, per file and in total."""
    descriptors: int = 128
    """Files open at once."""


USUAL = Limits()
"""What holds where nobody asked for anything else."""
