"""A whole class: submitted/ -> graders -> gradebook, autograded/.

The order makes it safe to be killed anywhere: what a batch of submissions earned is committed to the
gradebook first, then their folders are moved to autograded/, each in one step. A folder that is there has
its marks; one that is not is graded again, to the same marks.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import secret
from autograder.crew import Done, Task
from autograder.nbgrader_bridge import handed_in
from autograder.nbgrader_bridge.autograding import Course, Graded
from autograder.nbgrader_bridge.class_log import ClassLog, Needs
from autograder.nbgrader_bridge.handed_in import Found
from autograder.nbgrader_bridge.ledger import Entry, Ledger, LedgerError, Written, scores
from autograder.nbgrader_bridge.shelf import Shelf
from autograder.notebook import UnreadableNotebook, read
from autograder.sandbox.limits import Limits
from autograder.submission import files_in

BATCH = 32  # submissions in one transaction
BATCH_SECONDS = 2.0  # after which one is closed, however few they are
TIMESTAMP = "timestamp.txt"  # in a submission, where nbgrader's collect writes it
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
    notices: tuple[str, ...] = ()
    """What the instructor should know of the course."""


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

    @cached_property
    def log(self) -> ClassLog:
        """What needs a person, of this run and of those before."""
        return ClassLog(Path(self.directory.root), self.assignment)

    def outstanding(self, student: str, *, force: bool) -> tuple[list[Found], int]:
        """Submissions to be graded now, and how many are graded already."""
        every = handed_in.found(self.directory, self.assignment, student)
        new = [s for s in every if force or handed_in.is_new(self.directory, s, self._place(s.student))]
        return new, len(every) - len(new)

    def begin_log(self, student: str, submissions: Sequence[Found], *, force: bool) -> None:
        """Take from the log what is no longer so.

        submissions : those that are to be graded now.
        """
        everybody = student == "*"
        there = {found.student for found in handed_in.found(self.directory, self.assignment, student)}
        graded = there - {found.student for found in submissions}
        self.log.begin(there if everybody else None, graded, anew=force and everybody)

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
        self._write_down(batch, ledger)
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
            self._write_down([(by_name[r.student], Graded(r.student, {}, r.problem)) for r in rows], ledger)
            yield from rows
            rows.clear()

    def _write_down(self, batch: Sequence[tuple[Found, Graded]], ledger: Ledger) -> None:
        """Into the gradebook, then into the log: before a folder says that its submission is done with."""
        entries = [Entry(g, found.timestamp, self.log.of(found.student).flagged) for found, g in batch]
        written = ledger.write(self.assignment, entries)
        rows = [(found, _row(graded)) for found, graded in batch]
        needs = {found.student: _needs(row, found, written[found.student]) for found, row in rows}
        self.log.update(needs, (notice for _, row in rows for notice in row.notices))

    def is_graded(self, student: str) -> bool:
        """Whether a submission of this student's is graded and in its place."""
        return self._place(student).exists()

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
        tuple(notice for notebook in notebooks for notice in notebook.notices),
    )


def _needs(row: Row, found: Found, written: Written) -> Needs:
    """What somebody should see to of one submission."""
    timed = found.timestamp is not None or not os.path.lexists(found.folder / TIMESTAMP)
    return Needs(
        row.problem,
        row.faults,
        written.penalty,
        "" if timed else f"{TIMESTAMP} holds no date and time that can be read",
        row.flags,
        tuple(cell for cell, score in row.scores.items() if score is None),
        written.flagged,
    )


def _plain(section: Config) -> dict[str, object]:
    """A section's settings that JSON can hold."""
    kinds = (str, int, float, bool, list, type(None))
    return {key: value for key, value in section.items() if isinstance(value, kinds)}
