"""Whatever a student's function does or returns, an answer comes out, and it is made of plain numbers."""

# ruff: noqa: ARG002  the functions here take what a student's would take

import linecache
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import calling
from autograder.calling import MAX_ITEMS, MAX_MESSAGE, call, describe, plain
from autograder.exercise import Convention, Failed, Opaque, Returned

ARRAYS = Convention()
TENSORS = Convention(tensors=True)
LEAVES = Convention(tensors=True, leaves=("W", "b"))

steady = settings(derandomize=True, deadline=None)  # the same examples on every machine


def inputs():
    return {"W": [np.array([[1.0, 2.0]]), np.array([3.0])], "b": np.array([0.5]), "x": np.array([1.0, -2.0])}


def written(source, name="f"):
    """A function as a notebook's cell defines it, so that its lines can be quoted."""
    filename = f"<ipython-input-1-{abs(hash(source))}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    names = {"numpy": np, "torch": torch}
    exec(compile(source, filename, "exec"), names)
    return names[name]


def is_plain(value):
    if isinstance(value, list):
        return all(is_plain(item) for item in value)
    if isinstance(value, Opaque):
        return type(value.description) is str
    return type(value) is np.ndarray and value.dtype == np.float64 and value.flags.c_contiguous


def count(value):
    """How many things a plain answer holds."""
    return sum(count(item) for item in value) if isinstance(value, list) else max(np.size(value), 1)


# What numbers become


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (1, 1.0),
        (2.5, 2.5),
        (True, 1.0),
        (float("inf"), np.inf),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7.0),
        (np.arange(3), [0.0, 1.0, 2.0]),
        (np.arange(3, dtype=np.uint8), [0.0, 1.0, 2.0]),
        (np.array([True, False]), [1.0, 0.0]),
        (np.array([0.5, 1.5], dtype=np.float16), [0.5, 1.5]),
        (np.array([0.5, 1.5], dtype=">f8"), [0.5, 1.5]),
        (np.arange(6.0).reshape(2, 3).T, [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]),
        (np.arange(6.0)[::-2], [5.0, 3.0, 1.0]),
        (np.array([[1.0, 2.0]]).view(np.matrix), [[1.0, 2.0]]),
        (np.ma.masked_invalid([1.0, 2.0]), [1.0, 2.0]),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (torch.tensor([1.0, 2.0], requires_grad=True), [1.0, 2.0]),
        (torch.nn.Parameter(torch.tensor(3.0)), 3.0),
        (torch.tensor([1, 2]), [1.0, 2.0]),
        (torch.arange(4.0)[::2], [0.0, 2.0]),
        (np.broadcast_to(1.0, (2, 2)), [[1.0, 1.0], [1.0, 1.0]]),
    ],
)
def test_numbers_become_float64_arrays_of_their_own(returned, expected):
    found = plain(returned)
    assert is_plain(found)
    np.testing.assert_array_equal(found, np.asarray(expected, dtype=float), strict=True)
    assert not np.shares_memory(
        found, np.asarray(returned.detach() if torch.is_tensor(returned) else returned)
    )


def test_not_a_number_stays_what_it_is():
    assert np.isnan(plain(float("nan")))
    assert np.isnan(plain(np.array([np.nan]))).all()


def test_lists_and_tuples_become_lists():
    found = plain(([1.0, (2.0,)], np.array([[3.0], "x", None], dtype=object)))
    assert found[0] == [1.0, [2.0]]
    assert found[1][0] == [3.0]
    assert found[1][1:] == [Opaque("a str"), Opaque("None")]


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        (None, "None"),
        ("text", "a str"),
        (b"bytes", "a bytes"),
        ({"DW": 1.0}, "a dict"),
        ({1.0}, "a set"),
        (lambda: 1.0, "a function"),
        ((x for x in [1.0]), "a generator"),
        (range(3), "a range"),
        (1j, "a complex"),
        (np.array([1j]), "an array of complex128"),
        (np.array(["a"]), "an array of <U1"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "an array of datetime64[D]"),
        (np.zeros(2, dtype=[("a", "f8")]), "an array of [('a', '<f8')]"),
        (np.array(object()), "an array of object"),
        (10**400, "an array of object"),
        (torch.tensor([1j]), "an array of complex64"),
    ],
    ids=[
        *(
            "None",
            "str",
            "bytes",
            "dict",
            "set",
            "function",
            "generator",
            "range",
            "complex",
            "complex array",
        ),
        *("array of texts", "dates", "records", "object", "huge integer", "complex tensor"),
    ],
)
def test_what_is_not_made_of_numbers_is_said_in_words(returned, words):
    assert plain(returned) == Opaque(words)


