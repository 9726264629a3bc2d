"""Grade work as it arrives: inbound folder -> submitted/ -> the class's own grader -> a notice.

Nothing here grades by itself: whatever is complete is put into submitted/ and graded as `autograder grade`
does it, into the same gradebook and log. A student has a number of tries a day; later work waits in
submitted/ for the next day, or for `autograder grade`.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from traitlets.config import Config

from autograder import assignments
from autograder.nbgrader_bridge.arriving import arrival_notice
from autograder.nbgrader_bridge.arriving.arrival_notice import Exercise, Notice, Show
from autograder.nbgrader_bridge.arriving.arrivals import (
    SECRET,
    SETTLED_SECONDS,
    Arrival,
    Arrivals,
    StillChanging,
    is_folder,
    read,
)
from autograder.nbgrader_bridge.arriving.attempts import (
    DONE,
    GRADED,
    REFUSED,
    TAKEN,
    WAITING,
    Attempt,
    Attempts,
)
from autograder.nbgrader_bridge.arriving.dropped_work import of_dropped, remarks
from autograder.nbgrader_bridge.course.course_folder import open_course
from autograder.nbgrader_bridge.course.course_lock import CourseBusy, locked
from autograder.nbgrader_bridge.course.errors import CannotGrade, CourseError, isolate_submission
from autograder.nbgrader_bridge.course.release import ReleasedAssignment, grading_context, released_cells
from autograder.nbgrader_bridge.course.results import Results
from autograder.nbgrader_bridge.course.times import time_zone
from autograder.nbgrader_bridge.submission.submissions import find_submissions, read_timestamp
from autograder.nbgrader_bridge.whole_class import graders
from autograder.nbgrader_bridge.whole_class.assignment_run import AssignmentRun
from autograder.nbgrader_bridge.whole_class.autograded_folder import AutogradedFolder
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter
from autograder.nbgrader_bridge.whole_class.submission_result import SubmissionResult
from autograder.nbgrader_names import TIMESTAMP
from autograder.reporting import tables
from autograder.reporting.report import marks
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.protocol.limits import Limits
from autograder.whole_files import write_whole

FORM = "%Y-%m-%d %H:%M:%S.%f %Z"  # of nbgrader's timestamps
SHOWN_TIME = "%Y-%m-%d %H:%M:%S %Z"
UNTAKEN = "It could not be put into submitted/"
UNTOLD = "The notice could not be written"


@dataclass(frozen=True)
class Options:
    """Hold the options of `autograder watch`."""

    assignment: str
    inbound: Path | None = None
    """Where work arrives; the exchange's inbound folder if not given."""
    outbound: Path | None = None
    """Where notices for students go; if not given, the exchange's feedback folder."""
    tries: int = 3
    """How many times a day each student's work is graded."""
    show: Show = Show.MARKS
    seconds: float = 5.0
    """Between one look for work and the next."""
    once: bool = False
    jobs: int = 0
    limits: Limits = field(default_factory=Limits)
    assignments: tuple[Path, ...] = ()


def watch(course: Path, options: Options, say: Callable[[str], None], fork_server: ForkServer) -> None:
    """Look for arrivals and grade them, until interrupted; with `once`, only those that are there now.

    Raises
    ------
    KeyboardInterrupt
        Somebody has stopped it; the next run continues where it was.
    CourseError, GradebookError, OSError, …
        Whatever ends `autograder grade`.
    """
    with open_course(course) as (directory, config):
        watcher = Watcher(directory, config, options, say, fork_server)
        with GradebookWriter(directory.db_url, directory.course_id, config) as writer:
            writer.read_release(options.assignment)  # or a name that is mistyped waits for ever
    busy = False
    while True:
        due = watcher.due()
        if options.once:
            time.sleep(SETTLED_SECONDS)
            due = watcher.due()
        try:
            if due:
                with open_course(course) as (directory, config):
                    watcher.grade(directory, config, due)
            busy = False
        except CourseBusy as reason:
            if options.once:
                raise
            if not busy:
                say(f"{reason} What has arrived is graded after it.")
            busy = True
        if options.once:
            return
        time.sleep(options.seconds)


