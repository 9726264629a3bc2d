"""The grader's side of the line: opens a box, asks, keeps the deadlines, and ends it.

Whatever a worker does, each question gets an answer within its time: a reply, or a `Failed` that says
why there is none.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Mapping
from functools import partial
from types import TracebackType
from typing import Self

from autograder.exercise import Answer, Exercise, Failed, Fault, Instance
from autograder.sandbox import frames
from autograder.sandbox.limits import Limits
from autograder.sandbox.nursery import Nursery, NurseryGone, World
from autograder.sandbox.replies import Ran, answer_from, ran_from

GRACE_SECONDS = 2.0  # between the interrupt and the kill
END_SECONDS = 10.0  # for the kernel to end a process that was killed


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
OVERTIME = Fault(
    "timeout", "answer", "The notebook as a whole took too long: look for cells that compute for minutes."
)


class Worker:
    """A process in a box that runs one submission. Use it in a `with` statement."""

    def __init__(
        self,
        nursery: Nursery,
        world: World,
        limits: Limits | None = None,
        files: Mapping[str, bytes] | None = None,
        deadline: float | None = None,
    ) -> None:
        """Open a box.

        files : the submission's own, by their names relative to the notebook.
        deadline : on the monotonic clock, for all that is asked; the limits' own time from now if not given.
        """
        self.limits = limits or Limits()
        self.deadline = time.monotonic() + self.limits.submission if deadline is None else deadline
        self.alive = True
        self._lives = partial(nursery.lives, world)
        self.received = 0
        """Bytes that came back."""
        self._line, theirs = socket.socketpair()
        self._line.setblocking(False)
        try:
            self._handle = nursery.fork(world, theirs, self.limits)
        except BaseException:
            self._line.close()
            raise
        finally:
            theirs.close()
        self.lacks: Mapping[str, str] = {}
        """Layers of the box that this machine lacks, and why; told before any code of a student's ran."""
        with contextlib.suppress(WorkerGone):
            self.lacks = self._hello()
            self._ask({"do": "lay", "files": dict(files or {})}, self.limits.cell)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, source: str) -> Ran:
        """Run a cell; what it put out, and its error in words.

        Raises
        ------
        NurseryGone
            The warm process ended, and the worker with it.
        WorkerGone
            The cell ended the process, or had to be ended with it.
        """
        reply = self._ask({"do": "run", "source": source}, self.limits.cell)
        return ran_from(reply, late=self._late)

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
            return answer_from(self._ask(question, self.limits.call))
        except WorkerGone as gone:
            return Failed(gone.fault)
        except (KeyError, TypeError, ValueError, IndexError):
            self.close()
            return Failed(DIED)

    def close(self) -> None:
        """End the process and, with its namespace, all it started."""
        if self.alive or self._handle >= 0:
            self.alive = False
            self._line.close()
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            # readable when the process is gone; as the first of its namespace it goes last
            select.select([self._handle], [], [], END_SECONDS)
            os.close(self._handle)
            self._handle = -1

    def _died(self) -> Exception:
        """End, and tell by whose doing: nothing of a submission's reaches the warm process."""
        self.close()
        if self._lives():
            return WorkerGone(DIED)
        return NurseryGone("The process that runs submissions was ended, twice while it ran one.")

    def _hello(self) -> Mapping[str, str]:
        try:
            reply = self._receive(time.monotonic() + END_SECONDS)
        except (OSError, EOFError, frames.BadFrame):
            raise self._died() from None
        lacks = reply.get("lacks") if isinstance(reply, dict) else None
        return {str(k): str(v) for k, v in lacks.items()} if isinstance(lacks, dict) else {}

    def _ask(self, question: frames.Message, seconds: float) -> frames.Message:
        if not self.alive:
            raise self._died()
        self._late = False
        now = time.monotonic()
        if now >= self.deadline:  # or each further question would still have the grace of an interrupt
            self.close()
            raise WorkerGone(OVERTIME)
        overtime = self.deadline < now + seconds
        deadline = min(now + seconds, self.deadline)
        try:
            self._send(frames.encode(question), deadline)
            try:
                return self._receive(deadline)
            except TimeoutError:
                self._late = True
                signal.pidfd_send_signal(self._handle, signal.SIGINT)
                return self._receive(time.monotonic() + GRACE_SECONDS)
        except TimeoutError:
            self.close()
            raise WorkerGone(OVERTIME if overtime else TIMEOUT) from None
        except (OSError, EOFError, frames.BadFrame):
            raise self._died() from None

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            _wait(deadline, writable=self._line)
            with contextlib.suppress(BlockingIOError):
                view = view[self._line.send(view) :]

    def _receive(self, deadline: float) -> frames.Message:
        header, body = frames.lengths(self._read(frames.LENGTHS.size, deadline))
        self.received += header + body
        return frames.decode(self._read(header, deadline), self._read(body, deadline))

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            _wait(deadline, readable=self._line)
            chunk = self._line.recv(min(size - len(data), 1 << 20))
            if not chunk:
                raise EOFError
            data += chunk
        return bytes(data)


def _wait(
    deadline: float, readable: socket.socket | None = None, writable: socket.socket | None = None
) -> None:
    left = max(deadline - time.monotonic(), 0.0)
    read = [] if readable is None else [readable]
    write = [] if writable is None else [writable]
    if not any(select.select(read, write, [], left)):
        raise TimeoutError
