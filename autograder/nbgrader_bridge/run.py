"""`autograder grade`: a class graded while somebody watches, with a log of what needs a person."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder import assignments, cluster, process_pool, tables
from autograder.nbgrader_bridge import course as courses
from autograder.nbgrader_bridge import local
from autograder.nbgrader_bridge.autograding import Course
from autograder.nbgrader_bridge.class_log import LOGS, write_whole
from autograder.nbgrader_bridge.grading import Classroom, Row
from autograder.nbgrader_bridge.ledger import Ledger, LedgerError
from autograder.nbgrader_bridge.records import Marks
from autograder.process_pool import Done, Task
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer
from autograder.sandbox.protocol.limits import Limits
from autograder.secret import UnusableSecret

NO_COURSE = (courses.CourseError, UnusableSecret)
WHOLE_LOG = 20  # lines of the log that are shown at the end, too


@dataclass(frozen=True)
class Options:
    """What `autograder grade` was asked for."""

    assignment: str
    student: str = "*"
    jobs: int = 0
    """Processes; as many as keep the cores busy if 0."""
    cluster: str = ""
    force: bool = False
    limits: Limits = field(default_factory=Limits)
    assignments: tuple[Path, ...] = ()
    """Folders with assignments, beside those that the course knows."""
    require_sandbox: bool = False
    """Whether a worker of a cluster on which a layer is missing is to grade nothing."""


class Stopped(Exception):
    """The run ended before all was graded; the message is a sentence for people."""


def run(root: Path, options: Options, console: Console, nursery: ForkServer | None) -> list[Row]:
    """Grade an assignment's outstanding submissions in a course folder; print progress, marks and problems.

    nursery : a warm process for the graders on this machine to share; None where a cluster's machines grade.

    Raises
    ------
    Stopped
        The course, the gradebook, the disk or the cluster gave out. What was graded stays graded.
    """
    rows: list[Row] = []
    classroom: Classroom | None = None
    try:
        with courses.opened(root) as (directory, config), _alone(Path(directory.root)):
            assignments.search(*options.assignments, *assignments.of_course(Path(directory.root)))
            classroom = Classroom(directory, config, options.assignment, options.limits)
            with Ledger(directory.db_url, directory.course_id, config) as ledger:
                course = classroom.course(ledger)
                submissions, done = classroom.outstanding(options.student, force=options.force, course=course)
                classroom.begin_log(options.student, submissions, force=options.force)
                if not submissions:
                    _say(console, _nothing(options, done))
                    if done:
                        classroom.note_alike(ledger)  # a run that was interrupted has not come to it
                        _look_up(classroom, ledger)
                        _show_log(classroom, options, console)
                    return rows
                work = (
                    _cluster(options, course)
                    if nursery is None
                    else _crew(options, course, directory.root, len(submissions), nursery)
                )
                with (
                    _bar(console) as progress,
                    contextlib.closing(classroom.grade(submissions, ledger, course, work)) as graded,
                ):
                    bar = progress.add_task(options.assignment, total=len(submissions))
                    for row in graded:
                        rows.append(row)
                        progress.advance(bar)
                classroom.note_alike(ledger)
                marks = _look_up(classroom, ledger)
        now = {row.student for row in rows if not row.problem}
        _show(classroom, options, console, course, now, marks)
        _say(console, f"Graded now: {len(now)}. Graded before and not handed in again: {done}.")
        _show_log(classroom, options, console)
    except KeyboardInterrupt:
        raise Stopped(_resume(classroom, "interrupted.")) from None
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise Stopped(_resume(classroom, f"{error.strerror or error}{where}.")) from None
    except (LedgerError, NoForkServer, process_pool.CannotStart, cluster.NoCluster, *NO_COURSE) as error:
        raise Stopped(_resume(classroom, str(error))) from None
    if classroom.lacks:
        _warn(console, classroom.lacks, on_cluster=bool(options.cluster))
    return rows


def _look_up(classroom: Classroom, ledger: Ledger) -> dict[str, Marks]:
    """What the gradebook says now of all who are graded; who waits for a person is put into the log."""
    marks = {
        student: found
        for student, found in ledger.marks(classroom.assignment).items()
        if classroom.is_graded(student)  # the gradebook has rows of those, too, who could not be
    }
    classroom.log.wait_for_marks({student: found.by_hand for student, found in marks.items()})
    return marks


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the course's folder; the kernel lets it go when this process ends, however it does.

    Raises
    ------
    CourseError
        Another run holds it.
    """
    try:
        import fcntl
    except ImportError:  # Windows has none: there it is only a cluster that grades
        yield
        return
    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise courses.CourseError(
                "Another `autograder grade` is at work in this course. Wait for it, or end it first."
            ) from None
        except OSError:
            pass  # some network file systems hold no folders
        yield
    finally:
        os.close(folder)


