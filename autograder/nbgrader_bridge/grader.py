"""What a grader's process does: it keeps warm processes, and grades whatever bytes it is given."""

from __future__ import annotations

import contextlib
import gc
import platform
import queue
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from autograder import assignments, doctor, hidden_data
from autograder.nbgrader_bridge.autograding import Autograder, Course, Submitted
from autograder.nbgrader_bridge.hidden_line import named
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer

assignments.load_all()

_IDLE: queue.LifoQueue[ForkServer] = queue.LifoQueue()


def grade(course: bytes, submitted: bytes, *, require_sandbox: bool = False) -> bytes:
    """Grade one submission. In threads of one process each has a warm process of its own.

    Raises
    ------
    NoForkServer
        This machine cannot run submissions, or lacks a layer of the sandbox that is required.
    """
    with _nursery() as nursery:
        if require_sandbox:
            _whole(nursery)
        return _autograder(course, nursery).grade(Submitted.from_bytes(submitted)).to_bytes()


def run(course: bytes, submitted: bytes) -> bytes:
    """Run one submission and mark it in its test cells, for nbgrader to go on with.

    Raises
    ------
    NoForkServer
        This machine cannot run submissions.
    """
    with _nursery() as nursery:
        return _autograder(course, nursery).run(Submitted.from_bytes(submitted)).to_bytes()


def examine() -> None:
    """See whether every layer of the sandbox holds on this machine.

    Raises
    ------
    NoForkServer
        One does not.
    """
    with _nursery() as nursery:
        _whole(nursery)


@lru_cache(maxsize=64)
def load(course: bytes) -> None:
    """Load the assignments that a course's exercises are of, its own among them.

    Raises
    ------
    BrokenAssignment
        One does not load.
    """
    content = Course.from_bytes(course)
    assignments.search(*map(Path, content.assignments))
    for one in content.released.notebooks.values():
        for name in named(cell.source for cell in one.source_cells if cell.grade and cell.locked):
            assignments.load(name)


@lru_cache(maxsize=64)
def _whole(nursery: ForkServer) -> None:
    missing = [str(finding.layer) for finding in doctor.examine(nursery) if not finding.holds]
    if missing:
        raise NoForkServer(
            f"{platform.node()} lacks layers of the sandbox: {', '.join(missing)}. Nothing was run there: "
            "--require-sandbox asks for every layer."
        )


@lru_cache(maxsize=64)
def _autograder(course: bytes, nursery: ForkServer) -> Autograder:
    load(course)
    content = Course.from_bytes(course)
    if nursery.is_own:  # of a shared one somebody else has seen to it
        nursery.precompile(content.cells)
    return Autograder(content, nursery)


@contextlib.contextmanager
def _nursery() -> Iterator[ForkServer]:
    try:
        nursery = _IDLE.get_nowait()
    except queue.Empty:
        nursery = ForkServer()
    try:
        yield nursery
    except NoForkServer:
        nursery.close()
        raise
    except BaseException:
        _IDLE.put(nursery)
        raise
    else:
        _IDLE.put(nursery)


def share(address: str, folder: Path) -> None:
    """Get ready, with a warm process that is there already.

    folder : the course's, in which hidden data are kept once they are drawn.
    """
    hidden_data.keep(folder)
    gc.collect()
    gc.freeze()  # what is there now stays; looking through it again and again is most of a collection
    _IDLE.put(ForkServer(address))


def close() -> None:
    """End the warm processes."""
    while True:
        try:
            _IDLE.get_nowait().close()
        except queue.Empty:
            return