class Watcher:
    """Find what is due in an inbound folder, and have it graded."""

    def __init__(
        self,
        directory: CourseDirectory,
        config: Config,
        options: Options,
        say: Callable[[str], None],
        fork_server: ForkServer,
    ) -> None:
        """Find the folders.

        Raises
        ------
        CourseError
            There is no such folder, or the course's time zone does not exist.
        """
        self._options, self._say, self._fork_server = options, say, fork_server
        self._root = Path(directory.root)
        exchange = ExchangeFactory(config=config).collect(coursedir=directory, config=config)
        self._zone = time_zone(str(exchange.timezone))
        course = Path(exchange.root) / directory.course_id
        inbound = options.inbound or course / "inbound"
        if not inbound.is_dir():
            message = "" if options.inbound else " `--inbound FOLDER` names the folder in which work arrives."
            raise CourseError(f"There is no folder {inbound}.{message}")
        self._feedback = inbound.resolve().parent / "feedback"
        self._outbound = options.outbound or self._root / "outbound"
        excluded = {name.strip() for name in directory.student_id_exclude.split(",")} | {".", ".."}
        self._arrivals = Arrivals(inbound, options.assignment, excluded, bool(exchange.check_owner))
        self._mentioned: set[str] = set()

    def due(self) -> list[Arrival]:
        """List the arrivals that are to be graded now, or whose students are to be told to wait."""
        whole = self._arrivals.whole()
        for name, why in self._arrivals.ignored.items():
            if name not in self._mentioned:
                self._mentioned.add(name)
                self._say(f"{name} is left alone: {why}.")
        attempts = self._attempts()
        return [arrival for arrival in whole if self._is_due(arrival, attempts)]

    def _attempts(self) -> Attempts:
        return Attempts(self._root, self._options.assignment)

    def _is_due(self, arrival: Arrival, attempts: Attempts) -> bool:
        last = attempts.last(arrival.student)
        if last is None or last.key != arrival.key:
            return True
        if last.state == WAITING:
            return self._used(arrival, attempts) < self._options.tries
        return last.state not in DONE

    def _used(self, arrival: Arrival, attempts: Attempts) -> int:
        """Count the tries that a student has used today, without this arrival."""
        today = datetime.now(self._zone).date()
        return attempts.used(arrival.student, today, self._zone, arrival.key)

    def grade(self, directory: CourseDirectory, config: Config, due: Sequence[Arrival]) -> None:
        """Put what is due into submitted/, grade it if tries are left, and write everybody's notice.

        Raises
        ------
        CourseBusy
            Another command is at work in the course.
        CourseError, GradebookError, OSError, …
            Whatever ends `autograder grade`. What was taken is graded by the next run.
        """
        with locked(self._root):
            assignments.search(*self._options.assignments, *assignments.folders_of_course(self._root))
            run = AssignmentRun(directory, config, self._options.assignment)
            with GradebookWriter(directory.db_url, directory.course_id, config) as writer:
                released = writer.read_release(self._options.assignment)
                release = Path(
                    directory.format_path(directory.release_directory, ".", self._options.assignment)
                )
                turn = _Turn(released, released_cells(release), self._attempts())
                with contextlib.closing(_submitted(directory)) as folder:
                    for arrival in due:
                        self._take(turn, arrival, directory, folder)
                if not turn.taken:
                    return
                context = grading_context(directory, config, released, self._options.limits)
                everybody = find_submissions(directory, self._options.assignment)
                submissions = [one for one in everybody if one.student in turn.taken]
                start = graders.on_this_machine(
                    context, len(submissions), self._root, self._fork_server, self._options.jobs
                )
                with contextlib.closing(
                    run.grade_submissions(submissions, context, writer, start)
                ) as remaining:
                    for result in remaining:
                        self._finish(turn, result)
                run.flag_same_code(writer)
                recorded = run.recorded_marks(writer)
                table = {who: tables.Row(one.scores, one.total, one.penalty) for who, one in recorded.items()}
                write_whole(run.log.marks, tables.as_csv(released.maxima, table))

    def _take(
        self, turn: _Turn, arrival: Arrival, directory: CourseDirectory, folder: AutogradedFolder
    ) -> None:
        """Put an arrival into submitted/; record that it is being tried, or has to wait."""
        place = Path(
            directory.format_path(directory.submitted_directory, arrival.student, self._options.assignment)
        )
        try:
            with isolate_submission(UNTAKEN, place.parent.parent):
                try:
                    contents = read(arrival)
                except StillChanging:
                    return  # the next look finds it again
                turn.secrets[arrival.student] = contents.files.get(SECRET, b"")
                files = dict(contents.files)
                if not arrival.from_exchange:
                    work = of_dropped(arrival, contents, turn.released, turn.given)
                    if work.problem:
                        self._refuse(turn, arrival, f"{work.problem}.")
                        return
                    files = work.submitted
                    turn.remarks[arrival.student] = remarks(work)
                why = _newer_there(arrival, place)
                if not why:
                    if arrival.time is not None:
                        files[TIMESTAMP] = arrival.time.astimezone(UTC).strftime(FORM).encode()
                    folder.put(place, {}, files, {})
        except CannotGrade as reason:
            why = str(reason)
        if why:
            turn.record(arrival, REFUSED)
            self._say(f"{arrival.student}: not taken: {why}")
            return
        if self._used(arrival, turn.attempts) < self._options.tries:
            turn.record(arrival, TAKEN)
            turn.taken[arrival.student] = arrival
        else:
            self._tell(turn, arrival, self._waiting())
            turn.record(arrival, WAITING)

    def _waiting(self) -> str:
        tries = self._options.tries
        often = "once" if tries == 1 else f"{tries} times"
        return (
            f"Your work has arrived, and it is what counts now. Your work has been graded {often} today, "
            f"which is the most for one day: this will be graded after midnight ({self._zone})."
        )

    def _finish(self, turn: _Turn, result: SubmissionResult) -> None:
        """Write a student's notice about an arrival; only then is the arrival finished."""
        arrival = turn.taken[result.student]
        used = self._used(arrival, turn.attempts) + 1
        if result.problem:
            self._refuse(turn, arrival, result.problem)
            return
        earned = sum(score for score in result.scores.values() if score is not None)
        most = sum(turn.released.maxima.values())
        tried = f"try {used} of {self._options.tries} today"
        self._tell(turn, arrival, f"Your work has arrived and was graded: {tried}.", result.scores)
        turn.record(arrival, GRADED)
        self._say(f"{result.student}: {marks(earned)} of {marks(most)}, {tried}.")
        for remark in turn.remarks.get(arrival.student, ()):
            self._say(f"  {remark}")

    def _refuse(self, turn: _Turn, arrival: Arrival, problem: str) -> None:
        """Report that an arrival cannot be graded, and why; it does not count as a try."""
        self._tell(turn, arrival, f"Your work could not be graded. {problem}")
        turn.record(arrival, REFUSED)
        self._say(f"{arrival.student}: not graded: {problem}")

    def _tell(
        self, turn: _Turn, arrival: Arrival, said: str, scores: Mapping[str, float | None] | None = None
    ) -> None:
        """Write a student's notice where the student can fetch it."""
        show = self._options.show
        when = (
            arrival.time.astimezone(self._zone).strftime(SHOWN_TIME) if arrival.time else "at a time unknown"
        )
        of_files = turn.remarks.get(arrival.student, ())
        notice = Notice(self._options.assignment, arrival.student, when, said, of_files)
        if scores is not None and show is not Show.NOTHING:
            notice = replace(notice, rows=arrival_notice.rows(scores, turn.released.maxima))
        if scores is not None and show is Show.FAULTS:
            exercises = Results(self._root, self._options.assignment).exercises(arrival.student)
            notice = replace(notice, exercises=[Exercise(name, one) for name, one in exercises.items()])
        through_exchange = arrival.from_exchange and self._options.outbound is None
        try:
            with isolate_submission(UNTOLD, self._feedback if through_exchange else self._outbound):
                if through_exchange:
                    names = list(turn.released.notebooks)
                    secret = turn.secrets.get(arrival.student, b"")
                    arrival_notice.put_into_exchange(self._feedback, secret, names, notice)
                else:
                    arrival_notice.put_beside(self._outbound, notice)
        except CannotGrade as reason:
            self._say(f"{arrival.student}: {reason}")


