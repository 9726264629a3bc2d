"""Let one command at a time write into a course."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from autograder.nbgrader_bridge.course.errors import CourseError


class CourseBusy(CourseError):
    """Another command holds the course; the message is a sentence for people."""


@contextlib.contextmanager
def locked(course: Path) -> Iterator[None]:
    """Lock the course's folder; the kernel releases the lock whenever and however this process ends.

    Raises
    ------
    CourseBusy
        Another run has locked it.
    """
    try:
        import fcntl
    except ImportError:  # Windows has none: only a cluster grades there
        yield
        return
    folder = os.open(course, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseBusy(
                "Another `autograder` command is at work in this course. Wait for it, or end it first."
            ) from None
        except OSError:
            pass  # some network file systems cannot lock folders
        yield
    finally:
        os.close(folder)
