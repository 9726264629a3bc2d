"""Find assignments, and load their declarations.

An assignment is a folder with an `exercises.py` that declares its `ASSIGNMENT`, or a notebook with its
forward pass in a cell. Assignments are beside this file, in installed packages (entry points of the group
`GROUP`), and in folders that somebody names: on the command line, or a course, which has a folder
`assignments` or remembers others.

A declaration is the instructor's code and runs here. Where a student's code runs, it is never run and cannot
be read.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.metadata
import importlib.util
import sys
import traceback
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.exercise import Assignment
from autograder.notebook_text import holds_forward_pass
from autograder.sandbox.isolation.landlock import ASSIGNMENTS as GROUP

OURS = Path(__file__).parent
DECLARATION = "exercises.py"
IN_COURSE = "assignments"
LARGEST = 20_000_000  # bytes of an assignment that are sent to other machines
MEMORY = ".autograder-assignments"  # in a course: other folders with assignments, one per line


class UnknownAssignment(LookupError):
    """There is no assignment of that name; the message is a sentence for people."""


class BrokenAssignment(Exception):
    """A declaration cannot be used; the message is a sentence for its author, with file and line."""


@dataclass(frozen=True)
class Place:
    """Say where an assignment is."""

    name: str
    """`01-error-backpropagation`, of the folder `01_error_backpropagation`."""
    folder: Path
    """Or the notebook, where it is that alone."""
    package: str = ""
    """The package name under which its modules are imported; empty if there are none."""

    @property
    def declaration(self) -> Path:
        """Return the file that declares it."""
        return self.folder / DECLARATION if self.package else self.folder

    @property
    def notebook(self) -> Path:
        """Return the file with the notebook's text."""
        return self.folder / "notebook.py" if self.package else self.folder

    def load(self) -> Assignment:
        """Run the declaration.

        Raises
        ------
        BrokenAssignment
            It raises, declares nothing, or something else.
        """
        declaration = self.declaration
        try:
            assignment = self._declared()
        except (Exception, SystemExit) as error:
            place = _line_of(error, self.folder)
            raise BrokenAssignment(
                f"The assignment {self.name} does not load: {place or declaration}: "
                f"{_line(error, placed=_is_of(error, self.folder))}. Correct it, or take its folder out of "
                f"{self.folder.parent}."
            ) from error
        if not isinstance(assignment, Assignment):
            what = "no ASSIGNMENT" if assignment is None else "an ASSIGNMENT that is not an Assignment"
            raise BrokenAssignment(
                f"{declaration} has {what}: write `ASSIGNMENT = Assignment(name=…, …)` there."
            )
        if assignment.name != self.name:
            raise BrokenAssignment(
                f"{declaration} declares itself as {assignment.name}, but lies in the folder "
                f"{self.folder.name}: name one after the other."
            )
        return assignment

    def files(self) -> dict[str, bytes]:
        """Read all files that it is made of, by paths relative to the folder that contains it.

        Raises
        ------
        BrokenAssignment
            They are too large to be sent to other machines.
        """
        top = self.folder.parent
        paths = sorted(self.folder.rglob("*")) if self.folder.is_dir() else [self.folder]
        own = [path for path in paths if path.is_file() and not _is_of_tools(path.relative_to(top))]
        size = sum(path.stat().st_size for path in own)
        if size > LARGEST:
            raise BrokenAssignment(
                f"{self.folder} holds {size / 1e6:.0f} MB, and other machines are sent at most "
                f"{LARGEST / 1e6:.0f} MB: move what grading does not need out of it."
            )
        return {path.relative_to(top).as_posix(): path.read_bytes() for path in own}

    def _declared(self) -> object:
        if not self.package:
            from autograder.notebook_declaration import declared

            return declared(self.folder, self.name)
        return getattr(importlib.import_module(f"{self.package}.exercises"), "ASSIGNMENT", None)


def places(folders: Sequence[Path]) -> Iterator[Place]:
    """Find assignments: ours, those of installed packages, and those in some folders, each once."""
    visited = set()
    for place in (*_inside(OURS, __package__), *_installed(), *(p for f in folders for p in _own(f))):
        if place.folder.resolve() not in visited:
            visited.add(place.folder.resolve())
            yield place


