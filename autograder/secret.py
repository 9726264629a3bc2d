"""The seed of a student's hidden instances: from a secret that stays with the instructor.

The secret lies in the course folder, beside nbgrader's configuration, and is made at first use. The same
student and assignment get the same instances at every regrading; nobody outside knows which these are.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

FILE = ".autograder-secret"
VARIANTS = 12  # sets of hidden instances of an exercise
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
    """Seed of a student's hidden instances for one exercise.

    A course has a number of secret variants of each exercise, and the secret deals them out. So a class
    costs the drawing of some instances, and not of a set for everyone.
    """
    variant = _number(secret, "student", student, assignment, exercise) % VARIANTS
    return _of_variant(secret, variant, assignment, exercise)


def of_class(secret: bytes, assignment: str, exercise: str) -> list[int]:
    """The seeds of all variants of an exercise."""
    return [_of_variant(secret, variant, assignment, exercise) for variant in range(VARIANTS)]


def _of_variant(secret: bytes, variant: int, assignment: str, exercise: str) -> int:
    return _number(secret, "variant", str(variant), assignment, exercise)


def _number(secret: bytes, *words: str) -> int:
    return int.from_bytes(hmac.digest(secret, "\0".join(words).encode(), hashlib.sha256)[:8], "big")


def of_course(course: Path, *, make: bool) -> bytes:
    """The secret of a course folder, empty where there is none."""
    return _secret(course / FILE, make=make)


def _secret(path: Path, *, make: bool) -> bytes:
    if make and not path.exists():
        descriptor, new = tempfile.mkstemp(prefix=f"{FILE}.", dir=path.parent)  # readable by its owner alone
        os.write(descriptor, secrets.token_bytes(32))
        os.close(descriptor)
        with contextlib.suppress(FileExistsError):
            os.link(new, path)  # whole or not at all, and the first of several graders wins
        Path(new).unlink()
    return path.read_bytes() if path.exists() else b""
