"""Arrange the fork server's memory so that a fork copies, writes and frees as little of it as possible.

A fork shares its parent's pages until it writes to one; then the kernel copies the page. What is allocated
in the gaps between old objects touches many pages, each for a few bytes, so the gaps are filled first.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import re
import sys

from autograder.sandbox.isolation import linux

COLLECT_AFTER = 20_000  # new objects; a notebook makes few, and looking for cycles touches pages
LARGEST = 120 << 10  # bytes of a gap that is filled; the C library gets larger ones from elsewhere
HEADER = 33  # bytes of an empty `bytes`
ROW = re.compile(r"^ *\d+ +(\d+) +\d+ +\d+ +(\d+)$", re.MULTILINE)
"""Of Python's own statistics: a size, and how many places of it are free."""

_FILLED: list[object] = []


def settle() -> None:
    """Keep what is there now in pages that forks share."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def tidy() -> None:
    """Settle, fill the gaps, and move to huge pages: takes a tenth of a second, and pays off for a class."""
    settle()
    with contextlib.suppress(OSError, AttributeError):  # another C library, another Python
        _fill_python()
        _fill_c()
    linux.use_huge_pages()


def _fill_python() -> None:
    """Take the free places between small objects."""
    for size, free in ((int(size), int(free)) for size, free in ROW.findall(_statistics())):
        if size == object.__sizeof__(object()):
            _FILLED.append([object() for _ in range(free)])
        elif size >= HEADER + 15:
            _FILLED.append([bytes(size - HEADER) for _ in range(free)])


def _statistics() -> str:
    """Read Python's statistics of its small objects, which it writes to descriptor 2 alone."""
    with os.fdopen(os.memfd_create("statistics"), "w+", encoding="ascii") as file:  # nowhere to write else
        saved = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            sys._debugmallocstats()
        finally:
            os.dup2(saved, 2)
            os.close(saved)
        file.seek(0)
        return file.read()


class _Info(ctypes.Structure):
    """Hold what mallinfo2(3) returns."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def _fill_c() -> None:
    """Take the C library's free chunks below its topmost one, the large ones first."""
    libc = ctypes.CDLL(None)
    libc.mallinfo2.restype = _Info
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.sbrk.restype, libc.sbrk.argtypes = ctypes.c_void_p, [ctypes.c_ssize_t]
    sizes = [*range(LARGEST, 4096, -4096), *range(4096, 1024, -256), *range(1024, 0, -16)]
    for size in sizes:
        top = libc.sbrk(0) - libc.mallinfo2().keepcost
        while (place := libc.malloc(size - 8)) is not None:
            if place >= top - size:
                libc.free(place)
                break