def holds_any(folder: Path) -> bool:
    """Return whether a folder is an assignment, or has some in it."""
    return any(True for _ in _own(folder))


def folders_of_course(course: Path) -> tuple[Path, ...]:
    """Return the folders in which a course has assignments of its own."""
    remembered = [course / line for line in _memory(course)]
    return tuple(path for path in (course / IN_COURSE, *remembered) if path.exists())


def lost(course: Path) -> tuple[str, ...]:
    """Return the folders that a course remembers but that no longer exist."""
    return tuple(line for line in _memory(course) if not (course / line).exists())


def remember(course: Path, folders: Sequence[Path]) -> None:
    """Make a course remember folders, in addition to those that it remembers."""
    known = {path.resolve() for path in folders_of_course(course)}
    new = [folder.resolve() for folder in folders if folder.resolve() not in known]
    if new:
        lines = [*_memory(course), *map(str, new)]
        (course / MEMORY).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _memory(course: Path) -> list[str]:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        lines = (course / MEMORY).read_text(encoding="utf-8").splitlines()
        return [line.strip() for line in lines if line.strip()]
    return []


def _own(folder: Path) -> Iterator[Place]:
    """Yield the assignments in a folder, or the folder itself if it is an assignment."""
    folder = folder.resolve()
    if folder.is_file():
        yield from _notebooks([folder])
    elif (folder / DECLARATION).is_file():
        yield Place(_name(folder), folder, f"{_made_package(folder.parent)}.{folder.name}")
    else:
        yield from _inside(folder, _made_package(folder))
        yield from _notebooks(sorted((*folder.glob("*.py"), *folder.glob("*.ipynb"))))


def _notebooks(paths: Iterable[Path]) -> Iterator[Place]:
    """Yield those that have a forward pass in a cell."""
    for path in paths:
        if path.suffix in (".py", ".ipynb") and holds_forward_pass(path):
            yield Place(path.stem.replace("_", "-"), path)


def _inside(folder: Path, package: str) -> Iterator[Place]:
    for path in sorted(folder.glob(f"*/{DECLARATION}")):
        yield Place(_name(path.parent), path.parent, f"{package}.{path.parent.name}")


def _name(folder: Path) -> str:
    return folder.name.replace("_", "-")


def _is_of_tools(path: Path) -> bool:
    """Return whether it is hidden or compiled, so not written by an author."""
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _made_package(folder: Path) -> str:
    """Make a package of a folder that is none, so that its modules are imported with a dot, as usual."""
    name = f"assignments_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    if name not in sys.modules:
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    return name


def _installed() -> Iterator[Place]:
    """Yield assignments of installed packages: an entry point's value is the package around the folders."""
    for point in importlib.metadata.entry_points(group=GROUP):
        with contextlib.suppress(ImportError, ValueError):
            spec = importlib.util.find_spec(point.module)
            for folder in (spec and spec.submodule_search_locations) or ():
                yield from _inside(Path(folder), point.module)


def _line_of(error: BaseException, folder: Path) -> str:
    """Return the file and line of the author's at which an exception arose; empty if it is not theirs."""
    if isinstance(error, SyntaxError) and _is_of(error, folder):
        return f"{error.filename}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    return f"{own[-1].filename}, line {own[-1].lineno}" if own else ""


def _is_of(error: BaseException, folder: Path) -> bool:
    """Return whether it is one of the author's own files that cannot be parsed."""
    return isinstance(error, SyntaxError) and Path(error.filename or "").is_relative_to(folder)


def _line(error: BaseException, *, placed: bool) -> str:
    """Describe an exception in one line, with advice for a common cause.

    placed : whether the line that cannot be parsed has been named already.
    """
    text = error.msg if isinstance(error, SyntaxError) and placed else str(error)
    text = " ".join(text.split())
    hint = ""
    if isinstance(error, ModuleNotFoundError) and error.name and "." not in error.name:
        hint = f" (a module beside is imported with a dot: `from .{error.name} import …`)"
    return f"{type(error).__name__}: {text.rstrip('.')}{hint}"
