"""`nbgrader autograde` finds the next submissions run already, and takes nothing that is another's."""

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import Autograde

from autograder.nbgrader_bridge.autograde import prefetch
from autograder.nbgrader_bridge.course import course_folder as course
from autograder.nbgrader_bridge.submission.grade_submission import fingerprint
from autograder.nbgrader_bridge.submission.sanitize_notebook import NotebookSanitizer
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter
from autograder.sandbox.protocol.limits import Limits
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.process import python

THREE = {"amara": "matrix_products", "bruno": "no_factor_two", "chiara": "empty"}
WITHOUT_ITSELF = """
import sys
from autograder.nbgrader_bridge.autograde import preprocessor
from nbgrader.apps.nbgraderapp import NbGraderApp

def refuse(*_):
    raise AssertionError("nbgrader's own process ran a notebook")

if __name__ == "__main__":
    preprocessor.grade_notebook = refuse
    NbGraderApp.launch_instance(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def course_of_three(built, tmp_path_factory):
    """A course in which three have handed in."""
    folder = shutil.copytree(built, tmp_path_factory.mktemp("ahead") / "course")
    classes.hand_in_all(folder, THREE)
    return folder


@pytest.fixture
def converter(course_of_three):
    """nbgrader's own, in that course."""
    with course.open_course(course_of_three) as (directory, config):
        directory.assignment_id = NETWORK
        yield Autograde(coursedir=directory, config=config)


@pytest.fixture
def begun(converter, fork_server):
    """What is run ahead from the first student on."""
    runs = prefetch.start_prefetch(converter, NETWORK, "amara", Limits(60, 60, 600), fork_server)
    yield runs
    runs.close()


def restored(converter, student):
    """A student's notebook as nbgrader has it when it is to be run."""
    directory = converter.coursedir
    notebook = nbformat.read(classes.submitted(Path(directory.root), student), as_version=4)
    with GradebookWriter(directory.db_url, directory.course_id, converter.config) as writer:
        sanitizer = NotebookSanitizer(writer.read_release(NETWORK), converter.config, converter.log)
    sanitizer.sanitize(notebook, NETWORK)
    return notebook


@pytest.mark.thorough  # nbgrader's own command and processes beside it
def test_a_class_is_run_by_other_processes_and_earns_its_marks(folder, tmp_path):
    classes.hand_in_all(folder)
    (tmp_path / "without_itself.py").write_text(WITHOUT_ITSELF)
    program = tmp_path / "without_itself.py"
    done = python(program, "autograde", NETWORK, "--create", cwd=folder, status=None)
    assert "ran a notebook" not in done.stderr, done.stderr
    marks = course.marks(folder, NETWORK)
    expected = {who: of for who, of in classes.expected().items() if classes.CLASS[who] != classes.UNREADABLE}
    assert {who: marks[who] for who in expected} == expected
    with classes.opened(folder) as book:
        assert len(book.assignment_submissions(NETWORK)) == len(classes.CLASS)


@pytest.mark.thorough  # nbgrader's own command and processes beside it
def test_interrupted_it_does_not_wait_for_what_is_run_ahead(folder):
    classes.hand_in_all(folder, {"amara": "matrix_products", "bruno": "never_ends", "chiara": "empty"})
    classes.configure(folder, "c.BoxedExecute.timeout = 500")
    run = classes.Run(folder, ("--create",), command="autograde", module="nbgrader")
    process = run.start()
    try:
        assert classes.eventually(lambda: (folder / "autograded" / "bruno").exists())
        time.sleep(2)  # nbgrader waits for bruno
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        assert classes.eventually(lambda: not run.processes()), run.processes()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize(("chosen", "student"), [("bruno", "bruno"), ("*", "chiara")], ids=["alone", "last"])
def test_who_is_alone_or_the_last_is_run_in_place(converter, fork_server, chosen, student):
    converter.coursedir.student_id = chosen
    assert prefetch.start_prefetch(converter, NETWORK, student, Limits(), fork_server) is None


@pytest.mark.thorough  # a process of its own
def test_what_was_run_is_given_to_whose_it_is(begun, converter):
    for student in ("amara", "chiara"):  # bruno is passed over
        notebook, graded = begun.executed(student, NETWORK, restored(converter, student))
        assert graded.student == student
        assert notebook.scores == {}
    assert begun.executed("bruno", NETWORK, restored(converter, "bruno")) is None
    assert begun.executed("nobody", NETWORK, restored(converter, "bruno")) is None


@pytest.mark.thorough  # a process of its own
def test_another_notebook_than_the_one_that_was_run_is_not_taken_for_it(begun, converter):
    assert begun.executed("amara", NETWORK, restored(converter, "bruno")) is None
    notebook = restored(converter, "amara")
    assert begun.executed("amara", "another-notebook", notebook) is None
    assert begun.executed("amara", NETWORK, notebook) is not None


def test_a_fingerprint_is_of_all_that_is_run_and_of_nothing_else(converter):
    notebook = restored(converter, "amara")
    first = fingerprint(notebook)
    for cell in notebook.cells:
        cell.id = "another"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], 7
    assert fingerprint(notebook) == first
    changes = (
        lambda cells: cells.pop(),
        lambda cells: cells[-1].update(source=cells[-1].source + "\n"),
        lambda cells: cells[-1].update(cell_type="raw"),
        lambda cells: cells[-1].metadata.update(nbgrader={"grade_id": "x"}),
    )
    prints = {first}
    for change in changes:
        other = restored(converter, "amara")
        change(other.cells)
        prints.add(fingerprint(other))
    assert len(prints) == 1 + len(changes)
    notebook.cells[0].source = "\ud800"
    assert fingerprint(notebook) == ""
