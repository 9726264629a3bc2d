"""Work through many tasks on many machines: on a Dask `distributed` cluster that somebody else started.

A Dask worker that is lost costs its tasks a retry. Bytes go out and bytes come back.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from autograder.parallel.process_pool import AHEAD, Done, Task

if TYPE_CHECKING:
    from distributed import Client, Future

RETRIES = (
    3  # of a task that ended with an exception; the scheduler retries one whose worker was lost as often
)
PROBE_SECONDS = 5.0  # for a scheduler to answer at all
PATIENCE = 10.0  # seconds for each request then, and for a cluster without workers to get some
LOOK_SECONDS = 2.0  # between two looks at how large the cluster is now
LOST = "The machines that graded it were lost, one after the other. The same command tries again."


class NoCluster(Exception):
    """Raised, with a sentence for people, if there is no cluster to work on."""


def connect(address: str, fit: Callable[[], None], fatal: tuple[type[Exception], ...] = ()) -> Client:
    """Connect to a scheduler.

    fit : called on every worker; it raises if the worker cannot grade.
    fatal : exceptions of `fit` that say in a sentence what is wrong there.

    Raises
    ------
    NoCluster
        `distributed` is not installed, no scheduler answers, it has no workers, or one of them cannot grade.
    """
    try:
        from distributed import Client
    except ImportError:
        raise NoCluster("`--cluster` needs the package distributed: `pip install distributed`.") from None
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":  # we report what matters of it in sentences
            logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        asyncio.run(_probe(address))  # first: a client that reaches nothing cannot be closed quietly
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise NoCluster(
            f"No Dask scheduler answers at {address}. `dask scheduler` says its address when it starts, "
            "tcp://HOST:8786 for instance."
        ) from None
    except TypeError:  # what Dask raises if TLS has no certificates
        raise NoCluster(f"{address} asks for TLS, and Dask knows no certificates here.") from None
    try:
        with _asking():
            workers = client.nthreads()
        if not workers:
            raise NoCluster(
                f"The Dask scheduler at {address} has no workers. Start some: `dask worker {address}`."
            )
        with _asking():
            result = client.run(fit, on_error="return")
        for worker, error in result.items():
            if isinstance(error, BaseException):
                needs = "" if isinstance(error, fatal) else ". It needs what is installed here."
                raise NoCluster(f"The Dask worker at {worker} cannot grade: {error}{needs}")
    except BaseException:
        close(client)
        raise
    return client


async def _probe(address: str) -> None:
    from distributed.comm import connect
    from distributed.security import Security

    connection = await connect(address, timeout=PROBE_SECONDS, **Security().get_connection_args("client"))
    await connection.close()


def close(client: Client) -> None:
    """Leave the cluster, which then drops our tasks.

    This never raises: while a scheduler shuts down, leaving can fail in many ways.
    """
    with suppress(Exception):
        client.close(timeout=PATIENCE)


def work_through(
    client: Client,
    tasks: Iterable[Task],
    work: Callable[[Any, bytes], bytes],
    shared: bytes,
    fatal: tuple[type[Exception], ...] = (),
) -> Iterator[Done]:
    """Do tasks on the cluster; yield each one's outcome as it comes. Hold only those that are under way.

    work : called with `shared` and a task's payload.
    fatal : exceptions of `work` that are a machine's fault and not the task's; they are raised here.

    Raises
    ------
    NoCluster
        The scheduler is gone, or all workers are.
    """
    cluster = _Cluster(client, work, shared)
    waiting = iter(tasks)
    pending: dict[Future, Task] = {}
    while True:
        while len(pending) < AHEAD * cluster.threads() and (task := next(waiting, None)) is not None:
            pending[cluster.submit(task)] = task
        if not pending:
            return
        lost = []
        for future in cluster.finished(list(pending)):
            task, outcome = pending.pop(future), cluster.outcome(future)
            if outcome is None:
                lost.append(task)
            elif isinstance(outcome, fatal):
                raise outcome
            elif isinstance(outcome, Exception):
                yield Done(task.name, None, _problem(outcome))
            else:
                yield Done(task.name, outcome)
        if lost:  # lost with the last worker that had what all tasks share
            cluster.share()
            pending |= {cluster.submit(task): task for task in lost}


class _Cluster:
    """Hand out tasks to a cluster's workers, which come and go.

    Why `wait` and not `distributed.as_completed`: between results we check whether any workers are left. With
    `as_completed`, whose only deadline is one for all results, a cluster without workers would go unnoticed.
    Nor is it quicker: 600 tasks of 20 ms on 64 threads took 1.6 s of processor time here, and 2.2 s with it.
    """

    def __init__(self, client: Client, work: Callable[[Any, bytes], bytes], shared: bytes) -> None:
        self._client, self._work, self._shared = client, work, shared
        self._looked = self._last_answer = time.monotonic()
        self._threads = 1
        self.share()

    def share(self) -> None:
        """Send every worker what all tasks share."""
        self._look()
        with _asking():
            self._sent = self._client.scatter(self._shared, broadcast=True)

    def submit(self, task: Task) -> Future:
        """Hand a task out."""
        with _asking():
            return self._client.submit(self._work, self._sent, task.payload, pure=False, retries=RETRIES)

    def threads(self) -> int:
        """Return how many tasks the workers do at once, or did when we last looked."""
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._look()
        return self._threads

    def finished(self, pending: list[Future]) -> list[Future]:
        """Wait until one is done, or lost, or until it is time to look again."""
        from distributed import CancelledError, wait

        try:
            with self._client.as_current():  # `wait` asks for no client
                done = list(wait(pending, timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            self._look()
            return []
        except CancelledError:
            done = [future for future in pending if future.done()]
        self._assert_connected()
        return done

    def outcome(self, future: Future) -> bytes | Exception | None:
        """Fetch the result of a finished task, or the exception that ended it; None if it was lost.

        The result is with the scheduler, which may be gone by now.
        """
        from distributed import CancelledError

        try:
            with _asking(unless=lambda: future.status == "error"):
                result: bytes = future.result()
                return result
        except CancelledError:
            self._assert_connected()
            return None
        except NoCluster:
            raise
        except Exception as error:
            return error

    def _assert_connected(self) -> None:
        if self._client.status != "running":
            raise NoCluster(GONE)

    def _look(self) -> None:
        with _asking():
            threads = sum(self._client.nthreads().values())
        self._looked = time.monotonic()
        if threads:
            self._last_answer, self._threads = self._looked, threads
        elif self._looked - self._last_answer > PATIENCE:
            raise NoCluster("The cluster has lost all its workers. Start new ones.")


@contextmanager
def _asking(unless: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Query the scheduler in this `with` statement; report that it is gone if it does not answer.

    unless : called if there is an exception; returns whether that has nothing to do with the connection.
    """
    from distributed.client import ClosedClientError

    try:
        yield
    except (OSError, TimeoutError, ClosedClientError) as error:
        if unless():
            raise
        raise NoCluster(GONE) from error


GONE = "The Dask scheduler is gone. Start it and its workers again, or grade without `--cluster`."


def _problem(error: BaseException) -> str:
    return LOST if type(error).__name__ == "KilledWorker" else f"{type(error).__name__}: {error}"
