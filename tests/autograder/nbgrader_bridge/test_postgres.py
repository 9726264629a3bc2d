"""A gradebook on a PostgreSQL server, which the tests start and stop, from release to export."""

import csv
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Base
from sqlalchemy import create_engine

from autograder.nbgrader_bridge.course import course_folder as course
from tests.autograder.nbgrader_bridge import classes, postgres
from tests.autograder.nbgrader_bridge.classes import NETWORK, Run

pytestmark = pytest.mark.thorough  # class after class, on a server that is stopped and started

DOCS = Path(__file__).parents[3] / "docs" / "postgres.md"
FEW = {student: classes.CLASS[student] for student in ("amara", "goran", "hana", "nils")}


@pytest.fixture(scope="module")
def server():
    """A server, started once for all tests here."""
    programs = postgres.installed()
    if programs is None:
        assert "CI" not in os.environ, "here this test may not be left out"
        pytest.skip("PostgreSQL is not installed")
    with postgres.served(programs) as server:
        yield server


@pytest.fixture
def running(server):
    """The server, which runs again after the test, whatever the test did to it."""
    yield server
    server.restart()


def on_server(folder, url):
    """A course folder, not yet released, whose gradebook is a server's."""
    course.prepare(folder)
    with (folder / course.CONFIG).open("a") as config:
        config.write(f'\nc.CourseDirectory.db_url = "{url}"\n')
    return classes.built(folder)


@pytest.fixture
def folder(server, tmp_path):
    """A course, released, with a database of its own, in which a few have handed in."""
    folder = on_server(tmp_path / "course", server.create(f"course{os.getpid()}_{tmp_path.name[-40:]}"))
    classes.hand_in_all(folder, FEW)
    return folder


def with_our_programs():
    """An environment in which nbgrader finds what it calls by name."""
    beside = str(Path(sys.executable).parent)
    return os.environ | {"PATH": os.pathsep.join([beside, os.environ.get("PATH", "")])}


def nbgrader(folder, *arguments):
    """Run an nbgrader command in a course folder; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=with_our_programs(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "[ERROR]" not in done.stderr
    return done.stdout + done.stderr


def test_grade_autograde_feedback_export_and_formgrader_work_on_it(folder):
    Run(folder).finish()
    classes.assert_whole(folder, FEW)
    graded = {path: path.read_bytes() for path in folder.glob("autograded/*/*/*.ipynb")}
    assert not list(folder.glob("*.db")), "no SQLite"

    nbgrader(folder, "autograde", NETWORK, "--force", "--student", "hana")
    assert course.marks(folder, NETWORK) == classes.expected(FEW)
    assert set(folder.glob("autograded/*/*/*.ipynb")) == set(graded)

    nbgrader(folder, "generate_feedback", NETWORK)
    assert {path.parts[-3] for path in folder.glob("feedback/*/*/*.html")} == {"amara", "goran", "hana"}
    nbgrader(folder, "export")
    with (folder / "grades.csv").open(newline="") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {student: sum(marks.values()) for student, marks in classes.expected(FEW).items()}
    nbgrader(folder, "db", "upgrade")

    with course._api(folder) as api:  # what formgrader asks for its pages
        assert [result["name"] for result in api.get_assignments()] == [NETWORK]
        assert {result["id"]: result["score"] for result in api.get_students()} == exported
        assert {result["student"]: result["score"] for result in api.get_submissions(NETWORK)} == exported
        assert len(api.get_notebook_submissions(NETWORK, NETWORK)) == len(graded)
        (notebook,) = api.get_notebooks(NETWORK)
        assert notebook["average_score"] == sum(exported.values()) / len(exported)
        assert api.get_student_submissions("hana")[0]["score"] == exported["hana"]
        assert api.get_student_notebook_submissions("hana", NETWORK)[0]["score"] == exported["hana"]


def test_the_script_of_the_docs_moves_a_gradebook_from_sqlite(server, tmp_path):
    folder = classes.built(tmp_path / "course")
    classes.hand_in_all(folder, FEW)
    Run(folder).finish()
    with course._api(folder) as api, api.gradebook as book:
        book.find_grade("exercise1-marks", NETWORK, NETWORK, "hana").manual_score = 12.5
        book.db.commit()
    before = all_rows(f"sqlite:///{folder}/gradebook.db")
    assert {table: len(of) for table, of in before.items()}["student"] == len(FEW)

    url = server.create(f"moved{os.getpid()}")
    script = re.search(r"```python\n(from nbgrader\.api .*?)```", DOCS.read_text("utf-8"), re.DOTALL)[1]
    script, named = re.subn(r'new_url = ".*"', f'new_url = "{url}"', script)
    assert named == 1
    subprocess.run([sys.executable, "-c", script], cwd=folder, env=with_our_programs(), check=True)
    assert all_rows(url) == before

    (folder / "gradebook.db").unlink()
    with (folder / course.CONFIG).open("a") as config:
        config.write(f'\nc.CourseDirectory.db_url = "{url}"\n')
    marks = course.marks(folder, NETWORK)
    assert marks["hana"]["exercise1-marks"] == 12.5
    assert marks["goran"] == classes.expected(FEW)["goran"]
    Run(folder, ("--force", "--student", "goran")).finish()
    assert course.marks(folder, NETWORK) == marks
    assert not list(folder.glob("*.db"))


def all_rows(url):
    """Everything in a gradebook, table by table."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {
            t.name: sorted(map(repr, connection.execute(t.select()))) for t in Base.metadata.sorted_tables
        }
    engine.dispose()
    return rows


