"""Open a download of submissions, a zip file or a folder, without trusting anything in it.

Nothing is unpacked onto the disk: names are examined, and files are read into memory one person at a time.
Whatever cannot be taken is left out, with a sentence for each: names that lead out of the archive, links,
encrypted entries, bombs.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.plain_text import in_one_line
from autograder.submissions.submission import MAX_BYTES, MAX_NAME, names_in, read_ordinary

MAX_ENTRIES = 200_000  # of an archive that an instructor has downloaded
MAX_ENTRIES_INSIDE = 5_000  # of one that a student has handed in
MAX_ARCHIVES = 3 * MAX_BYTES  # bytes of all archives that one person has handed in
MAX_DEPTH = 2  # of archives in archives
MAX_PART = 255  # bytes of one folder's or file's name
CHUNK = 1 << 16
ENTRY = b"PK\x01\x02"  # begins each entry of a zip file's directory
DRIVE = re.compile(r"^[A-Za-z]:")
LITTER = re.compile(
    r"(^|/)(__MACOSX|\.git|\.ipynb_checkpoints|__pycache__|\.venv|node_modules)(/|$)"
    r"|(^|/)(\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)$"
)
"""What systems and tools leave behind; no student has handed it in."""
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
)
"""What `zipfile` raises for an archive that is broken, encrypted, or packed in an unknown way."""


class UnusableDownload(Exception):
    """The download as a whole cannot be read; the message is a sentence for people."""


@dataclass
class Download(ABC):
    """Files by their names in the download, and why others were left out."""

    left_out: dict[str, str] = field(default_factory=dict)
    """A sentence for each name."""

    @property
    @abstractmethod
    def names(self) -> list[str]:
        """Return the names of all files, with `/` between folders, in the download's own order."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """Read a file.

        Raises
        ------
        ValueError
            It cannot be read, is too large, or is not an ordinary file; the message is a sentence for people.
        """

    @abstractmethod
    def changed(self, name: str) -> datetime | None:
        """Return when a file was last changed, by the download's own clock; only good for comparing ages."""

    def close(self) -> None:  # noqa: B027  a folder has nothing to close
        """Close what is open."""


def open_download(path: Path) -> Download:
    """Open a zip file or a folder.

    Raises
    ------
    UnusableDownload
        It is neither, or it cannot be read.
    """
    if path.is_dir():
        return FolderDownload(path)
    if not path.exists():
        raise UnusableDownload(f"{path} is not there.")
    try:
        with path.open("rb") as file:
            entries = _count_entries(file)
        if entries > MAX_ENTRIES:
            raise UnusableDownload(f"{path} has more than {MAX_ENTRIES:,} entries.")
        return ZipDownload(zipfile.ZipFile(path))
    except zipfile.BadZipFile:
        raise UnusableDownload(
            f"{path} is not a zip file. Give the zip file that the course server made, or a folder with what "
            "is in it."
        ) from None
    except OSError as error:
        raise UnusableDownload(f"{path} cannot be read: {error.strerror or error}.") from None


class ZipDownload(Download):
    """Read a zip file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        super().__init__()
        self._archive = archive
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            name = entry.filename.replace("\\", "/")
            if entry.is_dir() or name.endswith("/") or LITTER.search(name):
                continue
            if why := _refused(name, entry):
                self.left_out[in_one_line(name, MAX_NAME)] = why
                continue
            name = posixpath.normpath(name)
            if name in self._entries:
                self.left_out[f"{in_one_line(name, MAX_NAME)} (again)"] = (
                    "the archive has it twice; the last one counts"
                )
            self._entries[name] = entry

    @property
    def names(self) -> list[str]:
        """Return the names of all files."""
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """Read a file, and no more of it than a submission may have."""
        entry = self._entries[name]
        if entry.file_size > MAX_BYTES:
            raise ValueError(_too_large())
        pieces, size = [], 0
        try:
            with self._archive.open(entry) as file:
                while piece := file.read(CHUNK):  # what an entry says of its size may be wrong
                    size += len(piece)
                    if size > MAX_BYTES:
                        raise ValueError(_too_large())
                    pieces.append(piece)
        except UNREADABLE as error:
            if isinstance(error, ValueError) and str(error) == _too_large():
                raise
            raise ValueError(
                f"it cannot be unpacked ({in_one_line(str(error)) or type(error).__name__})"
            ) from None
        return b"".join(pieces)

    def changed(self, name: str) -> datetime | None:
        """Return the entry's own time."""
        try:
            return datetime(*self._entries[name].date_time)
        except ValueError:
            return None

    def close(self) -> None:
        """Close the file."""
        self._archive.close()


