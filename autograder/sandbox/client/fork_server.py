"""Start the fork server, or share one, and ask it for a worker for each submission.

Like CPython's `multiprocessing.forkserver` it is a process that imports once and forks often. Unlike there,
each fork isolates itself before it runs anything, and nothing that crosses is pickled.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from autograder.nbgrader_names import AUTOGRADE, EXECUTION
from autograder.sandbox.client import unsupported
from autograder.sandbox.isolation.autodiff import Patch, switch_from
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.requests import (
    A_CLASS,
    LARGEST,
    PING,
    PRECOMPILE,
    PRIVATE,
    SOCKET,
    WARM_UP,
)

START_SECONDS = 120.0  # importing torch on a busy machine
END_SECONDS = 10.0
SHUT_DOWN_SECONDS = 2.0


class NoForkServer(Exception):
    """Raised if the fork server does not start; the message is a sentence for people."""


class ForkServerGone(NoForkServer):
    """Raised if the fork server ended while a worker ran: not the submission's doing, so run that again."""


class ForkedWorker(NamedTuple):
    """Hold a worker's process, and what the fork server knows about it."""

    handle: int
    """A pidfd, which the caller must close."""
    patches: tuple[Patch, ...]
    """The patches that switch automatic differentiation off in it, as the fork server found them."""
    no_switch: str
    """Why none were found; empty if they were."""


class ForkServer:
    """Fork workers for one grader or for several. Use it in a `with` statement; it starts at once."""

    def __init__(self, address: str | None = None) -> None:
        """Start a process, or share the one that listens at `address`; if that ends, start one after all."""
        self._connected: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._disks: tempfile.TemporaryDirectory[str] | None = None
        self.address = address or self._start()
        """Where others can share it."""
        self.missing_layers: dict[str, str] = {}
        """Layers of isolation that its workers have had to do without so far, and why."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def fork(self, channel: socket.socket, limits: Limits) -> ForkedWorker:
        """Fork a worker that serves the other end of `channel`.

        Raises
        ------
        NoForkServer
            Its process has ended, and does so again when it is started again.
        """
        request = json.dumps(dataclasses.asdict(limits)).encode()
        for again in (True, False):
            try:
                client = self._client()
                socket.send_fds(client, [request], [channel.fileno()])
                if not select.select([client], [], [], START_SECONDS)[0]:
                    raise TimeoutError
                answer, descriptors, _, _ = socket.recv_fds(client, LARGEST, 1)
                if answer and descriptors:
                    return ForkedWorker(descriptors[0], *switch_from(answer))
            except OSError:
                pass
            self._stop()
            if again:
                self.address = self._start()
        raise NoForkServer(
            "The process that runs submissions ended as soon as it was started, twice. "
            "`autograder doctor` says what this machine lacks."
        )

    def precompile(self, cells: Sequence[str]) -> None:
        """Compile the cells that most submissions share; do not wait for it.

        cells : an assignment's own, never a student's, because they are compiled in the fork server itself.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8") as sources:
            json.dump(list(cells), sources)
            sources.seek(0)
            with contextlib.suppress(OSError):  # then the next request finds that it has ended
                socket.send_fds(self._client(), [PRECOMPILE], [sources.fileno()])

    def expect(self, submissions: int) -> None:
        """Warm up if as many submissions will come that it pays; do not wait for it."""
        if submissions >= A_CLASS:
            with contextlib.suppress(OSError):  # then the next request finds that it has ended
                client = self._client()
                socket.send_fds(client, [WARM_UP], [client.fileno()])

    @property
    def is_own(self) -> bool:
        """Return whether the process was started here, rather than shared with the grader that started it."""
        return self._process is not None

    def lives(self) -> bool:
        """Return whether the process that made the last fork is still alive."""
        try:
            client = self._client()
            socket.send_fds(client, [PING], [client.fileno()])
            return bool(select.select([client], [], [], START_SECONDS)[0]) and client.recv(len(PING)) == PING
        except OSError:
            return False

    def close(self) -> None:
        """End the process and all its workers, if it was started here, and remove what they left behind."""
        self._stop()
        if self._disks is not None:
            self._disks.cleanup()

    def _client(self) -> socket.socket:
        if self._connected is None:
            self._connected = socket.socket(socket.AF_UNIX)
            with _short_name(Path(self.address)) as folder:
                self._connected.connect(str(folder / SOCKET))
        return self._connected

    def _start(self) -> str:
        if reason := unsupported.reason():
            raise NoForkServer(reason)
        if self._disks is None:
            self._disks = tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True)
        folder = Path(self._disks.name)
        self._lifeline, theirs = socket.socketpair()
        (folder / PRIVATE).mkdir(parents=True, exist_ok=True)
        (folder / SOCKET).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        with _short_name(folder) as short:
            listener.bind(str(short / SOCKET))
        listener.listen()  # a request that comes now is answered when the process is warm
        inherited = [theirs, listener]
        descriptors = [each.fileno() for each in inherited]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.server.main", *map(str, descriptors), str(folder)],
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if "AUTOGRADER_DEBUG" in os.environ else subprocess.DEVNULL,
            cwd=folder,
            env=_environment(str(folder)),
            start_new_session=True,  # a terminal's Ctrl-C does not reach it
        )
        for each in inherited:
            each.close()
        return str(folder)

    def _stop(self) -> None:
        if self._connected is not None:
            self._connected.close()
            self._connected = None
        if self._process is None:
            return
        self._lifeline.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(SHUT_DOWN_SECONDS)  # it sees that its lifeline has ended
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        self._process = None


@contextlib.contextmanager
def _short_name(folder: Path) -> Iterator[Path]:
    """Name a folder so briefly that a socket in it can be bound: its address may have 107 characters."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        name = Path(f"/proc/self/fd/{descriptor}")
        yield name if name.exists() else folder
    finally:
        os.close(descriptor)


def _environment(disks: str) -> dict[str, str]:
    """Make the fork server's environment: enough to run Python, and nothing worth finding in it."""
    keep = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return keep | {
        "HOME": disks,
        "TMPDIR": ".",  # the private disk, where a worker's current folder is
        "IPYTHONDIR": disks,
        "MPLCONFIGDIR": disks,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TORCH_COMPILE_DISABLE": "1",  # it needs a C++ compiler: functions run as they are
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        EXECUTION: AUTOGRADE,
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),  # in case the course is not installed
    }
