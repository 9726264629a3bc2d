"""A class that has handed in, `autograder grade` in a process of its own, and what has to hold afterwards."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder import assignments
from autograder.grading import secret
from autograder.nbgrader_bridge.course import course_folder as course
from autograder.nbgrader_bridge.whole_class.autograded_folder import STAGING
from autograder.publishing.build import write_source
from samples import samples
from samples.demo import hand_in
from tests.process import python

NETWORK = "01-error-backpropagation"
UNREADABLE = "no_notebook"
CLASS = {
    "amara": "matrix_products",
    "bruno": "explicit_loops",
    "chiara": "prints_and_warns",
    "goran": "no_factor_two",
    "hana": "missing_relu_mask",
    "ivan": "transposed",
    "kaya": "detached",
    "liam": "raises",
    "mona": "empty",
    "nils": UNREADABLE,
}
FEW = {student: CLASS[student] for student in ("amara", "goran", "hana", "nils")}
SECONDS = 1200  # for a run, on a machine that may be very busy
VANISH_SECONDS = 120  # for the processes of a run that has ended
LOOKS = re.compile(r"\bplt\.|\butils\.(attempt|check|show)")
KERNELS_OWN = re.compile(
    r"ERROR:tornado\.general:Uncaught exception in ZMQStream callback\n"
    r"Traceback .*\n(?: .*\n)*zmq\.error\.ZMQError: .*\n"
)
"""What a kernel that is ended on a busy machine may say of its own sockets, and nothing else."""
LINE = "MARK_OF_A_TEST"  # in the environment of every process of a run


def built(folder: Path, *names: str, whole: bool = False) -> Path:
    """Make a course folder with some assignments, released, and with a secret that is the same every time.

    names : of the assignments, for each of which nbgrader takes seconds; the first of ours if left out.
    whole : whether notebooks are released as they are, and not without their pictures.
    """
    course.prepare(folder)
    for assignment in names or (NETWORK,):
        write_source(assignments.load(assignment), folder / "source" / assignment)
        course.generate_assignment(folder, assignment)
        if not whole:
            leave_out_pictures(folder / "release" / assignment / f"{assignment}.ipynb")
    (folder / secret.FILE).write_bytes(b"the same instances at every run.")
    return folder


def leave_out_pictures(released: Path) -> None:
    """Release a notebook without the cells in which students look at what they did: these take longest."""
    with edited(released) as notebook:
        notebook.cells = [c for c in notebook.cells if "nbgrader" in c.metadata or not LOOKS.search(c.source)]


def hand_in_all(folder: Path, members: Mapping[str, str] = CLASS) -> None:
    """Hand in everybody's notebook, with the time at which it was handed in."""
    for student, sample in members.items():
        hand_in(folder, NETWORK, student, sample)
        (folder / "submitted" / student / NETWORK / "timestamp.txt").write_text("2026-05-04 12:00:00 UTC")


def handed_in_whole(built: Path, folder: Path) -> Path:
    """A copy of a course in which the whole class has handed in."""
    shutil.copytree(built, folder)
    hand_in_all(folder)
    return folder


def submitted(folder: Path, student: str, assignment: str = NETWORK) -> Path:
    """The notebook that a student has handed in."""
    return folder / "submitted" / student / assignment / f"{assignment}.ipynb"


def autograded(folder: Path, student: str, assignment: str = NETWORK) -> NotebookNode:
    """A student's graded notebook."""
    path = folder / "autograded" / student / assignment / f"{assignment}.ipynb"
    return nbformat.read(path, as_version=4)


@contextmanager
def edited(path: Path) -> Iterator[NotebookNode]:
    """A notebook to be changed; its file holds it afterwards."""
    notebook = nbformat.read(path, as_version=4)
    yield notebook
    nbformat.write(notebook, path)


def answer(path: Path, sample: str) -> None:
    """Write a sample's answers into a student's notebook."""
    nbformat.write(samples(path.stem)[sample].notebook(path), path)


def by_name(notebook: NotebookNode) -> dict[str | None, NotebookNode]:
    """A notebook's cells by the names that nbgrader knows them by."""
    return {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}


def configure(folder: Path, *lines: str) -> None:
    """End a course's configuration with these lines."""
    with (folder / course.CONFIG).open("a", encoding="utf-8") as config:
        config.write("\n".join(("", *lines, "")))


def log(folder: Path, assignment: str = NETWORK) -> str:
    """The list of what the instructor may want to look at; nbgrader's own commands may write none."""
    path = folder / "autograder-logs" / f"{assignment}.txt"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and what is in it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def with_our_programs() -> dict[str, str]:
    """An environment in which nbgrader finds what it calls by name, `alembic` for instance."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return os.environ | {
        "PATH": path,
        "COLUMNS": "150",
    }  # no PYTHONPATH: a course may have a `utils` of its own


def nbgrader(folder: Path, *arguments: str, status: int | None = 0, **environment: str) -> str:
    """Run an nbgrader command in a folder; what it said, in which is no error unless it may fail."""
    settings = with_our_programs() | environment
    words = ("-m", "nbgrader", *arguments)
    done = python(*words, cwd=folder, status=status, timeout=SECONDS, environment=settings)
    if status is not None:
        problems = KERNELS_OWN.sub("", done.stderr)
        assert not re.search(r"Traceback|\[ERROR\]", problems), problems
    return done.stdout + done.stderr


def expected(members: Mapping[str, str] = CLASS) -> dict[str, dict[str, float]]:
    """Everybody's marks, by test cell; who handed in no notebook has none, which nbgrader counts as 0."""
    exercises = [exercise.name for exercise in assignments.load(NETWORK).exercises]
    return {
        student: {
            f"{name}-marks": 0.0 if sample == UNREADABLE else samples(NETWORK)[sample].marks[name]
            for name in exercises
        }
        for student, sample in members.items()
    }


