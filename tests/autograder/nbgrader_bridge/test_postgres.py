"""A gradebook on a PostgreSQL server, which the tests start and stop, from release to export."""

import csv
import os
import re
import signal

import pytest
from nbgrader.api import Base
from sqlalchemy import create_engine

from autograder.nbgrader_bridge.course import course_folder as course
from tests.autograder.nbgrader_bridge import classes, postgres
from tests.autograder.nbgrader_bridge.classes import FEW, NETWORK, Run, nbgrader
from tests.process import ROOT, python

pytestmark = pytest.mark.thorough  # class after class, on a server that is stopped and started

MORE = {f"student{number:02}": "transposed" for number in range(12)}


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


@pytest.fixture
def folder(server, tmp_path):
    """A course, released, whose gradebook is a database of its own on the server."""
    folder = tmp_path / "course"
    course.prepare(folder)
    keep_in(folder, server.create(f"course{os.getpid()}_{tmp_path.name[-40:]}"))
    return classes.built(folder)


def keep_in(folder, url):
    """Have a course's gradebook where this leads to."""
    classes.configure(folder, f'c.CourseDirectory.db_url = "{url}"')


@pytest.fixture
def under_way(few, running):
    """A run of many, of which some are graded."""
    classes.hand_in_all(few, MORE)
    run = Run(few, ("--jobs", "1"))
    return run, run.begin()


def address(server):
    """A gradebook's, as it is told to people: without the password."""
    return server.url("*").replace("secret", "***").removesuffix("*")


def test_grade_autograde_feedback_export_and_formgrader_work_on_it(few):
    Run(few).finish()
    classes.assert_whole(few, FEW)
    graded = set(few.glob("autograded/*/*/*.ipynb"))
    assert not list(few.glob("*.db")), "no SQLite"

    nbgrader(few, "autograde", NETWORK, "--force", "--student", "hana")
    assert course.marks(few, NETWORK) == classes.expected(FEW)
    assert set(few.glob("autograded/*/*/*.ipynb")) == graded

    nbgrader(few, "generate_feedback", NETWORK)
    assert {path.parts[-3] for path in few.glob("feedback/*/*/*.html")} == {"amara", "goran", "hana"}
    nbgrader(few, "export")
    with (few / "grades.csv").open(newline="") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {student: sum(marks.values()) for student, marks in classes.expected(FEW).items()}
    nbgrader(few, "db", "upgrade")

    with course._api(few) as api:  # what formgrader asks for its pages
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
    assert len(before["student"]) == len(FEW)

    url = server.create(f"moved{os.getpid()}")
    docs = (ROOT / "docs" / "postgres.md").read_text("utf-8")
    script = re.search(r"```python\n(from nbgrader\.api .*?)```", docs, re.DOTALL)[1]
    script, named = re.subn(r'new_url = ".*"', f'new_url = "{url}"', script)
    assert named == 1
    python("-c", script, cwd=folder, environment=classes.with_our_programs())
    assert all_rows(url) == before

    (folder / "gradebook.db").unlink()
    keep_in(folder, url)
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
        tables = Base.metadata.sorted_tables
        rows = {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}
    engine.dispose()
    return rows


def test_a_server_that_stops_in_mid_run_is_reported_and_the_same_command_goes_on(few, running, under_way):
    run, process = under_way
    running.stop("immediate")
    message = classes.said(process, status=1)
    kept, expected = classes.stopped(few, f"The gradebook {address(running)}")
    lines, (reason, goes_on) = message.splitlines(), expected.splitlines()
    assert lines[0].startswith(reason)
    assert "could not be written: " in lines[0]
    assert "secret" not in message
    assert lines[1:] == [goes_on]
    assert 0 < kept < len(FEW | MORE)
    run.assert_nothing_is_left()

    running.start()
    assert course.marks(few, NETWORK).keys() >= {path.parent.name for path in classes.graded_folders(few)}
    run.finish()
    classes.assert_whole(few, FEW | MORE)


def test_a_server_that_is_started_again_between_two_batches_costs_nothing(few, running, under_way):
    _, process = under_way
    os.kill(process.pid, signal.SIGSTOP)  # nothing is written while the server is away
    running.restart()
    os.kill(process.pid, signal.SIGCONT)
    assert "Graded now:" in classes.said(process)
    classes.assert_whole(few, FEW | MORE)


def test_a_server_that_does_not_answer_is_reported(few, running):
    running.stop()
    message = Run(few).finish(status=1)
    assert message.startswith(f"Nothing was graded: The gradebook {address(running)}")
    assert "could not be opened: " in message
    assert "refused" in message
    assert len(message.splitlines()) == 1


def test_without_psycopg_the_extra_is_named(few):
    settings = classes.lacking(few.parent / "lacking", "psycopg")
    message = Run(few, (), settings).finish(status=1)
    assert message.endswith("`pip install 'psycopg[binary]'`.")
    assert len(message.splitlines()) == 1
