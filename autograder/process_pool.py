"""Processes on this machine that work through many tasks: bytes go out, bytes come back.

A process that dies costs its task a second try and nobody else anything. A task that ends two processes
when nothing else runs is given up, and said so.
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
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import connection, forkserver
from multiprocessing.process import BaseProcess
from typing import TypeAlias

AHEAD = 3  # tasks for each process that are handed out before one is done
TRIES = 2  # of a task that runs alone
END_SECONDS = 5.0  # for a process that was told to end
WATCH_SECONDS = 5.0  # after which it is seen whether all processes are still there
LONGEST_FOLDER = 70  # characters; with the names of two more levels a socket's address may have 107
SHORT_FOLDER = "/tmp"  # for those whose own is longer
BREAKS = 5  # of the whole pool with nothing done between them
BREATH_SECONDS = 0.1  # after the first of them: a process that was killed takes a moment to be gone
ENDED_TWICE = (
    "The process that graded it was ended twice, perhaps because the machine's memory is used up. "
    "The same command tries again."
)


_BORN = os.getpid()  # of the process that others are forked from, if it imported this module for them


class CannotStart(Exception):
    """No process of this machine can work; the message is a sentence for people."""


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Linux alone has it
        return os.cpu_count() or 1


Work: TypeAlias = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Task:
    """Something to do."""

    name: str
    payload: bytes


@dataclass(frozen=True)
class Done:
    """What became of a task."""

    name: str
    result: bytes | None
    problem: str = ""
    """Why there is no result."""


def work_through(
    tasks: Iterable[Task],
    jobs: int,
    start: Callable[..., None],
    arguments: tuple[object, ...],
    work: Work,
    fatal: tuple[type[Exception], ...] = (),
) -> Generator[Done]:
    """Do tasks in parallel; give each one's outcome as it comes. Not more are held than are under way.

    jobs : processes.
    start : called with `arguments` in each new process; with `work` it must be importable there.
    fatal : exceptions of `work` that are the machine's trouble and not the task's; they are raised here.

    Raises
    ------
    CannotStart
        `start` raised in a process, or processes end as soon as they are started.
    """
    waiting = iter(tasks)
    alone: deque[tuple[Task, int]] = deque()  # were under way when a process died, with their tries
    pending: dict[Future[bytes], tuple[Task, int]] = {}
    pool = _pool(jobs, start, arguments)
    breaks = 0
    try:
        while True:
            try:
                _hand_out(pool, pending, alone, waiting, jobs, work)
                if not pending:
                    _farewell(pool)
                    return
                for future in _first_done(pool, pending):
                    done = _outcome(pending[future][0], future, fatal)
                    del pending[future]
                    breaks = 0
                    yield done
            except BrokenProcessPool:
                breaks += 1
                if breaks > BREAKS:
                    raise CannotStart("The processes that grade end as soon as they are started.") from None
                # the pool waits for all its processes, and does not end one that was just being started
                _unstick(pool, _processes(pool))
                pool.shutdown(wait=True, cancel_futures=True)
                time.sleep(breaks * BREATH_SECONDS)
                pool = _pool(jobs, start, arguments)
                single = len(pending) == 1
                for future, (task, tries) in pending.items():
                    if future.done() and not future.cancelled() and future.exception() is None:
                        yield Done(task.name, future.result())
                    elif single and tries + 1 >= TRIES:
                        yield Done(task.name, None, ENDED_TWICE)
                    else:
                        alone.append((task, tries + (1 if single else 0)))
                pending.clear()
    finally:
        _end(pool)


def _hand_out(
    pool: ProcessPoolExecutor,
    pending: dict[Future[bytes], tuple[Task, int]],
    alone: deque[tuple[Task, int]],
    waiting: Iterator[Task],
    jobs: int,
    work: Work,
) -> None:
    if alone:
        if not pending:
            task, tries = alone[0]
            pending[_submitted(pool, work, task)] = (task, tries)
            alone.popleft()
        return
    while len(pending) < AHEAD * jobs:
        task_or_none = next(waiting, None)
        if task_or_none is None:
            return
        try:
            pending[_submitted(pool, work, task_or_none)] = (task_or_none, 0)
        except BrokenProcessPool:
            alone.append((task_or_none, 0))
            raise


def _submitted(pool: ProcessPoolExecutor, work: Work, task: Task) -> Future[bytes]:
    with _deaf():
        try:
            return pool.submit(_do, work, task.payload)
        except (EOFError, ConnectionError) as error:  # what processes are forked from has just ended
            raise BrokenProcessPool(str(error)) from error


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Have processes that are started meanwhile begin deaf to Ctrl-C, which is not their business."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _outcome(task: Task, future: Future[bytes], fatal: tuple[type[Exception], ...]) -> Done:
    error = future.exception()
    if error is not None and isinstance(error, (BrokenProcessPool, CannotStart, *fatal)):
        raise error
    if error is not None:
        return Done(task.name, None, f"{type(error).__name__}: {error}")
    return Done(task.name, future.result())


def prepare(module: str) -> None:
    """Begin to import in the background what the processes will need, once for all of them."""
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")  # the processes share the processor among themselves
    _choose_folder()
    multiprocessing.set_forkserver_preload([__name__, module])
    with _deaf():
        forkserver.ensure_running()


def _choose_folder() -> None:
    """Have multiprocessing take another folder for its sockets where the usual one has too long a name."""
    if len(tempfile.gettempdir()) > LONGEST_FOLDER:
        before, tempfile.tempdir = tempfile.tempdir, SHORT_FOLDER
        try:
            multiprocessing.util.get_temp_dir()  # it keeps to what it finds now
        finally:
            tempfile.tempdir = before


def _pool(jobs: int, start: Callable[..., None], arguments: tuple[object, ...]) -> ProcessPoolExecutor:
    # forked from a process that started clean: it has nothing of this one's to hide
    context = multiprocessing.get_context("forkserver")
    return ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(start, arguments))


def _begin(start: Callable[..., None], arguments: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the business of who handed out the tasks
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform == "linux":
        from autograder.sandbox.isolation.linux import die_with_parent

        die_with_parent(signal.SIGKILL)  # the kernel's parent: the process that this one was forked from
        if _BORN not in (os.getpid(), os.getppid()):  # it ended before the kernel knew
            os._exit(1)
    try:
        start(*arguments)
    except Exception as error:  # told with the first task, and not by a broken pool
        _FAILED.append(f"The processes that grade cannot start. {type(error).__name__}: {error}.")


def _end_with_parent() -> None:
    """End when whoever hands out the tasks has ended, however it did.

    The process that this one was forked from does not end then: it lives as long as its forks do.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)


