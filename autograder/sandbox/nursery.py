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
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.sandbox.limits import Limits

START_SECONDS = 120.0  # importing torch on a busy machine
END_SECONDS = 10.0
FAREWELL_SECONDS = 2.0


class World(StrEnum):
    """Where a submission runs."""

    BARE = "bare"
    """Without torch: for exercises by hand."""
    FULL = "full"


class NoNursery(Exception):
    """The warm process does not start; the message is a sentence for people."""


class Nursery:
    """A warm process, one for each grader. Use it in a `with` statement; it starts at once."""

    def __init__(self) -> None:
        self._disks = tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True)
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def fork(self, world: World, line: socket.socket, limits: Limits) -> int:
        """Fork a worker that serves `line`; a handle (pidfd) of its process, the caller's to close.

        Raises
        ------
        NoNursery
            The warm process has ended, and does so again when it is started again.
        """
        request = json.dumps(dataclasses.asdict(limits)).encode()
        for again in (True, False):
            control = self._controls[world]
            try:
                socket.send_fds(control, [request], [line.fileno()])
                if not select.select([control], [], [], START_SECONDS)[0]:
                    raise TimeoutError
                answer, descriptors, _, _ = socket.recv_fds(control, 64, 1)
                if answer and descriptors:
                    return descriptors[0]
            except OSError:
                pass
            self._stop()
            if again:
                self._start()
        raise NoNursery(
            "The process that runs submissions ended as soon as it was started, twice. "
            "`autograder doctor` tells what this machine lacks."
        )

    def close(self) -> None:
        """End the warm process and all workers, and remove what they left."""
        self._stop()
        self._disks.cleanup()

    def _start(self) -> None:
        pairs = {world: socket.socketpair() for world in World}
        self._controls = {world: ours for world, (ours, _) in pairs.items()}
        theirs = [pairs[world][1] for world in World]
        disks = self._disks.name
        for world in World:
            (Path(disks) / world).mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "autograder.sandbox.zygote"),
                *(str(their.fileno()) for their in theirs),
                disks,
            ],
            pass_fds=[their.fileno() for their in theirs],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if "AUTOGRADER_DEBUG" in os.environ else subprocess.DEVNULL,
            cwd=disks,
            env=_environment(disks),
            start_new_session=True,  # a terminal's Ctrl-C does not reach it
        )
        for their in theirs:
            their.close()

    def _stop(self) -> None:
        for control in self._controls.values():
            control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(FAREWELL_SECONDS)  # it sees that its lines are closed
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)


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
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "NBGRADER_EXECUTION": "autograde",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),  # in case the course is not installed
    }
