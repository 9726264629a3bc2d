"""nbgrader's own commands on the course: an instructor, two students, and an exchange between them."""

import csv
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib
import pytest

from autograder import assignments
from autograder.nbgrader_bridge.course import course_folder as course
from autograder.publishing.build import write_source
from autograder.student_material import FOLDER
from samples import samples
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.tables import first_every_day
from tests.warm_kernels import warm_kernels

DESCENT = "02-gradient-descent"
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
    """Somebody at a terminal: a folder to work in, a home around it, and nbgrader."""

    folder: Path
    settings: dict[str, str]

    def nbgrader(self, *arguments):
        """Run an nbgrader command in this person's folder; what it prints, and its log."""
        return classes.nbgrader(self.folder, *arguments, **self.settings)


def person(home, config):
    """Nothing of whoever runs the tests is read or written: no home, no Jupyter or IPython folder."""
    work = home / "work"
    work.mkdir(parents=True)
    settings = {
        "HOME": str(home),
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
    exchange, folder = tmp_path / "exchange", tmp_path / "config"
    exchange.mkdir()
    exchange.chmod(0o777)
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


def handed_out(student, name):
    """A student's folder with the notebook as it is handed out, and what it imports."""
    code_alone = shutil.ignore_patterns("__pycache__")
    for folder in ("utils", "files"):
        shutil.copytree(FOLDER / folder, student.folder / folder, ignore=code_alone)
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
        assert classes.contents(fetched) == classes.contents(release)
        assert {"utils", "files", notebook} == {path.name for path in fetched.iterdir()}
        classes.answer(fetched / notebook, sample)
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
@pytest.mark.parametrize(
    ("sample", "said", "not_said"),
    [
        ("matrix_products", "Success! Your notebook passes all the tests.", "FAILED"),
        ("keepdims_bias", "Success! Your notebook passes all the tests.", "FAILED"),
        ("first_exercise_only", "exercise2 is not written yet", "exercise1 is not written yet"),
    ],
    ids=["a right answer", "a wrong answer, of whose marks nothing is told", "half a notebook"],
)
def test_validating_a_notebook_says_what_is_missing_and_not_what_is_wrong(student, sample, said, not_said):
    classes.answer(handed_out(student, NETWORK), sample)
    message = student.nbgrader("validate", f"{NETWORK}.ipynb")
    assert said in message
    assert not_said not in message
    assert ("VALIDATION FAILED ON 1 CELL(S)!" in message) == (sample == "first_exercise_only")
