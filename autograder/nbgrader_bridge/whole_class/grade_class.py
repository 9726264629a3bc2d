"""Grade a class with `autograder grade`: show progress, print the marks and what needs a person."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from autograder import assignments
from autograder.grading.secret import UnusableSecret
from autograder.nbgrader_bridge.course.class_log import LOG_FOLDER
from autograder.nbgrader_bridge.course.course_folder import open_course
from autograder.nbgrader_bridge.course.course_lock import locked
from autograder.nbgrader_bridge.course.errors import CourseError, GradebookError
from autograder.nbgrader_bridge.course.release import GradingContext, ReleasedAssignment, grading_context
from autograder.nbgrader_bridge.whole_class import graders
from autograder.nbgrader_bridge.whole_class.assignment_run import AssignmentRun
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter
from autograder.nbgrader_bridge.whole_class.gradebook_rows import RecordedMarks
from autograder.nbgrader_bridge.whole_class.submission_result import SubmissionResult
from autograder.parallel import cluster, process_pool
from autograder.parallel.progress import progress_bar
from autograder.plain_text import of_system
from autograder.reporting import tables
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer
from autograder.sandbox.protocol.limits import Limits
from autograder.whole_files import write_whole

FAILURES = (
    CourseError,
    UnusableSecret,
    GradebookError,
    NoForkServer,
    process_pool.CannotStart,
    cluster.NoCluster,
)
"""Whatever ends a run, each with a sentence for people."""
SHORT_LOG = 20  # lines of the log that are printed, too


@dataclass(frozen=True)
class Options:
    """Hold the options of `autograder grade`."""

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
    """Whether a cluster's worker on which a layer is missing must not grade."""


class Stopped(Exception):
    """The run ended before everything was graded; the message is a sentence for people."""


def grade_class(
    course: Path, options: Options, console: Console, fork_server: ForkServer | None
) -> list[SubmissionResult]:
    """Grade the outstanding submissions to an assignment; print progress, marks and what needs a person.

    fork_server : a fork server for the graders on this machine to share; None if a cluster's machines grade.

    Raises
    ------
    Stopped
        The course, the gradebook, the disk or the cluster failed. What was graded stays graded.
    """
    results: list[SubmissionResult] = []
    run: AssignmentRun | None = None
    try:
        with open_course(course) as (directory, config), locked(Path(directory.root)):
            assignments.search(*options.assignments, *assignments.folders_of_course(Path(directory.root)))
            run = AssignmentRun(directory, config, options.assignment)
            with GradebookWriter(directory.db_url, directory.course_id, config) as writer:
                released = writer.read_release(options.assignment)
                context = grading_context(directory, config, released, options.limits)
                submissions, done = run.outstanding(options.student, force=options.force, context=context)
                run.start_log(options.student, submissions, force=options.force)
                if not submissions:
                    if not done and options.student != "*":
                        raise CourseError(_nothing_to_grade(options, done))
                    _say(console, _nothing_to_grade(options, done))
                    if done:
                        run.flag_same_code(writer)  # an interrupted run has not got this far
                        run.recorded_marks(writer)
                        _print_log(console, run, options)
                    return results
                start = _graders(options, context, Path(directory.root), len(submissions), fork_server)
                with (
                    progress_bar(console) as progress,
                    contextlib.closing(run.grade_submissions(submissions, context, writer, start)) as stored,
                ):
                    bar = progress.add_task(options.assignment, total=len(submissions))
                    for result in stored:
                        results.append(result)
                        progress.advance(bar)
                run.flag_same_code(writer)
                marks = run.recorded_marks(writer)
        graded = {result.student for result in results if not result.problem}
        _print_marks(console, run, options, released, graded, marks)
        _say(console, f"Graded now: {len(graded)}. Graded before and not handed in again: {done}.")
        _print_log(console, run, options)
    except KeyboardInterrupt:
        raise Stopped(_what_stands(run, "interrupted.")) from None
    except OSError as error:
        raise Stopped(_what_stands(run, f"{of_system(error)}.")) from None
    except FAILURES as error:
        raise Stopped(_what_stands(run, str(error))) from None
    if run.missing_layers:
        _warn(console, run.missing_layers, on_cluster=bool(options.cluster))
    return results


def _graders(
    options: Options, context: GradingContext, course: Path, submissions: int, fork_server: ForkServer | None
) -> graders.Graders:
    if fork_server is None:
        return graders.on_cluster(context, options.cluster, require_sandbox=options.require_sandbox)
    return graders.on_this_machine(context, submissions, course, fork_server, options.jobs)


def _print_marks(
    console: Console,
    run: AssignmentRun,
    options: Options,
    released: ReleasedAssignment,
    graded: Collection[str],
    marks: Mapping[str, RecordedMarks],
) -> None:
    """Print the marks that are in the gradebook now, and write everybody's to a file for spreadsheets.

    graded : students who were graded in this run.
    """
    maxima = released.maxima
    rows = {student: tables.Row(one.scores, one.total, one.penalty) for student, one in marks.items()}
    now = {student: row for student, row in rows.items() if student in graded}
    whole = options.student == "*" and (len(rows) <= tables.LARGE or len(now) > tables.LARGE)
    shown = rows if whole else now
    tables.show(console, f"{options.assignment}, {sum(maxima.values()):g} P", maxima, shown)
    write_whole(run.log.marks, tables.as_csv(maxima, rows))
    if len(shown) < len(rows) or len(shown) > tables.LARGE:
        _say(console, f"The marks of all {len(rows)}: {LOG_FOLDER}/{run.log.marks.name}.")


def _print_log(console: Console, run: AssignmentRun, options: Options) -> None:
    """Print what needs a person, over all runs; only one student's entries if only that one was asked for."""
    student = "" if options.student == "*" else options.student
    every, lines = run.log.lines(student), run.log.lines(student, SHORT_LOG)
    for line in lines:
        _say(console, line)
    if len(lines) < len(every):
        _say(console, f"All {len(every)} lines: {LOG_FOLDER}/{run.log.text.name}.")


def _say(console: Console, line: str) -> None:
    console.print(line, soft_wrap=True, highlight=False, markup=False)


def _nothing_to_grade(options: Options, done: int) -> str:
    if done:
        return (
            f"All {done} submissions of {options.assignment} are graded, and none was handed in again since. "
            "`--force` grades them anew."
        )
    who = "" if options.student == "*" else f" of {options.student}"
    where = f"submitted/{'STUDENT' if options.student == '*' else options.student}/{options.assignment}"
    return f"There are no submissions{who} to {options.assignment}: nothing lies in {where}."


def _what_stands(run: AssignmentRun | None, why: str) -> str:
    """Say why a run ended, what is kept, and what to do next."""
    if run is None or not run.begun:
        return f"Nothing was graded: {why}"
    stored = "1 submission is" if run.stored == 1 else f"{run.stored} submissions are"
    return f"Stopped: {why}\n{stored} graded and kept. Run the same command again to grade the rest."


def _warn(console: Console, missing_layers: Mapping[str, str], *, on_cluster: bool) -> None:
    names = ", ".join(sorted(missing_layers))
    where, there = (" on a machine of the cluster", ", run there,") if on_cluster else ("", "")
    console.print(
        f"Layers of the sandbox were missing{where}: {names}. `autograder doctor`{there} tells what is "
        "lost, and what to do.",
        style="bold",
        highlight=False,
        soft_wrap=True,
    )
