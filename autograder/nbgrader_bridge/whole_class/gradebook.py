"""Write the gradebook as nbgrader writes it, but many submissions in one transaction.

Late penalties follow the course's own plugin, called as nbgrader calls it.
"""

from __future__ import annotations

import contextlib
import math
import numbers
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from nbgrader import api, dbutil
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder import patches
from autograder.nbgrader_bridge.course.course_folder import root_of, working_in
from autograder.nbgrader_bridge.course.errors import EntryRefused, GradebookError
from autograder.nbgrader_bridge.course.release import ReleasedAssignment
from autograder.nbgrader_bridge.submission.grade_submission import GradedNotebook, GradedSubmission
from autograder.nbgrader_bridge.whole_class import gradebook_rows
from autograder.nbgrader_bridge.whole_class.gradebook_rows import NotebookMarks, RecordedMarks


class PluginNotLoaded(Exception):
    """The course names a plugin that cannot be loaded; the message is a sentence for people."""


class PenaltyUnknown(Exception):
    """The plugin returned no usable penalty; the message is a sentence for people."""


class LatePenalties:
    """Call a course's late-penalty plugin, `c.AssignLatePenalties.plugin_class` in its settings."""

    def __init__(self, config: Config) -> None:
        """Load it.

        Raises
        ------
        PluginNotLoaded
            It cannot be imported, or is no plugin of nbgrader's.
        """
        self._root = root_of(config)
        named = config.get("AssignLatePenalties", {}).get("plugin_class", "LateSubmissionPlugin")
        self._name = named if isinstance(named, str) else getattr(named, "__name__", repr(named))
        try:
            with working_in(self._root):
                self._rule = AssignLatePenalties(config=config)
        except (Exception, SystemExit) as error:  # its module is a program
            raise PluginNotLoaded(
                f"The late-penalty plugin {self._name} could not be loaded: {_line(error)}. "
                "nbgrader looks for it in the course's folder and among what is installed."
            ) from None

    def penalty(self, notebook: Any, student: str, seconds: float) -> float | None:  # noqa: ANN401  a row
        """Compute the penalty for a notebook that came this late; None if the rule sets none.

        Raises
        ------
        PenaltyUnknown
            The plugin raised an exception, or returned something that is not a number.
        """
        if seconds <= 0:
            return None
        try:
            with working_in(self._root):
                self._rule.init_plugin()
                penalty = self._rule.plugin_inst.late_submission_penalty(student, notebook.score, seconds)
        except (Exception, SystemExit) as error:  # it is a program
            raise self._unknown(f"raised {_line(error)}") from None
        if penalty is None:
            return None
        if not isinstance(penalty, numbers.Real) or not math.isfinite(penalty):
            raise self._unknown(f"gave {str(penalty)[:60]!r}, which is not a number of points")
        return float(self._rule._check_late_penalty(notebook, float(penalty)))

    def _unknown(self, what: str) -> PenaltyUnknown:
        return PenaltyUnknown(
            f"the late-penalty plugin {self._name} {what}. Nothing was taken off: correct the plugin, "
            "then grade with `--force`"
        )


def _line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}".rstrip(".: ")


SAME_CODE = "code that is the same as another's"


@dataclass(frozen=True)
class FlagState:
    """Hold what a flag in formgrader depends on, besides the notebook itself."""

    flagged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Notebooks that we, and no person, have flagged before, and for what."""
    alike: bool = False
    """Whether the code is the same as another's."""


@dataclass(frozen=True)
class GradebookEntry:
    """Hold a graded submission that is to be written into the gradebook."""

    graded: GradedSubmission
    timestamp: datetime | None
    before: FlagState = field(default_factory=FlagState)
    """What was known about it before."""


