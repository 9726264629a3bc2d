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
from tests.process import python
from tests.tables import first_every_day

CLASS = {"amara": "matrix_products", "hana": "missing_relu_mask"}
P = {"amara": (20.0, 10.0), "hana": (15.0, 4.5)}  # of 20 and 10
CELLS = ("exercise1-marks", "exercise2-marks")
POINTS = {"halved": (10, 10), "doubled": (40, 10), "fractional": (0.7, 3), "nothing": (0, 10)}


def set_points(folder, points):
    """As formgrader's Create Assignment does: in the source, then the release is generated."""
    path = folder / "source" / NETWORK / f"{NETWORK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in points:
            cell.metadata.nbgrader.points = points[cell.metadata.nbgrader.grade_id]
    nbformat.write(notebook, path)
    course.generate_assignment(folder, NETWORK)


def worth(built, folder, points):
    """A course whose marks cells are worth these points, with the class's work in it."""
    shutil.copytree(built, folder)
    set_points(folder, dict(zip(CELLS, points, strict=True)))
    classes.hand_in_all(folder, CLASS)
    return folder


def scaled(points):
    most = (20, 10)
    return {
        student: {
            cell: pytest.approx(point * mark / of, abs=1e-6)
            for cell, point, mark, of in zip(CELLS, points, marks, most, strict=True)
        }
        for student, marks in P.items()
    }


def shown(folder, student, cell=CELLS[0]):
    """What stands above the marks, as text and as HTML."""
    graded = nbformat.read(folder / "autograded" / student / NETWORK / f"{NETWORK}.ipynb", as_version=4)
    (result,) = [c for c in graded.cells if c.metadata.get("nbgrader", {}).get("grade_id") == cell]
    (reasons,) = [o.data for o in result.outputs if o.output_type == "display_data"]
    return reasons["text/plain"], re.sub(r"<[^>]*>|&mdash;", "", reasons["text/html"]).replace("&nbsp;", " ")


@pytest.mark.parametrize("points", first_every_day(POINTS.values()), ids=POINTS)
def test_grade_scales_marks_with_the_points_of_their_cells(built, tmp_path, points, grade):
    folder = worth(built, tmp_path / "course", points)
    message = grade(folder)
    assert course.marks(folder, NETWORK) == scaled(points)
    assert course.marks(folder, NETWORK)["amara"] == dict(zip(CELLS, map(float, points), strict=True))
    (notice,) = [line for line in message.splitlines() if line.startswith("exercise1 is worth")]
    assert f"worth {points[0]} points in this course's gradebook and 20 P" in notice
    assert "Nothing to report" not in (folder / "autograder-logs" / f"{NETWORK}.txt").read_text()


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
        with (folder / course.CONFIG).open("a") as config:
            config.write(PLAIN)
    for student in CLASS:
        course.autograde(folder, NETWORK, student)
    assert course.marks(folder, NETWORK) == scaled(points)
    assert f"15 of 20 P, {15 * points[0] / 20:g} of {points[0]} points" in shown(folder, "hana")[0]


@pytest.mark.thorough
def test_in_a_kernel_the_notebook_may_have_gone_to_another_folder(built, tmp_path):
    folder = worth(built, tmp_path / "course", (10, 10))
    with (folder / course.CONFIG).open("a") as config:
        config.write(PLAIN)
    path = folder / "submitted" / "amara" / NETWORK / f"{NETWORK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(
        3, nbformat.v4.new_code_cell("import os, tempfile\nos.chdir(tempfile.gettempdir())")
    )
    nbformat.write(notebook, path)
    course.autograde(folder, NETWORK, "amara")
    assert course.marks(folder, NETWORK)["amara"] == {CELLS[0]: 10.0, CELLS[1]: 10.0}


@pytest.mark.parametrize("raised", first_every_day([40, 1e9, "40", True]))
def test_a_student_who_raises_the_points_gains_nothing(built, tmp_path, raised, grade):
    folder = worth(built, tmp_path / "course", (10, 10))
    for student in CLASS:
        path = folder / "submitted" / student / NETWORK / f"{NETWORK}.ipynb"
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
    assert sentence in (folder / "autograder-logs" / f"{NETWORK}.txt").read_text()
    assert course.marks(folder, NETWORK) == scaled((16, 10))


def test_an_instructors_own_points_do_not_ask_for_a_new_build(built, tmp_path, grade):
    folder = worth(built, tmp_path / "course", (16, 10))
    assert "when this course was built" not in grade(folder)


@pytest.mark.thorough
def test_the_executor_says_so_in_nbgraders_log(built, tmp_path):
    folder = worth(built, tmp_path / "course", (10, 10))
    done = python("-m", "nbgrader", "autograde", NETWORK, cwd=folder)
    sentence = "For the instructor: exercise1 is worth 10 points in this course's gradebook and 20 P"
    assert sentence in done.stderr
