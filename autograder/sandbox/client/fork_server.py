"""The grader's handle of a warm process: started once, asked for a fork by every submission."""

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

from autograder.sandbox.client import unsupported
from autograder.sandbox.isolation.autodiff import Patch, switch_from
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.requests import LARGEST, LESSON, PING, PRIVATE, SOCKET

START_SECONDS = 120.0  # importing torch on a busy machine
END_SECONDS = 10.0
FAREWELL_SECONDS = 2.0


class NoNursery(Exception):
    """The warm process does not start; the message is a sentence for people."""


class NurseryGone(NoNursery):
    """The warm process ended and took a submission with it, whose doing it was not: it is to be run again."""


class Forked(NamedTuple):
    """A worker's process."""

    handle: int
    """A pidfd, the caller's to close."""
    patches: tuple[Patch, ...]
    """What switches automatic differentiation off in it, as the warm process has found."""
    no_switch: str
    """Why it has found nothing."""


class Nursery:
    """A warm process, for one grader or for several. Use it in a `with` statement; it starts at once."""

    def __init__(self, address: str | None = None) -> None:
        """Start a warm process, or share the one at `address`.

        If one that is shared ends, this becomes one of its own.
        """
        self._connected: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._disks: tempfile.TemporaryDirectory[str] | None = None
        self.address = address or self._start()
        """Where others can share it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def fork(self, line: socket.socket, limits: Limits) -> Forked:
        """Fork a worker that serves `line`.

        Raises
        ------
        NoNursery
            The warm process has ended, and does so again when it is started again.
        """
        request = json.dumps(dataclasses.asdict(limits)).encode()
        for again in (True, False):
            try:
                client = self._client()
                socket.send_fds(client, [request], [line.fileno()])
                if not select.select([client], [], [], START_SECONDS)[0]:
                    raise TimeoutError
                answer, descriptors, _, _ = socket.recv_fds(client, LARGEST, 1)
                if answer and descriptors:
                    return Forked(descriptors[0], *switch_from(answer))
            except OSError:
                pass
            self._stop()
            if again:
                self.address = self._start()
        raise NoNursery(
            "The process that runs submissions ended as soon as it was started, twice. "
            "`autograder doctor` tells what this machine lacks."
        )

    def teach(self, cells: Sequence[str]) -> None:
        """Tell that a class comes, and which cells most submissions have; nobody waits for it.

        cells : an assignment's own, never a student's: they are compiled in the warm process itself.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8") as lesson:
            json.dump(list(cells), lesson)
            lesson.seek(0)
            with contextlib.suppress(OSError):  # then the next who asks finds that it has ended
                socket.send_fds(self._client(), [LESSON], [lesson.fileno()])

    @property
    def is_own(self) -> bool:
        """Whether the warm process is this nursery's own, and not shared with who started it."""
        return self._process is not None

    def lives(self) -> bool:
        """Whether the warm process that forked last is still there."""
        try:
            client = self._client()
            socket.send_fds(client, [PING], [client.fileno()])
            return bool(select.select([client], [], [], START_SECONDS)[0]) and client.recv(len(PING)) == PING
        except OSError:
            return False

    def close(self) -> None:
        """End the warm process and all workers, if it is one of its own, and remove what they left."""
        self._stop()
        if self._disks is not None:
            self._disks.cleanup()

    def _client(self) -> socket.socket:
        if self._connected is None:
            self._connected = socket.socket(socket.AF_UNIX)
            with _briefly(Path(self.address)) as folder:
                self._connected.connect(str(folder / SOCKET))
        return self._connected

    def _start(self) -> str:
        if refused := unsupported.refusal():
            raise NoNursery(refused)
        if self._disks is None:
            self._disks = tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True)
        folder = Path(self._disks.name)
        self._lifeline, theirs = socket.socketpair()
        (folder / PRIVATE).mkdir(parents=True, exist_ok=True)
        (folder / SOCKET).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        with _briefly(folder) as brief:
            listener.bind(str(brief / SOCKET))
        listener.listen()  # who connects now is answered when the process is warm
        passed = [theirs, listener]
        numbers = [one.fileno() for one in passed]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.server.main", *map(str, numbers), str(folder)],
            pass_fds=numbers,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if "AUTOGRADER_DEBUG" in os.environ else subprocess.DEVNULL,
            cwd=folder,
            env=_environment(str(folder)),
            start_new_session=True,  # a terminal's Ctrl-C does not reach it
        )
        for one in passed:
            one.close()
        return str(folder)

    def _stop(self) -> None:
        if self._connected is not None:
            self._connected.close()
            self._connected = None
        if self._process is None:
            return
        self._lifeline.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(FAREWELL_SECONDS)  # it sees that its lifeline has ended
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        self._process = None


@contextlib.contextmanager
def _briefly(folder: Path) -> Iterator[Path]:
    """A folder by a name that is short enough for a socket in it: 107 characters are all that there are."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        short = Path(f"/proc/self/fd/{descriptor}")
        yield short if short.exists() else folder
    finally:
        os.close(descriptor)


def _environment(disks: str) -> dict[str, str]:
    """Environment of a worker: enough to run Python, and nothing to be found in it."""
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
        "NBGRADER_EXECUTION": "autograde",
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),  # in case the course is not installed
    }