@dataclass(frozen=True)
class EntryOutcome:
    """Hold what became of an entry in the gradebook."""

    penalty_problem: str = ""
    """Why its late penalty is not known."""
    flagged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Notebooks that we, and no person, have flagged in formgrader, and for what."""


class GradebookWriter:
    """Read and write a course's gradebook. Use it in a `with` statement."""

    def __init__(self, db_url: str, course_id: str, config: Config) -> None:
        """Open the gradebook.

        Raises
        ------
        GradebookError
            There is none at `db_url`, and none can be created; or the late-penalty plugin cannot be loaded.
        """
        patches.read_schema_version_here(api, dbutil.ALEMBIC_DIR)
        try:
            self._penalties = LatePenalties(config)
        except PluginNotLoaded as reason:
            raise GradebookError(str(reason)) from None
        self._name = _name(db_url)
        with self._errors_explained("opened"):
            self._gradebook = Gradebook(db_url, course_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(SQLAlchemyError):
            self._gradebook.close()

    def read_release(self, assignment: str) -> ReleasedAssignment:
        """Read an assignment as it was released.

        Raises
        ------
        GradebookError
            The gradebook does not have it.
        """
        with self._errors_explained("read"):
            try:
                return ReleasedAssignment.from_gradebook(self._gradebook, assignment)
            except MissingEntry:
                raise GradebookError(
                    f"The gradebook knows no assignment {assignment}. `autograder build`, or `nbgrader "
                    f"generate_assignment {assignment}`, puts it there."
                ) from None
            finally:
                self._gradebook.db.remove()

    def read_marks(self, assignment: str) -> dict[str, RecordedMarks]:
        """Read the marks of all submissions to an assignment, by student.

        Raises
        ------
        GradebookError
            The database refuses, or is gone.
        """
        with self._errors_explained("read"), self._transaction() as session:
            return gradebook_rows.marks(session, self._gradebook.find_assignment(assignment))

    def read_due(self, assignment: str) -> datetime | None:
        """Read when an assignment is due, in UTC; None if no due date is set.

        Raises
        ------
        GradebookError
            The database refuses, or is gone.
        """
        with self._errors_explained("read"), self._transaction():
            due: datetime | None = self._gradebook.find_assignment(assignment).duedate
            return due

    def read_notebook_marks(self, assignment: str) -> dict[str, dict[str, NotebookMarks]]:
        """Read marks and comments of all submissions, by student and notebook.

        Raises
        ------
        GradebookError
            The database refuses, or is gone.
        """
        with self._errors_explained("read"), self._transaction() as session:
            return gradebook_rows.notebook_marks(session, self._gradebook.find_assignment(assignment))

    def write(self, assignment: str, entries: Sequence[GradebookEntry]) -> dict[str, EntryOutcome]:
        """Write entries, all or none; return what became of each, by student.

        Raises
        ------
        GradebookError
            The database refuses, or is gone. None of these entries is in it.
        """
        with self._errors_explained("written"):
            try:
                return self._write_all(assignment, entries)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                # the server was started again: a new connection may do
                return self._write_all(assignment, entries)

    def flag_notebook(
        self, assignment: str, student: str, name: str, flags: Sequence[str], before: Sequence[str] | None
    ) -> bool:
        """Set or remove our flag on a notebook in formgrader; return whether the flag is ours.

        flags : what the notebook is worth a look for now.
        before : what we flagged it for earlier; None if we did not.

        Raises
        ------
        GradebookError
            The database refuses, or is gone.
        """
        with self._errors_explained("written"), self._transaction() as session:
            row = self._gradebook.find_assignment(assignment)
            rows = gradebook_rows.submission_rows(session, row, {student: None})[student].notebooks
            ours = [_flag(notebook, flags, before) for notebook in rows if notebook.name == name]
            return any(ours)

    def flag_same_code(
        self, assignment: str, changed: Mapping[str, FlagState]
    ) -> dict[str, Mapping[str, Sequence[str]]]:
        """Flag in formgrader everybody whose code is the same as another's; unflag those whose no longer is.

        Returns
        -------
        Notebooks that we, and no person, have flagged, and for what, by student.

        Raises
        ------
        GradebookError
            The database refuses, or is gone.
        """
        with self._errors_explained("written"), self._transaction() as session:
            row = self._gradebook.find_assignment(assignment)
            rows = gradebook_rows.submission_rows(session, row, dict.fromkeys(changed))
            flagged: dict[str, Mapping[str, Sequence[str]]] = {}
            for student, now in changed.items():
                ours: dict[str, Sequence[str]] = {}
                for notebook in rows[student].notebooks:
                    before = now.flagged.get(notebook.name)
                    flags = [flag for flag in before or () if flag != SAME_CODE] + [SAME_CODE] * now.alike
                    if _flag(notebook, flags, before):
                        ours[notebook.name] = flags
                flagged[student] = ours
            return flagged

    def _write_all(self, assignment: str, entries: Sequence[GradebookEntry]) -> dict[str, EntryOutcome]:
        with self._transaction() as session, session.no_autoflush:
            row = self._gradebook.find_assignment(assignment)
            names = gradebook_rows.cell_names(row)
            rows = gradebook_rows.submission_rows(
                session, row, {e.graded.student: e.timestamp for e in entries}
            )
            return {
                entry.graded.student: EntryOutcome(flagged=entry.before.flagged)
                if entry.graded.problem
                else self._write(rows[entry.graded.student], entry, names)
                for entry in entries
            }

    def _write(self, submission: Any, entry: GradebookEntry, names: Mapping[str, str]) -> EntryOutcome:  # noqa: ANN401  a row
        unknown: list[str] = []
        flagged: dict[str, Sequence[str]] = {}
        for notebook in submission.notebooks:
            name = notebook.notebook.name
            marked = entry.graded.notebooks.get(name)
            if marked is None:  # not handed in
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False
                continue
            _write_scores(notebook, marked, names)
            flags = [*marked.flags, *[SAME_CODE] * entry.before.alike]  # done when all are graded
            if _flag(notebook, flags, entry.before.flagged.get(name)):
                flagged[name] = flags
            try:
                self._write_penalty(submission, notebook, entry.graded.student)
            except PenaltyUnknown as reason:
                unknown.append(str(reason))
        return EntryOutcome("; ".join(dict.fromkeys(unknown)), flagged)

    def _write_penalty(self, submission: Any, notebook: Any, student: str) -> None:  # noqa: ANN401  rows
        notebook.late_submission_penalty = None
        seconds = submission.total_seconds_late
        if seconds > 0:
            self._gradebook.db.flush()
            self._gradebook.db.refresh(notebook)  # its score is the database's sum
            notebook.late_submission_penalty = self._penalties.penalty(notebook, student, seconds)

    @contextlib.contextmanager
    def _errors_explained(self, what: str) -> Iterator[None]:
        """Turn a database's own exceptions into a sentence."""
        try:
            yield
        except (DataError, IntegrityError) as error:
            reason = " ".join(str(error.orig).split())[:500].rstrip(".")
            raise EntryRefused(f"The gradebook {self._name} does not take it: {reason}.") from None
        except DBAPIError as error:
            reason = " ".join(str(error.orig).split()).rstrip(".")
            advice = (
                " Another program is writing to it: wait for it, or end it." if "locked" in reason else ""
            )
            raise GradebookError(
                f"The gradebook {self._name} could not be {what}: {reason}.{advice}"
            ) from None
        except (SQLAlchemyError, InvalidEntry) as error:
            reason = " ".join(str(error).split())[:500].rstrip(".")
            raise GradebookError(f"The gradebook {self._name} could not be {what}: {reason}.") from None
        except ImportError as error:
            raise GradebookError(
                f"The gradebook {self._name} could not be {what}: {error}. For PostgreSQL: "
                "`pip install 'psycopg[binary]'`."
            ) from None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Session]:
        """Commit everything that is done meanwhile, or nothing."""
        session = self._gradebook.db
        try:
            yield session()
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.remove()  # what has been written needs no place in memory


def _write_scores(notebook: Any, marked: GradedNotebook, names: Mapping[str, str]) -> None:  # noqa: ANN401  a row
    """Write automatic scores and comments; a mark by hand stays, and is marked for another look."""
    for grade in notebook.grades:
        name = names.get(grade.cell_id, "")
        if name in marked.scores:
            grade.auto_score = marked.scores[name]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in notebook.comments:
        name = names.get(comment.cell_id, "")
        if name in marked.comments:
            comment.auto_comment = marked.comments[name]


def _flag(notebook: Any, flags: Sequence[str], before: Sequence[str] | None) -> bool:  # noqa: ANN401  a row
    """Set or remove our flag on a notebook in formgrader; return whether its flag is ours.

    before : what we flagged it for earlier; None if we did not. If a person has removed that flag, it is not
        set
        again for the same reasons.
    """
    ours = before is not None
    if flags and not notebook.flagged:
        notebook.flagged = not set(flags) <= set(before or ())
        return True
    if ours and not flags:
        notebook.flagged = False
    return ours and bool(flags)


def _name(db_url: str) -> str:
    """Return a database's address without its password, for people to read."""
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return db_url