# What must not break, hang or fill the memory


def lying(kind):
    class Lying:
        __class__ = kind

    return Lying()


def raising(method, error):
    def method_(self, *args, **kwargs):
        raise error

    return type("Raising", (), {method: property(method_) if method == "__class__" else method_})()


class LongerThanItSays(list):
    def __len__(self):
        return 1


class ShorterThanItSays(list):
    def __len__(self):
        return 10**9


class NoLength(list):
    def __len__(self):
        raise ValueError


class NoItems(list):
    def __iter__(self):
        raise ValueError


class NoFloat(float):
    def __float__(self):
        raise ValueError


class NamelessMeta(type):
    @property
    def __name__(cls):
        raise ValueError


class Nameless(metaclass=NamelessMeta):
    pass


class NamelessAndUnreadable(Nameless):
    def __array__(self, *args, **kwargs):
        raise ValueError


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


class ArrayOfArrays:
    def __array__(self, *args, **kwargs):
        return self


class HugeArray:
    def __array__(self, *args, **kwargs):
        return np.broadcast_to(1.0, (10**6, 10**6))


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
    "array that makes 1e12 entries": HugeArray,
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
    "longer than it says": lambda: LongerThanItSays([1.0] * 5),
    "shorter than it says": lambda: ShorterThanItSays([1.0]),
    "no length": lambda: NoLength([1.0]),
    "no items": lambda: NoItems([1.0]),
    "no float": lambda: NoFloat(1.0),
    "nameless": Nameless,
    "nameless and unreadable": NamelessAndUnreadable,
    "numpy subclass that raises": lambda: np.ones(2).view(Subclass),
    "numpy subclass that equals all": lambda: np.ones(3).view(WantsToBeAll),
    "array of itself": ArrayOfArrays,
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
        f"{kind.__name__} by its own word": lambda kind=kind: lying(kind)
        for kind in (list, tuple, float, bool, np.ndarray, np.float64, torch.Tensor, torch.nn.Parameter)
    },
}


@pytest.mark.parametrize("nasty", NASTIES.values(), ids=NASTIES.keys())
def test_reading_an_answer_never_raises(nasty):
    for returned in (nasty(), [nasty()], [[1.0, nasty()], 2.0]):
        assert is_plain(plain(returned))


@pytest.mark.parametrize("nasty", NASTIES.values(), ids=NASTIES.keys())
def test_whatever_is_returned_an_answer_comes_out(nasty):
    for convention in (ARRAYS, LEAVES):
        answer = call(lambda *given: nasty(), convention, inputs())
        assert isinstance(answer, Returned | Failed)


@pytest.mark.parametrize("nasty", NASTIES.values(), ids=NASTIES.keys())
def test_whatever_is_put_into_an_input_an_answer_comes_out(nasty):
    def function(W, b, x):
        W[0] = nasty()
        return 1.0

    for convention in (ARRAYS, TENSORS):
        answer = call(function, convention, inputs())
        assert isinstance(answer, Failed) or "mutates-input" in [f.fault for f in answer.faults]


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
    monkeypatch.setattr(calling, "MAX_ENTRIES", 10_000)
    assert count(plain(returned)) <= 2 * 10_000


def test_a_list_that_goes_on_longer_than_it_says_is_not_followed(monkeypatch):
    class Endless(list):
        def __iter__(self):
            yield from range(5000)

    monkeypatch.setattr(calling, "MAX_ITEMS", 1000)
    assert count(plain(Endless([1.0]))) <= 1001


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


