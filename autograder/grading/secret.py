"""Derive the seeds of a submission's hidden instances from a secret that stays with the instructor.

The secret is in the course's folder, beside nbgrader's configuration, and is created when a class is graded.
The same submission gets the same instances whenever it is graded again; another submission of the same
student, with other code, gets another set. Single instances may recur, and a part must be right on a whole
set: docs/protection.md says what can be learned by handing in very often.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.exercise import VARIANTS
from autograder.nbgrader_names import AUTOGRADED, CONFIG, SUBMITTED

FILE = ".autograder-secret"
FEWEST_BYTES = 16  # of a secret
FOLDER_SETTING = re.compile(
    r"^[ \t]*c\.CourseDirectory\.(?:submitted|autograded)_directory\s*=\s*[rf]?[\"']([^\"'{}\n]+)[\"']",
    re.MULTILINE,
)
LARGEST_CONFIG = 1_000_000  # bytes that are searched for these settings


class UnusableSecret(Exception):
    """A course's secret cannot be used; the message is a sentence for people."""


@dataclass(frozen=True)
class Place:
    """Say where a submission is: its course and its student."""

    course: Path
    student: str


def place(notebook: Path, course: Path | None = None) -> Place | None:
    """Find the course whose `submitted/STUDENT/ASSIGNMENT` or `autograded/…` contains a notebook, if any.

    What is in the submission's own folder, or in the student's, proves nothing: it may have been handed in.
    Links are not followed, for the same reason. Of several courses around a notebook the outermost counts.

    Parameters
    ----------
    notebook : the file.
    course : the course's folder, if it is known.
    """
    folder = Path(os.path.abspath(notebook)).parent  # noqa: PTH100  `resolve` would follow links
    outside_in = [*reversed(folder.parents)] if course is None else [Path(os.path.abspath(course))]  # noqa: PTH100
    for candidate in outside_in:
        if (candidate / CONFIG).is_file():
            for above in _submission_folders(candidate):
                inside = folder.parts[len(above.parts) :] if folder.is_relative_to(above) else ()
                if len(inside) >= 2:
                    return Place(candidate, inside[0])
    return None


def _submission_folders(course: Path) -> Iterator[Path]:
    """List the folders of a course that hold submissions; its configuration is read, but not executed."""
    text = ""
    with contextlib.suppress(OSError), (course / CONFIG).open(encoding="utf-8", errors="replace") as file:
        text = file.read(LARGEST_CONFIG)
    names = (SUBMITTED, AUTOGRADED, *FOLDER_SETTING.findall(text))
    folders = {Path(os.path.normpath(course / name)) for name in names}
    yield from sorted(folders, key=lambda folder: -len(folder.parts))  # `submitted/2026` before `submitted`


@dataclass(frozen=True)
class Seeds:
    """Derive the seeds of one submission's hidden instances, exercise by exercise."""

    secret: bytes
    student: str
    assignment: str

    def of(self, exercise: str, content: bytes) -> int:
        """Derive the seed for one exercise.

        A course has a number of secret variants of each exercise; the secret, the student and the code
        that was handed in decide which. Each exercise has its own, so that inputs seen in one reveal nothing
        about another's.

        content : the fingerprint of what has run when the exercise is marked.
        """
        words = ("student", self.student, self.assignment, exercise, content.hex())
        variant = _number(self.secret, *words) % VARIANTS
        pool = _number(self.secret, "pool", self.assignment, exercise)
        return pool // VARIANTS * VARIANTS + variant