class FolderDownload(Download):
    """Read a folder, into which somebody has unpacked a download or cloned repositories."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._names: list[str] = []
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            raise UnusableDownload(f"{folder} cannot be read: {error.strerror or error}.") from None
        for entry in entries:
            if entry.is_symlink():
                self.left_out[in_one_line(entry.name)] = "it is a link"
            elif entry.is_dir():
                self._names += [
                    f"{entry.name}/{name}"
                    for name in names_in(Path(entry.path))
                    if not LITTER.search(f"{entry.name}/{name}")
                ]
            elif not LITTER.search(entry.name):
                self._names.append(entry.name)

    @property
    def names(self) -> list[str]:
        """Return the names of all files."""
        return list(self._names)

    def read(self, name: str) -> bytes:
        """Read an ordinary file; links are not followed, at any level."""
        path = self._folder
        for part in name.split("/")[:-1]:
            path /= part
            if path.is_symlink():
                raise ValueError("it lies behind a link")
        content = read_ordinary(self._folder / name, MAX_BYTES)
        if content is None:
            linked = (self._folder / name).is_symlink()
            raise ValueError("it is a link" if linked else f"it is not an ordinary file, or {_too_large()}")
        return content

    def changed(self, name: str) -> datetime | None:
        """Return the file's own time."""
        try:
            return datetime.fromtimestamp((self._folder / name).lstat().st_mtime)
        except (OSError, ValueError, OverflowError):
            return None


class HeldDownload(Download):
    """Hold files that were read before: their source may have changed since, they have not."""

    def __init__(self, files: Mapping[str, bytes], changed: Mapping[str, datetime | None]) -> None:
        super().__init__()
        self._files = {name: content for name, content in files.items() if not LITTER.search(name)}
        self._changed = changed

    @property
    def names(self) -> list[str]:
        """Return the names of all files."""
        return list(self._files)

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        return self._files[name]

    def changed(self, name: str) -> datetime | None:
        """Return the recorded time."""
        return self._changed.get(name)


@dataclass(frozen=True)
class Unpacked:
    """Hold all files of one person, including those in archives that this person has handed in."""

    files: Mapping[str, bytes]
    changed: Mapping[str, datetime | None]
    left_out: Mapping[str, str]


def read_all(download: Download, names: Mapping[str, str]) -> Unpacked:
    """Read one person's files, and what is in their archives.

    names : in the download, by the name that each is to have in the submission.
    """
    files: dict[str, bytes] = {}
    changed: dict[str, datetime | None] = {}
    left_out: dict[str, str] = {}
    waiting: list[tuple[str, Download, str, int]] = [(own, download, name, 0) for own, name in names.items()]
    remaining, of_archives = MAX_BYTES, MAX_ARCHIVES
    while waiting:
        own, source, name, depth = waiting.pop(0)
        try:
            content = source.read(name)
        except ValueError as reason:
            left_out[own] = str(reason)
            continue
        if len(content) > remaining:
            left_out[own] = f"with it, what was handed in has more than {MAX_BYTES // 1_000_000} MB"
            continue
        if own.lower().endswith(".zip") and depth < MAX_DEPTH:
            of_archives -= len(content)
            try:
                inside = _open_inside(content, min(of_archives, MAX_ENTRIES_INSIDE - len(waiting)))
            except ValueError as reason:
                left_out[own] = str(reason)
                continue
            folder = own[: -len(".zip")]
            waiting += [(f"{folder}/{each}", inside, each, depth + 1) for each in inside.names]
            left_out |= {f"{own}: {each}": why for each, why in inside.left_out.items()}
        elif own.lower().endswith(PACKED):
            left_out[own] = "it is not unpacked: of archives only zip files are, and no three in each other"
        else:
            remaining -= len(content)
            files[own], changed[own] = content, source.changed(name)
    return Unpacked(files, changed, left_out)


PACKED = (".zip", ".rar", ".7z", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2")


def _open_inside(content: bytes, most: int) -> ZipDownload:
    """Open an archive that a student has handed in.

    most : entries that it may have; negative if no further archive may be opened.

    Raises
    ------
    ValueError
        It cannot be read, or has too many entries.
    """
    if most < 0:
        raise ValueError("too much was handed in as archives in archives")
    if content.count(ENTRY) > most:
        raise ValueError(f"with it, archives have more than {MAX_ENTRIES_INSIDE:,} entries")
    try:
        return ZipDownload(zipfile.ZipFile(io.BytesIO(content)))
    except UNREADABLE:
        raise ValueError("it is called like a zip file, but is none that can be read") from None


def _refused(name: str, entry: zipfile.ZipInfo) -> str:
    """Return the reason why an entry is left out; empty if it is not."""
    if name.startswith("/") or DRIVE.match(name) or ".." in name.split("/"):
        return "its name leads out of the archive"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "it is a link"
    if kind not in (0, stat.S_IFREG):
        return "it is not an ordinary file"
    if entry.flag_bits & 1:
        return "it is encrypted"
    written = name.encode("utf-8", "replace")
    if not name.isprintable() or len(written) > MAX_NAME or max(map(len, written.split(b"/"))) > MAX_PART:
        return "its name is not text that can be written down"
    return ""


def _too_large() -> str:
    return f"it has more than {MAX_BYTES // 1_000_000} MB"


def _count_entries(file: io.BufferedReader) -> int:
    """Count an archive's entries, up to a limit, before a program reads them all into memory."""
    count, rest = 0, b""
    while piece := file.read(1 << 22):
        piece = rest + piece
        count += piece.count(ENTRY)
        rest = piece[-(len(ENTRY) - 1) :]
    return count
