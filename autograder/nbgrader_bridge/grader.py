"""What a grader's process does: it keeps warm processes, and grades whatever bytes it is given."""

from __future__ import annotations

import contextlib
import gc
import platform
import queue
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from autograder import assignments, doctor, hidden_data
from autograder.nbgrader_bridge.autograding import Autograder, Course, Submitted
from autograder.nbgrader_bridge.hidden_line import named
from autograder.sandbox.nursery import NoNursery, Nursery

assignments.load_all()

_UNPACKED: list[tempfile.TemporaryDirectory[str]] = []
_IDLE: queue.LifoQueue[Nursery] = queue.LifoQueue()


def grade(course: bytes, submitted: bytes, *, require_sandbox: bool = False) -> bytes:
    """Grade one submission. In threads of one process each has a warm process of its own.

    Raises
    ------
    NoNursery
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
    NoNursery
        This machine cannot run submissions.
    """
    with _nursery() as nursery:
        return _autograder(course, nursery).run(Submitted.from_bytes(submitted)).to_bytes()


def examine() -> None:
    """See whether every layer of the sandbox holds on this machine.

    Raises
    ------
    NoNursery
        One does not.
    """
    with _nursery() as nursery:
        _whole(nursery)


@lru_cache(maxsize=64)
def load(course: bytes) -> None:
    """Load the assignments that a course's exercises are of, its own among them.

    These are read from the course's folders where they are the same here, else from what came with it.

    Raises
    ------
    BrokenAssignment
        One does not load.
    """
    content = Course.from_bytes(course)
    cells = [cell for one in content.released.notebooks.values() for cell in one.source_cells]
    names = named(cell.source for cell in cells if cell.grade and cell.locked)
    assignments.search(*map(Path, content.assignments))
    if assignments.files_of(names) != dict(content.declared):
        assignments.search(_unpacked(content.declared))
    for name in names:
        assignments.load(name)


def _unpacked(declared: Mapping[str, bytes]) -> Path:
    """Write the files of a course's own assignments into a folder that is there as long as this process."""
    folder = tempfile.TemporaryDirectory(prefix="autograder-assignments-")
    _UNPACKED.append(folder)
    for name, content in declared.items():
        path = Path(folder.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Path(folder.name)


@lru_cache(maxsize=64)
def _whole(nursery: Nursery) -> None:
    missing = [str(finding.layer) for finding in doctor.examine(nursery) if not finding.holds]
    if missing:
        raise NoNursery(
            f"{platform.node()} lacks layers of the sandbox: {', '.join(missing)}. Nothing was run there: "
            "--require-sandbox asks for every layer."
        )


@lru_cache(maxsize=64)
def _autograder(course: bytes, nursery: Nursery) -> Autograder:
    load(course)
    content = Course.from_bytes(course)
    if nursery.is_own:  # of a shared one somebody else has seen to it
        nursery.teach(content.cells)
    return Autograder(content, nursery)


@contextlib.contextmanager
def _nursery() -> Iterator[Nursery]:
    try:
        nursery = _IDLE.get_nowait()
    except queue.Empty:
        nursery = Nursery()
    try:
        yield nursery
    except NoNursery:
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
    _IDLE.put(Nursery(address))


def close() -> None:
    """End the warm processes."""
    while True:
        try:
            _IDLE.get_nowait().close()
        except queue.Empty:
            return
