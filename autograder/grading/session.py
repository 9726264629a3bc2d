"""Run a notebook's cells one after another, in a worker that is restarted when a cell ends it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.calling.quotation import quoted
from autograder.exercise import Answer, Exercise, Failed, Fault, Instance
from autograder.grading.time_budget import TimeBudget
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.client.host import OVERTIME, TIMEOUT, Worker, WorkerGone
from autograder.sandbox.client.replies import CellResult
from autograder.sandbox.protocol.limits import Limits

FEW_ERRORS = 2  # of the notebook's cells are quoted if a function is missing; the first explain the rest
MAX_OUTPUT = 32_000_000  # bytes of a notebook's outputs that are kept
LIVES = 12  # workers that a submission may use up


@dataclass
class Session:
    """Manage a submission's worker and time. Use it in a `with` statement; the first cell starts a worker."""

    fork_server: ForkServer
    limits: Limits
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The files beside the notebook."""
    course_files: bool = True
    """Whether the notebook finds this course's `utils` and `files` beside it; another course's does not."""
    budget: TimeBudget | None = None
    """The submission's budget for what does not end; the session makes its own if none is given."""
    _sources: list[str] = field(default_factory=list)
    _errors: list[str] = field(default_factory=list)
    _worker: Worker | None = None
    _together: bool = True
    """Whether replies may be batched: not after the process has ended, since its end must be traced."""
    _repeating: bool = False
    """Whether cells are run again to see which of them cannot be interrupted."""
    _opened: int = 0
    _put_out: int = 0
    _deadline: float = 0.0

    def __enter__(self) -> Session:
        self._budget = self.budget or TimeBudget(self.limits)
        self._deadline = time.monotonic() + self.limits.submission
        return self

    def __exit__(self, *exception: object) -> None:
        if self._worker is not None:
            self._worker.close()

    def run_cells(self, sources: Sequence[str]) -> Iterator[CellResult]:
        """Run the next cells; a cell that ended the process is left out when the others are run again."""
        remaining = deque(sources)
        while remaining:
            seconds = self._seconds_for(remaining[0])
            if not seconds:
                remaining.popleft()
                self._errors.append(TIMEOUT.message)
                yield CellResult(TIMEOUT.message, messages=(LATE,))
                continue
            try:
                worker = self._running_worker()
                before = worker.received
                asked = tuple(remaining) if self._budget.untouched else (remaining[0],)
                try:
                    for ran in worker.run_all(asked, seconds):
                        self._spend(worker)
                        yield self._record(remaining.popleft(), ran, worker.received - before)
                        before = worker.received
                finally:
                    self._spend(worker)
            except WorkerGone as gone:
                if self._must_repeat(len(remaining), gone.fault):
                    continue
                self._repeating = False
                source = remaining.popleft()
                if gone.fault.fault == "timeout":
                    self._budget.was_late(source, self._sources)
                self._errors.append(gone.fault.message)
                yield CellResult(gone.fault.message, messages=(_ended(gone.fault),))
        self._repeating = False

    def _seconds_for(self, source: str) -> float:
        return self._budget.for_known() if self._repeating else self._budget.for_cell(source)

    def _spend(self, worker: Worker) -> None:
        """Take from the budget the time that was spent waiting for a worker in vain."""
        self._budget.spend(worker.lost)
        worker.lost = 0.0

    def _record(self, source: str, ran: CellResult, size: int) -> CellResult:
        """Remember a cell that has run; keep its output if there is room."""
        if ran.late:
            self._repeating = False
            self._budget.was_late(source, self._sources)
        else:
            self._budget.was_in_time(source)
        self._sources.append(source)
        if ran.error is not None:
            self._errors.append(quoted(ran.error))
        self._put_out += size
        if self._put_out > MAX_OUTPUT and ran.messages:
            ran = replace(ran, messages=(FULL,))
        if ran.late:
            ran = replace(ran, messages=(*ran.messages, LATE))
        return ran

    def call_exercise(self, exercise: Exercise, instances: Sequence[Instance]) -> Iterator[Answer]:
        """Call the student's function on each instance; if it is missing, quote the cells' first errors."""
        try:
            worker = self._running_worker()
            try:
                seconds = self._budget.for_call(exercise.name)
                for answer in worker.call_all(exercise, instances, seconds):
                    yield self._explained(answer)
            finally:
                if worker.lost:
                    self._budget.function_was_late(exercise.name)
                self._spend(worker)
        except WorkerGone as gone:  # one instance is with the process at a time: this call is what ended it
            yield Failed(gone.fault)
        self._repeating = False

    def _explained(self, answer: Answer) -> Answer:
        if isinstance(answer, Failed) and answer.fault.fault == "missing" and self._errors:
            fault = answer.fault
            errors = "; ".join(error.rstrip(".") for error in self._errors[:FEW_ERRORS])
            return Failed(replace(fault, message=f"{fault.message} A cell before it failed: {errors}."))
        return answer

    def _must_repeat(self, remaining: int, fault: Fault) -> bool:
        """Return whether to run everything again, one by one, to see which cell ended the process.

        If one of them could not be interrupted, those before it took a moment: it is found by its taking
        longer, and does not get all of its time again.
        """
        if not self._together or remaining == 1:
            return False
        self._together = False
        self._repeating = fault.fault == "timeout"
        self._opened -= 1  # the process that ends by the same again is the one that counts
        return True

    def _running_worker(self) -> Worker:
        if self._budget.exhausted:
            if self._worker is not None:
                self._worker.close()
            raise WorkerGone(OVERTIME)
        while self._worker is None or not self._worker.alive:
            if time.monotonic() >= self._deadline or self._budget.exhausted:
                raise WorkerGone(OVERTIME)
            if self._worker is not None and self._opened >= LIVES:
                sentence = f"The process was ended {LIVES} times by its cells."
                raise WorkerGone(Fault("died", "answer", sentence))
            self._opened += 1
            self._worker = Worker(
                self.fork_server,
                self.limits,
                self.files,
                self._deadline,
                together=self._together,
                course_files=self.course_files,
            )
            if self._sources:
                self._replay(self._worker)
        return self._worker

    def _replay(self, worker: Worker) -> None:
        """Run again what ran before; from now on leave out a cell that ends the process this time."""
        started, starved, unchanged = time.monotonic(), worker.starved, []
        again = iter(self._sources)
        try:
            for source in again:
                if seconds := self._budget.for_cell(source):
                    worker.run(source, seconds)
                    unchanged.append(source)
        except WorkerGone:
            self._sources = [*unchanged, *again]
        finally:
            worker.lost = 0.0
            self._budget.spend(worker.own_seconds(started, starved))


FULL: Mapping[str, Any] = {
    "msg_type": "stream",
    "content": {"name": "stdout", "text": "… cut here: the outputs of this notebook are too large.\n"},
}

# as nbgrader has them where a kernel is too slow, or gone
LATE: Mapping[str, Any] = {
    "msg_type": "error",
    "content": {
        "ename": "CellTimeoutError",
        "evalue": "",
        "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
    },
}


def _ended(fault: Fault) -> Mapping[str, Any]:
    if fault.fault == "timeout":
        return LATE
    sentence = f"DeadKernelError: {fault.message}"
    return {
        "msg_type": "error",
        "content": {"ename": "DeadKernelError", "evalue": fault.message, "traceback": [sentence]},
    }
