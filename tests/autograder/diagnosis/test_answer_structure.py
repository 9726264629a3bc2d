"""Faults of an answer as a whole are looked for in answers of any shape, also where no list holds weights."""

import numpy as np
import pytest

from autograder import assignments
from autograder.diagnosis import answer_structure
from autograder.exercise import Instance, Part
from tests.autograder.marked_answers import marked

PARTS = (Part("DW1", 1.0, (0, 0)), Part("DW2", 1.0, (0, 1)))
W = [np.array([1.0, 2.0]), np.array([[3.0]])]


def updated(answer, truth, lists=W):
    instance = Instance(
        {"W": lists, "operations": [("add", 0, 1)], "shape": (2, 3), "t": np.array([1, 2])}, "x"
    )
    names = [part.name for part in PARTS]
    answers, truths = ([dict(zip(names, arrays, strict=True))] for arrays in (answer, truth))
    assert answer_structure.returns_inputs(answers, [instance], PARTS) in (True, False)
    return answer_structure.returns_updated(answers, [instance], truths, PARTS)


def test_parameters_after_a_step_are_known_with_the_step():
    truth = [np.array([1.0, -1.0]), np.array([[2.0]])]
    assert updated([w - 0.1 * g for w, g in zip(W, truth, strict=True)], truth) == pytest.approx(-0.1)


@pytest.mark.parametrize(
    "truth",
    [
        [np.zeros(2), np.array([[2.0]])],
        [np.ones(3), np.array([[2.0]])],
        [np.array([1.0, -1.0]), np.zeros((1, 1))],
        [np.array([True, False]), np.array([[False]])],
    ],
    ids=["nothing depends on it", "of another shape", "one of them", "masks"],
)
def test_no_step_is_reported_where_there_is_none(truth):
    assert updated([w + 1 for w in W], truth) is None


@pytest.mark.parametrize("lists", [[W[0]], [("add", 0), "word"], [[1.0], [[2, 3]]]])
def test_lists_that_hold_no_parameters_are_no_parameters(lists):
    assert updated([w + 1 for w in W], [np.ones(2), np.ones((1, 1))], lists) is None


CLASSIFIER = assignments.load("03-softmax-and-cross-entropy").exercises[2]
THREE = """
def exercise3(W, B, X, Z1, A1, Z2, P, t):
    D = P.copy()
    D[np.arange(len(t)), t] -= 1
    DZ2 = D / len(t)
    DZ1 = (DZ2 @ W[1].T) * (Z1 > 0)
    DW, DB = [X.T @ DZ1, A1.T @ DZ2], [DZ1.sum(0), DZ2.sum(0)]
    return {}
"""


def returning(words):
    """The result of the right gradients, returned like this."""
    names = {"np": np}
    exec(THREE.replace("{}", words), names)  # our own answer
    return marked(CLASSIFIER, names["exercise3"], 1)


ORDER = ("swapped-lists", "(DZ2, DW, DB)")
REVERSED = ("reversed-order", "In `DW, DB` the order is reversed")
OTHER_LISTS = ("wrong-length", "in other lists than (DZ2, DW, DB)")
ALONE = "what is returned is `{}` alone; (DZ2, DW, DB) is asked for"


@pytest.mark.parametrize(
    ("returned", "fault", "words", "score"),
    [
        ("DZ2, DB, DW", *ORDER, 4),  # for what stands in its place
        ("DW, DZ2, DB", *ORDER, 7),
        *((order, *ORDER, 0) for order in ("DW, DB, DZ2", "DB, DZ2, DW")),
        ("DZ2, DW[::-1], DB[::-1]", *REVERSED, 4),
        *((one, "wrong-length", ALONE.format(one), 0) for one in ("DW", "DZ2")),
        ("(DW, DB), DZ2", *OTHER_LISTS, 0),
        ("DZ2, DW[0], DB[0], DW[1], DB[1]", *OTHER_LISTS, 0),
        ("DZ2, [(DW[0], DB[0]), (DW[1], DB[1])]", *OTHER_LISTS, 0),
        ("DW, DB", "wrong-length", "has 2 entries; 3 were expected", 0),
        ("DZ2, DW[:1], DB[:1]", "wrong-length", "`DW` has 1 entry; 2 were expected.", 4),
    ],
)
def test_what_is_missing_or_stands_elsewhere_is_told(returned, fault, words, score):
    result = returning(returned)
    assert {each.fault for each in result.faults} == {fault}
    assert words in result.faults[0].message
    assert result.score == score


def test_what_stands_in_its_place_is_right():
    assert (returning("DZ2, DW, DB").score, returning("DZ2, DW, DB").faults) == (18.0, ())


def test_where_everything_comes_in_reverse_no_part_of_it_is_named_for_it():
    """The one in the middle of three stands in its place all the same."""
    exercise = assignments.load("05-normalisation").exercises[3]
    truth = exercise.reference(exercise.instances(1)[0])
    value = [truth[part.name] for part in reversed(exercise.parts)]
    (found,) = (
        each for each in answer_structure.rearrangements(exercise, [value]) if each.fault == "reversed-order"
    )
    assert found.hint == ""
