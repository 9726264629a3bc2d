"""Grade the submissions to one assignment: submitted/ -> graders -> gradebook, log, autograded/.

The order makes it safe to be killed anywhere: what a batch of submissions earned is committed to the
gradebook first, then their folders are moved to autograded/, each in one step. A folder that is there has
its marks; one that is not is graded again, to the same marks.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.marking.originality import twins
from autograder.nbgrader_bridge.course.class_log import (
    ClassLog,
    FollowUp,
    GradedBefore,
    GradedContent,
    content_fingerprint,
)
from autograder.nbgrader_bridge.course.errors import (
    CannotGrade,
    EntryRefused,
    GradebookError,
    isolate_submission,
)
from autograder.nbgrader_bridge.course.name_answers import untold
from autograder.nbgrader_bridge.course.release import GradingContext
from autograder.nbgrader_bridge.course.results import remember
from autograder.nbgrader_bridge.submission.grade_submission import GradedSubmission
from autograder.nbgrader_bridge.submission.submissions import (
    Submission,
    SubmissionFolder,
    find_submissions,
    is_new,
    is_unprintable,
    read_submission,
)
from autograder.nbgrader_bridge.whole_class.autograded_folder import AutogradedFolder
from autograder.nbgrader_bridge.whole_class.gradebook import (
    EntryOutcome,
    FlagState,
    GradebookEntry,
    GradebookWriter,
)
from autograder.nbgrader_bridge.whole_class.gradebook_rows import RecordedMarks
from autograder.nbgrader_bridge.whole_class.graders import Graders
from autograder.nbgrader_bridge.whole_class.submission_result import SubmissionResult, line_of
from autograder.parallel.process_pool import Done, Task

BATCH = 32  # submissions in one transaction
BATCH_SECONDS = 2.0  # after which one is closed, however few they are
BATCH_BYTES = 64_000_000  # of files beside notebooks in one batch
UNREAD = "The submission could not be read"
UNWRITTEN = "The gradebook did not take its marks"
UNPLACED = "Its marks are in the gradebook, but its folder in autograded/ could not be written"


@dataclass
class AssignmentRun:
    """Find the outstanding submissions to an assignment, have them graded, and keep the results."""

    directory: CourseDirectory
    config: Config
    assignment: str
    missing_layers: dict[str, str] = field(default_factory=dict)
    """Layers of the sandbox that were missing on a machine that graded, and why."""
    begun: bool = False
    """Whether grading has begun."""
    stored: int = 0
    """Submissions that are graded and in their places."""

    @cached_property
    def log(self) -> ClassLog:
        """Return the log of what needs a person, from this run and earlier ones."""
        return ClassLog(Path(self.directory.root), self.assignment)

    @cached_property
    def graded_before(self) -> GradedBefore:
        """Return what is remembered of the submissions that were graded before."""
        return GradedBefore(Path(self.directory.root), self.assignment)

    @cached_property
    def untold(self) -> set[str]:
        """Return the students whose answers have been given a name since they were graded."""
        return untold(Path(self.directory.root), self.assignment)

    def place(self, student: str) -> Path:
        """Return where a student's graded submission belongs, in autograded/."""
        return Path(self.directory.format_path(self.directory.autograded_directory, student, self.assignment))

    def is_graded(self, student: str) -> bool:
        """Return whether a submission of this student's is graded and in its place."""
        return self.place(student).exists()

    def outstanding(
        self, student: str, *, force: bool, context: GradingContext | None = None
    ) -> tuple[list[SubmissionFolder], int]:
        """List the submissions to grade now, and count those that are graded already.

        context : with it, content decides if there is no timestamp; without it, nbgrader's own rule applies.
        """
        every = find_submissions(self.directory, self.assignment, student)
        new = [submission for submission in every if force or self._is_new(submission, context)]
        return new, len(every) - len(new)

    def _is_new(self, submission: SubmissionFolder, context: GradingContext | None) -> bool:
        try:
            with isolate_submission(UNREAD):
                new = is_new(submission, self.place(submission.student))
                if new is not None:
                    return new or submission.student in self.untold
                before = self.graded_before.by_student.get(submission.student)
                if context is None or before is None:  # nbgrader's own rule
                    return False
                changed = content_fingerprint(_read(submission, context).to_bytes()) != before.content
                return changed or submission.student in self.untold
        except CannotGrade:
            return True  # and is reported when it is its turn

    def start_log(self, student: str, submissions: Sequence[SubmissionFolder], *, force: bool) -> None:
        """Remove outdated entries from the log.

        submissions : those that are to be graded now.
        """
        everybody = student == "*"
        there = {one.student for one in find_submissions(self.directory, self.assignment, student)}
        graded = there - {one.student for one in submissions}
        self.log.start_run(there if everybody else None, graded, anew=force and everybody)

    def grade_submissions(
        self,
        submissions: Sequence[SubmissionFolder],
        context: GradingContext,
        writer: GradebookWriter,
        graders: Graders,
    ) -> Generator[SubmissionResult]:
        """Have submissions graded, and keep what comes back; yield each one's result when it has been kept.

        Raises
        ------
        GradebookError, OSError
            The gradebook or the disk failed. What was kept stays; the rest is graded next time.
        """
        self.begun = True
        keeper = _Keeper(self, context, writer)
        try:
            for done in graders(keeper.tasks(submissions)):
                keeper.add(done)
                if keeper.is_full:
                    yield from keeper.keep()
                yield from keeper.keep_unreadable()
            yield from keeper.keep()
            yield from keeper.keep_unreadable()
        except (GradebookError, OSError):
            raise
        except BaseException:  # Ctrl-C, or the graders failed: what is done already is not done again
            list(keeper.keep())
            raise
        finally:
            keeper.close()

    def flag_same_code(self, writer: GradebookWriter) -> None:
        """Log, and flag in formgrader, identical code, no matter when each submission was graded."""
        remembered = self.graded_before.by_student.items()
        alike = twins({student: one.shapes for student, one in remembered if self.is_graded(student)})
        changed = {
            student: FlagState(self.log.entry(student).flagged, bool(alike.get(student)))
            for student in self.log.changed_same_code(alike)
        }
        flagged = writer.flag_same_code(self.assignment, changed) if changed else {}
        self.log.replace_same_code(alike, flagged)

    def recorded_marks(self, writer: GradebookWriter) -> dict[str, RecordedMarks]:
        """Read from the gradebook the marks of everybody graded; log who waits for a mark by hand."""
        marks = {
            student: recorded
            for student, recorded in writer.read_marks(self.assignment).items()
            if self.is_graded(student)  # the gradebook also has rows for those who could not be graded
        }
        self.log.replace_by_hand({student: recorded.by_hand for student, recorded in marks.items()})
        return marks


