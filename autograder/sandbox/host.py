"""The grader's side of the pipe: starts a worker, asks, keeps the deadline, and ends it.

Whatever a worker does, each question gets an answer within its time: a reply, or a `Failed` that says
why there is none.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.exercise import Answer, Exercise, Failed, Fault, Instance
from autograder.sandbox import frames
from autograder.sandbox.worker import answer_from

CELL_SECONDS = 30.0  # as nbgrader's own limit
CALL_SECONDS = 10.0  # one call of an exercise on a small instance
GRACE_SECONDS = 2.0  # between the interrupt and the kill
START_SECONDS = 60.0  # importing IPython on a busy machine


class WorkerGone(Exception):
    """The worker's process has ended, by itself or because it had to be killed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


DIED = Fault(
    "died",
    "answer",
    "The Python process ended while this ran: look for `exit`, `quit`, `os._exit` or a crash.",
)
TIMEOUT = Fault("timeout", "answer", "This did not come back in time: look for a loop that does not end.")


class Worker:
    """A process that runs one submission. Use it in a `with` statement."""

    def __init__(
        self, folder: Path, cell_seconds: float = CELL_SECONDS, call_seconds: float = CALL_SECONDS
    ) -> None:
        self.cell_seconds, self.call_seconds = cell_seconds, call_seconds
        self.alive = True
        self._started = time.monotonic()
        self._private = tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True)
        requests_read, self._requests = os.pipe()
        self._replies, replies_write = os.pipe()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "autograder.sandbox.worker"),
                *(str(requests_read), str(replies_write), str(folder.resolve())),
            ],
            pass_fds=(requests_read, replies_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._private.name,
            env=_environment(self._private.name),
            start_new_session=True,  # so that its children can be ended with it
        )
        os.close(requests_read)
        os.close(replies_write)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, source: str) -> str | None:
        """Run a cell; its error in words, or None.

        Raises
        ------
        WorkerGone
            The cell ended the process, or had to be ended with it.
        """
        reply = self._ask({"do": "run", "source": source}, self.cell_seconds)
        error = reply.get("error") if isinstance(reply, dict) else None
        return error if isinstance(error, str) else None

    def call(self, exercise: Exercise, instance: Instance) -> Answer:
        """Call the student's function of this exercise on one instance."""
        question: frames.Message = {
            "do": "call",
            "function": exercise.name,
            "tensors": exercise.convention.tensors,
            "by_hand": exercise.convention.by_hand,
            "leaves": list(exercise.convention.leaves),
            "inputs": dict(instance.inputs),
        }
        try:
            return answer_from(self._ask(question, self.call_seconds))
        except WorkerGone as gone:
            return Failed(gone.fault)
        except (KeyError, TypeError, ValueError, IndexError):
            self.close()
            return Failed(DIED)

    def close(self) -> None:
        """End the process and all it started in its own session, and remove its private folder."""
        self.alive = False
        _kill_session(self._process.pid)
        self._process.wait()
        for descriptor in (self._requests, self._replies):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._requests = self._replies = -1
        self._private.cleanup()

    def _ask(self, question: frames.Message, seconds: float) -> frames.Message:
        if not self.alive:
            raise WorkerGone(DIED)
        started = max(self._started + START_SECONDS - time.monotonic(), 0.0)
        self._started = -START_SECONDS  # only the first question waits for the start
        deadline = time.monotonic() + seconds + started
        try:
            self._send(frames.encode(question), deadline)
            try:
                return self._receive(deadline)
            except TimeoutError:
                os.killpg(self._process.pid, signal.SIGINT)
                return self._receive(time.monotonic() + GRACE_SECONDS)
        except TimeoutError:
            self.close()
            raise WorkerGone(TIMEOUT) from None
        except (OSError, EOFError, frames.BadFrame):
            self.close()
            raise WorkerGone(DIED) from None

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            _wait(deadline, writable=self._requests)
            view = view[os.write(self._requests, view[: select.PIPE_BUF]) :]

    def _receive(self, deadline: float) -> frames.Message:
        header, body = frames.lengths(self._read(frames.LENGTHS.size, deadline))
        return frames.decode(self._read(header, deadline), self._read(body, deadline))

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            _wait(deadline, readable=self._replies)
            chunk = os.read(self._replies, min(size - len(data), 1 << 20))
            if not chunk:
                raise EOFError
            data += chunk
        return bytes(data)


def _kill_session(leader: int) -> None:
    """End a session's every process, also those that moved to a process group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # pid (name) state parent group session …; the name may hold anything, brackets too
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == leader:
                os.kill(int(stat.parent.name), signal.SIGKILL)


def _wait(deadline: float, readable: int | None = None, writable: int | None = None) -> None:
    left = max(deadline - time.monotonic(), 0.0)
    read = [] if readable is None else [readable]
    write = [] if writable is None else [writable]
    if not any(select.select(read, write, [], left)):
        raise TimeoutError


def _environment(home: str) -> dict[str, str]:
    """Environment of a worker: enough to run Python, and nothing to be found in it."""
    keep = {
        name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if name in os.environ
    }
    return keep | {
        "HOME": home,
        "TMPDIR": home,
        "IPYTHONDIR": home,
        "MPLCONFIGDIR": home,
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "PIP_NO_INDEX": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # a helper file beside the notebook leaves no trace there
        "NBGRADER_EXECUTION": "autograde",
        "PYTHONPATH": os.pathsep.join(_own_folders()),
    }


def _own_folders() -> list[str]:
    """Where `autograder` and `utils` were found, in case they are not installed."""
    return [str(Path(__file__).resolve().parents[2])]
