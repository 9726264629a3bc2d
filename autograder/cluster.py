"""Many machines that work through tasks: a Dask `distributed` cluster, whoever started it.

A worker that is lost costs its tasks a retry. Bytes go out and bytes come back; whoever asked keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from autograder.crew import AHEAD, Done, Task

if TYPE_CHECKING:
    from distributed import Client

RETRIES = 3  # of a task whose worker was lost
PATIENCE = "30s"  # for the scheduler to answer


class NoCluster(Exception):
    """There is no cluster to work on; the message is a sentence for people."""


def connect(address: str) -> Client:
    """Connect to a scheduler.

    Raises
    ------
    NoCluster
        `distributed` is not installed, or nobody answers, or nobody works.
    """
    try:
        from distributed import Client
    except ImportError:
        raise NoCluster(
            "`--cluster` needs the package distributed: `pip install 'backpropagation-course[cluster]'`."
        ) from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise NoCluster(f"No Dask scheduler answers at {address}: {error}") from None
    if not client.scheduler_info()["workers"]:
        client.close()
        raise NoCluster(f"The Dask scheduler at {address} has no workers. Start some: `dask worker {address}`.")
    return client


def work_through(
    client: Client, tasks: Iterable[Task], work: Callable[[Any, bytes], bytes], shared: bytes
) -> Iterator[Done]:
    """Do tasks on the cluster; give each one's outcome as it comes. Not more are held than are under way.

    work : called with `shared` and a task's payload.

    Raises
    ------
    NoCluster
        The scheduler is gone.
    """
    from distributed import as_completed

    waiting = iter(tasks)
    names: dict[str, str] = {}
    sent = client.scatter(shared, broadcast=True)

    def submit(task: Task) -> Any:  # noqa: ANN401  a future of distributed's
        future = client.submit(work, sent, task.payload, pure=False, retries=RETRIES)
        names[future.key] = task.name
        return future

    under_way = max(AHEAD * sum(w["nthreads"] for w in client.scheduler_info()["workers"].values()), AHEAD)
    first = [submit(task) for task, _ in zip(waiting, range(under_way), strict=False)]
    completed = as_completed(first)
    for future in completed:
        name = names.pop(future.key)
        try:
            yield Done(name, future.result())
        except Exception as error:  # a task's own, or distributed's word that its workers died
            if client.status != "running" or future.cancelled():
                raise NoCluster(f"The Dask scheduler is gone: {error}") from None
            yield Done(name, None, f"{type(error).__name__}: {error}")
        future.release()
        task = next(waiting, None)
        if task is not None:
            completed.add(submit(task))
