"""What a process of this machine's crew does: it begins with a course, and works through its submissions."""

from __future__ import annotations

import multiprocessing.util
from pathlib import Path

from autograder import own_memory

A_CLASS = 8  # submissions, for which it pays to have the warm process prepare itself
GRADER = "autograder.nbgrader_bridge.grader"  # what such a process imports first; it takes seconds

_COURSE: list[bytes] = []


def start(course: bytes, nursery: str, folder: str) -> None:
    """Get ready.

    nursery : where to find the warm process that all share.
    folder : the course's, in which hidden data are kept once they are drawn.

    Raises
    ------
    BrokenAssignment
        The assignment that is to be graded does not load.
    """
    from autograder.nbgrader_bridge import grader  # it imports torch; who keeps the gradebook does not

    _COURSE[:] = [course]
    grader.load(course)
    grader.share(nursery, Path(folder))
    multiprocessing.util.Finalize(None, grader.close, exitpriority=0)  # such processes run no `atexit`
    own_memory.limit()


def grade(submitted: bytes) -> bytes:
    """Grade one submission."""
    from autograder.nbgrader_bridge import grader

    return grader.grade(_COURSE[0], submitted)


def run(submitted: bytes) -> bytes:
    """Run one submission and mark it in its test cells; the rest is nbgrader's."""
    from autograder.nbgrader_bridge import grader

    return grader.run(_COURSE[0], submitted)
