"""What nobody knew is grouped by how it behaves."""

import numpy as np

from autograder.exercise import Instance
from autograder.marking.behaviour import of_answer
from autograder.reporting.groups import groups
from autograder.reporting.records import RecordedExercise, RecordedFault

PUBLIC = Instance({}, "the sheet's own data", public=True)
RNG = np.random.default_rng(0)
FIRST, SECOND = RNG.standard_normal((2, 5, 3))


def said(array, fault="unrecognised"):
    message = of_answer([PUBLIC], [{"DW": array}], ["DW"])
    return {"exercise1": RecordedExercise(0.0, 5.0, {}, (RecordedFault(fault, "DW", "?"),), (), message)}


def test_the_largest_group_comes_first():
    result = groups({"a": said(SECOND), "b": said(FIRST), "c": said(2 * FIRST), "d": said(FIRST + 1e-9)})
    assert [group.students for group in result] == [["b", "c", "d"], ["a"]]


def test_a_group_has_the_same_name_whoever_is_in_it():
    one = groups({"a": said(FIRST), "z": said(SECOND)})
    other = groups({"b": said(-3 * FIRST)})
    assert other[0].group in {group.group for group in one}
    assert len({group.group for group in one}) == 2


def test_what_has_a_name_is_in_no_group():
    assert groups({"a": said(FIRST, "wrong-input"), "b": {}}) == []