@steady
@given(ANYTHING)
def test_reading_anything_gives_something_plain(returned):
    assert is_plain(plain(returned))


@steady
@given(ANYTHING)
def test_plain_is_plain_already(returned):
    once = plain(returned)
    assert is_plain(plain(once))
    assert count(plain(once)) == count(once)


# Inputs


def test_inputs_come_in_their_order_as_arrays():
    def function(W, b, x):
        assert [type(w) for w in W] == [np.ndarray, np.ndarray]
        assert {a.dtype for a in (*W, b, x)} == {np.dtype("float64")}
        return [W[0], W[1], b, x]

    answer = call(function, ARRAYS, inputs())
    assert isinstance(answer, Returned)
    for found, expected in zip(answer.value, [*inputs()["W"], inputs()["b"], inputs()["x"]], strict=True):
        np.testing.assert_array_equal(found, expected, strict=True)


def test_inputs_come_as_tensors_and_parameters_in_single_precision():
    seen = []

    def function(W, b, x):
        seen.extend([*W, b, x])
        return sum(w.sum() for w in W) + b.sum()

    call(function, LEAVES, inputs())
    assert [type(tensor) for tensor in seen] == [torch.nn.Parameter] * 3 + [torch.Tensor]
    assert {tensor.dtype for tensor in seen} == {torch.float32}
    assert [tensor.requires_grad for tensor in seen] == [True, True, True, False]


def test_numbers_stay_numbers():
    seen = []
    call(lambda rate, steps: seen.extend([rate, steps]), TENSORS, {"rate": 0.5, "steps": 3})
    assert seen == [0.5, 3]
    assert [type(number) for number in seen] == [float, int]


@pytest.mark.parametrize("convention", [ARRAYS, TENSORS, LEAVES])
def test_every_call_gets_copies_of_its_own(convention):
    given_ = inputs()
    seen = []

    def function(W, b, x):
        seen.append([a.detach().clone() if torch.is_tensor(a) else a.copy() for a in (*W, b, x)])
        with torch.no_grad():
            for array in (*W, b, x):
                array += 1
        W.clear()
        return 0.0

    for _ in range(3):
        call(function, convention, given_)
    for found in seen:
        for array, expected in zip(found, seen[0], strict=True):
            np.testing.assert_array_equal(np.asarray(array), np.asarray(expected))
    assert len(given_["W"]) == 2
    for array, expected in zip([*given_["W"], given_["b"], given_["x"]], flat(inputs()), strict=True):
        np.testing.assert_array_equal(array, expected)


def flat(given_):
    return [*given_["W"], given_["b"], given_["x"]]


MUTATIONS = {
    "an array in place": ("x[:] += 1", "x"),
    "one entry": ("x[0] = 7", "x"),
    "an array of a list in place": ("W[1] *= 2", "W"),
    "an element replaced": ("W[1] = W[1] + 1", "W"),
    "an element of another shape": ("W[0] = W[0].T", "W"),
    "an element removed": ("del W[1]", "W"),
    "an element added": ("W.append(W[0])", "W"),
    "an element that is no array": ("W[1] = None", "W"),
    "elements reversed": ("W.reverse()", "W"),
    "not a number": ("b[:] = float('nan')", "b"),
    "the smallest step": ("x[0] = x[0]*(1 + 2**-22)", "x"),
}


@pytest.mark.parametrize("convention", [ARRAYS, TENSORS], ids=["arrays", "tensors"])
@pytest.mark.parametrize(("statement", "changed"), MUTATIONS.values(), ids=MUTATIONS.keys())
def test_a_changed_input_is_seen(statement, changed, convention):
    answer = call(written(f"def f(W,b,x):\n    {statement}\n    return 1.0"), convention, inputs())
    assert isinstance(answer, Returned)
    assert [(fault.fault, fault.where) for fault in answer.faults] == [("mutates-input", changed)]
    assert f"`{changed}`" in answer.faults[0].message
    assert answer.value == 1.0


