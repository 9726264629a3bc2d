"""A whole class: submitted/ -> graders -> gradebook, autograded/.

The order makes it safe to be killed anywhere: what a batch of submissions earned is committed to the
gradebook first, then their folders are moved to autograded/, each in one step. A folder that is there has
its marks; one that is not is graded again, to the same marks.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import assignments, secret
from autograder.crew import Done, Task
from autograder.nbgrader_bridge import handed_in
from autograder.nbgrader_bridge.autograding import Course, Graded
from autograder.nbgrader_bridge.class_log import LOGS, ClassLog, Needs
from autograder.nbgrader_bridge.earlier import SUFFIX, Earlier, Seen, fingerprint
from autograder.nbgrader_bridge.handed_in import Found
from autograder.nbgrader_bridge.hidden_line import named
from autograder.nbgrader_bridge.ledger import Alike, Entry, EntryRefused, Ledger, LedgerError, Written, scores
from autograder.nbgrader_bridge.released import Released
from autograder.nbgrader_bridge.settings import CourseError
from autograder.nbgrader_bridge.shelf import Shelf
from autograder.nbgrader_bridge.trouble import CannotGrade, of_one_submission
from autograder.notebook import UnreadableNotebook, read
from autograder.originality import twins
from autograder.plain_text import in_one_line
from autograder.sandbox.limits import Limits
from autograder.submission import files_in

BATCH = 32  # submissions in one transaction
BATCH_SECONDS = 2.0  # after which one is closed, however few they are
LONGEST = 2000  # letters of what is told of a submission
UNREAD = "The submission could not be read"
UNWRITTEN = "The gradebook did not take its marks"
UNPLACED = "Its marks are in the gradebook, but its folder in autograded/ could not be written"
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
    renamed: tuple[str, ...] = ()
    """Which file was graded in place of a notebook that is missing."""
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

    def outstanding(
        self, student: str, *, force: bool, course: Course | None = None
    ) -> tuple[list[Found], int]:
        """Submissions to be graded now, and how many are graded already.

        course : with it, content decides where no timestamp does; without it, as nbgrader has it.
        """
        every = handed_in.found(self.directory, self.assignment, student)
        new = [s for s in every if force or self._is_new(s, course)]
        return new, len(every) - len(new)

    def begin_log(self, student: str, submissions: Sequence[Found], *, force: bool) -> None:
        """Take from the log what is no longer so.

        submissions : those that are to be graded now.
        """
        everybody = student == "*"
        every = handed_in.found(self.directory, self.assignment, student)
        there = {found.student for found in every}
        graded = there - {found.student for found in submissions}
        self.log.begin(there if everybody else None, graded, anew=force and everybody)

    def _is_new(self, submission: Found, course: Course | None) -> bool:
        try:
            with of_one_submission(UNREAD):
                new = handed_in.is_new(submission, self._place(submission.student))
                if new is not None:
                    return new
                seen = self.earlier.seen.get(submission.student)
                if course is None or seen is None:  # nbgrader's own rule
                    return False
                return fingerprint(self._payload(submission, course)) != seen.content
        except CannotGrade:
            return True  # and is told when it is its turn

    def _payload(self, submission: Found, course: Course) -> bytes:
        """What a grader gets of a submission."""
        return handed_in.read(submission, list(course.released.notebooks), frozenset(course.files)).to_bytes()

    @cached_property
    def earlier(self) -> Earlier:
        """What is remembered of the submissions that were graded before."""
        return Earlier(Path(self.directory.root) / LOGS / f"{self.assignment}{SUFFIX}")

    def note_alike(self, ledger: Ledger) -> None:
        """Put into the list, and flag in formgrader, whose code is others', whenever each was graded."""
        seen = {name: seen.alike for name, seen in self.earlier.seen.items() if self._place(name).exists()}
        alike = twins(seen)
        changed = {
            who: Alike(self.log.of(who).flagged, bool(alike.get(who))) for who in self.log.newly_alike(alike)
        }
        self.log.note_alike(alike, ledger.flag_alike(self.assignment, changed) if changed else {})

    def course(self, ledger: Ledger) -> Course:
        """What the graders need to know of it.

        Raises
        ------
        CourseError
            Its exercises are of an assignment that is not found.
        """
        source = self.directory.format_path(self.directory.source_directory, ".", self.assignment)
        config = {name: _plain(self.config[name]) for name in SECTIONS if name in self.config}
        kept = self.config.get("Autograde", {}).get("exclude_overwriting", {}).get(self.assignment, [])
        files = {k: v for k, v in files_in(Path(source)).items() if k not in kept}
        released = ledger.released(self.assignment)
        marked = self._marked(released)
        return Course(
            released,
            secret.of_course(Path(self.directory.root), make=True),
            config,
            self.limits,
            files,
            self._released_cells(),
            [str(folder) for folder in assignments.searched()],
            self._declared(marked),
        )

    @staticmethod
    def _marked(released: Released) -> set[str]:
        """Name the assignments whose exercises are marked; whether they load, graders see."""
        cells = (cell for notebook in released.notebooks.values() for cell in notebook.source_cells)
        names = named(cell.source for cell in cells if cell.grade and cell.locked)
        for name in sorted(names):
            if name not in assignments.folders():
                raise CourseError(assignments.unknown(name))
        return names

    @staticmethod
    def _declared(names: set[str]) -> dict[str, bytes]:
        try:
            return assignments.files_of(names)
        except assignments.BrokenAssignment as reason:
            raise CourseError(str(reason)) from None

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
        contents: dict[str, str] = {}

        def tasks() -> Iterator[Task]:
            for submission in submissions:
                try:
                    with of_one_submission(UNREAD):
                        payload = self._payload(submission, course)
                except CannotGrade as reason:
                    unreadable.append(Row(submission.student, problem=str(reason)))
                    continue
                contents[submission.student] = fingerprint(payload)
                yield Task(submission.student, payload)

        batch: list[tuple[Found, Graded]] = []
        opened = time.monotonic()

        def keep() -> Iterator[Row]:
            yield from self._keep(batch, ledger, shelf, own, course, contents)
            batch.clear()

        try:
            for done in work_through(tasks()):
                batch.append((by_name[done.name], _graded(done)))
                if len(batch) >= BATCH or time.monotonic() - opened > BATCH_SECONDS:
                    yield from keep()
                    opened = time.monotonic()
                yield from self._keep_unreadable(unreadable, by_name, ledger)
            yield from keep()
            yield from self._keep_unreadable(unreadable, by_name, ledger)
        except (LedgerError, OSError):
            raise
        except BaseException:  # Ctrl-C, or whoever grades gave out: what is done already is not done again
            list(keep())
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
        contents: Mapping[str, str],
    ) -> Iterator[Row]:
        refused = self._write_down(batch, ledger)
        for found, graded in batch:
            student = found.student
            self.lacks |= graded.lacks or {}
            if student in refused:
                yield _printable(Row(student, problem=refused[student]))
                continue
            row = _row(graded)
            if not graded.problem:
                try:
                    with of_one_submission(UNPLACED, self._place(student).parent.parent):
                        self._put(shelf, found, graded, own, course)
                    self.kept += 1
                except CannotGrade as reason:
                    row = replace(row, problem=str(reason))
                    self.log.update({student: replace(self.log.of(student), problem=_line(row.problem))})
                else:
                    self.earlier.remember(student, Seen(contents.get(student, ""), _alike(graded)))
            yield _printable(row)

    def _put(self, shelf: Shelf, found: Found, graded: Graded, own: frozenset[str], course: Course) -> None:
        beside = handed_in.beside(found, list(course.released.notebooks), own)
        contents = {f"{name}.ipynb": one.content for name, one in graded.notebooks.items()}
        shelf.put(self._place(found.student), contents, beside, course.files)

    def _keep_unreadable(
        self, rows: list[Row], by_name: Mapping[str, Found], ledger: Ledger
    ) -> Iterator[Row]:
        if rows:
            kept = [row for row in rows if not handed_in.is_odd(row.student)]
            self._write_down([(by_name[r.student], Graded(r.student, {}, r.problem)) for r in kept], ledger)
            odd = (row for row in rows if handed_in.is_odd(row.student))
            self.log.update({row.student: Needs(_line(row.problem)) for row in odd})
            yield from map(_printable, rows)
            rows.clear()

    def _write_down(self, batch: Sequence[tuple[Found, Graded]], ledger: Ledger) -> dict[str, str]:
        """Write into the gradebook, then into the log: before a folder says that its submission is done with.

        Returns
        -------
        Why some could not be written, by student.
        """
        before = [self.log.of(found.student) for found, _ in batch]
        entries = [
            Entry(graded, found.timestamp, Alike(needs.flagged, bool(needs.alike)))
            for (found, graded), needs in zip(batch, before, strict=True)
        ]
        written, refused = self._write(ledger, entries)
        needs: dict[str, Needs] = {}
        notices: list[str] = []
        for found, graded in batch:
            row = _printable(_row(graded))
            notices += row.notices
            needs[row.student] = (
                Needs(refused[found.student])
                if found.student in refused
                else _needs(row, found, written[found.student], self.log.of(row.student).alike)
            )
        self.log.update(needs, notices)
        return refused

    def is_graded(self, student: str) -> bool:
        """Whether a submission of this student's is graded and in its place."""
        return self._place(student).exists()

    def _write(self, ledger: Ledger, entries: Sequence[Entry]) -> tuple[dict[str, Written], dict[str, str]]:
        """Write entries down; what became of them, and why some could not be written, by student.

        All at once first: what is wrong with one of them is looked for only where something is.
        """
        refused: dict[str, str] = {}
        try:
            return ledger.write(self.assignment, entries), refused
        except Exception as error:
            if isinstance(error, LedgerError) and not isinstance(error, EntryRefused):
                raise
        written: dict[str, Written] = {}
        for entry in entries:
            try:
                with of_one_submission(UNWRITTEN):
                    written |= ledger.write(self.assignment, [entry])
            except CannotGrade as reason:
                refused[entry.graded.student] = str(reason)
        return written, refused

    def _place(self, student: str) -> Path:
        return Path(self.directory.format_path(self.directory.autograded_directory, student, self.assignment))

    def _shelf(self) -> Shelf:
        settings = Autograde(self.directory, config=self.config)
        permissions = int(str(settings.permissions), 8)
        return Shelf(Path(self.directory.root), permissions, groupshared=self.directory.groupshared)


