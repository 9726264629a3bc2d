"""A notebook's session: its cells, one after the other, in a process opened again where they end it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.exercise import Answer, Exercise, Failed, Fault, Instance
from autograder.quotation import quoted
from autograder.sandbox.host import OVERTIME, Worker, WorkerGone
from autograder.sandbox.limits import Limits
from autograder.sandbox.nursery import Nursery
from autograder.sandbox.replies import Ran

FEW_ERRORS = 2  # of the notebook's cells are told where a function is missing; the first explain the rest
MAX_OUTPUT = 32_000_000  # bytes of a notebook's outputs that are kept
LIVES = 12  # processes that a submission may use up


@dataclass
class Session:
    """Use it in a `with` statement; the first cell opens the box."""

    nursery: Nursery
    limits: Limits
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What lies beside the notebook."""
    lacks: dict[str, str] = field(default_factory=dict)
    """Layers of the box that this machine lacks, and why."""
    _sources: list[str] = field(default_factory=list)
    _errors: list[str] = field(default_factory=list)
    _worker: Worker | None = None
    _together: bool = True
    """Whether replies may come together: until the process ends, and it has to be seen what ended it."""
    _opened: int = 0
    _put_out: int = 0
    _deadline: float = 0.0

    def __enter__(self) -> Session:
        self._deadline = time.monotonic() + self.limits.submission
        return self

    def __exit__(self, *exception: object) -> None:
        if self._worker is not None:
            self._worker.close()

    def run_all(self, sources: Sequence[str]) -> Iterator[Ran]:
        """Run the next cells. One that ends the process is left out when the rest is run again."""
        left = deque(sources)
        while left:
            try:
                worker = self._living()
                before = worker.received
                try:
                    for ran in worker.run_all(tuple(left)):
                        yield self._noted(left.popleft(), ran, worker.received - before)
                        before = worker.received
                finally:
                    self.lacks |= worker.lacks  # also of a process that its first cell ends
            except WorkerGone as gone:
                if self._one_by_one(len(left)):
                    continue
                left.popleft()
                self._errors.append(gone.fault.message)
                yield Ran(gone.fault.message, messages=(_ended(gone.fault),))

    def _noted(self, source: str, ran: Ran, size: int) -> Ran:
        """Remember a cell that has run; what it put out, as far as there is room."""
        self._sources.append(source)
        if ran.error is not None:
            self._errors.append(quoted(ran.error))
        self._put_out += size
        if self._put_out > MAX_OUTPUT and ran.messages:
            ran = replace(ran, messages=(FULL,))
        if ran.late:
            ran = replace(ran, messages=(*ran.messages, LATE))
        return ran

    def call_all(self, exercise: Exercise, instances: Sequence[Instance]) -> Iterator[Answer]:
        """Call the student's function on each; where it is missing, tell the first errors of the cells."""
        try:
            worker = self._living()
            try:
                for answer in worker.call_all(exercise, instances):
                    yield self._explained(answer)
            finally:
                self.lacks |= worker.lacks
        except WorkerGone as gone:  # one instance is with the process at a time: this call is what ended it
            yield Failed(gone.fault)

    def _explained(self, answer: Answer) -> Answer:
        if isinstance(answer, Failed) and answer.fault.fault == "missing" and self._errors:
            fault = answer.fault
            told = "; ".join(error.rstrip(".") for error in self._errors[:FEW_ERRORS])
            return Failed(replace(fault, message=f"{fault.message} A cell before it failed: {told}."))
        return answer

    def _one_by_one(self, left: int) -> bool:
        """Whether it has to be seen, by doing all of it again, which of several things ended the process."""
        if not self._together or left == 1:
            return False
        self._together = False
        self._opened -= 1  # the process that ends by the same again is the one that counts
        return True

    def _living(self) -> Worker:
        if self._worker is None or not self._worker.alive:
            if time.monotonic() >= self._deadline:
                raise WorkerGone(OVERTIME)
            if self._worker is not None and self._opened >= LIVES:
                often = f"The process was ended {LIVES} times by its cells."
                raise WorkerGone(Fault("died", "answer", often))
            self._opened += 1
            self._worker = Worker(
                self.nursery, self.limits, self.files, self._deadline, together=self._together
            )
            for _ in self._worker.run_all(self._sources):
                pass
        return self._worker


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
