"""Build a course's folder and open it, with the settings that nbgrader's own programs would find.

nbgrader reads `nbgrader_config.py` and `nbgrader_config.json` in Jupyter's folders, in the current folder,
and in the course's folder, and it puts the current folder on Python's path, so that plugins can be there.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from nbformat.warnings import MissingIDFieldWarning
from nbgrader import api, dbutil
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets import TraitError
from traitlets.config import Application, Config

from autograder import assignments, patches
from autograder.nbgrader_bridge.course.errors import CourseError as CourseError
from autograder.nbgrader_bridge.course.instructor_changes import BuildRecord
from autograder.nbgrader_names import CONFIG as CONFIG
from autograder.publishing.build import source_files
from autograder.sandbox.protocol.limits import USUAL

CONFIGS = (CONFIG, "nbgrader_config.json")


def load_settings(folder: Path) -> Config:
    """Read the settings of the course in a folder; its `CourseDirectory.root` says where the course is.

    Raises
    ------
    CourseError
        There is no course, or its settings cannot be read.
    """
    here = Path.cwd()
    try:
        folder = folder.resolve()
    except (OSError, RuntimeError):  # before Python 3.13 the second, of links that lead in a circle
        raise CourseError(f"{folder} is not a folder: it is a link that leads in a circle.") from None
    program = NbGrader(raise_config_file_errors=True, log_level=logging.CRITICAL)
    try:
        with importable(here, folder):
            program.load_config_file(suppress_errors=False)
            elsewhere = program.config.CourseDirectory.pop("root", None) if folder == here else None
            if _holds_settings(folder):
                elsewhere = None  # unless its own settings say where the course is
                program.config.CourseDirectory.pop("root", None)
            elif not elsewhere and not (folder != here and _holds_settings(here)):
                raise CourseError(
                    f"{folder} is not a course folder: it has no {CONFIG}. "
                    "Run this command in the course folder."
                )
            _add(program, folder)
            root = (folder / program.config.CourseDirectory.get("root", elsewhere or folder)).resolve()
            if root != folder:
                _add(program, root)
    except json.JSONDecodeError as error:
        raise CourseError(f"{CONFIGS[1]} is not valid JSON: {error}") from None
    except CourseError:
        raise
    except (Exception, SystemExit) as error:  # it is a program
        raise CourseError(f"{CONFIG} does not run: {type(error).__name__}: {error}") from None
    config: Config = program.config
    config.CourseDirectory.root = str(root)
    return config


def _add(program: NbGrader, folder: Path) -> None:
    """Add a folder's settings on top of those read before, as nbgrader does."""
    Application.load_config_file(program, CONFIG, path=str(folder))


def _holds_settings(folder: Path) -> bool:
    return any((folder / name).is_file() for name in CONFIGS)


@contextlib.contextmanager
def importable(*folders: Path) -> Iterator[None]:
    """Make modules in these folders importable meanwhile, the first folder's before all others.

    Only meanwhile, because processes that grade must not find a course's own `utils.py` instead of ours.
    """
    before = list(sys.path)
    sys.path[:0] = [str(folder) for folder in folders]
    try:
        yield
    finally:
        sys.path[:] = before


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Work as nbgrader runs plugins: in the course's folder, with modules there and here importable."""
    with importable(Path.cwd(), folder), contextlib.chdir(folder):
        yield


def root_of(config: Config) -> Path:
    """Return the folder of the course according to its settings."""
    return Path(config.get("CourseDirectory", {}).get("root") or os.getcwd())  # noqa: PTH109  nbgrader's default


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

