"""nbgrader's own commands on the course: an instructor, two students, and an exchange between them."""

import csv
import os
import shutil
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import matplotlib
import nbformat
import pytest

from autograder import assignments
from autograder.nbgrader_bridge.course import course_folder as course
from autograder.publishing.build import write_source
from autograder.student_material import FOLDER
from samples import samples
from tests.process import python
from tests.tables import first_every_day
from tests.warm_kernels import warm_kernels

NETWORK, DESCENT = "01-error-backpropagation", "02-gradient-descent"
CLASS = {"amara": "matrix_products", "hana": "keepdims_bias"}

# nbgrader takes a student's name from the operating system. All of this runs as one user, so the
# students give their names themselves, and `collect` does not ask whose the files are.
SHARED = """
c = get_config()
c.CourseDirectory.course_id = "{course_id}"
c.Exchange.root = "{exchange}"
c.ExchangeCollect.check_owner = False
"""


@dataclass
class Person:
    """Somebody at a terminal: a home, a folder to work in, and nbgrader."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def nbgrader(self, *arguments, status=0):
        """Run an nbgrader command in this person's folder; what it prints, and its log."""
        environment = os.environ | self.settings
        done = python("-m", "nbgrader", *arguments, cwd=self.folder, status=status, environment=environment)
        assert "Traceback" not in done.stderr
        assert "[ERROR]" not in done.stderr
        return done.stdout + done.stderr


def person(home, config):
    """Nothing of whoever runs the tests is read or written: no home, no Jupyter or IPython folder."""
    work = home / "work"
    work.mkdir(parents=True)
    beside = str(Path(sys.executable).parent)  # where nbgrader finds `alembic`, which it calls by name
    settings = {
        "HOME": str(home),
        "PATH": os.pathsep.join([beside, os.environ.get("PATH", "")]),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_DATA_DIR": str(home / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "MPLCONFIGDIR": matplotlib.get_cachedir(),  # its list of fonts takes long to make
    }
    return Person(work, settings)


@pytest.fixture
def config(tmp_path):
    """What all of a university's machines share: nbgrader's configuration, and the exchange."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    folder = tmp_path / "config"
    folder.mkdir()
    text = SHARED.format(course_id=course.COURSE_ID, exchange=exchange)
    (folder / "nbgrader_config.py").write_text(text)
    return folder


@pytest.fixture(scope="module")
def kernels():
    """The environment's settings for kernels that need not import PyTorch."""
    with warm_kernels() as environment:
        yield {name: value for name, value in environment.items() if os.environ.get(name) != value}


@pytest.fixture
def student(tmp_path, config, kernels):
    student = person(tmp_path / "student", config)
    return replace(student, settings=student.settings | kernels)


def answer(path, sample):
    """Write a sample's answers into a student's notebook."""
    nbformat.write(samples(path.stem)[sample].notebook(path), path)


def handed_out(student, name):
    """A student's folder with the notebook as it is handed out, and what it imports."""
    for folder in ("utils", "files"):
        shutil.copytree(
            FOLDER / folder, student.folder / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    return Path(shutil.copy(FOLDER / "notebooks" / f"{name}.ipynb", student.folder))


@pytest.mark.thorough  # sixteen commands of nbgrader's, each a process that imports all of it
def test_a_term_from_generate_assignment_to_export(tmp_path, config):
    instructor = person(tmp_path / "instructor", config)
    students = {name: person(tmp_path / name, config) for name in CLASS}
    course.prepare(instructor.folder)
    write_source(assignments.load(NETWORK), instructor.folder / "source" / NETWORK)

    instructor.nbgrader("generate_assignment", NETWORK, "--create")
    release = instructor.folder / "release" / NETWORK
    notebook = f"{NETWORK}.ipynb"
    assert (release / notebook).read_bytes() == (FOLDER / "notebooks" / notebook).read_bytes()

    instructor.nbgrader("release_assignment", NETWORK)
    assert NETWORK in students["amara"].nbgrader("list")

    for name, sample in CLASS.items():
        me, fetched = students[name], students[name].folder / NETWORK
        me.nbgrader("fetch_assignment", NETWORK)
        assert contents(fetched) == contents(release)
        assert {"utils", "files", notebook} == {path.name for path in fetched.iterdir()}
        answer(fetched / notebook, sample)
        me.nbgrader("submit", NETWORK, "--student", name)
    assert "amara" in instructor.nbgrader("list", "--inbound")

    instructor.nbgrader("collect", NETWORK)
    collected = {path.parts[-3] for path in instructor.folder.glob(f"submitted/*/{NETWORK}/{notebook}")}
    assert collected == set(CLASS)

    instructor.nbgrader("autograde", NETWORK)
    instructor.nbgrader("generate_feedback", NETWORK)
    instructor.nbgrader("release_feedback", NETWORK)
    instructor.nbgrader("export")
    with (instructor.folder / "grades.csv").open(newline="") as file:
        exported = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(exported) == set(CLASS)
    for name, sample in CLASS.items():
        assert exported[name]["assignment"] == NETWORK
        assert float(exported[name]["score"]) == samples(NETWORK)[sample].score
        assert float(exported[name]["max_score"]) == 30
    assert len({row["score"] for row in exported.values()}) == len(CLASS)

    for name, me in students.items():
        me.nbgrader("fetch_feedback", NETWORK, "--student", name)
        (page,) = (me.folder / NETWORK / "feedback").rglob(f"{NETWORK}.html")
        own = instructor.folder / "feedback" / name / NETWORK / f"{NETWORK}.html"
        assert page.read_bytes() == own.read_bytes()


def contents(folder):
    """Every file below a folder, and what is in it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.thorough  # nbgrader's own command, with a kernel
@pytest.mark.parametrize("name", first_every_day([NETWORK, DESCENT]))
def test_validating_an_unfinished_notebook_says_what_is_not_written(student, name):
    handed_out(student, name)
    message = student.nbgrader("validate", f"{name}.ipynb")
    exercises = assignments.load(name).exercises
    assert f"VALIDATION FAILED ON {len(exercises)} CELL(S)!" in message
    for exercise in exercises:
        assert f"{exercise.name} is not written yet: its cell still raises NotImplementedError." in message
    assert "Success" not in message


@pytest.mark.thorough  # nbgrader's own command, with a kernel
def test_validating_a_finished_notebook_passes(student):
    answer(handed_out(student, NETWORK), "matrix_products")
    message = student.nbgrader("validate", f"{NETWORK}.ipynb")
    assert "Success! Your notebook passes all the tests." in message
    assert "FAILED" not in message


@pytest.mark.thorough  # nbgrader's own command, with a kernel
def test_validating_a_wrong_answer_tells_nothing_of_its_marks(student):
    """What is hidden stays hidden: only an unwritten task fails."""
    answer(handed_out(student, NETWORK), "keepdims_bias")
    assert "Success!" in student.nbgrader("validate", f"{NETWORK}.ipynb")


@pytest.mark.thorough  # nbgrader's own command, with a kernel
def test_validating_half_a_notebook_names_the_missing_half(student):
    answer(handed_out(student, NETWORK), "first_exercise_only")
    message = student.nbgrader("validate", f"{NETWORK}.ipynb")
    assert "VALIDATION FAILED ON 1 CELL(S)!" in message
    assert "exercise2 is not written yet" in message
    assert "exercise1 is not written yet" not in message
