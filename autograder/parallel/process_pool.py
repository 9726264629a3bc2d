"""Work through many tasks in processes on this machine: bytes go out, bytes come back.

Each process has its own pipe, so that if one dies, even while it returns a result, its task is tried a
second time and nothing else is affected. A task that ends two processes while nothing else runs is given up,
with an explanation.

Why not a library: in `concurrent.futures`, loky and pebble all processes share one pipe for results, behind a
lock. In a test with twenty tasks in two processes, one process was killed while it wrote its result:
`concurrent.futures` (Python 3.11; https://github.com/python/cpython/issues/94777 is similar) and loky 3.7 had
not finished after five minutes, pebble 5.2 hung in one run and lost tasks in others. Here none is lost.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.util
import os
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import TypeAlias

AHEAD = 3  # tasks for each process that are handed out before one is done
TRIES = 2  # of a task that runs alone
END_SECONDS = 5.0  # for a process to end
LONGEST_FOLDER = 70  # characters; with the names of two more levels a socket's address may have 107
SHORT_FOLDER = "/tmp"  # instead of one with a longer name
STARTS = 6  # of processes one after the other that end before they are ready
PAUSE_SECONDS = 0.1  # after the first of them: a process that was killed takes a moment to be gone
ENDED_TWICE = (
    "The process that graded it was ended twice, perhaps because the machine's memory is used up. "
    "The same command tries again."
)

PRELOAD = "autograder.parallel.preload"  # imported once for all processes: PyTorch and the assignments
_PRELOADED = os.getpid()  # in a pool process: the fork server's number, if that imported this module

Work: TypeAlias = Callable[[bytes], bytes]
Fatal: TypeAlias = tuple[type[Exception], ...]


class CannotStart(Exception):
    """Raised, with a sentence for people, if no process of this machine can work."""


class _Died(Exception):
    """Raised if the process ended while it worked on a task."""


@dataclass(frozen=True)
class Task:
    """Hold a task, by name."""

    name: str
    payload: bytes


@dataclass(frozen=True)
class Done:
    """Hold what became of a task."""

    name: str
    result: bytes | None
    problem: str = ""
    """Why there is no result."""


def cores() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux has it
        return os.cpu_count() or 1


def work_through(
    tasks: Iterable[Task],
    jobs: int,
    start: Callable[..., None],
    arguments: tuple[object, ...],
    work: Work,
    fatal: Fatal = (),
) -> Generator[Done]:
    """Do tasks in parallel; yield each one's outcome as it comes. Hold only those that are under way.

    jobs : processes.
    start : called with `arguments` in each new process; like `work`, it must be importable there.
    fatal : exceptions of `work` that are the machine's fault and not the task's; they are raised here.

    Raises
    ------
    CannotStart
        `start` raised in a process, or processes end as soon as they are started.
    """
    waiting = iter(tasks)
    alone: deque[tuple[Task, int]] = deque()  # each ended a process, with its tries since then
    pending: dict[Future[bytes], tuple[Task, int]] = {}
    pool = _Pool(jobs, start, arguments, work, fatal)
    try:
        while True:
            if alone:
                if not pending:
                    task, tries = alone.popleft()
                    pending[pool.submit(task.payload)] = (task, tries)
            else:
                while len(pending) < AHEAD * jobs and (following := next(waiting, None)) is not None:
                    pending[pool.submit(following.payload)] = (following, 0)
            if not pending:
                pool.shut_down()
                return
            single = len(pending) == 1
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                task, tries = pending.pop(future)
                try:
                    yield Done(task.name, future.result())
                except _Died:
                    if single and tries + 1 >= TRIES:
                        yield Done(task.name, None, ENDED_TWICE)
                    else:
                        alone.append((task, tries + (1 if single else 0)))
                except _Failed as failed:
                    yield Done(task.name, None, str(failed))
    finally:
        pool.close()


def prepare(*modules: str) -> None:
    """Start importing in the background what the processes will need, once for all of them."""
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")  # the processes share the processor among themselves
    _choose_folder()
    multiprocessing.set_forkserver_preload([__name__, *modules])
    with _sigint_blocked():
        forkserver.ensure_running()


def _choose_folder() -> None:
    """Make multiprocessing put its sockets into another folder if the usual one has too long a name."""
    if len(tempfile.gettempdir()) > LONGEST_FOLDER:
        before, tempfile.tempdir = tempfile.tempdir, SHORT_FOLDER
        try:
            multiprocessing.util.get_temp_dir()  # from now on it keeps to this one
        finally:
            tempfile.tempdir = before


@contextlib.contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Block SIGINT in processes that are started meanwhile: Ctrl-C is not for them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Failed(Exception):
    """Raised if `work` raised an exception, described in words: the task's fault."""


