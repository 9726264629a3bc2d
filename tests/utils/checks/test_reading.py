"""What a function returns is read as the grader reads it; what is refused is told with its type or dtype."""

import itertools

import numpy as np
import pytest

import utils
from autograder import reading as graders
from autograder.exercise import Opaque
from tests.autograder.right_answers.returned import ELEMENTS, SEQUENCES
from tests.autograder.test_calling_answers import NASTIES, REFUSED
from tests.utils.checks.students import NETWORK, sample
from utils.checks.reading import MOST_ITEMS, Unreadable, plain


def alike(ours, graders):
    if isinstance(ours, list) and isinstance(graders, list):
        return len(ours) == len(graders) and all(map(alike, ours, graders))
    if isinstance(ours, Unreadable):
        return isinstance(graders, Opaque)
    return isinstance(graders, np.ndarray) and np.array_equal(ours, graders, equal_nan=True)


ITEMS = [np.array([1.0, 2.0]), np.array([[3.0]])]


@pytest.mark.parametrize("sequence", SEQUENCES.values(), ids=SEQUENCES)
@pytest.mark.parametrize("element", ELEMENTS.values(), ids=ELEMENTS)
def test_both_readers_take_the_same(sequence, element):
    items = [element(item) for item in ITEMS]
    ours, theirs = plain(sequence(items)), graders.plain(sequence(items))
    assert isinstance(ours, list)
    assert alike(ours, theirs)


@pytest.mark.parametrize("nasty", NASTIES.values(), ids=NASTIES)
def test_both_readers_refuse_the_same(nasty):
    if nasty is not NASTIES["many arrays"]:  # of which only the grader has to bound the size
        assert alike(plain(nasty()), graders.plain(nasty())) or "too" in str(plain(nasty()))


@pytest.mark.parametrize(("returned", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_told_with_its_type_or_dtype(returned, words):
    found = plain(returned())
    assert isinstance(found, Unreadable)
    assert found.description == words or "far too" in words


def test_a_generator_without_an_end_is_not_followed():
    asked = itertools.count()
    found = plain(next(asked) for _ in itertools.count())
    assert found == Unreadable("a generator that is far too long or too deep")
    assert next(asked) <= MOST_ITEMS + 1


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

    told = str(utils.check(exercise1)).replace("\n", " ")
    assert words in told
    assert "list or tuple" not in told