def _do(work: Work, payload: bytes) -> bytes:
    if _FAILED:
        raise CannotStart(_FAILED[0])
    return work(payload)


_FAILED: list[str] = []


def _first_done(pool: ProcessPoolExecutor, pending: Collection[Future[bytes]]) -> Collection[Future[bytes]]:
    """Wait for the first that are done; not for one whose process is gone without the pool's seeing it."""
    while not (done := wait(pending, WATCH_SECONDS, FIRST_COMPLETED).done):
        if connection.wait([process.sentinel for process in _processes(pool)], 0):
            _unstick(pool, _processes(pool))
    return done


def _farewell(pool: ProcessPoolExecutor) -> None:
    """Let the processes end what they have of their own, and themselves; one that does not is ended.

    If one was killed just now, another may wait for ever for a lock that it held.
    """
    processes = _processes(pool)
    pool.shutdown(wait=False)
    deadline = time.monotonic() + END_SECONDS
    for process in processes:
        process.join(max(deadline - time.monotonic(), 0.0))
        process.kill()
        process.join(END_SECONDS)  # on a busy machine what is killed takes a while to end


def _end(pool: ProcessPoolExecutor) -> None:
    """End the pool without waiting for what is under way."""
    processes = _processes(pool)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(END_SECONDS)
    _unstick(pool, processes)
    pool.shutdown(wait=False, cancel_futures=True)


def _unstick(pool: ProcessPoolExecutor, processes: Iterable[BaseProcess]) -> None:
    """Have a pool see that it is broken, where a process died while it handed out its result.

    The pool reads on, and would for ever: its other processes could still write, and so could this one.
    """
    for process in processes:
        process.kill()
    results = getattr(pool, "_result_queue", None)
    if results is not None:
        results._writer.close()


def _processes(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    return list((getattr(pool, "_processes", None) or {}).values())
