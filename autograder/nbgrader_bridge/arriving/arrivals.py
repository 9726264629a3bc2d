"""Find what has arrived in an inbound folder, decide when it is complete, and read it safely.

There are two kinds: nbgrader's exchange, with a folder `STUDENT+ASSIGNMENT+TIME+…` for each submission, and a
drop folder, with a folder `STUDENT/` or a file `STUDENT.ipynb` or `STUDENT.zip` for each student. Students
can write there at any time, so nothing is taken that changes while it is read, and no link is followed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import time
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from nbgrader.utils import parse_utc

from autograder.collecting.download import PACKED, HeldDownload, Unpacked, read_all
from autograder.collecting.people import is_work
from autograder.nbgrader_bridge.course.times import LONG_AGO
from autograder.nbgrader_bridge.submission.submissions import is_unprintable
from autograder.nbgrader_names import TIMESTAMP
from autograder.plain_text import in_one_line
from autograder.submissions.submission import MAX_BYTES, names_in, read_files, read_ordinary

SETTLED_SECONDS = 2.0
"""How long something must have been unchanged to count as complete."""
BROKEN_SECONDS = 60.0
"""How long an unreadable notebook counts as one that is still being copied."""
SECRET = "submission_secret.txt"  # nbgrader's, written last; feedback goes back under a name made from it
NOTEBOOK, ARCHIVE = ".ipynb", ".zip"
OTHER_ASSIGNMENT = re.compile(r".+\+.+\+\d{4}-\d\d-\d\d ")

Snapshot: TypeAlias = tuple[tuple[str, int, int, int, int], ...]
"""For a folder and everything in it: name, inode, size, times of change."""


class StillChanging(Exception):
    """What was to be read is still being written."""


@dataclass(frozen=True)
class Contents:
    """Hold an arrival's files as they were at one moment."""

    files: Mapping[str, bytes]
    changed: Mapping[str, datetime | None]
    left_out: Mapping[str, str] = field(default_factory=dict)
    """By name, why a file was not read."""

    def unpacked(self) -> Unpacked:
        """Return the files, with archives unpacked in memory as `autograder collect` unpacks them."""
        result = read_all(HeldDownload(self.files, self.changed), {name: name for name in self.files})
        return replace(result, left_out={**self.left_out, **result.left_out})


@dataclass(frozen=True)
class Arrival:
    """Hold something that a student has handed in."""

    student: str
    path: Path
    time: datetime | None
    """When it was handed in, in UTC; when it arrived, if no name says so."""
    key: str = ""
    """Distinguishes this arrival from the student's earlier ones."""
    from_exchange: bool = False


@dataclass
class Arrivals:
    """Look repeatedly for arrivals, and remember since when each has been unchanged."""

    inbound: Path
    assignment: str
    excluded: Collection[str] = ()
    """Names that are not students' ids."""
    checks_owner: bool = True
    """Whether a submission in the exchange has to be owned by the student whose name it bears."""
    ignored: dict[str, str] = field(default_factory=dict)
    """By name, why something in the folder is not a student's work."""
    _since: dict[Path, tuple[Snapshot, float]] = field(default_factory=dict)
    _keys: dict[Path, tuple[Snapshot, str]] = field(default_factory=dict)

    def whole(self) -> list[Arrival]:
        """List the newest arrival of each student, unless it is still being written.

        Raises
        ------
        OSError
            The folder cannot be read.
        """
        newest: dict[str, Arrival] = {}
        for arrival in self._all():
            before = newest.get(arrival.student)
            if before is None or (before.time or LONG_AGO) < (arrival.time or LONG_AGO):
                newest[arrival.student] = arrival
        there = {arrival.path for arrival in newest.values()}
        self._since = {path: known for path, known in self._since.items() if path in there}
        self._keys = {path: known for path, known in self._keys.items() if path in there}
        result = (self._if_whole(arrival) for _, arrival in sorted(newest.items()))
        return [arrival for arrival in result if arrival is not None]

    def _all(self) -> list[Arrival]:
        form = re.compile(rf"(?P<student>.+)\+{re.escape(self.assignment)}\+(?P<time>[^+]+)(?:\+[^+]*)?")
        arrivals = []
        with os.scandir(self.inbound) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith("."):
                    continue
                submitted = form.fullmatch(entry.name)
                if submitted is None and OTHER_ASSIGNMENT.match(entry.name):
                    continue
                arrival = (
                    self._dropped(entry) if submitted is None else self._submitted(entry, *submitted.groups())
                )
                if arrival is not None and arrival.student not in self.excluded:
                    arrivals.append(arrival)
        return arrivals

    def _dropped(self, entry: os.DirEntry[str]) -> Arrival | None:
        student, path, why = entry.name, Path(entry.path), ""
        if entry.is_symlink():
            why = "it is a link"
        elif entry.is_dir(follow_symlinks=False):
            own = path / self.assignment
            path = own if not own.is_symlink() and own.is_dir() else path
        elif entry.is_file(follow_symlinks=False) and path.suffix.lower() in (NOTEBOOK, ARCHIVE):
            student = path.stem
        elif entry.name.lower().endswith(PACKED):
            why = f"it is an archive of a kind that is not unpacked here; STUDENT{ARCHIVE} is"
        else:
            why = f"it is neither a folder STUDENT nor a file STUDENT{NOTEBOOK} or STUDENT{ARCHIVE}"
        if not why and (not student or is_unprintable(student)):
            why = "its name is not a student's id"
        if not why and not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
            why = "the user who grades lacks the right to read it"
        if why:
            self.ignored[in_one_line(entry.name)] = why
            return None
        came = max((when[-1] for when in snapshot(path)), default=0)
        return Arrival(student, path, datetime.fromtimestamp(came / 1e9, UTC))

    def _submitted(self, entry: os.DirEntry[str], student: str, when: str) -> Arrival | None:
        """Read the name of a submission in the exchange; ignore it if somebody else has written it."""
        if not entry.is_dir(follow_symlinks=False) or is_unprintable(student):
            return None
        owner = _owner(entry.stat(follow_symlinks=False).st_uid)
        if self.checks_owner and owner != student:  # nbgrader's collect only warns
            self.ignored[in_one_line(entry.name, 200)] = ANOTHERS.format(owner)
            return None
        try:
            submitted: datetime | None = parse_utc(when).replace(tzinfo=UTC)  # nbgrader leaves the zone out
        except Exception:  # whatever a parser of dates makes of a name
            submitted = None
        return Arrival(student, Path(entry.path), submitted, entry.name, from_exchange=True)

    def _if_whole(self, arrival: Arrival) -> Arrival | None:
        """Return an arrival, with its key, if nothing in it has changed for a while."""
        now, current = time.monotonic(), snapshot(arrival.path)
        before, since = self._since.get(arrival.path, ((), now))
        if before != current:
            self._since[arrival.path] = current, now
            return None
        if now - since < SETTLED_SECONDS:
            return None
        if arrival.from_exchange:
            return arrival
        known, key = self._keys.get(arrival.path, ((), ""))
        if known != current:
            try:
                key = _fingerprint(read(arrival))
            except StillChanging:
                return None
            self._keys[arrival.path] = current, key
        if key == NOTHING:
            return None
        return replace(arrival, key=key)


