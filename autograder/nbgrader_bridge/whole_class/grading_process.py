"""Grade the bytes that a process is given, on this machine or a cluster's.

Importing this module loads torch and the assignments, which takes seconds. It keeps fork servers: a shared
one, or one for each thread of a cluster's worker.
"""

from __future__ import annotations

import contextlib
import gc
import platform
import queue
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from autograder import assignments
from autograder.marking import hidden_data
from autograder.nbgrader_bridge.course.release import GradingContext, marked_assignments
from autograder.nbgrader_bridge.submission.grade_submission import SubmissionGrader
from autograder.nbgrader_bridge.submission.submissions import Submission
from autograder.sandbox.client import doctor
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer

assignments.load_all()

_UNPACKED: list[tempfile.TemporaryDirectory[str]] = []
_IDLE: queue.LifoQueue[ForkServer] = queue.LifoQueue()


def grade_bytes(context: bytes, submission: bytes, *, require_sandbox: bool = False) -> bytes:
    """Grade a serialised submission with a serialised context; return the serialised result.

    Raises
    ------
    NoForkServer
        This machine cannot run submissions, or lacks a layer of the sandbox that is required.
    """
    with _fork_server() as fork_server:
        if require_sandbox:
            _require_layers(fork_server)
        grader = _grader(context, fork_server)
        return grader.grade_submission(Submission.from_bytes(submission)).to_bytes()


def execute_bytes(context: bytes, submission: bytes) -> bytes:
    """Execute a serialised submission and mark its exercises, for nbgrader to score.

    Raises
    ------
    NoForkServer
        This machine cannot run submissions.
    """
    with _fork_server() as fork_server:
        grader = _grader(context, fork_server)
        return grader.execute_submission(Submission.from_bytes(submission)).to_bytes()


def require_whole_sandbox() -> None:
    """Ensure that every layer of the sandbox holds on this machine.

    Raises
    ------
    NoForkServer
        One does not.
    """
    with _fork_server() as fork_server:
        _require_layers(fork_server)


@lru_cache(maxsize=64)
def load_assignments(context: bytes) -> None:
    """Load the assignments that a class's notebooks are marked by, the course's own among them.

    These are read from the course's folders if they are the same here, else from what came with the context.

    Raises
    ------
    BrokenAssignment
        One does not load.
    """
    content = GradingContext.from_bytes(context)
    assignments.search(*map(Path, content.assignment_folders))
    names = marked_assignments(content.released)
    if assignments.files_of(names) != dict(content.assignment_files):
        assignments.search(_unpacked(content.assignment_files))
    for name in names:
        assignments.load(name)


def _unpacked(files: Mapping[str, bytes]) -> Path:
    """Write the files of a course's own assignments into a folder that lasts as long as this process."""
    folder = tempfile.TemporaryDirectory(prefix="autograder-assignments-")
    _UNPACKED.append(folder)
    for name, content in files.items():
        path = Path(folder.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Path(folder.name)


def share(address: str, course: Path) -> None:
    """Use a fork server that is running already, and exempt what is loaded from garbage collection.

    Parameters
    ----------
    address : the fork server's.
    course : the course's folder, in which hidden data are kept once they are drawn.
    """
    hidden_data.keep(course)
    gc.collect()
    gc.freeze()  # what is there now stays; scanning it again and again is most of a collection
    _IDLE.put(ForkServer(address))


def close() -> None:
    """End this process's fork servers."""
    while True:
        try:
            _IDLE.get_nowait().close()
        except queue.Empty:
            return


@lru_cache(maxsize=64)
def _require_layers(fork_server: ForkServer) -> None:
    missing = [str(finding.layer) for finding in doctor.check_layers(fork_server) if not finding.holds]
    if missing:
        raise NoForkServer(
            f"{platform.node()} lacks layers of the sandbox: {', '.join(missing)}. Nothing was run there: "
            "--require-sandbox asks for every layer."
        )


@lru_cache(maxsize=64)
def _grader(context: bytes, fork_server: ForkServer) -> SubmissionGrader:
    load_assignments(context)
    content = GradingContext.from_bytes(context)
    if fork_server.is_own:  # a shared one got them from the process that started it
        fork_server.precompile(content.released_cells)
    return SubmissionGrader(content, fork_server)


@contextlib.contextmanager
def _fork_server() -> Iterator[ForkServer]:
    """Borrow a fork server that no other thread is using."""
    try:
        fork_server = _IDLE.get_nowait()
    except queue.Empty:
        fork_server = ForkServer()
    try:
        yield fork_server
    except NoForkServer:
        fork_server.close()
        raise
    except BaseException:
        _IDLE.put(fork_server)
        raise
    else:
        _IDLE.put(fork_server)