@dataclass(frozen=True)
class Keys:
    """Decide where the hidden data of notebooks come from when they are marked one by one, not as a class.

    A notebook in a course's folder uses the course's secret; any other uses a key that is drawn for this run.
    """

    drawn: bytes
    """The key of notebooks that are in no course, or in one without a secret."""
    asked_for: bool = False
    """Whether `drawn` was given, to repeat an earlier run: then it holds for every notebook."""
    course: Path | None = None
    """The course to which all notebooks belong, if it was given."""

    @classmethod
    def of(cls, seed: str | None = None, course: Path | None = None) -> Keys:
        """Use the seed of an earlier run, or draw a new one.

        Raises
        ------
        ValueError
            The seed is not a hexadecimal number, or the folder is not a course; the message is a sentence.
        """
        if course is not None and not (course / CONFIG).is_file():
            raise ValueError(f"{course} is not a course folder: it has no {CONFIG}.")
        if seed is None:
            return cls(secrets.token_bytes(FEWEST_BYTES), course=course)
        with contextlib.suppress(ValueError):
            key = bytes.fromhex(seed)
            if key:
                return cls(key, asked_for=True, course=course)
        raise ValueError(f"{seed!r} is not a seed: give the hexadecimal digits that an earlier run printed.")

    def seeds(self, notebook: Path, assignment: str) -> Seeds:
        """Return the seeds of one notebook's hidden instances."""
        at = None if self.asked_for else self.course_of(notebook)
        if at is None:
            return Seeds(self.drawn, "", assignment)
        return Seeds(course_secret(at.course, make=False), at.student, assignment)

    def require(self, notebooks: Iterable[Path]) -> None:
        """Ensure that the secrets of these notebooks' courses can be used.

        Raises
        ------
        UnusableSecret
            One cannot.
        """
        for notebook in notebooks:
            self.course_of(notebook)

    def note(self, notebooks: Sequence[Path]) -> str:
        """Say how this run can be repeated, and whose secret was used; empty if there is nothing to say."""
        if self.asked_for:
            return ""
        drawn = [notebook for notebook in notebooks if self.course_of(notebook) is None]
        lines = []
        if drawn:
            name = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(drawn[0]))
            one = f"{name} lies" if len(drawn) == 1 else f"{len(drawn)} of the notebooks lie"
            lines.append(
                f"{one} in no course that has a secret ({FILE}, made when a class is graded), so the hidden "
                f"data were drawn at random for this run. To repeat it: autograder check --seed "
                f"{self.drawn.hex()}"
            )
        here = Path.cwd()
        used = dict.fromkeys(f.course for n in notebooks if (f := self.course_of(n)) is not None)
        lines += [
            f"Hidden data come from the secret of the course in {course}."
            for course in used
            if self.course is None and course not in (here, *here.parents)
        ]
        return "\n".join(lines)

    def course_of(self, notebook: Path) -> Place | None:
        """Find the course whose secret holds for a notebook."""
        at = place(notebook, self.course)
        if at is None and self.course is not None:
            at = Place(self.course, "")
        return at if at is not None and course_secret(at.course, make=False) else None


def fingerprint(code: Iterable[str], files: Mapping[str, bytes]) -> bytes:
    """Fingerprint a submission's content: the code that runs, and the files beside it.

    Outputs, metadata, text and empty cells are not part of it, so saving a notebook again changes nothing.
    """
    pieces = [source.rstrip().encode("utf-8", "surrogatepass") for source in code if source.strip()]
    for name in sorted(files):
        pieces += [name.encode("utf-8", "surrogatepass"), files[name]]
    whole = hashlib.sha256(len(files).to_bytes(8, "big"))
    for piece in pieces:
        whole.update(len(piece).to_bytes(8, "big"))
        whole.update(piece)
    return whole.digest()


def _number(secret: bytes, *words: str) -> int:
    message = "\0".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(hmac.digest(secret, message, hashlib.sha256)[:8], "big")


def course_secret(course: Path, *, make: bool) -> bytes:
    """Read the secret of a course's folder; return an empty one if there is none.

    make : whether to create one if there is none.

    Raises
    ------
    UnusableSecret
        There is one that cannot be read, or is too short.
    """
    path = course / FILE
    try:
        secret = _secret(path, make=make)
    except OSError as error:
        raise UnusableSecret(f"The course's secret {path} cannot be used: {error.strerror}.") from None
    if secret is not None and len(secret) < FEWEST_BYTES:
        raise UnusableSecret(
            f"The course's secret {path} holds {len(secret)} bytes; at least {FEWEST_BYTES} are needed, or "
            "it could be guessed. Restore it from a backup, or delete it and have another one made."
        )
    return secret or b""


def _secret(path: Path, *, make: bool) -> bytes | None:
    if make and not path.exists():
        descriptor, new = tempfile.mkstemp(prefix=f"{FILE}.", dir=path.parent)  # readable by its owner alone
        os.write(descriptor, secrets.token_bytes(32))
        os.close(descriptor)
        with contextlib.suppress(FileExistsError):
            os.link(new, path)  # whole or not at all, and the first of several graders wins
        Path(new).unlink()
    return path.read_bytes() if path.exists() else None
