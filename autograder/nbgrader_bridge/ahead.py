"""The submissions that `nbgrader autograde` comes to next, run by other processes while it keeps its books.

nbgrader takes one submission after the other, and checks and the gradebook take most of its time. What was
run ahead is used only where the notebook that nbgrader then has is, cell by cell, the one that was run.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode
from nbgrader.converters import Autograde

from autograder import process_pool
from autograder.nbgrader_bridge import handed_in, local
from autograder.nbgrader_bridge.autograding import Course, Graded, GradedNotebook, fingerprint
from autograder.nbgrader_bridge.grading import Classroom
from autograder.nbgrader_bridge.handed_in import Found
from autograder.nbgrader_bridge.ledger import Ledger, LedgerError
from autograder.nbgrader_bridge.trouble import CannotGrade, of_one_submission
from autograder.process_pool import Task
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer
from autograder.sandbox.protocol.limits import Limits


class Ahead:
    """Submissions in the order in which nbgrader comes to them."""

    def __init__(
        self, course: Course, submissions: Sequence[Found], nursery: ForkServer, folder: str
    ) -> None:
        """Begin.

        folder : the course's.
        """
        self._waiting = deque(submission.student for submission in submissions)
        self._early: dict[str, Graded] = {}
        if len(submissions) >= local.A_CLASS:
            nursery.precompile(course.cells)
        jobs = max(process_pool.cores() - 1, 1)  # nbgrader keeps one core busy itself
        self._done = process_pool.work_through(
            self._tasks(course, submissions),
            jobs,
            local.start,
            (course.to_bytes(), nursery.address, folder),
            local.run,
            fatal=(NoForkServer,),
        )

    def ran(self, student: str, name: str, restored: NotebookNode) -> tuple[GradedNotebook, Graded] | None:
        """A student's notebook as it was run ahead; None where it was not, or was another one then."""
        graded = self._of(student)
        found = graded.notebooks.get(name) if graded is not None else None
        if graded is None or found is None or not found.restored or found.restored != fingerprint(restored):
            return None
        return found, graded

    def close(self) -> None:
        """End the other processes."""
        self._done.close()

    def _tasks(self, course: Course, submissions: Sequence[Found]) -> Iterator[Task]:
        for submission in submissions:
            try:
                with of_one_submission("It could not be read"):
                    names, own = list(course.released.notebooks), frozenset(course.files)
                    payload = handed_in.read(submission, names, own, renamed=False).to_bytes()
            except (CannotGrade, OSError):  # nbgrader tells it in its own way
                self._waiting.remove(submission.student)
            else:
                yield Task(submission.student, payload)

    def _of(self, student: str) -> Graded | None:
        while student in self._waiting and student not in self._early:
            try:
                done = next(self._done, None)
            except (process_pool.CannotStart, NoForkServer) as reason:
                _LOG.info("Nothing more is run ahead: %s", reason)
                done = None
            if done is None:
                self._waiting.clear()
            elif done.result is not None:
                self._early[done.name] = Graded.from_bytes(done.result)
            else:
                self._waiting.remove(done.name)
        while student in self._waiting and self._waiting[0] != student:  # nbgrader has passed them over
            self._early.pop(self._waiting.popleft(), None)
        return self._early.get(student)


def begin(
    converter: Autograde, assignment: str, student: str, limits: Limits, nursery: ForkServer
) -> Ahead | None:
    """Run ahead what nbgrader comes to from this student on; None where there is nobody after.

    converter : nbgrader's own, which goes through the submissions in the order of their folders.
    """
    directory, config = converter.coursedir, converter.config
    classroom = Classroom(directory, config, assignment, limits)
    outstanding, _ = classroom.outstanding(directory.student_id, force=converter.force)
    here = handed_in.found(directory, assignment, student)
    later = [one for one in outstanding if here and str(one.folder) > str(here[0].folder)]
    if not later:
        return None
    process_pool.prepare(local.GRADER)
    try:
        with Ledger(directory.db_url, directory.course_id, config) as ledger:
            course = classroom.course(ledger)
    except LedgerError as reason:
        _LOG.info("Nothing is run ahead: %s", reason)
        return None
    return Ahead(course, [*here, *later], nursery, directory.root)


_LOG = logging.getLogger(__name__)
