"""What `nbgrader autograde` with our executor finds stands in the list, and is flagged in formgrader."""

import json
import shutil

import nbformat
import pytest

from autograder.nbgrader_bridge.course import course_folder as course
from samples.demo import hand_in
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK

WORTH_A_LOOK = "try:\n    import sympy\nexcept ImportError:\n    pass"


@pytest.fixture(scope="module")
def folder(built, tmp_path_factory):
    """A course in which four have handed in, and nbgrader has graded."""
    folder = shutil.copytree(built, tmp_path_factory.mktemp("course") / "course")
    for student, sample in {"amara": "einsum", "flora": "explicit_loops", "hana": "raises"}.items():
        hand_in(folder, NETWORK, student, sample)
    with classes.edited(classes.submitted(folder, "flora")) as notebook:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(WORTH_A_LOOK))
    classes.submitted(folder, "amara").with_name("timestamp.txt").write_text("2026-05-04 12:00:00 UTC")
    for student in ("amara", "flora", "hana"):
        course.autograde(folder, NETWORK, student)
    return folder


def listed(folder):
    return json.loads((folder / "autograder-logs" / f"{NETWORK}.json").read_text())["students"]


def test_who_needs_a_person_is_listed_and_flagged_and_nobody_else(folder):
    assert classes.flagged(folder) == {"flora"}
    result = listed(folder)
    assert result.keys() == {"flora", "hana"}
    assert result["flora"]["flags"] == ["imports sympy, which can differentiate automatically"]
    assert result["hana"]["ended"] == ["exercise1: raised", "exercise2: raised"]
    assert "  hana: exercise1: raised" in classes.log(folder)


def test_both_ways_of_grading_keep_one_list(folder, tmp_path, grade):
    folder = shutil.copytree(folder, tmp_path / "course")
    message = grade(folder)
    assert "flora: imports sympy" in message
    assert "hana: exercise1: raised" in message
    shutil.rmtree(folder / "submitted" / "flora")
    hand_in(folder, NETWORK, "flora", "explicit_loops")
    course.autograde(folder, NETWORK, "flora")
    assert classes.flagged(folder) == set()
    assert listed(folder).keys() == {"hana"}