def sums(folder: Path) -> dict[str, float]:
    """Everybody's marks, added up."""
    return {student: sum(cells.values()) for student, cells in course.marks(folder, NETWORK).items()}


@dataclass
class Run:
    """`autograder grade`, or another command, in a course folder, with all processes it starts."""

    folder: Path
    arguments: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    command: str = "grade"
    module: str = "autograder.cli"
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def scratch(self) -> Path:
        """Where the run's processes put their temporary files."""
        return Path(self.settings.get("TMPDIR", self.folder.with_name(f"{self.folder.name}-scratch")))

    def start(self) -> subprocess.Popen[str]:
        """Start it, as a shell would: in a process group of its own."""
        self.scratch.mkdir(exist_ok=True)
        settings = {"PATH": marked_path(self.mark), "TMPDIR": str(self.scratch), "COLUMNS": "150"}
        return subprocess.Popen(
            [sys.executable, "-m", self.module, self.command, NETWORK, *self.arguments],
            cwd=self.folder,
            env=os.environ | settings | dict(self.settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )

    def begin(self) -> subprocess.Popen[str]:
        """Start it, and wait until somebody is graded."""
        process = self.start()
        assert eventually(lambda: bool(graded_folders(self.folder)), SECONDS)
        return process

    def finish(self, status: int | None = 0) -> str:
        """Run it to its end; what it said."""
        return said(self.start(), status)

    def processes(self) -> dict[int, str]:
        """Processes of this run that live, with their command lines."""
        return marked(self.mark)

    def assert_nothing_is_left(self) -> None:
        """No process, no half-written folder, no temporary file."""
        assert eventually(lambda: not self.processes()), self.processes()
        assert not (self.folder / STAGING).exists()
        # where the host was killed, Python's own multiprocessing leaves a folder with a socket
        assert eventually(lambda: all(path.name.startswith("pymp-") for path in self.scratch.iterdir()))


def marked_path(mark: str) -> str:
    """PATH with a mark in it: a submission's process keeps that of the environment."""
    return f"{os.environ.get('PATH', '')}{os.pathsep}/{LINE}/{mark}"


def marked(mark: str) -> dict[int, str]:
    """Processes with a mark in their environment's PATH, with their command lines."""
    text = f"/{LINE}/{mark}".encode()
    result = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if text in (folder / "environ").read_bytes():
                result[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has ended, or is being ended
            continue
    return result


def lacking(folder: Path, module: str) -> dict[str, str]:
    """Settings for a run that cannot import a module."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(f"import sys\nsys.modules[{module!r}] = None\n")
    return {"PYTHONPATH": str(folder)}


def said(process: subprocess.Popen[str], status: int | None = 0) -> str:
    """Wait for a run's end; what it said. It never ends with a traceback, unless it is killed itself."""
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    if status is not None:
        assert process.returncode == status, out + err
    if process.returncode != -signal.SIGKILL:  # then Python's own processes complain of a broken pipe
        assert "Traceback" not in err, err
    return (out + err).strip()  # where there is no terminal, a progress bar is an empty line


def eventually(holds: Callable[[], bool], seconds: float = VANISH_SECONDS) -> bool:
    """Wait for something to be so."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def graded_folders(folder: Path) -> list[Path]:
    """The graded submissions that are in their places."""
    return sorted(folder.glob(f"autograded/*/{NETWORK}"))


def stopped(folder: Path, reason: str) -> tuple[int, str]:
    """How many submissions are graded in a course, and what a run that was stopped there says."""
    count = len(graded_folders(folder))
    submissions = "1 submission is" if count == 1 else f"{count} submissions are"
    return count, (
        f"Stopped: {reason}\n{submissions} graded and kept. Run the same command again to grade the rest."
    )


def flagged(folder: Path) -> set[str]:
    """Students with a notebook that formgrader shows as flagged."""
    with opened(folder) as book:
        submissions = book.assignment_submissions(NETWORK)
        return {s.student.id for s in submissions if any(notebook.flagged for notebook in s.notebooks)}


def assert_whole(folder: Path, members: Mapping[str, str] = CLASS) -> None:
    """Every submission is graded once, with its marks, and everything of it is there."""
    with opened(folder) as gradebook:
        submissions = [s.student.id for s in gradebook.assignment_submissions(NETWORK)]
        students = [student.id for student in gradebook.students]
    assert sorted(submissions) == sorted(students) == sorted(members)
    assert course.marks(folder, NETWORK) == expected(members)
    graded = {student for student, sample in members.items() if sample != UNREADABLE}
    assert {path.parent.name for path in graded_folders(folder)} == graded
    own = folder / "source" / NETWORK
    files = {path.relative_to(own) for path in own.rglob("*") if path.is_file()}
    for place in graded_folders(folder):
        nbformat.validate(nbformat.read(place / f"{NETWORK}.ipynb", as_version=4))
        kept = [path for path in place.rglob("*") if path.is_file()]
        assert {path.relative_to(place) for path in kept} == {Path("timestamp.txt"), *files}
        assert all(path.stat().st_mode & 0o777 == 0o444 for path in kept)


@contextmanager
def opened(folder: Path) -> Iterator[Any]:
    """The course's gradebook."""
    from nbgrader.api import Gradebook

    with (
        course.open_course(folder) as (directory, _),
        Gradebook(directory.db_url, directory.course_id) as gradebook,
    ):
        yield gradebook
