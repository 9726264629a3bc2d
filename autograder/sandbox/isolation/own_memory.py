"""Limit this process's own memory, so that a submission that takes too much fails alone."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

MEGABYTE = 1 << 20
EXTRA = 1024 * MEGABYTE
"""Bytes beyond what is in use when the limit is set; an honest submission takes a few."""
TOO_MUCH = (
    "Its outputs or answers take more memory than a grader may use. Clear what is large in the notebook, or "
    "grade it by hand."
)
DATA = re.compile(r"^VmData:\s+(\d+) kB", re.MULTILINE)


def limit(extra: int = EXTRA) -> None:
    """Let this process take some memory beyond what it has; beyond that, allocations raise `MemoryError`.

    Memory that is only read does not count: libraries, files. On systems without such limits this does
    nothing.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = DATA.search(Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
        if used is not None:
            _, hard = resource.getrlimit(resource.RLIMIT_DATA)
            wanted = 1024 * int(used[1]) + extra
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def lift() -> None:
    """Remove an inherited limit that was meant for another process."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
