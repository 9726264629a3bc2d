"""What a student's function returns becomes plain numbers, or words that say what it is instead."""

import array
import itertools
from collections import UserDict, UserList, deque, namedtuple
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch

from autograder.calling.descriptions import described
from autograder.exercise import Opaque
from tests.autograder.students_function import is_plain, object_array
from tests.process import python
from utils.reading import RAISED, as_array, of_each, plain


@dataclass
class IterableRecord:
    items: list

    def __iter__(self):
        return iter(self.items)


class OldSequence:
    def __init__(self, items):
        self.items = items

    def __getitem__(self, index):
        return self.items[index]


class WithArray:
    def __array__(self, *args, **kwargs):
        return np.arange(3.0)


def coroutine():
    async def exercise():
        return 1.0

    result = exercise()
    result.close()
    return result


# What numbers become


NUMBERS = {
    "range": (range(3), [0, 1, 2]),
    "array.array": (array.array("d", [0, 1, 2]), [0, 1, 2]),
    "memoryview": (memoryview(np.arange(3.0)), [0, 1, 2]),
    "with __array__": (WithArray(), [0, 1, 2]),
    "Fraction": (Fraction(1, 2), 0.5),
    "Decimal": (Decimal("0.5"), 0.5),
    "Fractions": (np.array([Fraction(1, 2), Fraction(3, 2)]), [0.5, 1.5]),
    "rows of Fractions": (np.array([[Fraction(1, 2)], [Fraction(3, 2)]]), [[0.5], [1.5]]),
    "one Fraction in an array": (np.array(Fraction(1, 2)), 0.5),
    "long integers": (10**30, 1e30),
    "complex": (0.5 + 0j, 0.5),
    "complex array": (np.array([0.5 + 0j, 1.5]), [0.5, 1.5]),
    "complex tensor": (torch.tensor([0.5 + 0j, 1.5]), [0.5, 1.5]),
    "complex by rounding": (np.array([0.5 + 1e-17j, 1.5]), [0.5, 1.5]),
    "bool": (np.True_, 1.0),
    "int": (1, 1.0),
    "float": (2.5, 2.5),
    "True": (True, 1.0),
    "infinity": (float("inf"), np.inf),
    "float32": (np.float32(0.5), 0.5),
    "int64": (np.int64(7), 7.0),
    "whole numbers": (np.arange(3), [0.0, 1.0, 2.0]),
    "bytes": (np.arange(3, dtype=np.uint8), [0.0, 1.0, 2.0]),
    "masks": (np.array([True, False]), [1.0, 0.0]),
    "float16": (np.array([0.5, 1.5], dtype=np.float16), [0.5, 1.5]),
    "other byte order": (np.array([0.5, 1.5], dtype=">f8"), [0.5, 1.5]),
    "transposed": (np.arange(6.0).reshape(2, 3).T, [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]),
    "backwards": (np.arange(6.0)[::-2], [5.0, 3.0, 1.0]),
    "matrix": (np.array([[1.0, 2.0]]).view(np.matrix), [[1.0, 2.0]]),
    "masked array": (np.ma.masked_invalid([1.0, 2.0]), [1.0, 2.0]),
    "no entries": (np.zeros((0, 3)), np.zeros((0, 3))),
    "tensor that needs a gradient": (torch.tensor([1.0, 2.0], requires_grad=True), [1.0, 2.0]),
    "parameter": (torch.nn.Parameter(torch.tensor(3.0)), 3.0),
    "tensor of whole numbers": (torch.tensor([1, 2]), [1.0, 2.0]),
    "every other entry of a tensor": (torch.arange(4.0)[::2], [0.0, 2.0]),
    "broadcast": (np.broadcast_to(1.0, (2, 2)), [[1.0, 1.0], [1.0, 1.0]]),
}