def _graded(done: Done) -> Graded:
    """What a grader has sent back."""
    if done.result is None:
        return Graded(done.name, {}, done.problem)
    try:
        with of_one_submission("What came back of it could not be read"):
            return Graded.from_bytes(done.result)
    except CannotGrade as reason:
        return Graded(done.name, {}, str(reason))


def _alike(graded: Graded) -> dict[str, str]:
    return {key: shape for notebook in graded.notebooks.values() for key, shape in notebook.alike.items()}


def _row(graded: Graded) -> Row:
    notebooks = graded.notebooks.values()
    return Row(
        graded.student,
        scores(graded),
        graded.problem,
        tuple(flag for notebook in notebooks for flag in notebook.flags),
        tuple(notebook.renamed for notebook in notebooks if notebook.renamed),
        tuple(fault for notebook in notebooks for fault in notebook.faults),
        tuple(notice for notebook in notebooks for notice in notebook.notices),
    )


def _needs(row: Row, found: Found, written: Written, alike: Sequence[str]) -> Needs:
    """What somebody should see to of one submission."""
    return Needs(
        row.problem,
        row.faults,
        written.penalty,
        found.note,
        row.flags,
        tuple(cell for cell, score in row.scores.items() if score is None),
        written.flagged,
        () if row.problem else alike,
        row.renamed,
    )


def _printable(row: Row) -> Row:
    """A row whose texts are one line of text each, whatever names and exceptions were handed in."""
    flags, renamed, faults = (tuple(map(_line, texts)) for texts in (row.flags, row.renamed, row.faults))
    return replace(row, problem=_line(row.problem), flags=flags, renamed=renamed, faults=faults)


def _line(text: str) -> str:
    return in_one_line(" ".join(text.split()), LONGEST)


def _plain(section: Config) -> dict[str, object]:
    """A section's settings that JSON can hold."""
    kinds = (str, int, float, bool, list, type(None))
    return {key: value for key, value in section.items() if isinstance(value, kinds)}