@dataclass
class _Turn:
    """Hold what one round of grading has taken."""

    released: ReleasedAssignment
    given: Collection[str]
    """Sources of code cells as students were given them."""
    attempts: Attempts
    taken: dict[str, Arrival] = field(default_factory=dict)
    secrets: dict[str, bytes] = field(default_factory=dict)
    remarks: dict[str, Sequence[str]] = field(default_factory=dict)
    """By student, what became of an arrival's files."""

    def record(self, arrival: Arrival, state: str) -> None:
        """Record what became of an arrival; its try stays on the day on which it was taken."""
        last = self.attempts.last(arrival.student)
        again = last is not None and last.key == arrival.key and last.state == TAKEN
        when = last.time if again and last is not None else datetime.now(UTC).isoformat()
        self.attempts.record(Attempt(arrival.student, arrival.key, when, state))


def _submitted(directory: CourseDirectory) -> AutogradedFolder:
    groupshared = bool(directory.groupshared)
    return AutogradedFolder(Path(directory.root), 0o664 if groupshared else 0o644, groupshared=groupshared)


def _newer_there(arrival: Arrival, place: Path) -> str:
    """Return the reason why what is in submitted/ is kept; empty if it may be replaced."""
    if not place.exists() and not place.is_symlink():
        return ""
    shown = "/".join(place.parts[-3:])
    standing = read_timestamp(place)[0] if is_folder(place) else None
    if standing is None:
        return f"nothing says when what is in {shown} was handed in; remove it to have this one taken"
    if arrival.time is None or arrival.time < standing.replace(tzinfo=UTC):
        return f"what is in {shown} is newer"
    return ""
