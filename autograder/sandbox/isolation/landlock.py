"""Restrict which files a submission may read, and the one folder it may write to, by Landlock."""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import site
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

OWN = ("autograder", "nbgrader")  # solutions and the grader's own code: not for a submission's eyes
ASSIGNMENTS = "backpropagation_course.assignments"
"""Entry points of installed packages that bring assignments: with solutions, too."""
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share", "/etc/fonts")
PACKAGES = ("site-packages", "dist-packages")
SINGLE = ("/etc/ld.so.cache", "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd")
PROC = ("/proc/meminfo", "/proc/stat", "/proc/cpuinfo", "/proc/loadavg", "/proc/uptime")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


class Readable:
    """Build a Landlock ruleset once, for every submission to enter."""

    def __init__(self, writable: Path) -> None:
        """Build the ruleset.

        writable : the folder above each submission's private disk. A rule for the disk itself would have no
            effect: Landlock checks the folders above a mount, not the one it hides.

        Raises
        ------
        OSError, ImportError
            This kernel has no Landlock, or the package `landlock` is missing.
        """
        from landlock import FSAccess, Ruleset  # Linux alone has it

        ctypes.set_errno(0)  # the package takes an error left behind by an earlier call for its own
        self._ruleset = Ruleset()
        read = FSAccess.READ_FILE | FSAccess.READ_DIR
        for path in _folders():
            self._ruleset.allow(path, rules=read if path.is_dir() else FSAccess.READ_FILE)
        for path in _packages():
            self._ruleset.allow(
                path, rules=FSAccess.READ_DIR
            )  # the names of all, the contents of those above
        for path in map(Path, (*SINGLE, *PROC)):
            if path.is_file():
                self._ruleset.allow(path, rules=FSAccess.READ_FILE)
        for path in map(Path, DEVICES):
            if path.exists():
                self._ruleset.allow(path, rules=FSAccess.READ_FILE | FSAccess.WRITE_FILE)
        special = FSAccess.MAKE_CHAR | FSAccess.MAKE_BLOCK | FSAccess.EXECUTE | FSAccess.MAKE_SOCK
        self._ruleset.allow(writable, rules=FSAccess.all() & ~special)

    def enter(self) -> None:
        """Let this process, and whatever it starts, read and write nothing else from here on."""
        ctypes.set_errno(0)  # as above
        self._ruleset.apply()


def _folders() -> Iterator[Path]:
    """List what Python and `utils` need, site-packages entry by entry so that packages can be left out.

    In a virtual environment, the packages of the base interpreter are no business of a notebook's either.
    """
    packages = _packages()
    elsewhere = packages | _other_packages()
    for name in ("stdlib", "platstdlib"):
        yield from _without(Path(sysconfig.get_path(name)).resolve(), elsewhere)
    closed = closed_packages()
    for folder in packages:
        yield from (entry for entry in folder.iterdir() if _is_open(entry, closed))
    for path in map(Path, SYSTEM):
        if path.is_dir():
            yield from _without(path.resolve(), elsewhere)
    yield from _course()


def _without(folder: Path, left_out: set[Path]) -> Iterator[Path]:
    """Yield a folder as a whole; or, if it contains something to be left out, everything else in it."""
    if folder in left_out:
        return
    if not any(one.is_relative_to(folder) for one in left_out):
        yield folder
        return
    for entry in folder.iterdir():
        yield from _without(entry, left_out)


def _packages() -> set[Path]:
    """Find the folders that packages are installed in: the interpreter's, the user's, the environment's."""
    names = [*site.getsitepackages(), site.getusersitepackages()]
    names += [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    names += [path for path in sys.path if Path(path).name in PACKAGES]
    return {Path(name).resolve() for name in names if Path(name).is_dir()}


def _other_packages() -> set[Path]:
    """Find the packages of other interpreters, such as the base interpreter of a virtual environment."""
    libraries = [Path(sysconfig.get_path("stdlib")).parent, *map(Path, SYSTEM)]
    patterns = (f"{deeper}{name}" for deeper in ("", "python3*/") for name in PACKAGES)
    result = (folder for pattern in patterns for library in libraries for folder in library.glob(pattern))
    return {folder.resolve() for folder in result if folder.is_dir()}


def closed_packages() -> frozenset[str]:
    """Name the packages that contain solutions: ours, and those that bring assignments."""
    points = importlib.metadata.entry_points(group=ASSIGNMENTS)
    return frozenset((*OWN, *(point.module.partition(".")[0] for point in points)))


def _is_open(entry: Path, closed: frozenset[str]) -> bool:
    """Return whether a submission may read an entry of site-packages; names and versions are not secret."""
    return entry.suffix == ".dist-info" or _package(entry) not in closed


def _package(entry: Path) -> str:
    """Name the package that an entry of site-packages belongs to: torch for `torch-2.4.egg-info`."""
    return entry.name.partition("-")[0].partition(".")[0]


def _course() -> Iterator[Path]:
    """Find the course's `utils`, and the `files/` that it loads."""
    result = importlib.util.find_spec("utils")
    if result is not None and result.origin is not None:
        folder = Path(result.origin).resolve().parent
        yield folder
        if (folder.parent / "files").is_dir():
            yield folder.parent / "files"
