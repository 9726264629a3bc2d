"""Patch other people's libraries in this one file, each patch guarded by the versions it was made for.

With any other version a patch is skipped, and the library works as it is: slower, or with an error number
where there would be a sentence. Neither marks nor the sandbox depend on a patch.

There are four kinds: jsonschema builds no parser that nobody needs; nbgrader's gradebook is opened faster;
and in the fork server and its workers, IPython's tracebacks are made faster, and what a submission cannot do
is explained in a sentence. nbgrader's modules are passed in, because both sides of the sandbox import this
file.

What belongs to a kernel or a check and ends with it is elsewhere: `input`, which ipykernel replaces, too
(`sandbox/server/shell.py`), and what notes or refuses PyTorch's differentiation while a student's function is
called (`calling/by_hand.py`, `utils/checks/tensors.py`).
"""

from __future__ import annotations

import errno
import functools
import inspect
import logging
import multiprocessing
import multiprocessing.context
import multiprocessing.popen_fork
import os
import subprocess
import sys
import threading
import types
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple, TypeAlias

COLOURED = 64  # functions, each with a place that failed
Place: TypeAlias = tuple[int, int]
"""Where parts of a text begin and end."""


def made_for(distribution: str, known: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Guard a patch by the versions of a library that it was made for; apply it once in a process.

    known : how these versions begin, in whole numbers: `0.90.1` does not begin with `0.9`.
    """

    def guard(change: Callable[..., None]) -> Callable[..., None]:
        @functools.cache
        @functools.wraps(change)
        def guarded(*modules: Any) -> None:  # noqa: ANN401  whatever the library has
            if is_version(distribution, known):
                change(*modules)

        return guarded

    return guard


def is_version(distribution: str, known: str) -> bool:
    """Return whether a library is installed in a version that begins like this."""
    try:
        installed = version(distribution)
    except PackageNotFoundError:
        return False
    if installed.split(".")[: known.count(".") + 1] == known.split("."):
        return True
    _LOG.info("%s %s is not patched: the patches were made for %s", distribution, installed, known)
    return False


@made_for("nbgrader", "0.9")
def share_engines(api: Any) -> None:  # noqa: ANN401  a module
    """Have nbgrader use one database engine per address, and create its tables only once.

    For a process that opens one gradebook over and over. `Gradebook.__init__` makes a new engine each time,
    and nbgrader opens its gradebook nine times per submission. For a new engine SQLAlchemy compiles every
    query again, and `create_all` checks every table: together more than half of what the gradebook costs.
    Closing a gradebook still disposes of the engine's connections:
    https://github.com/jupyter/nbgrader/pull/561.

    api : `nbgrader.api`.
    """
    api.create_engine = functools.cache(api.create_engine)
    create_all = api.Base.metadata.create_all

    @functools.cache
    def create_all_once(bind: Any) -> None:  # noqa: ANN401  SQLAlchemy's
        create_all(bind=bind)

    api.Base.metadata.create_all = create_all_once


@made_for("nbgrader", "0.9")
def read_schema_version_here(api: Any, folder: str) -> None:  # noqa: ANN401  a module
    """Have nbgrader find out in this process which version of its tables a new gradebook has.

    For that it starts `alembic heads`, by its name on the PATH, and that process first imports all of
    nbgrader: most of the time that a new gradebook takes. The answer is in nbgrader's own files. Upstream:
    https://github.com/jupyter/nbgrader/blob/main/nbgrader/api.py.

    api : `nbgrader.api`.
    folder : `nbgrader.dbutil.ALEMBIC_DIR`.
    """

    @functools.cache
    def schema_version() -> str:
        from alembic.script import ScriptDirectory  # only a new gradebook asks

        (newest,) = ScriptDirectory(folder).get_heads()
        return newest

    api.get_alembic_version = schema_version


@made_for("jsonschema", "4")
def hide_address_parser() -> None:
    """Hide a parser of web addresses from jsonschema, which takes a second to build it in every process.

    No notebook's schema has an address, and jsonschema does without where the package is missing. Upstream:
    https://github.com/python-jsonschema/jsonschema/blob/main/jsonschema/_format.py.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # so Python marks what is missing


def speed_up_tracebacks() -> None:
    """Cache, in this process and its forks, what every traceback needs: a third of the time remains.

    For each error IPython 9 makes the colours again, colours a function again that it has shown before, and
    looks a frame's module up among all modules. A kernel shows few errors in its life; a class,
    thousands. Upstream: https://github.com/ipython/ipython/issues/13731.
    """
    import pygments.formatters.terminal256 as formatters
    import stack_data.core

    changes: list[tuple[object, str, Callable[..., Any]]] = [(inspect, "getmodule", _quick_for_frames)]
    if is_version("stack_data", "0.6"):
        changes += [(stack_data, "style_with_executing_node", functools.cache)]  # where IPython asks for it
        changes += [(stack_data.core, "_pygmented_with_ranges", _remembering)]
    if is_version("pygments", "2"):
        changes += [(formatters, "Terminal256Formatter", functools.cache)]
    for owner, name, replace in changes:
        before = getattr(owner, name, None)
        if callable(before) and not hasattr(before, "__wrapped__"):  # or it is patched already
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


def explain_refusals(not_run: str) -> None:
    """Explain in a sentence what a submission cannot do, where Python would give an error number.

    The kernel refuses it in any case: this is for people, and no protection depends on it. What another
    version of Python no longer has is left alone.

    not_run : what stands in front of a command that `os.system` does not run.
    """
    for name in STARTING:
        if hasattr(os, name):
            setattr(os, name, _refuse)
    os.system = functools.partial(_not_run, not_run)
    fork: Any = multiprocessing.popen_fork.Popen
    for owner, method in ((subprocess.Popen, "_execute_child"), (fork, "__init__")):
        if hasattr(owner, method):
            setattr(owner, method, _refuse)
    for name in LOCKS:  # pools of threads have them, too
        setattr(multiprocessing.context.BaseContext, name, _of_threads(name))
        setattr(multiprocessing, name, getattr(threading, name))
    psutil = sys.modules.get("psutil")  # the fork server has imported it, if it is there
    if psutil is not None and is_version("psutil", "7"):
        psutil.Process.memory_info = _memory_info


def _of_threads(name: str) -> Any:  # noqa: ANN401  a method
    make: Any = getattr(threading, name)
    return lambda _, *arguments, **options: make(*arguments, **options)


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(errno.EPERM, NO_PROCESS)


def _not_run(what: str, command: object) -> int:
    print(f"{what}{command}")
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
    import resource  # not on Windows, where courses can be built

    most = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return _Memory(most, most)


_LOG = logging.getLogger(__name__)
