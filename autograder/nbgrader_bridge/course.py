"""A course folder as nbgrader knows it: its configuration, its sources, and its releases."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from nbformat.warnings import MissingIDFieldWarning
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets import TraitError
from traitlets.config import Config

from autograder import assignments
from autograder.build import source_files
from autograder.nbgrader_bridge import settings
from autograder.nbgrader_bridge.edits import Record
from autograder.nbgrader_bridge.settings import CONFIG as CONFIG
from autograder.nbgrader_bridge.settings import CourseError as CourseError

COURSE_ID = "backpropagation"
CODE_STUB = "# Write your code here, then remove the line below."

CONFIG_TEXT = f'''"""nbgrader's configuration of this course. Yours to extend: it is not written again."""

c = get_config()  # noqa: F821  nbgrader gives it to this file

c.CourseDirectory.course_id = "{COURSE_ID}"

# A stub's last line names its task, so what stands for the solution is a comment alone.
c.ClearSolutions.code_stub = {{"python": "{CODE_STUB}"}}

# Colab and others write beside the cells what nbformat refuses, and nbgrader then gives the notebook up.
c.Autograde.sanitize_preprocessors = [
    "autograder.nbgrader_bridge.valid_notebook.ValidNotebook",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Notebooks run in a sandbox, and are marked outside it. With nbgrader's own "nbgrader.preprocessors.Execute"
# in its place they run in a kernel that the hidden tests share: the compatible, weaker mode.
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_bridge.executor.BoxedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Seconds for one cell, in the sandbox and in a kernel. An answer that takes longer is stopped, and told so.
c.BoxedExecute.timeout = 30
c.Execute.timeout = 30

# A student who deletes a test cell gets it back; without this a right answer would score 0.
c.OverwriteCells.add_missing_cells = True

# Seconds that an interrupted cell may take to stop before nbgrader gives the whole notebook up.
c.Execute.iopub_timeout = 20

# The first is nbgrader's default; the second keeps the kernels' own warnings off your screen.
c.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"]
'''


def build(
    folder: Path,
    notebooks: Path | None = None,
    *,
    force: bool = False,
    leave_out: Collection[str] = (),
    tell: Callable[[str], None] = lambda line: None,
) -> list[Path]:
    """Build all assignments into an nbgrader course folder; return the released notebooks.

    Parameters
    ----------
    folder : gets source/ and release/, and nbgrader_config.py if it has none. What was changed in them since
        they were built, and what was added, stays.
    notebooks : gets a copy of each released notebook.
    leave_out : names of assignments that are not built.
    force : write what was changed, too; what was there is kept in `autograder-backups/`.
    tell : gets a line for each file that is left as it is.

    Raises
    ------
    CourseError
        nbgrader refused an assignment, which is then as it was before.
    """
    prepare(folder)
    released = []
    for assignment in assignments.load_all():
        name, record = assignment.name, Record(folder)
        if name in leave_out:
            continue
        with _as_it_was(folder, f"source/{name}", f"release/{name}"):
            left = record.update(f"source/{name}", source_files(assignment), force=force)
            changed = record.is_changed(f"release/{name}")
            if changed and force:
                record.back_up(f"release/{name}")
            if not changed or force:
                generate_assignment(folder, name)
                record.remember(f"release/{name}")
            else:
                left.append(f"release/{name}")
            record.save()
        for path in left:
            tell(f"{path} was changed in this course, and is left as it is.")
        released.append(folder / "release" / name / f"{name}.ipynb")
        if notebooks is not None:
            notebooks.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(released[-1], notebooks / released[-1].name)
    return released


@contextlib.contextmanager
def _as_it_was(course: Path, *places: str) -> Iterator[None]:
    """Put folders of a course back if what is done meanwhile fails: nbgrader empties a release first."""
    with tempfile.TemporaryDirectory(prefix=".autograder-", dir=course) as kept:
        there = [place for place in places if (course / place).exists()]
        for place in there:
            shutil.copytree(course / place, Path(kept) / place, symlinks=True)
        try:
            yield
        except BaseException:
            for place in places:
                shutil.rmtree(course / place, ignore_errors=True)
            for place in there:
                shutil.move(Path(kept) / place, course / place)
            raise


def prepare(folder: Path) -> None:
    """Make `folder` a course folder. A configuration that is there already is left as it is."""
    (folder / "source").mkdir(parents=True, exist_ok=True)
    config = folder / CONFIG
    if not config.exists():
        config.write_text(CONFIG_TEXT, encoding="utf-8")


def generate_assignment(folder: Path, assignment: str) -> Path:
    """Run nbgrader's generate_assignment in a course folder; return the release's folder.

    Raises
    ------
    CourseError
        nbgrader refused, with the last lines of its log.
    """
    with _api(folder) as api:
        _told(api.generate_assignment(assignment, force=True, create=True), f"generate {assignment}")
    return folder / "release" / assignment


def autograde(folder: Path, assignment: str, student: str) -> None:
    """Run nbgrader's autograde on one submission; an older result is replaced.

    Raises
    ------
    CourseError
        nbgrader could not grade it, with the last lines of its log.
    """
    with _api(folder) as api:
        outcome = api.autograde(assignment, student, force=True, create=True)
        _told(outcome, f"grade {assignment} of {student}")


def generate_feedback(folder: Path, assignment: str, student: str) -> Path:
    """Run nbgrader's generate_feedback on one graded submission; return the page's folder.

    Raises
    ------
    CourseError
        nbgrader could not write it, with the last lines of its log.
    """
    with _api(folder) as api:
        outcome = api.generate_feedback(assignment, student, force=True)
        _told(outcome, f"write feedback on {assignment} for {student}")
    return folder / "feedback" / student / assignment


def marks(folder: Path, assignment: str) -> dict[str, dict[str, float]]:
    """Read the gradebook: for each student graded, the marks of each marks cell."""
    with _api(folder) as api, api.gradebook as gradebook:
        return {
            submission.student.id: {
                grade.name: float(grade.score)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def _told(outcome: dict[str, Any], what: str) -> None:
    """Turn nbgrader's own account of a failure into an exception."""
    if not outcome["success"]:
        log = "\n".join(str(outcome.get("log", "")).strip().splitlines()[-12:])
        raise CourseError(f"nbgrader could not {what}:\n{log}")


@contextlib.contextmanager
def _api(folder: Path) -> Iterator[NbGraderAPI]:
    """Open nbgrader in a course folder, with that folder's own configuration."""
    with opened(folder) as (directory, config):
        yield NbGraderAPI(directory, config=config)


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[tuple[CourseDirectory, Config]]:
    """Open a course folder, with its own configuration, for nbgrader's parts to work in.

    Raises
    ------
    CourseError
        It is none, or its configuration does not run.
    """
    config = settings.load(folder)
    with _own_environment(), warnings.catch_warnings():
        # nbgrader 0.9 adds to a session what SQLAlchemy 2 wants told more formally
        warnings.simplefilter("ignore", SAWarning)
        # and a test cell that it puts back has no id
        warnings.simplefilter("ignore", MissingIDFieldWarning)
        try:
            directory = CourseDirectory(config=config)
        except TraitError as error:
            raise CourseError(f"{CONFIG} sets what nbgrader does not take: {error}") from None
        yield directory, config


@contextlib.contextmanager
def _own_environment() -> Iterator[None]:
    """Let nbgrader find its helpers, and put back what it leaves changed when it gives a notebook up."""
    before = dict(os.environ)
    # it calls `alembic` by its name when it makes a gradebook
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before.get("PATH", "")])
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)
