"""One file meets the same hidden data in whichever way it is marked."""

import json
import shutil

import nbformat
import pytest

from autograder.nbgrader_bridge.course import course_folder as courses
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.test_cli import COIN

ASSIGNMENT = "02-gradient-descent"
STUDENTS = [f"s{n}" for n in range(6)]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class whose marks depend on the hidden data that each submission meets."""
    folder = classes.built(tmp_path_factory.mktemp("same") / "course", ASSIGNMENT)
    released = folder / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    for student in STUDENTS:
        path = submitted(folder, student)
        path.parent.mkdir(parents=True)
        shutil.copy(released, path)
        with classes.edited(path) as notebook:
            classes.by_name(notebook)["exercise1"].source = f"{COIN}# {student}"
        (path.parent / "timestamp.txt").write_text(f"2026-01-01 10:00:0{student[1]} UTC")
    return folder


def submitted(course, student):
    return classes.submitted(course, student, ASSIGNMENT)


def marks(course):
    book = courses.marks(course, ASSIGNMENT)
    return [book[student]["exercise1-marks"] for student in STUDENTS]


def checked(course, autograder):
    done = autograder("check", "--json", *(submitted(course, s) for s in STUDENTS), cwd=course)
    assert (done.returncode, done.stderr) == (0, "")
    return [entry["exercises"]["exercise1"]["score"] for entry in json.loads(done.stdout)]


@pytest.fixture(scope="module")
def first(course, autograder):
    """The marks that `autograder grade` gives."""
    assert autograder("grade", ASSIGNMENT, cwd=course).returncode == 0
    return marks(course)


def test_grade_and_check_give_one_file_the_same_hidden_data(course, autograder, first):
    assert len(set(first)) > 1, "marks depend on the hidden data here"
    assert checked(course, autograder) == first
    assert autograder("grade", ASSIGNMENT, "--force", cwd=course).returncode == 0
    assert marks(course) == first


@pytest.mark.thorough  # nbgrader starts anew each time
def test_nbgrader_gives_it_the_same(course, first):
    for alone in ((), ("--student", STUDENTS[2])):  # nothing runs ahead of one
        classes.nbgrader(course, "autograde", ASSIGNMENT, "--force", *alone)
        assert marks(course) == first, alone


def test_saving_again_changes_nothing_and_other_code_meets_other_data(course, autograder):
    before = checked(course, autograder)
    for student in STUDENTS:
        with classes.edited(submitted(course, student)) as notebook:
            notebook.cells.insert(0, nbformat.v4.new_markdown_cell("a note"))
            for cell in notebook.cells:
                cell.metadata["scrolled"] = True
                if cell.cell_type == "code":
                    cell.outputs = [nbformat.v4.new_output("stream", text="other outputs")]
    assert checked(course, autograder) == before
    for student in STUDENTS:
        (submitted(course, student).parent / "table.txt").write_text(student)
    assert checked(course, autograder) != before