NOTHING = hashlib.sha256().hexdigest()
"""The key of an empty folder, which some courses create for each student."""
UNREAD = f"it is a link or not an ordinary file, or all files together exceed {MAX_BYTES // 1_000_000} MB"
ANOTHERS = (
    "it is owned by {}. If all students have one user here, set `c.ExchangeCollect.check_owner = False` in "
    "nbgrader_config.py"
)


def snapshot(path: Path) -> Snapshot:
    """Record everything that changes when a file, or something in a folder, is written or replaced."""
    names = names_in(path) if path.is_dir() and not path.is_symlink() else []
    folders = {str(above) for name in names for above in PurePosixPath(name).parents} | {"."}
    result = []
    for name in sorted({*names, *folders}):
        try:
            status = (path / name).lstat()
        except OSError:
            continue
        result.append((name, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    return tuple(result)


def read(arrival: Arrival) -> Contents:
    """Read an arrival's ordinary files.

    Raises
    ------
    StillChanging
        It has changed in the meantime, or does not seem to be complete yet.
    """
    before = snapshot(arrival.path)
    if arrival.path.is_dir():
        names = sorted(names_in(arrival.path), key=lambda name: not is_work(name))
        files = read_files(arrival.path, names)
    else:
        names, content = [arrival.path.name], read_ordinary(arrival.path, MAX_BYTES)
        files = {arrival.path.name: content} if content is not None else {}
    if snapshot(arrival.path) != before:
        raise StillChanging
    changed = max((each[3] for each in before), default=0) / 1e9
    halted = abs(time.time() - changed) > BROKEN_SECONDS
    if not halted and (_is_broken(files) or (arrival.from_exchange and SECRET not in files)):
        raise StillChanging
    times = {each[0]: datetime.fromtimestamp(each[3] / 1e9) for each in before}
    return Contents(files, times, {name: UNREAD for name in names if name not in files})


def _is_broken(files: Mapping[str, bytes]) -> bool:
    work = [(name.lower(), content) for name, content in files.items() if is_work(name)]
    return not work or not all(
        zipfile.is_zipfile(io.BytesIO(content)) if name.endswith(ARCHIVE) else _is_json(content)
        for name, content in work
    )


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _fingerprint(contents: Contents) -> str:
    """Fingerprint an arrival's content: the same files in a repacked archive have the same fingerprint."""
    unpacked = contents.unpacked()
    files = {**{name: contents.files.get(name, b"") for name in unpacked.left_out}, **unpacked.files}
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        if name != TIMESTAMP:
            whole.update(f"{len(name)} {name} {len(content)} ".encode("utf-8", "surrogateescape") + content)
    return whole.hexdigest()


@cache
def _owner(user: int) -> str:
    import pwd  # Windows has none, and no sandbox either

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder, and not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False
