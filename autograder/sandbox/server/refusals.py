"""Say in a sentence what a submission cannot do, where Python would give an error number.

The kernel refuses it in any case: this is for people, and nothing depends on it.
"""

from __future__ import annotations

import errno
import multiprocessing.context
import multiprocessing.popen_fork
import os
import resource
import subprocess
import threading
from typing import Any, NamedTuple

try:  # here, in the fork server: it takes longer to import than most notebooks to run
    import psutil  # type: ignore[import-untyped]
except ImportError:
    psutil = None

NO_PROCESS = (
    "Operation not permitted: no other process can be started while grading. Use a loop, or threads: "
    "`concurrent.futures.ThreadPoolExecutor`, or `num_workers=0` for PyTorch's DataLoader"
)

LOCKS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "Barrier")
"""Of `multiprocessing`: where there is one process, those of its threads do the same."""


def explain() -> None:
    """Put functions that say it in the place of those that start processes or look into /proc."""
    for name in ("fork", "forkpty", "posix_spawn", "posix_spawnp", "execv", "execve"):
        setattr(os, name, _refuse)
    os.system = _not_run
    process: Any = subprocess.Popen
    process._execute_child = _refuse
    multiprocessing.popen_fork.Popen.__init__ = _refuse  # type: ignore[method-assign]  # as above
    for name in LOCKS:  # pools of threads have them, too
        setattr(multiprocessing.context.BaseContext, name, _of_threads(name))
        setattr(multiprocessing, name, getattr(threading, name))
    if psutil is not None:
        psutil.Process.memory_info = _memory_info


def _of_threads(name: str) -> Any:  # noqa: ANN401  a method
    make: Any = getattr(threading, name)
    return lambda _, *arguments, **options: make(*arguments, **options)


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(errno.EPERM, NO_PROCESS)


def _not_run(command: object) -> int:
    print(f"Not run while grading: {command}")
    return 127 << 8  # as where there is no such program


class _Memory(NamedTuple):
    """What psutil tells of a process's memory."""

    rss: int
    vms: int
    shared: int = 0
    text: int = 0
    lib: int = 0
    data: int = 0
    dirty: int = 0


def _memory_info(_: object) -> _Memory:
    """The most memory that this process took so far: what it takes now stands in /proc alone."""
    most = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return _Memory(most, most)