@dataclass
class _Keeper:
    """Read submissions once each, and record what becomes of them in gradebook, log, and autograded/."""

    run: AssignmentRun
    context: GradingContext
    writer: GradebookWriter

    def __post_init__(self) -> None:
        settings = Autograde(self.run.directory, config=self.run.config)
        self._autograded = AutogradedFolder(
            Path(self.run.directory.root),
            int(str(settings.permissions), 8),
            groupshared=self.run.directory.groupshared,
        )
        self._folders: dict[str, SubmissionFolder] = {}
        self._underway: dict[str, tuple[Submission, str]] = {}
        """With the content's fingerprint, from when it is read until it is kept."""
        self._batch: list[GradedSubmission] = []
        self._batch_began = time.monotonic()
        self._unreadable: list[SubmissionResult] = []

    def tasks(self, submissions: Sequence[SubmissionFolder]) -> Iterator[Task]:
        """Read one submission after another, whenever a grader is free."""
        self._folders = {submission.student: submission for submission in submissions}
        for folder in submissions:
            try:
                with isolate_submission(UNREAD):
                    submission = _read(folder, self.context)
                    payload = submission.to_bytes()
            except CannotGrade as reason:
                self._unreadable.append(SubmissionResult(folder.student, problem=line_of(str(reason))))
            else:
                self._underway[folder.student] = submission, content_fingerprint(payload)
                yield Task(folder.student, payload)

    def add(self, done: Done) -> None:
        """Add one graded submission to the batch."""
        self._batch.append(_graded(done))

    @property
    def is_full(self) -> bool:
        """Return whether the batch should be written now."""
        files = (self._underway[graded.student][0].files.values() for graded in self._batch)
        return (
            len(self._batch) >= BATCH
            or time.monotonic() - self._batch_began > BATCH_SECONDS
            or sum(len(content) for each in files for content in each) > BATCH_BYTES
        )

    def keep(self) -> Iterator[SubmissionResult]:
        """Write the batch, and start another one."""
        refused = self._write_down(self._batch)
        for graded in self._batch:
            student = graded.student
            submission, content = self._underway[student]
            self.run.missing_layers |= graded.missing_layers
            if student in refused:
                yield SubmissionResult(student, problem=line_of(refused[student]))
                continue
            result = SubmissionResult.of(graded)
            if not graded.problem:
                try:
                    with isolate_submission(UNPLACED, self.run.place(student).parent.parent):
                        self._remember_results(graded)  # before the folder marks it as done
                        self._put_into_place(graded, submission)
                    self.run.stored += 1
                except CannotGrade as reason:
                    result = replace(result, problem=line_of(str(reason)))
                    log = self.run.log
                    log.update({student: replace(log.entry(student), problem=result.problem)})
                else:
                    self.run.graded_before.remember(student, GradedContent(content, graded.shapes))
            yield result
        for graded in self._batch:
            del self._underway[graded.student]
        self._batch.clear()
        self._batch_began = time.monotonic()

    def _put_into_place(self, graded: GradedSubmission, submission: Submission) -> None:
        notebooks = {f"{name}.ipynb": one.content for name, one in graded.notebooks.items()}
        place = self.run.place(graded.student)
        self._autograded.put(place, notebooks, submission.files, self.context.files)

    def _remember_results(self, graded: GradedSubmission) -> None:
        for name, one in graded.notebooks.items():
            remember(Path(self.run.directory.root), self.run.assignment, graded.student, name, one.results)

    def keep_unreadable(self) -> Iterator[SubmissionResult]:
        """Record which submissions could not be read; a name that is not text goes into the log alone."""
        if self._unreadable:
            printable = [result for result in self._unreadable if not is_unprintable(result.student)]
            self._write_down([GradedSubmission(result.student, {}, result.problem) for result in printable])
            others = (result for result in self._unreadable if is_unprintable(result.student))
            self.run.log.update({result.student: FollowUp(result.problem) for result in others})
            yield from self._unreadable
            self._unreadable.clear()

    def _write_down(self, batch: Sequence[GradedSubmission]) -> dict[str, str]:
        """Write to the gradebook, then to the log, before a folder marks its submission as done.

        Returns
        -------
        Why some could not be written, by student.
        """
        entries = []
        for graded in batch:
            before = self.run.log.entry(graded.student)
            state = FlagState(before.flagged, bool(before.alike))
            entries.append(GradebookEntry(graded, self._folders[graded.student].timestamp, state))
        outcomes, refused = self._write_entries(entries)
        needs: dict[str, FollowUp] = {}
        notices: list[str] = []
        for graded in batch:
            student, result = graded.student, SubmissionResult.of(graded)
            notices += result.notices
            needs[student] = (
                FollowUp(refused[student])
                if student in refused
                else self._follow_up(result, outcomes[student])
            )
        self.run.log.update(needs, notices)
        return refused

    def _write_entries(
        self, entries: Sequence[GradebookEntry]
    ) -> tuple[dict[str, EntryOutcome], dict[str, str]]:
        """Write entries; return what became of them, and why some could not be written, by student.

        All at once first: only if that fails is the wrong one looked for.
        """
        assignment, refused = self.run.assignment, dict[str, str]()
        try:
            return self.writer.write(assignment, entries), refused
        except Exception as error:
            if isinstance(error, GradebookError) and not isinstance(error, EntryRefused):
                raise
        written: dict[str, EntryOutcome] = {}
        for entry in entries:
            try:
                with isolate_submission(UNWRITTEN):
                    written |= self.writer.write(assignment, [entry])
            except CannotGrade as reason:
                refused[entry.graded.student] = str(reason)
        return written, refused

    def _follow_up(self, result: SubmissionResult, outcome: EntryOutcome) -> FollowUp:
        """Describe what needs a person in one submission."""
        return FollowUp(
            problem=result.problem,
            ended=result.endings,
            penalty=outcome.penalty_problem,
            time=self._folders[result.student].time_problem,
            flags=result.flags,
            by_hand=tuple(cell for cell, score in result.scores.items() if score is None),
            flagged=outcome.flagged,
            alike=() if result.problem else self.run.log.entry(result.student).alike,
            renamed=result.renamed,
        )

    def close(self) -> None:
        """Remove half-written files from the course's folder."""
        self._autograded.close()


def _read(folder: SubmissionFolder, context: GradingContext) -> Submission:
    return read_submission(folder, list(context.released.notebooks), context.files)


def _graded(done: Done) -> GradedSubmission:
    """Read a grader's reply."""
    if done.result is None:
        return GradedSubmission(done.name, {}, done.problem)
    try:
        with isolate_submission("What came back of it could not be read"):
            return GradedSubmission.from_bytes(done.result)
    except CannotGrade as reason:
        return GradedSubmission(done.name, {}, str(reason))
