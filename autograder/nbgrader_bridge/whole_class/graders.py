"""Start the processes that grade a class: on this machine, or on the machines of a cluster.

Submissions go out and come back as bytes. This module is imported by the process that writes the gradebook,
so it imports neither torch nor the assignments: `grading_process` does, in the processes themselves.
"""

from __future__ import annotations

import multiprocessing.util
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

from autograder.nbgrader_bridge.course.release import GradingContext
from autograder.parallel import cluster, process_pool
from autograder.parallel.process_pool import Done, Task
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer
from autograder.sandbox.isolation import own_memory

SMALLEST_CLASS = 8  # submissions, from which on it pays to have the fork server precompile cells

Graders: TypeAlias = Callable[[Iterator[Task]], Iterator[Done]]
"""Have submissions graded; yield each one's outcome as it arrives."""

_CONTEXT: list[bytes] = []


def on_this_machine(
    context: GradingContext, submissions: int, course: Path, fork_server: ForkServer, jobs: int = 0
) -> Graders:
    """Prepare to grade in processes of this machine.

    Parameters
    ----------
    submissions : how many there are.
    course : the course's folder, in which hidden data are kept once they are drawn.
    fork_server : the fork server that all share.
    jobs : processes; if 0, as many as keep the cores busy.
    """
    is_class = submissions >= SMALLEST_CLASS
    if is_class:
        fork_server.precompile(context.released_cells)
        fork_server.expect(submissions)
    # one a core, and one more in a class: a grader sleeps while its submission's process works
    jobs = min(jobs or process_pool.cores() + is_class, submissions)
    arguments = (context.to_bytes(), fork_server.address, str(course))
    return partial(_work_through, jobs, arguments)


def _work_through(jobs: int, arguments: tuple[object, ...], tasks: Iterator[Task]) -> Iterator[Done]:
    return process_pool.work_through(
        tasks, jobs, start_pool_process, arguments, grade_in_pool_process, fatal=(NoForkServer,)
    )


def start_pool_process(context: bytes, fork_server: str, course: str) -> None:
    """Initialise a process of this machine's pool.

    Parameters
    ----------
    fork_server : the address of the fork server that all share.
    course : the course's folder, in which hidden data are kept once they are drawn.

    Raises
    ------
    BrokenAssignment
        The assignment that is to be graded does not load.
    """
    from autograder.nbgrader_bridge.whole_class import grading_process

    _CONTEXT[:] = [context]
    grading_process.load_assignments(context)
    grading_process.share(fork_server, Path(course))
    # such processes run no `atexit`
    multiprocessing.util.Finalize(None, grading_process.close, exitpriority=0)
    own_memory.limit()


def grade_in_pool_process(submission: bytes) -> bytes:
    """Grade one submission, in a process of this machine's pool."""
    from autograder.nbgrader_bridge.whole_class import grading_process

    return grading_process.grade_bytes(_CONTEXT[0], submission)


def execute_in_pool_process(submission: bytes) -> bytes:
    """Execute one submission and mark its exercises, in a process of this machine's pool; do not score."""
    from autograder.nbgrader_bridge.whole_class import grading_process

    return grading_process.execute_bytes(_CONTEXT[0], submission)


def on_cluster(context: GradingContext, address: str, *, require_sandbox: bool) -> Graders:
    """Connect to a Dask scheduler, and prepare to grade on its workers.

    Parameters
    ----------
    require_sandbox : whether a worker on which a layer of the sandbox is missing must not grade.

    Raises
    ------
    cluster.NoCluster
        There is no scheduler at the address, or no worker that can grade.
    """
    fits = partial(check_cluster_worker, require_sandbox=require_sandbox)
    client = cluster.connect(address, fits, fatal=(NoForkServer,))
    work = grade_on_cluster_in_whole_sandbox if require_sandbox else grade_on_cluster

    def work_through(tasks: Iterator[Task]) -> Iterator[Done]:
        try:
            yield from cluster.work_through(client, tasks, work, context.to_bytes(), fatal=(NoForkServer,))
        finally:
            cluster.close(client)

    return work_through


def grade_on_cluster(context: bytes, submission: bytes) -> bytes:
    """Grade one submission, on a worker of a cluster."""
    from autograder.nbgrader_bridge.whole_class import grading_process

    return grading_process.grade_bytes(context, submission)


def grade_on_cluster_in_whole_sandbox(context: bytes, submission: bytes) -> bytes:
    """Grade one submission, on a worker of a cluster, unless a layer of the sandbox is missing there."""
    from autograder.nbgrader_bridge.whole_class import grading_process

    return grading_process.grade_bytes(context, submission, require_sandbox=True)


def check_cluster_worker(*, require_sandbox: bool) -> None:
    """Check, on a worker of a cluster, that it can grade.

    Raises
    ------
    ImportError
        Something that grading needs is not installed there.
    NoForkServer
        A layer of the sandbox is missing, and is required.
    """
    from autograder.nbgrader_bridge.whole_class import grading_process

    if require_sandbox:
        grading_process.require_whole_sandbox()
