"""The gradebook, written as nbgrader writes it, but many submissions in one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.nbgrader_bridge import records
from autograder.nbgrader_bridge.autograding import Graded, GradedNotebook
from autograder.nbgrader_bridge.penalties import NoSuchPlugin, Penalties, PenaltyUnknown
from autograder.nbgrader_bridge.records import Marks
from autograder.nbgrader_bridge.released import Released


class LedgerError(Exception):
    """The gradebook cannot be opened or written; the message is a sentence for people."""


class EntryRefused(LedgerError):
    """The database is well, and does not take what it was given."""


ALIKE = "code that is the same as another's"


@dataclass(frozen=True)
class Alike:
    """What flags in formgrader depend on beside the notebook itself."""

    flagged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Notebooks that we, and no person, have flagged before, and for what."""
    alike: bool = False
    """Whether the code is the same as another's."""


@dataclass(frozen=True)
class Entry:
    """A graded submission to be written down."""

    graded: Graded
    timestamp: datetime | None
    before: Alike = field(default_factory=Alike)
    """What was known of it before."""


@dataclass(frozen=True)
class Written:
    """What became of an entry in the gradebook."""

    penalty: str = ""
    """Why it is not known what its lateness costs."""
    flagged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Notebooks that we, and no person, have flagged in formgrader, and for what."""


class Ledger:
    """A course's gradebook. Use it in a `with` statement."""

    def __init__(self, db_url: str, course_id: str, config: Config) -> None:
        """Open it.

        Raises
        ------
        LedgerError
            There is none at `db_url`, and none can be made; or the course's rule for late work is none.
        """
        try:
            self._penalties = Penalties(config)
        except NoSuchPlugin as reason:
            raise LedgerError(str(reason)) from None
        self._name = _name(db_url)
        with self._told("opened"):
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

    def released(self, assignment: str) -> Released:
        """What an assignment was when it was released.

        Raises
        ------
        LedgerError
            The gradebook does not know it.
        """
        with self._told("read"):
            try:
                return Released.from_gradebook(self._gradebook, assignment)
            except MissingEntry:
                raise LedgerError(
                    f"The gradebook knows no assignment {assignment}. `autograder build`, or `nbgrader "
                    f"generate_assignment {assignment}`, puts it there."
                ) from None
            finally:
                self._gradebook.db.remove()

    def marks(self, assignment: str) -> dict[str, Marks]:
        """What the gradebook says of all submissions to an assignment, by student.

        Raises
        ------
        LedgerError
            The database refuses, or is gone.
        """
        with self._told("read"), self._transaction() as session:
            return records.marks(session, self._gradebook.find_assignment(assignment))

    def write(self, assignment: str, entries: Sequence[Entry]) -> dict[str, Written]:
        """Write entries down, all or none; what became of each, by student.

        Raises
        ------
        LedgerError
            The database refuses, or is gone. Nothing of these entries is in it.
        """
        with self._told("written"):
            try:
                return self._write_all(assignment, entries)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                # the server was started again: a new connection may do
                return self._write_all(assignment, entries)

    def flag(
        self, assignment: str, student: str, name: str, flags: Sequence[str], before: Sequence[str] | None
    ) -> bool:
        """Flag a notebook in formgrader, or no longer; tell whether that is our own flag and no person's.

        flags : what it is worth a look for now.
        before : what we flagged it for at an earlier time; None if we did not.

        Raises
        ------
        LedgerError
            The database refuses, or is gone.
        """
        with self._told("written"), self._transaction() as session:
            row = self._gradebook.find_assignment(assignment)
            rows = records.submissions(session, row, {student: None})[student].notebooks
            ours = [_flag(notebook, flags, before) for notebook in rows if notebook.name == name]
            return any(ours)

    def flag_alike(
        self, assignment: str, changed: Mapping[str, Alike]
    ) -> dict[str, Mapping[str, Sequence[str]]]:
        """Flag in formgrader those whose code is the same as another's now, and no longer those whose was.

        Returns
        -------
        Notebooks that we, and no person, have flagged, and for what, by student.

        Raises
        ------
        LedgerError
            The database refuses, or is gone.
        """
        with self._told("written"), self._transaction() as session:
            row = self._gradebook.find_assignment(assignment)
            rows = records.submissions(session, row, dict.fromkeys(changed))
            found: dict[str, Mapping[str, Sequence[str]]] = {}
            for student, now in changed.items():
                ours: dict[str, Sequence[str]] = {}
                for notebook in rows[student].notebooks:
                    before = now.flagged.get(notebook.name)
                    flags = [flag for flag in before or () if flag != ALIKE] + [ALIKE] * now.alike
                    if _flag(notebook, flags, before):
                        ours[notebook.name] = flags
                found[student] = ours
            return found

    def _write_all(self, assignment: str, entries: Sequence[Entry]) -> dict[str, Written]:
        with self._transaction() as session, session.no_autoflush:
            row = self._gradebook.find_assignment(assignment)
            names = records.names(row)
            rows = records.submissions(session, row, {e.graded.student: e.timestamp for e in entries})
            return {
                entry.graded.student: Written(flagged=entry.before.flagged)
                if entry.graded.problem
                else self._write(rows[entry.graded.student], entry, names)
                for entry in entries
            }

    def _write(self, submission: Any, entry: Entry, names: Mapping[str, str]) -> Written:  # noqa: ANN401  a row
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
            flags = [*marked.flags, *[ALIKE] * entry.before.alike]  # seen to when all are graded
            if _flag(notebook, flags, entry.before.flagged.get(name)):
                flagged[name] = flags
            try:
                self._write_penalty(submission, notebook, entry.graded.student)
            except PenaltyUnknown as reason:
                unknown.append(str(reason))
        return Written("; ".join(dict.fromkeys(unknown)), flagged)

    def _write_penalty(self, submission: Any, notebook: Any, student: str) -> None:  # noqa: ANN401  rows
        notebook.late_submission_penalty = None
        seconds = submission.total_seconds_late
        if seconds > 0:
            self._gradebook.db.flush()
            self._gradebook.db.refresh(notebook)  # its score is the database's sum
            notebook.late_submission_penalty = self._penalties.of(notebook, student, seconds)

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
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
            raise LedgerError(f"The gradebook {self._name} could not be {what}: {reason}.{advice}") from None
        except (SQLAlchemyError, InvalidEntry) as error:
            reason = " ".join(str(error).split())[:500].rstrip(".")
            raise LedgerError(f"The gradebook {self._name} could not be {what}: {reason}.") from None
        except ImportError as error:
            raise LedgerError(
                f"The gradebook {self._name} could not be {what}: {error}. For PostgreSQL: "
                "`pip install 'psycopg[binary]'`."
            ) from None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Session]:
        """All of what is done meanwhile, or none."""
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
    """Marks by hand and comments of people stay; a mark that was given by hand asks to be looked at again."""
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
    """Flag a notebook in formgrader for what it is worth a look for; tell whether that is our own flag.

    before : what we flagged it for at an earlier time; None if we did not. Who took that flag away has seen
        to it, so the same reasons do not set it again.
    """
    ours = before is not None
    if flags and not notebook.flagged:
        notebook.flagged = not set(flags) <= set(before or ())
        return True
    if ours and not flags:
        notebook.flagged = False
    return ours and bool(flags)


def _name(db_url: str) -> str:
    """A database's address as people may see it: without its password."""
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return db_url


def scores(graded: Graded) -> Mapping[str, float | None]:
    """All marks of a submission, by cell."""
    return {cell: score for notebook in graded.notebooks.values() for cell, score in notebook.scores.items()}
