"""Have other processes execute the submissions that `nbgrader autograde` comes to next.

nbgrader takes one submission at a time, and spends most of the time on its checks and the gradebook. What was
executed in advance is used only if nbgrader then has, cell by cell, the same notebook.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.converters import Autograde

from autograder.nbgrader_bridge.course.errors import CannotGrade, GradebookError, isolate_submission
from autograder.nbgrader_bridge.course.release import GradingContext, grading_context
from autograder.nbgrader_bridge.submission.grade_submission import (
    GradedNotebook,
    GradedSubmission,
    fingerprint,
)
from autograder.nbgrader_bridge.submission.submissions import (
    SubmissionFolder,
    find_submissions,
    read_submission,
)
from autograder.nbgrader_bridge.whole_class import PRELOADED, graders
from autograder.nbgrader_bridge.whole_class.assignment_run import AssignmentRun
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter
from autograder.parallel import process_pool
from autograder.parallel.process_pool import Task
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer
from autograder.sandbox.protocol.limits import Limits


def start_prefetch(
    converter: Autograde, assignment: str, student: str, limits: Limits, fork_server: ForkServer
) -> Prefetch | None:
    """Start executing what nbgrader comes to from this student on; return None if nobody comes after.

    converter : nbgrader's own, which goes through the submissions in the order of their folders.
    """
    directory, config = converter.coursedir, converter.config
    run = AssignmentRun(directory, config, assignment)
    outstanding, _ = run.outstanding(directory.student_id, force=converter.force)
    current = find_submissions(directory, assignment, student)
    later = [one for one in outstanding if current and str(one.folder) > str(current[0].folder)]
    if not later:
        return None
    process_pool.prepare(PRELOADED, process_pool.PRELOAD)
    try:
        with GradebookWriter(directory.db_url, directory.course_id, config) as writer:
            context = grading_context(directory, config, writer.read_release(assignment), limits)
    except GradebookError as reason:
        _LOG.info("Nothing is executed ahead: %s", reason)
        return None
    return Prefetch(context, [*current, *later], fork_server, Path(directory.root))


class Prefetch:
    """Execute submissions in other processes, in the order in which nbgrader comes to them."""

    def __init__(
        self,
        context: GradingContext,
        submissions: Sequence[SubmissionFolder],
        fork_server: ForkServer,
        course: Path,
    ) -> None:
        self._waiting = deque(submission.student for submission in submissions)
        self._executed: dict[str, GradedSubmission] = {}
        if len(submissions) >= graders.SMALLEST_CLASS:
            fork_server.precompile(context.released_cells)
            fork_server.expect(len(submissions))
        jobs = max(process_pool.cores() - 1, 1)  # nbgrader keeps one core busy itself
        self._done = process_pool.work_through(
            self._tasks(context, submissions),
            jobs,
            graders.start_pool_process,
            (context.to_bytes(), fork_server.address, str(course)),
            graders.execute_in_pool_process,
            fatal=(NoForkServer,),
        )

    def executed(
        self, student: str, name: str, notebook: NotebookNode
    ) -> tuple[GradedNotebook, GradedSubmission] | None:
        """Return a student's notebook as it was executed in advance; None if it was not, or differed then."""
        submission = self._wait_for(student)
        ahead = submission.notebooks.get(name) if submission is not None else None
        if submission is None or ahead is None:
            return None
        if not ahead.fingerprint or ahead.fingerprint != fingerprint(notebook):
            return None
        return ahead, submission

    def close(self) -> None:
        """End the other processes."""
        self._done.close()

    def _tasks(self, context: GradingContext, submissions: Sequence[SubmissionFolder]) -> Iterator[Task]:
        notebooks = list(context.released.notebooks)
        for folder in submissions:
            try:
                with isolate_submission("It could not be read"):
                    submission = read_submission(folder, notebooks, context.files, find_renamed=False)
                    payload = submission.to_bytes()
            except (CannotGrade, OSError):  # nbgrader reports it in its own way
                self._waiting.remove(folder.student)
            else:
                yield Task(folder.student, payload)

    def _wait_for(self, student: str) -> GradedSubmission | None:
        while student in self._waiting and student not in self._executed:
            try:
                done = next(self._done, None)
            except (process_pool.CannotStart, NoForkServer) as reason:
                _LOG.info("Nothing more is executed ahead: %s", reason)
                done = None
            if done is None:
                self._waiting.clear()
            elif done.result is not None:
                self._executed[done.name] = GradedSubmission.from_bytes(done.result)
            else:
                self._waiting.remove(done.name)
        while student in self._waiting and self._waiting[0] != student:  # nbgrader has passed them over
            self._executed.pop(self._waiting.popleft(), None)
        return self._executed.get(student)


_LOG = logging.getLogger(__name__)
