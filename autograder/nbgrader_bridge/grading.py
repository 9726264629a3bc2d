"""A whole class: submitted/ -> graders -> gradebook, autograded/.

The order makes it safe to be killed anywhere: what a batch of submissions earned is committed to the
gradebook first, then their folders are moved to autograded/, each in one step. A folder that is there has
its marks; one that is not is graded again, to the same marks.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import secret
from autograder.crew import Done, Task
from autograder.nbgrader_bridge import handed_in
from autograder.nbgrader_bridge.autograding import Course, Graded
from autograder.nbgrader_bridge.handed_in import Found
from autograder.nbgrader_bridge.ledger import Entry, Ledger, LedgerError, scores
from autograder.nbgrader_bridge.shelf import Shelf
from autograder.notebook import UnreadableNotebook, read
from autograder.sandbox.limits import Limits
from autograder.submission import files_in

BATCH = 32  # submissions in one transaction
BATCH_SECONDS = 2.0  # after which one is closed, however few they are
SECTIONS: tuple[str, ...] = (
    "OverwriteCells",
    "ClearOutput",
    "DeduplicateIds",
    "IgnorePattern",
    "LimitOutput",
)
SECTIONS += ("ClearMetadataPreprocessor", "CheckCellMetadata", "NbGraderPreprocessor", "Preprocessor")


@dataclass(frozen=True)
class Row:
    """What became of one submission."""

    student: str
    scores: Mapping[str, float | None] = field(default_factory=dict)
    """By test cell."""
    problem: str = ""
    """Why it was not graded."""
    flags: tuple[str, ...] = ()
    """Right, but worth an instructor's look."""
    faults: tuple[str, ...] = ()
    """What ended an exercise as a whole."""


@dataclass
class Classroom:
    """One assignment of a course folder, to be graded."""

    directory: CourseDirectory
    config: Config
    assignment: str
    limits: Limits
    lacks: dict[str, str] = field(default_factory=dict)
    """Layers of the sandbox that a grader's machine lacks, and why."""
    begun: bool = False
    """Whether grading has begun."""
    kept: int = 0
    """Submissions that are graded and in their places."""

    def outstanding(self, student: str, *, force: bool) -> tuple[list[Found], int]:
        """Submissions to be graded now, and how many are graded already."""
        every = handed_in.found(self.directory, self.assignment, student)
        new = [s for s in every if force or handed_in.is_new(self.directory, s, self._place(s.student))]
        return new, len(every) - len(new)

    def course(self, ledger: Ledger) -> Course:
        """What the graders need to know of it."""
        source = self.directory.format_path(self.directory.source_directory, ".", self.assignment)
        config = {name: _plain(self.config[name]) for name in SECTIONS if name in self.config}
        kept = self.config.get("Autograde", {}).get("exclude_overwriting", {}).get(self.assignment, [])
        files = {k: v for k, v in files_in(Path(source)).items() if k not in kept}
        return Course(
            ledger.released(self.assignment),
            secret.of_course(Path(self.directory.root), make=True),
            config,
            self.limits,
            files,
            self._released_cells(),
        )

    def _released_cells(self) -> list[str]:
        """Sources of the code cells that students were given, where the release still lies in the course."""
        folder = self.directory.format_path(self.directory.release_directory, ".", self.assignment)
        sources = []
        for path in sorted(Path(folder).glob("*.ipynb")):
            with contextlib.suppress(UnreadableNotebook):
                sources += [cell.source for cell in read(path)]
        return sources

    def grade(
        self,
        submissions: list[Found],
        ledger: Ledger,
        course: Course,
        work_through: Callable[[Iterator[Task]], Iterator[Done]],
    ) -> Generator[Row]:
        """Have submissions graded, and keep what comes back; a row for each when it is kept.

        Raises
        ------
        LedgerError, OSError
            The gradebook or the disk gave out. What was kept stays kept; the rest is graded next time.
        """
        self.begun = True
        by_name = {submission.student: submission for submission in submissions}
        own = frozenset(course.files)
        shelf = self._shelf()
        unreadable: list[Row] = []

        def tasks() -> Iterator[Task]:
            for submission in submissions:
                try:
                    read = handed_in.read(submission, list(course.released.notebooks), own)
                except UnreadableNotebook as reason:
                    unreadable.append(Row(submission.student, problem=str(reason)))
                    continue
                yield Task(submission.student, read.to_bytes())

        batch: list[tuple[Found, Graded]] = []
        opened = time.monotonic()
        try:
            for done in work_through(tasks()):
                graded = (
                    Graded(done.name, {}, done.problem)
                    if done.result is None
                    else Graded.from_bytes(done.result)
                )
                batch.append((by_name[done.name], graded))
                if len(batch) >= BATCH or time.monotonic() - opened > BATCH_SECONDS:
                    yield from self._keep(batch, ledger, shelf, own, course)
                    batch.clear()
                    opened = time.monotonic()
                yield from self._keep_unreadable(unreadable, by_name, ledger)
            yield from self._keep(batch, ledger, shelf, own, course)
            yield from self._keep_unreadable(unreadable, by_name, ledger)
        except (LedgerError, OSError):
            raise
        except BaseException:  # Ctrl-C, or whoever grades gave out: what is done already is not done again
            list(self._keep(batch, ledger, shelf, own, course))
            raise
        finally:
            shelf.close()

    def _keep(
        self,
        batch: list[tuple[Found, Graded]],
        ledger: Ledger,
        shelf: Shelf,
        own: frozenset[str],
        course: Course,
    ) -> Iterator[Row]:
        ledger.write(self.assignment, [Entry(graded, found.timestamp) for found, graded in batch])
        for found, graded in batch:
            self.lacks |= graded.lacks or {}
            if not graded.problem:
                beside = handed_in.beside(found, own)
                contents = {f"{name}.ipynb": one.content for name, one in graded.notebooks.items()}
                shelf.put(self._place(found.student), contents, beside, course.files)
                self.kept += 1
            yield _row(graded)

    def _keep_unreadable(
        self, rows: list[Row], by_name: Mapping[str, Found], ledger: Ledger
    ) -> Iterator[Row]:
        if rows:
            entries = [Entry(Graded(r.student, {}, r.problem), by_name[r.student].timestamp) for r in rows]
            ledger.write(self.assignment, entries)
            yield from rows
            rows.clear()

    def _place(self, student: str) -> Path:
        return Path(self.directory.format_path(self.directory.autograded_directory, student, self.assignment))

    def _shelf(self) -> Shelf:
        settings = Autograde(self.directory, config=self.config)
        permissions = int(str(settings.permissions), 8)
        return Shelf(Path(self.directory.root), permissions, groupshared=self.directory.groupshared)


def _row(graded: Graded) -> Row:
    notebooks = graded.notebooks.values()
    return Row(
        graded.student,
        scores(graded),
        graded.problem,
        tuple(flag for notebook in notebooks for flag in notebook.flags),
        tuple(fault for notebook in notebooks for fault in notebook.faults),
    )


def _plain(section: Config) -> dict[str, object]:
    """A section's settings that JSON can hold."""
    kinds = (str, int, float, bool, list, type(None))
    return {key: value for key, value in section.items() if isinstance(value, kinds)}