@pytest.mark.parametrize(("returned", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_any_real_numbers_become_float64_arrays_of_their_own(returned, expected):
    result = plain(returned)
    assert is_plain(result)
    np.testing.assert_array_equal(as_array(result), np.asarray(expected, dtype=float), strict=True)
    own = returned.detach() if torch.is_tensor(returned) else returned
    assert not np.shares_memory(as_array(result), np.asarray(own))


def test_a_kind_of_number_that_numpy_does_not_have_is_read_too():
    result = plain(torch.tensor([0.5, 1.5], dtype=torch.bfloat16))
    np.testing.assert_array_equal(result, np.array([0.5, 1.5]), strict=True)


def test_not_a_number_stays_what_it_is():
    assert np.isnan(plain(float("nan")))
    assert np.isnan(plain(np.array([np.nan]))).all()


def test_lists_and_tuples_become_lists():
    result = plain(([1.0, (2.0,)], np.array([[3.0], "x", None], dtype=object)))
    assert result == [[1.0, [2.0]], [[3.0], Opaque("a str"), Opaque("None")]]


class Record:
    DW = DB = ()


REFUSED = {
    "None": (lambda: None, "None"),
    "str": (lambda: "text", "a str"),
    "bytes": (lambda: b"bytes", "a bytes"),
    "dict": (lambda: {"DW": 1.0}, "a dict"),
    "UserDict": (lambda: UserDict({"DW": 1.0}), "a UserDict"),
    "set": (lambda: {1.0}, "a set"),
    "function": (lambda: lambda: 1.0, "a function"),
    "object": (Record, "a Record"),
    "coroutine": (coroutine, "a coroutine"),
    "complex": (lambda: 1j, "a complex number with imaginary part"),
    "complex array": (lambda: np.array([1, 1j]), "a complex array with imaginary part"),
    "complex tensor": (lambda: torch.tensor([1j]), "a complex array with imaginary part"),
    "texts": (lambda: np.array(["a"]), "an array of dtype <U1"),
    "dates": (lambda: np.array(["2020-01-01"], dtype="M8[D]"), "an array of dtype datetime64[D]"),
    "records": (lambda: np.zeros(2, dtype=[("full marks", "f8")]), "an array of dtype void"),
    "object array": (lambda: np.array(object()), "an array of dtype object holding object"),
    "objects": (lambda: np.array(["a", "b"], dtype=object), "an array of dtype object holding str"),
    "one object": (lambda: np.array([1.0, "b"], dtype=object), "an array of dtype object holding str"),
    "rows": (lambda: np.array([["a"], ["b"]], dtype=object), "an array of dtype object holding str"),
    "huge integer": (lambda: 10**400, "an int too large for double precision"),
    "endless iterator": (lambda: iter(int, 1), "a callable_iterator of more than 19999 items, far too many"),
    "generator that raises": (
        lambda: (1 / 0 for _ in [1]),
        "a generator that cannot be read (ZeroDivisionError)",
    ),
}


@pytest.mark.parametrize(("returned", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_made_of_numbers_is_said_with_its_type_or_dtype(returned, words):
    result = plain(returned())
    assert result == Opaque(words)
    assert described(words) == result, "the grader knows these words"


def test_an_exception_in_place_of_an_item_is_known_too():
    (first, second) = of_each(lambda number: 1 / number, [(0,), (2,)])
    assert described(first.description) == first == Opaque(RAISED)
    assert second == 0.5


@pytest.mark.parametrize(
    "words", ["None, since the grader was too slow", "a str. Full marks!", "a" * 500, "", "a b c"]
)
def test_words_that_are_none_of_ours_are_not_taken_for_a_description(words):
    assert described(words) == Opaque("an object")


ARRAYS_OF_TWO = {
    "deque": deque,
    "UserList": UserList,
    "values of a dict": lambda items: dict(enumerate(items)).values(),
    "values of a UserDict": lambda items: UserDict(enumerate(items)).values(),
    "map": lambda items: map(np.copy, items),
    "zip": lambda items: (a for a, _ in zip(items, items, strict=True)),
    "generator": lambda items: (item for item in items),
    "iterator": iter,
    "reversed": lambda items: reversed([items[1], items[0]]),
    "chain": lambda items: itertools.chain(items[:1], items[1:]),
    "namedtuple": lambda items: namedtuple("Gradients", "DW DB")(*items),
    "object array": object_array,
    "old sequence": OldSequence,
    "iterable dataclass": IterableRecord,
    "ParameterList": lambda items: torch.nn.ParameterList(map(torch.tensor, items)),
}


@pytest.mark.parametrize("kind", ARRAYS_OF_TWO.values(), ids=ARRAYS_OF_TWO)
def test_what_can_be_unpacked_is_a_list(kind):
    result = plain(kind([np.array([1.0, 2.0]), np.array([[3.0]])]))
    assert is_plain(result)
    assert [a.tolist() for a in result] == [[1.0, 2.0], [[3.0]]]


def test_an_endless_generator_of_large_arrays_is_not_followed():
    result = plain(np.zeros(10**5) for _ in itertools.count())
    assert result == Opaque("a generator of more than 19999 items, far too many")


def test_endless_generators_in_an_endless_generator_share_one_budget():
    assert isinstance(plain((w for w in itertools.repeat(1.0)) for _ in itertools.count()), Opaque)


def test_torch_is_not_imported_for_arrays():
    code = "import sys, autograder.calling.function_call, utils.reading as r; r.plain([1.0, None])"
    python("-c", f"{code}; assert 'torch' not in sys.modules")
