"""Limit memory, file sizes, descriptors, threads and processor time of this process: the fourth layer."""

from __future__ import annotations

import resource

from autograder.sandbox.isolation import linux
from autograder.sandbox.protocol.limits import Limits

THREADS = 256  # at most; an ordinary user's processes count as threads


def enter(limits: Limits) -> None:
    """Limit this process for good; keep a stricter limit of the machine's own."""
    used = _address_space()
    for what, value in (
        (resource.RLIMIT_AS, used + limits.memory),
        (resource.RLIMIT_FSIZE, limits.disk),
        (resource.RLIMIT_NOFILE, limits.descriptors),
        (resource.RLIMIT_NPROC, THREADS),
        (resource.RLIMIT_CPU, int(2 * limits.submission) + 1),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (ceiling, ceiling))


def _address_space() -> int:
    """Count the bytes of address space that this process has already: the libraries'."""
    try:
        pages = int(linux.read("/proc/self/statm").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()