@pytest.mark.parametrize(
    "statement",
    ["W[1].data += 1", "W[1].data.zero_()", "W[1].detach().add_(1)", "with torch.no_grad(): W[1] -= 1"],
)
def test_a_changed_parameter_is_seen(statement):
    source = (
        f"def f(W,b,x):\n    err = (W[0] @ x).sum() + W[1].sum() + b.sum()\n    {statement}\n    return err"
    )
    answer = call(written(source), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert [(fault.fault, fault.where) for fault in answer.faults] == [("mutates-input", "W")]


@pytest.mark.parametrize(
    "statement",
    [
        "x = x + 1",
        "W = [w + 1 for w in W]",
        "y = x.copy(); y += 1",
        "W1, W2 = W; W2 = W2*2",
        "W[0] = W[0]",
        "x += 0",
    ],
)
def test_work_on_a_copy_changes_no_input(statement):
    answer = call(written(f"def f(W,b,x):\n    {statement}\n    return 1.0"), ARRAYS, inputs())
    assert answer == Returned(np.array(1.0), ())


def test_every_changed_input_is_named():
    answer = call(
        written("def f(W,b,x):\n    W.clear(); b[:] = 0; x[:] = 0\n    return 1.0"), ARRAYS, inputs()
    )
    assert [fault.where for fault in answer.faults] == ["W", "b", "x"]


# Exceptions


@pytest.mark.parametrize(
    "statement",
    [
        "raise ValueError('no such thing')",
        "raise SystemExit('no such thing')",
        "raise BaseException('no such thing')",
        "raise GeneratorExit('no such thing')",
    ],
)
def test_an_exception_is_an_answer_that_tells_the_students_line(statement):
    answer = call(written(f"def f(W,b,x):\n    {statement}"), ARRAYS, inputs())
    assert isinstance(answer, Failed)
    assert (answer.fault.fault, answer.fault.where) == ("raised", "answer")
    assert f"`f` raised {statement.split()[1].split('(')[0]}: no such thing" in answer.fault.message
    assert f"(at its line `{statement}`)" in answer.fault.message


def test_running_out_of_memory_has_a_name_of_its_own():
    answer = call(written("def f(W,b,x):\n    raise MemoryError('no such thing')"), ARRAYS, inputs())
    assert isinstance(answer, Failed)
    assert (answer.fault.fault, answer.fault.where) == ("memory", "answer")


def test_the_line_told_is_the_students_last_and_not_a_librarys():
    source = "def g(x):\n    return numpy.linalg.inv(x)\n\ndef f(W,b,x):\n    y = g(x)\n    return y"
    answer = call(written(source), ARRAYS, inputs())
    assert isinstance(answer, Failed)
    assert "LinAlgError" in answer.fault.message
    assert "(at its line `return numpy.linalg.inv(x)`)" in answer.fault.message


@pytest.mark.parametrize(
    "statement", ["exit()", "quit()", "import sys; sys.exit(3)", "f(W,b,x)", "undefined", "x.dot(W)", "1/0"]
)
def test_what_students_do_by_mistake_is_an_answer(statement):
    answer = call(written(f"def f(W,b,x):\n    {statement}"), ARRAYS, inputs())
    assert isinstance(answer, Failed)
    assert answer.fault.fault == "raised"


def test_the_stub_is_told_from_an_exception():
    answer = call(written("def f(W,b,x):\n    raise NotImplementedError('f')"), ARRAYS, inputs())
    assert isinstance(answer, Failed)
    assert answer.fault.fault == "not-implemented"
    assert "`f`" in answer.fault.message


def test_the_time_limits_interrupt_is_not_an_answer():
    with pytest.raises(KeyboardInterrupt):
        call(written("def f(W,b,x):\n    raise KeyboardInterrupt"), ARRAYS, inputs())


@pytest.mark.parametrize("convention", [ARRAYS, LEAVES])
@pytest.mark.parametrize("parameters", ["", "W", "W,b,x,y"])
def test_another_signature_is_an_answer(parameters, convention):
    answer = call(written(f"def f({parameters}):\n    return 1.0"), convention, inputs())
    assert isinstance(answer, Failed)
    assert "TypeError" in answer.fault.message


def test_a_message_without_end_is_cut():
    answer = call(written("def f(W,b,x):\n    raise ValueError('x'*10**6)"), ARRAYS, inputs())
    assert isinstance(answer, Failed)
    assert len(answer.fault.message) < 3 * MAX_MESSAGE


def test_a_message_of_many_lines_is_one_line():
    answer = call(written("def f(W,b,x):\n    raise ValueError('a\\n\\n   b\\tc')"), ARRAYS, inputs())
    assert isinstance(answer, Failed)
    assert "ValueError: a b c" in answer.fault.message


@pytest.mark.parametrize("error", [ValueError, RecursionError, SystemExit])
def test_an_exception_that_cannot_be_printed_is_an_answer(error):
    class Unprintable(Exception):
        def __str__(self):
            raise error

    def function(W, b, x):
        raise Unprintable

    answer = call(function, ARRAYS, inputs())
    assert isinstance(answer, Failed)
    assert answer.fault.fault == "raised"


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_a_function_whose_name_cannot_be_had_is_called_all_the_same(error):
    class Function:
        @property
        def __name__(self):
            raise error

        def __call__(self, W, b, x):
            return 1.0

    assert call(Function(), ARRAYS, inputs()) == Returned(np.array(1.0), ())


def test_a_function_whose_name_is_no_text_is_called_all_the_same():
    class Name:
        def __str__(self):
            raise ValueError

    class Function:
        __name__ = Name()

        def __call__(self, W, b, x):
            x[:] = 0
            raise ValueError("no")

    answer = call(Function(), ARRAYS, inputs())
    assert isinstance(answer, Failed)
    assert answer.fault.fault == "raised"


def test_an_exception_without_a_message_is_described_by_its_name():
    assert describe(ValueError()) == "ValueError."
    assert describe(ValueError("one two")) == "ValueError: one two."


@pytest.mark.parametrize(
    "function", [np.sum, lambda *given: 1.0, type("F", (), {"__call__": lambda *_: 1.0})(), float]
)
def test_any_callable_may_stand_for_a_function(function):
    answer = call(function, ARRAYS, {"x": np.array(1.0)})
    assert isinstance(answer, Returned)
    assert answer.value == 1.0


# Gradients


def test_the_value_and_the_gradients_by_every_leaf_are_read():
    answer = call(written("def f(W,b,x): return (W[0] @ x).sum()*b.sum() + W[1].sum()"), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert answer.faults == ()
    value, by_w, by_b = answer.value
    assert value == -3.0 * 0.5 + 3.0
    np.testing.assert_array_equal(by_w[0], [[0.5, -1.0]], strict=True)
    np.testing.assert_array_equal(by_w[1], [1.0], strict=True)
    np.testing.assert_array_equal(by_b[0], [-3.0], strict=True)


def test_a_parameter_the_error_does_not_depend_on_has_no_gradient():
    answer = call(written("def f(W,b,x): return W[1].sum()"), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert answer.value[1][0] == answer.value[2][0] == Opaque("no gradient")
    assert answer.value[1][1] == 1.0


ERR = "(W[0] @ x).sum() + W[1].sum() + b.sum()"


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        (f"({ERR}).detach()", "detached"),
        (f"({ERR}).data", "detached"),
        ("torch.tensor(2.0)", "detached"),
        ("torch.tensor(2)", "detached"),
        ("x.sum()", "detached"),
        (f"({ERR}).item()", "not-a-tensor"),
        (f"float(({ERR}).detach())", "not-a-tensor"),
        (f"({ERR}).detach().numpy()", "not-a-tensor"),
        (f"[{ERR}]", "not-a-tensor"),
        (f"({ERR}, W)", "not-a-tensor"),
        ("None", "not-a-tensor"),
        ("'an error'", "not-a-tensor"),
        ("W[0]*x", "not-scalar"),
        (f"torch.stack([{ERR}, {ERR}])", "not-scalar"),
        ("W[0][:0]", "not-scalar"),
    ],
)
def test_an_error_that_cannot_be_differentiated_is_told_by_name(expression, fault):
    answer = call(written(f"def f(W,b,x): return {expression}"), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert [(found.fault, found.where) for found in answer.faults] == [(fault, "error")]
    assert answer.value[1:] == [[Opaque("no gradient")] * 2, [Opaque("no gradient")]]
    assert is_plain(answer.value)


def test_an_error_computed_under_no_grad_is_detached():
    answer = call(written(f"def f(W,b,x):\n    with torch.no_grad(): return {ERR}"), LEAVES, inputs())
    assert [found.fault for found in answer.faults] == ["detached"]


def test_not_scalar_names_the_shape():
    answer = call(written("def f(W,b,x): return W[0]*x"), LEAVES, inputs())
    assert "(1, 2)" in answer.faults[0].message


def test_an_error_of_one_entry_can_be_differentiated_though_it_is_no_single_number():
    answer = call(written(f"def f(W,b,x): return ({ERR}).reshape(1,1)"), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert [fault.fault for fault in answer.faults] == ["not-scalar"]
    assert answer.value[0].shape == (1, 1)
    assert answer.value[1][1] == 1.0


AUTOGRAD = [
    "t = torch.tensor(x, requires_grad=True); (t*t).sum().backward(); return t.grad",
    "t = torch.tensor(x, requires_grad=True); return torch.autograd.grad((t*t).sum(), t)",
    "t = torch.tensor(x, requires_grad=True); torch.autograd.backward((t*t).sum()); return t.grad",
    "return torch.func.grad(lambda t: (t*t).sum())(torch.tensor(x))",
    """try:
        t = torch.tensor(x, requires_grad=True); (t*t).sum().backward()
    except Exception: return x""",
]


@pytest.mark.parametrize("body", AUTOGRAD)
def test_automatic_differentiation_by_hand_is_told_by_name(body):
    answer = call(written(f"def f(W,b,x):\n    {body}"), Convention(by_hand=True), inputs())
    assert isinstance(answer, Failed)
    assert (answer.fault.fault, answer.fault.where) == ("uses-autograd", "answer")


def test_torch_as_an_array_library_by_hand_is_told_by_name():
    source = "def f(W,b,x):\n    import torch\n    return torch.tensor(x) * 2"
    answer = call(written(source), Convention(by_hand=True), inputs())
    assert isinstance(answer, Failed)
    assert (answer.fault.fault, answer.fault.where) == ("uses-torch", "answer")


@pytest.mark.parametrize("body", ["return x", "raise ValueError", AUTOGRAD[0]])
def test_automatic_differentiation_works_again_after_a_call_by_hand(body):
    call(written(f"def f(W,b,x):\n    {body}"), Convention(by_hand=True), inputs())
    t = torch.tensor(3.0, requires_grad=True)
    (t * t).backward()
    assert t.grad == 6.0
    assert torch.func.grad(lambda u: u * u)(torch.tensor(3.0)) == 6.0


def test_reading_gradients_leaves_no_trace_in_grad():
    seen = []

    def function(W, b, x):
        seen.extend([*W, b])
        return sum(w.sum() for w in W) + b.sum()

    call(function, LEAVES, inputs())
    assert [parameter.grad for parameter in seen] == [None] * 3


def test_a_graph_that_is_kept_after_backward_may_be_used_again():
    source = f"def f(W,b,x):\n    err = {ERR}\n    err.backward(retain_graph=True)\n    return err"
    answer = call(written(source), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert answer.faults == ()
    assert answer.value[2][0] == 1.0


def test_torch_is_not_imported_for_arrays():
    code = "import sys, autograder.calling as c; c.plain([1.0, None]); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_calls_from_several_threads_do_not_meet():
    answers = {}

    def ask(number):
        answers[number] = call(lambda x: x * 2, ARRAYS, {"x": np.array(float(number))})

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: float(answer.value) for number, answer in answers.items()} == {
        n: 2.0 * n for n in range(8)
    }
