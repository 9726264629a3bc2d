"""What a function returns is read as the grader reads it, and words say what is no array."""

import numpy as np
import pytest

import utils
from autograder.calling import function_call as grader
from autograder.exercise import Convention
from tests.autograder.calling.test_calling_answers import REFUSED
from tests.autograder.calling.test_calling_nasty_answers import NASTIES
from tests.autograder.right_answers.returned import ELEMENTS, SEQUENCES
from tests.utils.checks.students import NETWORK, sample, task
from utils.checks import calling
from utils.reading import Opaque, array_at, plain

ITEMS = [np.array([1.0, 2.0]), np.array([[3.0]])]


def alike(one, other):
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, Opaque):
        return one == other
    return isinstance(other, np.ndarray) and np.array_equal(one, other, equal_nan=True)


def both(returned):
    """What the check and the grader read, each in its own call of a function that returns this."""
    network = task(f"{NETWORK}/exercise1")
    inputs = network.instances[0].inputs
    ours = calling.call(lambda *_: returned(), network, inputs)
    theirs = grader.call(lambda *_: returned(), Convention(by_hand=True), inputs)
    return ours.value, theirs.value


@pytest.mark.parametrize("sequence", SEQUENCES.values(), ids=SEQUENCES)
@pytest.mark.parametrize("element", ELEMENTS.values(), ids=ELEMENTS)
def test_check_and_grader_take_the_same(sequence, element):
    ours, theirs = both(lambda: sequence([element(item) for item in ITEMS]))
    assert isinstance(ours, list)
    assert alike(ours, theirs)


def test_check_and_grader_refuse_the_same():
    with np.errstate(over="ignore"):  # a long double may be too large
        assert [name for name, nasty in NASTIES.items() if not alike(*both(nasty))] == []


@pytest.mark.parametrize(("returned", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_reported_with_its_type_or_dtype(returned, words):
    assert plain(returned()) == Opaque(words)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((0,), "a list of arrays of different shapes"),
        ((1,), "a list with a str"),
        ((2, 1), "missing"),
        ((4,), "missing"),
        ((3, 0), "missing"),
        ((3,), "None"),
    ],
)
def test_what_stands_in_place_of_an_array_has_words(path, words):
    value = [[np.ones(2), np.ones(3)], [np.ones(2), Opaque("a str")], [np.ones(2)], Opaque("None")]
    assert array_at(value, path) == Opaque(words)


RIGHT = sample(NETWORK, "matrix_products", "exercise1")


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (lambda a: a.astype(str), "DW4 is an array of dtype <U32"),
        (lambda a: a * 1j, "DW4 is a complex array with imaginary part"),
        (lambda a: a.astype(str).astype(object), "DW4 is an array of dtype object holding str"),
        (lambda a: {"DW": a}, "DW4 is a dict"),
        (lambda a: str(a), "DW4 is a str"),
    ],
    ids=["texts", "complex", "objects", "dict", "text"],
)
def test_a_check_names_what_stands_in_place_of_arrays(element, words):
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        DW, DB = RIGHT(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T)
        return [element(D) for D in DW], [element(D) for D in DB]

    message = str(utils.check(exercise1)).replace("\n", " ")
    assert words in message
    assert "list or tuple" not in message
