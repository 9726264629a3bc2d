"""An instructor changes what a marks cell is worth: marks scale however they are given, and both are told."""

import json
import re
import shutil

import nbformat
import pytest

from autograder.nbgrader_bridge.course import course_folder as course
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.autograder.nbgrader_bridge.others import PLAIN
from tests.tables import first_every_day

CLASS = {"amara": "matrix_products", "hana": "missing_relu_mask"}
P = {"amara": (20.0, 10.0), "hana": (15.0, 4.5)}  # of 20 and 10
CELLS = ("exercise1-marks", "exercise2-marks")
POINTS = {"halved": (10, 10), "doubled": (40, 10), "fractional": (0.7, 3), "nothing": (0, 10)}


def set_points(folder, points):
    """As formgrader's Create Assignment does: in the source, then the release is generated."""
    with classes.edited(folder / "source" / NETWORK / f"{NETWORK}.ipynb") as notebook:
        cells = classes.by_name(notebook)
        for name, value in points.items():
            cells[name].metadata.nbgrader.points = value
    course.generate_assignment(folder, NETWORK)


def worth(built, folder, points):
    """A course whose marks cells are worth these points, with the class's work in it."""
    shutil.copytree(built, folder)
    set_points(folder, dict(zip(CELLS, points, strict=True)))
    classes.hand_in_all(folder, CLASS)
    return folder


def scaled(points):
    return {
        student: {
            cell: pytest.approx(point * mark / of, abs=1e-6)
            for cell, point, mark, of in zip(CELLS, points, marks, (20, 10), strict=True)
        }
        for student, marks in P.items()
    }


def shown(folder, student, cell=CELLS[0]):
    """What stands above the marks, as text and as HTML."""
    outputs = classes.by_name(classes.autograded(folder, student))[cell].outputs
    (reasons,) = [output.data for output in outputs if output.output_type == "display_data"]
    return reasons["text/plain"], re.sub(r"<[^>]*>|&mdash;", "", reasons["text/html"]).replace("&nbsp;", " ")


@pytest.mark.parametrize("points", first_every_day(POINTS.values()), ids=POINTS)
def test_grade_scales_marks_with_the_points_of_their_cells(built, tmp_path, points, grade):
    folder = worth(built, tmp_path / "course", points)
    message = grade(folder)
    assert course.marks(folder, NETWORK) == scaled(points)
    assert course.marks(folder, NETWORK)["amara"] == dict(zip(CELLS, map(float, points), strict=True))
    (notice,) = [line for line in message.splitlines() if line.startswith("exercise1 is worth")]
    assert f"worth {points[0]} points in this course's gradebook and 20 P" in notice
    assert "Nothing to report" not in classes.log(folder)
    assert "when this course was built" not in message, "these points are the instructor's own"


def test_points_that_a_person_sets_in_the_gradebook_alone_count_as_well(built, tmp_path, grade):
    folder = shutil.copytree(built, tmp_path / "course")
    with classes.opened(folder) as book:
        book.find_graded_cell(CELLS[0], NETWORK, NETWORK).max_score = 8
        book.db.commit()
    classes.hand_in_all(folder, CLASS)
    grade(folder)
    assert course.marks(folder, NETWORK) == scaled((8, 10))


def test_both_numbers_are_told_to_the_student(built, tmp_path, grade):
    folder = worth(built, tmp_path / "course", (10, 10))
    grade(folder)
    for text in shown(folder, "hana"):
        assert "15 of 20 P, 7.5 of 10 points" in text
    for text in shown(folder, "hana", CELLS[1]):
        assert "4.5 of 10 P" in text
        assert "points" not in text


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["sandboxed", "plain"])
@pytest.mark.parametrize("points", [(10, 10), (40, 2.5), (0, 10)], ids=str)
def test_nbgraders_own_autograde_scales_them_too(built, tmp_path, way, points):
    folder = worth(built, tmp_path / "course", points)
    if way == "plain":
        classes.configure(folder, PLAIN)
    for student in CLASS:
        course.autograde(folder, NETWORK, student)
    assert course.marks(folder, NETWORK) == scaled(points)
    assert f"15 of 20 P, {15 * points[0] / 20:g} of {points[0]} points" in shown(folder, "hana")[0]


@pytest.mark.thorough
def test_in_a_kernel_the_notebook_may_have_gone_to_another_folder(built, tmp_path):
    folder = worth(built, tmp_path / "course", (10, 10))
    classes.configure(folder, PLAIN)
    with classes.edited(classes.submitted(folder, "amara")) as notebook:
        goes = "import os, tempfile\nos.chdir(tempfile.gettempdir())"
        notebook.cells.insert(3, nbformat.v4.new_code_cell(goes))
    course.autograde(folder, NETWORK, "amara")
    assert course.marks(folder, NETWORK)["amara"] == {CELLS[0]: 10.0, CELLS[1]: 10.0}


@pytest.mark.parametrize("raised", first_every_day([40, 1e9, "40", True]))
def test_a_student_who_raises_the_points_gains_nothing(built, tmp_path, raised, grade):
    folder = worth(built, tmp_path / "course", (10, 10))
    for student in CLASS:
        path = classes.submitted(folder, student)
        content = json.loads(path.read_text())
        for cell in content["cells"]:
            if "points" in cell["metadata"].get("nbgrader", {}):
                cell["metadata"]["nbgrader"]["points"] = raised
        path.write_text(json.dumps(content))
    grade(folder)
    assert course.marks(folder, NETWORK) == scaled((10, 10))


def test_a_course_that_was_built_when_an_exercise_was_worth_less_is_to_be_built_again(built, tmp_path, grade):
    """As if `Part.marks` had been changed since: what it was worth then stands in the hidden test."""
    folder = shutil.copytree(built, tmp_path / "course")
    path = folder / "source" / NETWORK / f"{NETWORK}.ipynb"
    path.write_text(path.read_text().replace("out_of=20", "out_of=16"))
    set_points(folder, {CELLS[0]: 16})
    classes.hand_in_all(folder, CLASS)
    message = grade(folder)
    sentence = "exercise1 is worth 20 P in the assignment, but was worth 16 P when this course was built"
    (line,) = [line for line in message.splitlines() if sentence in line]
    assert "build the course again (`autograder build`)" in line
    assert sentence in classes.log(folder)
    assert course.marks(folder, NETWORK) == scaled((16, 10))


@pytest.mark.thorough
def test_the_executor_says_so_in_nbgraders_log(built, tmp_path):
    folder = worth(built, tmp_path / "course", (10, 10))
    sentence = "For the instructor: exercise1 is worth 10 points in this course's gradebook and 20 P"
    assert sentence in classes.nbgrader(folder, "autograde", NETWORK)