def _crew(
    options: Options, course: Course, folder: str, tasks: int, nursery: ForkServer
) -> Callable[[Iterator[Task]], Iterator[Done]]:
    is_class = tasks >= local.A_CLASS
    if is_class:
        nursery.precompile(course.cells)
    # one a core, and one more in a class: a grader sleeps whenever its submission's process works
    jobs = options.jobs or process_pool.cores() + is_class
    return partial(_local, min(jobs, tasks), (course.to_bytes(), nursery.address, folder))


def _local(jobs: int, arguments: tuple[object, ...], tasks: Iterator[Task]) -> Iterator[Done]:
    return process_pool.work_through(tasks, jobs, local.start, arguments, local.grade, fatal=(NoForkServer,))


def work_for(course: bytes, submitted: bytes) -> bytes:
    """On a worker of a cluster: grade one submission of a course."""
    from autograder.nbgrader_bridge import grader

    return grader.grade(course, submitted)


def work_boxed_for(course: bytes, submitted: bytes) -> bytes:
    """As `work_for`, but only in a whole sandbox."""
    from autograder.nbgrader_bridge import grader

    return grader.grade(course, submitted, require_sandbox=True)


def fit(*, require_sandbox: bool) -> None:
    """On a worker of a cluster: see whether it can grade.

    Raises
    ------
    ImportError
        Something that grading needs is not installed there.
    NoForkServer
        A layer of the sandbox is missing, and is required.
    """
    from autograder.nbgrader_bridge import grader

    if require_sandbox:
        grader.examine()


def _cluster(options: Options, course: Course) -> Callable[[Iterator[Task]], Iterator[Done]]:
    fits = partial(fit, require_sandbox=options.require_sandbox)
    client = cluster.connect(options.cluster, fits, fatal=(NoForkServer,))
    work = work_boxed_for if options.require_sandbox else work_for

    def work_through(tasks: Iterator[Task]) -> Iterator[Done]:
        try:
            yield from cluster.work_through(client, tasks, work, course.to_bytes(), fatal=(NoForkServer,))
        finally:
            cluster.close(client)

    return work_through


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


def _show(
    classroom: Classroom,
    options: Options,
    console: Console,
    course: Course,
    graded_now: Collection[str],
    marks: Mapping[str, Marks],
) -> None:
    """Print the marks that the gradebook holds now, and write everybody's down for a spreadsheet."""
    maxima = {
        cell.name: cell.max_score
        for notebook in course.released.notebooks.values()
        for cell in notebook.source_cells
        if cell.grade or cell.task
    }
    rows = {student: tables.Row(found.scores, found.total, found.penalty) for student, found in marks.items()}
    now = {student: row for student, row in rows.items() if student in graded_now}
    whole = options.student == "*" and (len(rows) <= tables.LARGE or len(now) > tables.LARGE)
    shown = rows if whole else now
    tables.show(console, f"{options.assignment}, {sum(maxima.values()):g} P", maxima, shown)
    write_whole(classroom.log.marks, tables.as_csv(maxima, rows))
    if len(shown) < len(rows) or len(shown) > tables.LARGE:
        _say(console, f"The marks of all {len(rows)}: {LOGS}/{classroom.log.marks.name}.")


def _show_log(classroom: Classroom, options: Options, console: Console) -> None:
    """Print what needs a person, over all runs; of one student, where only that one was asked for."""
    who = "" if options.student == "*" else options.student
    every, lines = classroom.log.lines(who), classroom.log.lines(who, WHOLE_LOG)
    for line in lines:
        _say(console, line)
    if len(lines) < len(every):
        _say(console, f"All {len(every)} lines: {LOGS}/{classroom.log.text.name}.")


def _say(console: Console, line: str) -> None:
    console.print(line, soft_wrap=True, highlight=False, markup=False)


def _nothing(options: Options, done: int) -> str:
    if done:
        return (
            f"All {done} submissions of {options.assignment} are graded, and none was handed in again since. "
            "`--force` grades them anew."
        )
    who = "" if options.student == "*" else f" of {options.student}"
    where = f"submitted/{'STUDENT' if options.student == '*' else options.student}/{options.assignment}"
    return f"There are no submissions{who} to {options.assignment}: nothing lies in {where}."


def _resume(classroom: Classroom | None, why: str) -> str:
    """What an assistant reads at midnight: why, what stands, and what to do."""
    if classroom is None or not classroom.begun:
        return f"Nothing was graded: {why}"
    kept = "1 submission is" if classroom.kept == 1 else f"{classroom.kept} submissions are"
    return f"Stopped: {why}\n{kept} graded and kept. Run the same command to go on with the rest."


def _warn(console: Console, lacks: dict[str, str], *, on_cluster: bool) -> None:
    names = ", ".join(sorted(lacks))
    where, there = (" on a machine of the cluster", ", run there,") if on_cluster else ("", "")
    console.print(
        f"Layers of the sandbox were missing{where}: {names}. `autograder doctor`{there} tells what is "
        "lost, and what to do.",
        style="bold",
        highlight=False,
        soft_wrap=True,
    )