class _Pool:
    """Run as many threads as processes: each hands out a task and waits for the outcome."""

    def __init__(
        self, jobs: int, start: Callable[..., None], arguments: tuple[object, ...], work: Work, fatal: Fatal
    ) -> None:
        self._threads = ThreadPoolExecutor(jobs)
        self._program = (start, arguments, work, fatal)
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._busy: set[_Process] = set()
        self._closed = False

    def submit(self, payload: bytes) -> Future[bytes]:
        """Have a process work on a task; this raises _Died, _Failed, CannotStart or one of the fatal ones."""
        return self._threads.submit(self._run, payload)

    def shut_down(self) -> None:
        """Let idle processes clean up and end; kill one that does not."""
        with self._lock:
            processes, self._idle = self._idle, []
        for process in processes:
            process.hang_up()
        deadline = time.monotonic() + END_SECONDS
        for process in processes:
            process.end(deadline)

    def close(self) -> None:
        """End all processes without waiting for tasks under way."""
        with self._lock:
            self._closed = True
            processes, self._idle = [*self._idle, *self._busy], []
        for process in processes:
            process.kill()
        for process in processes:
            process.end(time.monotonic())
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _run(self, payload: bytes) -> bytes:
        process = self._take()
        try:
            kind, result = process.ask(payload)
        except (EOFError, OSError):
            process.kill()
            process.end(time.monotonic())
            raise _Died from None
        finally:
            with self._lock:
                self._busy.discard(process)
        with self._lock:
            self._idle.append(process)
        if isinstance(result, Exception):
            raise result
        if kind == _RAISED:
            raise _Failed(str(result))
        assert isinstance(result, bytes)
        return result

    def _take(self) -> _Process:
        """Take an idle process, or start one."""
        for number in range(1, STARTS + 1):
            with self._lock:
                process = self._idle.pop() if self._idle else None
            try:
                process = process or _Process(*self._program)
                with self._lock:
                    self._busy.add(process)
                    closed = self._closed
                if closed:
                    process.kill()
                process.wait_until_ready()
                return process
            except (EOFError, OSError):  # it was ended, or what processes are forked from was
                if process is not None:
                    process.end(time.monotonic())
                    with self._lock:
                        self._busy.discard(process)
                if self._closed:
                    raise _Died from None
                time.sleep(number * PAUSE_SECONDS)
        raise CannotStart("The processes that grade end as soon as they are started.")


_READY, _CANNOT_START, _RESULT, _RAISED = range(4)


class _Process:
    """Hold one process and its pipe."""

    def __init__(
        self, start: Callable[..., None], arguments: tuple[object, ...], work: Work, fatal: Fatal
    ) -> None:
        # forked from a process that started clean: it has nothing of this one's to hide
        context = multiprocessing.get_context("forkserver")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, start, arguments, work, fatal))
        self._ready = False
        try:
            with _STARTING, _sigint_blocked():
                self._process.start()
        except BaseException:
            self._pipe.close()
            raise
        finally:
            theirs.close()

    def wait_until_ready(self) -> None:
        """Wait for a new process.

        Raises
        ------
        CannotStart
            `start` raised an exception in it.
        """
        if not self._ready:
            kind, sentence = self._pipe.recv()
            if kind == _CANNOT_START:
                raise CannotStart(sentence)
            self._ready = True

    def ask(self, payload: bytes) -> tuple[int, object]:
        """Hand out a task, and wait for the reply."""
        self._pipe.send_bytes(payload)
        reply: tuple[int, object] = self._pipe.recv()
        return reply

    def hang_up(self) -> None:
        """Let the process end when it has finished what it is doing."""
        self._pipe.close()

    def kill(self) -> None:
        """End the process."""
        self._process.kill()

    def end(self, deadline: float) -> None:
        """Wait for the process to end, until a time on the monotonic clock; then kill it."""
        self._process.join(max(deadline - time.monotonic(), 0.0))
        self._process.kill()
        self._process.join(END_SECONDS)  # on a busy machine a killed process takes a while to end


_STARTING = threading.Lock()  # `multiprocessing` keeps a list of processes that threads may not share


def _serve(
    pipe: Connection, start: Callable[..., None], arguments: tuple[object, ...], work: Work, fatal: Fatal
) -> None:
    """Work on tasks until the pipe is closed, in a process of the pool."""
    _follow_parent()
    try:
        start(*arguments)
    except Exception as error:
        pipe.send((_CANNOT_START, f"The processes that grade cannot start. {type(error).__name__}: {error}."))
        return
    pipe.send((_READY, ""))
    with contextlib.suppress(EOFError, OSError):
        while True:
            payload = pipe.recv_bytes()
            try:
                reply: tuple[int, object] = (_RESULT, work(payload))
            except fatal as error:
                reply = (_RAISED, error)
            except Exception as error:
                reply = (_RAISED, f"{type(error).__name__}: {error}")
            pipe.send(reply)


def _follow_parent() -> None:
    """Leave Ctrl-C to the process that hands out tasks, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform == "linux":
        from autograder.sandbox.isolation.linux import die_with_parent

        die_with_parent(signal.SIGKILL)  # the kernel's parent: the process that this one was forked from
        if _PRELOADED not in (os.getpid(), os.getppid()):  # it ended before the kernel knew
            os._exit(1)


def _end_with_parent() -> None:
    """End when the process that hands out tasks has ended, however it did.

    The process that this one was forked from does not end then, because it lives as long as its forks.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)
