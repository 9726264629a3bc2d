"""Whatever a student's function returns, an answer comes out: nothing breaks, hangs or fills the memory."""

import operator

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.calling.function_call import call
from autograder.exercise import Failed, Opaque, Returned
from tests.autograder.students_function import ARRAYS, LEAVES, TENSORS, inputs, is_plain, raises, told
from utils import reading
from utils.reading import MAX_ITEMS, plain


def count(value):
    """How many things a plain answer holds."""
    return sum(count(item) for item in value) if isinstance(value, list) else max(np.size(value), 1)


def overridden(base, **methods):
    """A class that has these methods instead of its base's own."""
    return type("Overridden", (base,), methods)


def raising(method, error):
    found = property(raises(error)) if method == "__class__" else raises(error)
    return overridden(object, **{method: found})()


class Nameless(type):
    __name__ = property(raises(ValueError))


class Subclass(np.ndarray):
    def __array_finalize__(self, other):
        if other is not None and other.size == 3:
            raise ValueError


class WantsToBeAll(np.ndarray):
    def __eq__(self, other):
        return True

    def __array_function__(self, *args, **kwargs):
        return True

    __array_ufunc__ = __array_function__
    __hash__ = None


def with_array(array):
    return overridden(object, __array__=lambda self, *args, **kwargs: array(self))()


def recursive():
    items = [1.0]
    items.append(items)
    return items


def recursive_array():
    items = np.empty(2, dtype=object)
    items[:] = [1.0, items]
    return items


def deep(levels):
    items = []
    for _ in range(levels):
        items = [items]
    return items


NASTIES = {
    "ragged lists": lambda: [[1.0, 2.0], [3.0]],
    "object array": lambda: np.array([1.0, None, "x"], dtype=object),
    "object array of two dimensions": lambda: np.array([[1.0, None], ["x", 2.0]], dtype=object),
    "endless generator": lambda: iter(int, 1),
    "array of 1e12 entries": lambda: np.broadcast_to(1.0, (10**6, 10**6)),
    "object array of 1e12 entries": lambda: np.broadcast_to(np.array(None, dtype=object), (10**6, 10**6)),
    "tensor of 1e12 entries": lambda: torch.zeros(1).expand(10**12),
    "array that makes 1e12 entries": lambda: with_array(lambda self: np.broadcast_to(1.0, (10**6, 10**6))),
    "list of too many": lambda: [0.0] * (MAX_ITEMS + 1),
    "many arrays": lambda: [np.zeros(1000)] * 10_000,
    "huge integers": lambda: [10**400, -(10**400)],
    "long double": lambda: np.array([1e300], dtype=np.longdouble) ** 10,
    "NaN": lambda: [float("nan"), np.nan, torch.tensor(float("nan"))],
    "tensor that needs a gradient": lambda: torch.zeros(2, requires_grad=True) * 2,
    "sparse tensor": lambda: torch.eye(2).to_sparse(),
    "tensor without storage": lambda: torch.zeros(2, device="meta"),
    "half precision tensor": lambda: torch.zeros(2, dtype=torch.bfloat16),
    "conjugated tensor": lambda: torch.tensor([1j]).conj().imag,
    "recursive list": recursive,
    "recursive array": recursive_array,
    "lists 10000 deep": lambda: deep(10_000),
    "longer than it says": lambda: overridden(list, __len__=lambda self: 1)([1.0] * 5),
    "shorter than it says": lambda: overridden(list, __len__=lambda self: 10**9)([1.0]),
    "no length": lambda: overridden(list, __len__=raises(ValueError))([1.0]),
    "no items": lambda: overridden(list, __iter__=raises(ValueError))([1.0]),
    "no float": lambda: overridden(float, __float__=raises(ValueError))(1.0),
    "nameless": lambda: Nameless("N", (), {})(),
    "nameless and unreadable": lambda: Nameless("N", (), {"__array__": raises(ValueError)})(),
    "numpy subclass that raises": lambda: np.ones(2).view(Subclass),
    "numpy subclass that equals all": lambda: np.ones(3).view(WantsToBeAll),
    "array of itself": lambda: with_array(lambda self: self),
    "recarray": lambda: np.rec.array([(1.0, 2)]),
    "memoryview": lambda: memoryview(b"123"),
    "a class": lambda: list,
    "a module": lambda: np,
    "NotImplemented": lambda: NotImplemented,
    "Ellipsis": lambda: ...,
    "an exception": lambda: ValueError("x"),
    **{
        f"{method} raises {error.__name__}": lambda method=method, error=error: raising(method, error)
        for method in ("__array__", "__len__", "__float__", "__class__", "__getattribute__", "__iter__")
        for error in (ValueError, RecursionError, MemoryError, SystemExit)
    },
    **{
        f"{kind.__name__} by its own word": lambda kind=kind: overridden(object, __class__=kind)()
        for kind in (list, tuple, float, bool, np.ndarray, np.float64, torch.Tensor, torch.nn.Parameter)
    },
}


