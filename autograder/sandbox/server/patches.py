"""Patch other people's code, in the fork server and its workers alone. All of the sandbox's patches are here.

There are two kinds: IPython's tracebacks are made faster, and what a submission cannot do is explained in a
sentence. Marks depend on neither. What another version no longer has is left alone; a test then says which
patch has no effect.
"""

from __future__ import annotations

import errno
import functools
import inspect
import multiprocessing
import multiprocessing.context
import multiprocessing.popen_fork
import os
import resource
import subprocess
import sys
import threading
import types
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import pygments.formatters.terminal256 as formatters
import stack_data.core

try:  # here, in the fork server: it takes longer to import than most notebooks to run
    import psutil  # type: ignore[import-untyped]
except ImportError:
    psutil = None

from autograder.sandbox.protocol.requests import NOT_RUN

COLOURED = 64  # functions, each with a place that failed
Place: TypeAlias = tuple[int, int]
"""Where parts of a text begin and end."""


def speed_up_tracebacks() -> None:
    """Cache, in this process and its forks, what every traceback needs: a third of the time remains.

    For each error IPython 9 makes the colours again, colours a function again that it has shown before, and
    looks a frame's module up among all modules. A kernel shows few errors in its life; a class,
    thousands. Upstream: https://github.com/ipython/ipython/issues/13731.
    """
    for owner, name, replace in (
        (stack_data, "style_with_executing_node", functools.cache),  # where IPython asks for it
        (formatters, "Terminal256Formatter", functools.cache),
        (stack_data.core, "_pygmented_with_ranges", _remembering),
        (inspect, "getmodule", _quick_for_frames),
    ):
        before = getattr(owner, name, None)
        if callable(before) and not hasattr(before, "__wrapped__"):  # another version; or patched already
            setattr(owner, name, replace(before))


def _remembering(colour: Callable[[Any, str, list[Place]], list[str]]) -> Callable[..., list[str]]:
    """Colour a function once: a notebook calls one that fails in cell after cell."""

    @functools.lru_cache(maxsize=COLOURED)
    def known(formatter: Any, code: str, ranges: tuple[Place, ...]) -> tuple[str, ...]:  # noqa: ANN401  pygments'
        return tuple(colour(formatter, code, list(ranges)))

    @functools.wraps(colour)
    def coloured(formatter: Any, code: str, ranges: list[Place]) -> list[str]:  # noqa: ANN401  as above
        return list(known(formatter, code, tuple(ranges)))

    return coloured


def _quick_for_frames(search: Callable[..., Any]) -> Callable[..., Any]:
    """Look a frame's module up by its name, and anything else as `inspect` does."""

    @functools.wraps(search)
    def getmodule(object: Any, _filename: str | None = None) -> Any:  # noqa: ANN401  as `inspect` has it
        if isinstance(object, types.FrameType):
            return sys.modules.get(object.f_globals.get("__name__", ""))
        return search(object, _filename)

    return getmodule


NO_PROCESS = (
    "Operation not permitted: no other process can be started while grading. Use a loop, or threads: "
    "`concurrent.futures.ThreadPoolExecutor`, or `num_workers=0` for PyTorch's DataLoader"
)
STARTING = ("fork", "forkpty", "posix_spawn", "posix_spawnp", "execv", "execve")
LOCKS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "Barrier")
"""Of `multiprocessing`: in a single process, those of its threads do the same."""


def explain_refusals() -> None:
    """Explain in a sentence what a submission cannot do, where Python would give an error number.

    The kernel refuses it in any case: this is for people, and no protection depends on it.
    """
    for name in STARTING:
        if hasattr(os, name):
            setattr(os, name, _refuse)
    os.system = _not_run
    fork: Any = multiprocessing.popen_fork.Popen
    for owner, method in ((subprocess.Popen, "_execute_child"), (fork, "__init__")):
        if hasattr(owner, method):
            setattr(owner, method, _refuse)
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
    print(f"{NOT_RUN}{command}")
    return 127 << 8  # as if there were no such program


class _Memory(NamedTuple):
    """Stand in for psutil's description of a process's memory."""

    rss: int
    vms: int
    shared: int = 0
    text: int = 0
    lib: int = 0
    data: int = 0
    dirty: int = 0


def _memory_info(_: object) -> _Memory:
    """Return the most memory that this process has taken so far: current use is visible only in /proc."""
    most = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return _Memory(most, most)
