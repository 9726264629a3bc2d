"""The gradebook, written as nbgrader writes it, but many submissions in one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.nbgrader_bridge import records
from autograder.nbgrader_bridge.autograding import Graded, GradedNotebook
from autograder.nbgrader_bridge.released import Released


class LedgerError(Exception):
    """The gradebook cannot be opened or written; the message is a sentence for people."""


class EntryRefused(LedgerError):
    """The database is well, and does not take what it was given."""


@dataclass(frozen=True)
class Entry:
    """A graded submission to be written down."""

    graded: Graded
    timestamp: datetime | None


class Ledger:
    """A course's gradebook. Use it in a `with` statement."""

    def __init__(self, db_url: str, course_id: str, config: Config) -> None:
        """Open it.

        Raises
        ------
        LedgerError
            There is none at `db_url`, and none can be made.
        """
        self._penalties = AssignLatePenalties(config=config)
        self._penalties.init_plugin()
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

    def write(self, assignment: str, entries: Sequence[Entry]) -> None:
        """Write entries down, all or none.

        Raises
        ------
        LedgerError
            The database refuses, or is gone. Nothing of these entries is in it.
        """
        with self._told("written"):
            try:
                self._write_all(assignment, entries)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                self._write_all(assignment, entries)  # the server was started again: a new connection may do

    def _write_all(self, assignment: str, entries: Sequence[Entry]) -> None:
        with self._transaction() as session, session.no_autoflush:
            row = self._gradebook.find_assignment(assignment)
            names = records.names(row)
            rows = records.submissions(session, row, {e.graded.student: e.timestamp for e in entries})
            for entry in entries:
                if not entry.graded.problem:
                    self._write(rows[entry.graded.student], entry.graded, names)

    def _write(self, submission: Any, graded: Graded, names: Mapping[str, str]) -> None:  # noqa: ANN401  a row
        for notebook in submission.notebooks:
            marked = graded.notebooks.get(notebook.notebook.name)
            if marked is None:  # not handed in
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False
                continue
            _write_scores(notebook, marked, names)
            self._write_penalty(submission, notebook, graded.student)

    def _write_penalty(self, submission: Any, notebook: Any, student: str) -> None:  # noqa: ANN401  rows
        notebook.late_submission_penalty = None
        seconds = submission.total_seconds_late
        if seconds > 0:
            self._gradebook.db.flush()
            self._gradebook.db.refresh(notebook)  # its score is the database's sum
            penalty = self._penalties.plugin_inst.late_submission_penalty(student, notebook.score, seconds)
            if penalty is not None:
                notebook.late_submission_penalty = self._penalties._check_late_penalty(notebook, penalty)

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
                "`pip install 'backpropagation-course[postgres]'`."
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


def _name(db_url: str) -> str:
    """A database's address as people may see it: without its password."""
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return db_url


def scores(graded: Graded) -> Mapping[str, float | None]:
    """All marks of a submission, by cell."""
    return {cell: score for notebook in graded.notebooks.values() for cell, score in notebook.scores.items()}