# Seconds for one cell, in the sandbox and in a kernel. An answer that takes longer is stopped.
c.BoxedExecute.timeout = {USUAL.cell:g}
c.Execute.timeout = {USUAL.cell:g}

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
    folder : gets source/ and release/, and nbgrader_config.py if it has none. Files in them that were changed
        since they were built, or added, stay.
    notebooks : gets a copy of each released notebook.
    force : also replace changed files, after backing them up in `autograder-backups/`.
    leave_out : names of assignments that are not built.
    tell : gets a line for each file that is left as it is.

    Raises
    ------
    CourseError
        nbgrader refused an assignment, which is then as it was before.
    """
    prepare(folder)
    released = []
    for assignment in assignments.load_all():
        name, record = assignment.name, BuildRecord(folder)
        if name in leave_out:
            continue
        with _restored_on_failure(folder, f"source/{name}", f"release/{name}"):
            unchanged = record.update(f"source/{name}", source_files(assignment), force=force)
            changed = record.is_changed(f"release/{name}")
            if changed and force:
                record.back_up(f"release/{name}")
            if not changed or force:
                generate_assignment(folder, name)
                record.remember(f"release/{name}")
            else:
                unchanged.append(f"release/{name}")
            record.save()
        for path in unchanged:
            tell(f"{path} was changed in this course, and is left as it is.")
        released.append(folder / "release" / name / f"{name}.ipynb")
        if notebooks is not None:
            notebooks.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(released[-1], notebooks / released[-1].name)
    return released


@contextlib.contextmanager
def _restored_on_failure(course: Path, *places: str) -> Iterator[None]:
    """Restore folders of a course if what is done meanwhile fails: nbgrader empties a release first."""
    with tempfile.TemporaryDirectory(prefix=".autograder-", dir=course) as copies:
        existing = [place for place in places if (course / place).exists()]
        for place in existing:
            shutil.copytree(course / place, Path(copies) / place, symlinks=True)
        try:
            yield
        except BaseException:
            for place in places:
                shutil.rmtree(course / place, ignore_errors=True)
            for place in existing:
                shutil.move(Path(copies) / place, course / place)
            raise


def prepare(folder: Path) -> None:
    """Make `folder` a course folder; keep a configuration that is there already."""
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
        _require_success(
            api.generate_assignment(assignment, force=True, create=True), f"generate {assignment}"
        )
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
        _require_success(outcome, f"grade {assignment} of {student}")


def generate_feedback(folder: Path, assignment: str, student: str) -> Path:
    """Run nbgrader's generate_feedback on one graded submission; return the page's folder.

    Raises
    ------
    CourseError
        nbgrader could not write it, with the last lines of its log.
    """
    with _api(folder) as api:
        outcome = api.generate_feedback(assignment, student, force=True)
        _require_success(outcome, f"write feedback on {assignment} for {student}")
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


def _require_success(outcome: dict[str, Any], what: str) -> None:
    """Raise what nbgrader reports as a failure."""
    if not outcome["success"]:
        log = "\n".join(str(outcome.get("log", "")).strip().splitlines()[-12:])
        raise CourseError(f"nbgrader could not {what}:\n{log}")


@contextlib.contextmanager
def _api(folder: Path) -> Iterator[NbGraderAPI]:
    """Open nbgrader in a course folder, with that folder's own configuration."""
    with open_course(folder) as (directory, config):
        yield NbGraderAPI(directory, config=config)


@contextlib.contextmanager
def open_course(folder: Path) -> Iterator[tuple[CourseDirectory, Config]]:
    """Open a course's folder, with its own configuration, for nbgrader's parts to work in.

    Raises
    ------
    CourseError
        It is no course's folder, or its configuration does not run.
    """
    patches.read_schema_version_here(api, dbutil.ALEMBIC_DIR)
    config = load_settings(folder)
    with _own_environment(), warnings.catch_warnings():
        # nbgrader 0.9 uses sessions in a way that SQLAlchemy 2 warns of
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
    """Let nbgrader find its helpers, and restore what it leaves changed when it aborts a notebook."""
    before = dict(os.environ)
    # it calls `alembic` by its name when it makes a gradebook, in versions that `patches` leaves as they are
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before.get("PATH", "")])
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)