def test_a_server_that_stops_in_mid_run_is_reported_and_the_same_command_goes_on(folder, running):
    many = FEW | {f"student{number:02}": "transposed" for number in range(12)}
    classes.hand_in_all(folder, {student: many[student] for student in many if student not in FEW})
    run = Run(folder, ("--jobs", "1"))
    process = run.start()
    assert classes.eventually(lambda: bool(classes.graded_folders(folder)), classes.SECONDS)
    running.stop("immediate")
    message = classes.said(process, status=1)
    kept = len(classes.graded_folders(folder))
    lines = message.splitlines()
    address = running.url("*").replace("secret", "***").removesuffix("*")
    assert lines[0].startswith(f"Stopped: The gradebook {address}")
    assert "could not be written: " in lines[0]
    assert "secret" not in message
    assert "graded and kept. Run the same command again to grade the rest." in lines[1]
    assert len(lines) == 2
    assert 0 < kept < len(many)
    run.assert_nothing_is_left()

    running.start()
    assert course.marks(folder, NETWORK).keys() >= {
        path.parent.name for path in classes.graded_folders(folder)
    }
    run.finish()
    classes.assert_whole(folder, many)


def test_a_server_that_is_started_again_between_two_batches_costs_nothing(folder, running):
    many = FEW | {f"student{number:02}": "transposed" for number in range(12)}
    classes.hand_in_all(folder, {student: many[student] for student in many if student not in FEW})
    process = Run(folder, ("--jobs", "1")).start()
    assert classes.eventually(lambda: bool(classes.graded_folders(folder)), classes.SECONDS)
    os.kill(process.pid, signal.SIGSTOP)  # nothing is written while the server is away
    running.restart()
    os.kill(process.pid, signal.SIGCONT)
    assert "Graded now:" in classes.said(process)
    classes.assert_whole(folder, many)


def test_a_server_that_does_not_answer_is_reported(folder, running):
    running.stop()
    message = Run(folder).finish(status=1)
    address = running.url("*").replace("secret", "***").removesuffix("*")
    assert message.startswith(f"Nothing was graded: The gradebook {address}")
    assert "could not be opened: " in message
    assert "refused" in message
    assert len(message.splitlines()) == 1


def test_without_psycopg_the_extra_is_named(folder):
    lacking = folder.parent / "lacking"
    lacking.mkdir()
    (lacking / "sitecustomize.py").write_text("import sys\nsys.modules['psycopg'] = None\n")
    message = Run(folder, (), {"PYTHONPATH": str(lacking)}).finish(status=1)
    assert message.endswith("`pip install 'psycopg[binary]'`.")
    assert len(message.splitlines()) == 1


def test_the_gradebook_of_a_course_is_sqlite_unless_said_otherwise(tmp_path):
    course.prepare(tmp_path)
    with course.open_course(tmp_path) as (directory, _):
        assert directory.db_url == f"sqlite:///{tmp_path}/gradebook.db"
