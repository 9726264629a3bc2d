"""The seed of a student's hidden instances: from a secret that stays with the instructor.

The secret lies in the course folder, beside nbgrader's configuration, and is made at first use. The same
student and assignment get the same instances at every regrading; another student gets others.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

FILE = ".autograder-secret"
COURSE = "nbgrader_config.py"  # what makes a folder a course folder


def seeds(folder: Path, assignment: str, *, make: bool) -> Callable[[str], int]:
    """Seeds, by exercise, for the submission in `folder`, as in submitted/STUDENT/ASSIGNMENT or autograded/….

    Each exercise has its own, so that inputs seen in one tell nothing of another's. Outside a course there
    is no secret, and every submission gets the same instances.

    Parameters
    ----------
    folder : where the submitted notebook lies.
    assignment : its name.
    make : whether to make the course's secret where it has none yet.
    """
    course = next((f for f in (folder, *folder.parents) if (f / COURSE).is_file()), None)
    if course is None:
        return partial(of_student, b"", "", assignment)
    places = folder.relative_to(course).parts
    student = places[1] if len(places) > 1 else ""
    return partial(of_student, of_course(course, make=make), student, assignment)


def of_student(secret: bytes, student: str, assignment: str, exercise: str) -> int:
    """Seed of a student's hidden instances for one exercise."""
    message = "\0".join((student, assignment, exercise)).encode()
    return int.from_bytes(hmac.digest(secret, message, hashlib.sha256)[:8], "big")


def of_course(course: Path, *, make: bool) -> bytes:
    """The secret of a course folder, empty where there is none."""
    return _secret(course / FILE, make=make)


def _secret(path: Path, *, make: bool) -> bytes:
    if make and not path.exists():
        new = path.with_name(f"{FILE}.{os.getpid()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, secrets.token_bytes(32))
        os.close(descriptor)
        with contextlib.suppress(FileExistsError):
            os.link(new, path)  # whole or not at all, and the first of several processes wins
        new.unlink()
    return path.read_bytes() if path.exists() else b""
