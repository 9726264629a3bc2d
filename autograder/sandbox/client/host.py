"""Run a submission's cells and call its functions in a worker, within their time limits.

Whatever a worker does, each request gets an answer in time: a reply, or a `Failed` that says why
there is none.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Self

from autograder.exercise import SHARED, Answer, Exercise, Failed, Fault, Instance
from autograder.sandbox.client.fork_server import ForkServer, ForkServerGone
from autograder.sandbox.client.replies import CellResult, answer_from, cell_result, interrupted
from autograder.sandbox.client.starved import Starved
from autograder.sandbox.isolation import pidfd
from autograder.sandbox.isolation.autodiff import NoSwitch, Switch
from autograder.sandbox.isolation.layers import Layer
from autograder.sandbox.protocol import frames
from autograder.sandbox.protocol.channel import Channel
from autograder.sandbox.protocol.limits import USUAL, Limits

GRACE_SECONDS = 1.0  # between the interrupt and the kill
MOST_STARVED = (
    4.0  # times its seconds: a worker has no more on a busy machine, or one that it keeps busy itself
)
END_SECONDS = 10.0  # for the kernel to end a process that was killed


class WorkerGone(Exception):
    """Raised if the worker's process has ended, by itself or because it had to be killed."""

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
    """Drive one fork-server worker, which runs one submission. Use it in a `with` statement."""

    def __init__(
        self,
        fork_server: ForkServer,
        limits: Limits = USUAL,
        files: Mapping[str, bytes] | None = None,
        deadline: float | None = None,
        *,
        together: bool = False,
        course_files: bool = True,
    ) -> None:
        """Have a worker forked.

        files : the submission's own, by their names relative to the notebook.
        deadline : on the monotonic clock, for everything; the limits' own time from now if not given.
        together : whether replies may come in batches. That is cheaper; but if the process ends, it is
            unknown what
            it did last: any request without a reply may have ended it.
        course_files : whether the notebook finds this course's `utils` and `files` if it brings none. If not,
            the files beside it take precedence over every library, as in a kernel.
        """
        self.limits = limits
        self.deadline = time.monotonic() + self.limits.submission if deadline is None else deadline
        self.alive = True
        self.together = together
        self.lost = 0.0
        """Seconds spent waiting for what came too late, except those in which it had no core."""
        self._fork_server = fork_server
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours)
        try:
            self._handle, patches, no_switch = fork_server.fork(theirs, self.limits)
        except BaseException:
            self._channel.close()
            raise
        finally:
            theirs.close()
        self._starved = Starved(self._handle)
        self._missing: dict[str, str] = {}
        self._welcomed = False
        self._miss_autodiff(no_switch)
        self._switch: Switch | None = None
        if patches:
            try:
                self._switch = Switch(self._handle, patches)
            except NoSwitch as error:
                self._miss_autodiff(str(error))
        self._channel.post({"do": "write_files", "files": dict(files or {}), "course_files": course_files})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def received(self) -> int:
        """Return how much came back, in bytes."""
        return self._channel.received

    @property
    def starved(self) -> float:
        """Return how long the worker has waited for a core so far, in seconds."""
        return self._starved.seconds()

    def own_seconds(self, since: float, starved: float) -> float:
        """Return the seconds that count: without those spent waiting for a core, but at least a share of all.

        A submission may keep the cores busy itself, with its own threads.

        since : a moment on the monotonic clock.
        starved : how long the worker had waited for a core by then.
        """
        elapsed = time.monotonic() - since
        return max(elapsed - (self.starved - starved), elapsed / MOST_STARVED)

    @property
    def missing_layers(self) -> Mapping[str, str]:
        """Return the layers that the worker lacks, and why; known before any student's code runs."""
        if not self._welcomed and self.alive:
            with contextlib.suppress(WorkerGone):
                self._welcome()
        return self._missing

    def run(self, source: str, seconds: float | None = None) -> CellResult:
        """Run a cell; return its output, and its error in words.

        Raises
        ------
        ForkServerGone
            The fork server ended, and the worker with it.
        WorkerGone
            The cell ended the process, or had to be ended with it.
        """
        (ran,) = self.run_all([source], seconds)
        return ran

    def run_all(self, sources: Sequence[str], seconds: float | None = None) -> Iterator[CellResult]:
        """Run cells one after another, each with its own time limit; the caller must consume all results.

        After a cell that was interrupted the rest is not run, because it may need other limits.

        seconds : for each cell; the limits' own if not given.

        Raises
        ------
        ForkServerGone, WorkerGone
            As in `run`. The cells after that one were not run.
        """
        request: dict[str, frames.Message] = {"do": "run", "sources": list(sources)}
        for reply in self._ask(request, len(sources), seconds or self.limits.cell):
            late = self._late and (interrupted(reply) or not self.together)
            self._late &= not late
            yield cell_result(reply, late=late)
            if interrupted(reply):
                return

    def call(self, exercise: Exercise, instance: Instance) -> Answer:
        """Call the student's function of this exercise on one instance."""
        try:
            (answer,) = self.call_all(exercise, [instance])
        except WorkerGone as gone:
            return Failed(gone.fault)
        return answer

    def call_all(
        self, exercise: Exercise, instances: Sequence[Instance], seconds: float | None = None
    ) -> Iterator[Answer]:
        """Call the student's function on one instance after another; stop after a failure.

        The process gets an instance's inputs only after it has answered for the one before. It works on
        them while the caller looks at the last answer.

        seconds : for each call; the limits' own if not given.

        Raises
        ------
        ForkServerGone, WorkerGone
            As in `run`.
        """
        waiting = iter(instances)
        off = self.without_autodiff() if exercise.convention.by_hand else contextlib.nullcontext()
        try:
            with off as switch:
                # if it cannot be switched off, the function is watched in its own process
                watched = exercise.convention.by_hand and switch is None
                self._request_call(exercise, next(waiting), watched=watched)
                for instance in instances:
                    answer = answer_from(self._reply(seconds or self.limits.call), exercise, instance)
                    if switch is not None and not switch.is_off():
                        self.close()
                        answer = Failed(DIED)
                    if self._late and not isinstance(answer, Failed):  # it came, but what was late still runs
                        self.close()
                        raise WorkerGone(TIMEOUT)
                    following = next(waiting, None)
                    if following is not None and not isinstance(answer, Failed):
                        self._request_call(exercise, following, watched=watched)
                    yield answer
                    if isinstance(answer, Failed):
                        return
        except (KeyError, TypeError, ValueError):
            self.close()
            yield Failed(DIED)

    @contextlib.contextmanager
    def without_autodiff(self) -> Iterator[Switch | None]:
        """Switch automatic differentiation off meanwhile; yield None if that is impossible.

        Request nothing else before all replies have come: they show that the process is done.
        """
        if self._switch is not None:
            try:
                self._switch.off()
            except NoSwitch as error:
                self._switch.close()
                self._switch = None
                if not self._has_ended(0.0):
                    self._miss_autodiff(str(error))
        try:
            yield self._switch
        finally:
            if self._switch is not None:
                try:
                    self._switch.on()
                except NoSwitch:  # it has ended, or is to: no cell runs while it is half switched
                    self.close()

    def _request_call(self, exercise: Exercise, instance: Instance, *, watched: bool) -> None:
        """Send one instance's inputs to the student's function.

        watched : whether the process itself must ensure that it does not differentiate.
        """
        self._post(
            {
                "do": "call",
                "function": exercise.name,
                "tensors": exercise.convention.tensors,
                "by_hand": watched,
                "leaves": list(exercise.convention.leaves),
                "driver": exercise.convention.driver,
                "state": list(exercise.convention.state),
                "steps": exercise.convention.steps,
                "inputs": _inputs(instance),
            }
        )
        try:
            self._channel.flush(min(time.monotonic() + self.limits.call, self.deadline))
        except TimeoutError:
            self.close()
            raise WorkerGone(TIMEOUT) from None
        except OSError:
            raise self._died() from None

    def close(self) -> None:
        """End the process and, with its namespace, everything it started."""
        if self.alive or self._handle >= 0:
            self.alive = False
            self._channel.close()
            with contextlib.suppress(ProcessLookupError):
                pidfd.send_signal(self._handle, signal.SIGKILL)
            self._has_ended(END_SECONDS)
            os.close(self._handle)
            self._handle = -1
            if self._switch is not None:
                self._switch.close()
                self._switch = None

    def _miss_autodiff(self, why: str) -> None:
        if why:
            self._miss({str(Layer.AUTODIFF): why})

    def _miss(self, layers: Mapping[str, str]) -> None:
        """Record missing layers here and with the fork server, which the grader asks once for all workers."""
        self._missing |= layers
        self._fork_server.missing_layers |= layers

    def _has_ended(self, seconds: float) -> bool:
        """Wait for the process to end; return whether it did. As the first of its namespace it ends last."""
        return bool(select.select([self._handle], [], [], seconds)[0])

    def _died(self) -> Exception:
        """End the worker, and find out by whose doing: a submission cannot reach the fork server."""
        self.close()
        if self._fork_server.lives():
            return WorkerGone(DIED)
        return ForkServerGone("The process that runs submissions was ended, twice while it ran one.")

    def _welcome(self) -> None:
        """Take the worker's first two replies: which layers are missing, and that the files are written."""
        try:
            reply = self._channel.receive(time.monotonic() + END_SECONDS)
            missing = reply.get("missing layers") if isinstance(reply, dict) else None
            self._miss({str(k): str(v) for k, v in missing.items()} if isinstance(missing, dict) else {})
            self._welcomed = True
            self._channel.receive(time.monotonic() + self.limits.cell)
        except (OSError, EOFError, frames.BadFrame):
            raise self._died() from None

    def _ask(
        self, request: Mapping[str, frames.Message], replies: int, seconds: float
    ) -> Iterator[frames.Message]:
        """Send a request; each of its replies may take the given seconds after the one before it.

        Take all replies, or stop using this worker.
        """
        self._post(request)
        for _ in range(replies):
            yield self._reply(seconds)

    def _post(self, request: Mapping[str, frames.Message]) -> None:
        if not self.alive:
            raise self._died() from None
        self._channel.post({**request, "together": self.together})
        if not self._welcomed:
            self._welcome()
        self._late = False

    def _reply(self, seconds: float) -> frames.Message:
        now = time.monotonic()
        if now >= self.deadline:  # or each further request would still get the grace period of an interrupt
            self.close()
            raise WorkerGone(OVERTIME)
        overtime, too_late, starved = False, False, self.starved
        try:
            try:
                return self._receive(seconds)
            except TimeoutError:
                self._late = too_late = True
                overtime = time.monotonic() >= self.deadline
                pidfd.send_signal(self._handle, signal.SIGINT)
                return self._receive(GRACE_SECONDS, math.inf)
        except TimeoutError:
            self.close()
            raise WorkerGone(OVERTIME if overtime else TIMEOUT) from None
        except (OSError, EOFError, frames.BadFrame):
            raise self._died() from None
        finally:
            if too_late:
                self.lost += self.own_seconds(now, starved)

    def _receive(self, seconds: float, deadline: float | None = None) -> frames.Message:
        """Receive a reply within a number of seconds in which the worker had a core, or did not want one.

        deadline : by which it must be here in any case; the submission's if not given.
        """
        deadline = self.deadline if deadline is None else deadline
        now, before = time.monotonic(), self.starved
        until, latest = now + seconds, min(now + MOST_STARVED * seconds, deadline)
        while True:
            try:
                return self._channel.receive(min(until, latest))
            except TimeoutError:
                until = now + seconds + self.starved - before
                if time.monotonic() >= min(until, latest):
                    raise


@lru_cache(maxsize=SHARED)
def _inputs(instance: Instance) -> frames.Inputs:
    """Cache an instance's inputs in serialised form: a class shares instances."""
    return frames.Inputs(instance.inputs)
