"""Whatever earns full marks in a plain kernel earns them in every way of grading, and no flag."""

import pytest

from autograder import assignments
from tests.honest.graded import SOME, STYLES, TRAINING, graded, lost_and_flagged, tried
from tests.honest.style import ASSIGNMENTS
from tests.tables import first_every_day

WAYS = first_every_day([SOME, "grade", TRAINING, "check", "autograde"])
FEWEST = 100
OF_EACH = 15  # different answers to each exercise of an assignment whose styles have all of them


@pytest.fixture(scope="module", params=WAYS)
def way(request, tmp_path_factory):
    """A class of styles, and what is said of each when it is graded in one way."""
    return tried(request.param), graded(request.param, tmp_path_factory.mktemp("honest"))


def test_there_are_many_styles():
    assert len(STYLES) >= FEWEST
    assert len(tried("grade")) >= FEWEST


@pytest.mark.parametrize("assignment", [ASSIGNMENTS[number] for number in ("04", "05", "08")])
def test_each_exercise_is_answered_in_many_ways(assignment):
    for exercise in assignments.load(assignment).exercises:
        answers = {dict(s.sections).get(exercise.name) for s in STYLES.values() if s.assignment == assignment}
        assert len(answers - {None}) >= OF_EACH, exercise.name


def test_an_honest_style_earns_full_marks_and_no_flag(way):
    chosen, seen = way
    assert seen.keys() == chosen.keys()
    wrong, flags = lost_and_flagged(chosen, seen)
    assert wrong == {}
    assert flags == {}