def test_reading_an_answer_never_raises():
    for name, nasty in NASTIES.items():
        for returned in (nasty(), [nasty()], [[1.0, nasty()], 2.0]):
            assert is_plain(plain(returned)), name


def test_whatever_is_returned_an_answer_comes_out():
    for name, nasty in NASTIES.items():
        for convention in (ARRAYS, LEAVES):
            answer = call(lambda *given, nasty=nasty: nasty(), convention, inputs())
            assert isinstance(answer, Returned | Failed), name


def test_whatever_is_put_into_an_input_an_answer_comes_out():
    for name, nasty in NASTIES.items():
        for convention in (ARRAYS, TENSORS):
            answer = call(lambda W, b, x, nasty=nasty: operator.setitem(W, 0, nasty()), convention, inputs())
            assert isinstance(answer, Failed) or ("mutates-input", "W") in told(answer), name


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ([0.0] * (MAX_ITEMS + 1), f"a list of {MAX_ITEMS + 1} items, far too many"),
        (np.broadcast_to(1.0, 10**12), "an array of 1000000000000 entries, far too many"),
        (torch.zeros(1).expand(10**12), "a tensor of 1000000000000 entries, far too many"),
        (deep(10), "lists nested too deeply"),
    ],
    ids=["list", "array", "tensor", "depth"],
)
def test_too_much_is_said_and_not_read(returned, words):
    found = plain(returned)
    while isinstance(found, list):
        (found,) = found
    assert found == Opaque(words)


@pytest.mark.parametrize(
    "returned",
    [
        [[0.0] * 500] * 500,
        [[None] * 500] * 500,
        [[()] * 500] * 500,
        [[np.zeros(0)] * 500] * 500,
        [np.zeros(100)] * 500,
    ],
    ids=["numbers", "None", "empty tuples", "empty arrays", "arrays"],
)
def test_one_budget_covers_all_of_an_answer(returned, monkeypatch):
    """Lists of lists of the same list are small to write and endless to read."""
    monkeypatch.setattr(reading, "MAX_ENTRIES", 10_000)
    assert count(plain(returned)) <= 2 * 10_000


def test_a_list_that_goes_on_longer_than_it_says_is_not_followed(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ITEMS", 1000)
    assert count(plain(overridden(list, __iter__=lambda self: iter(range(5000)))([1.0]))) <= 1001


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary(),
    lambda items: (
        st.lists(items)
        | st.lists(items).map(tuple)
        | st.lists(items).map(lambda found: np.fromiter(found, dtype=object, count=len(found)))
        | st.dictionaries(st.text(), items)
    ),
    max_leaves=30,
)


@given(ANYTHING)
def test_reading_anything_gives_something_plain_and_that_is_plain_already(returned):
    once = plain(returned)
    assert is_plain(once)
    assert is_plain(plain(once))
    assert count(plain(once)) == count(once)
