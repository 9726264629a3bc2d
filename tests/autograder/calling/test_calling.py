"""A student's function gets copies of its inputs, and what it changes or raises is in the answer."""

# ruff: noqa: ARG002  the functions here take what a student's would take

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from autograder.calling.function_call import call, describe
from autograder.calling.quotation import MAX_QUOTED
from autograder.exercise import Returned
from tests.autograder.students_function import (
    ARRAYS,
    LEAVES,
    TENSORS,
    answered,
    inputs,
    raises,
    told,
    written,
)

arrays_and_tensors = pytest.mark.parametrize("convention", [ARRAYS, TENSORS], ids=["arrays", "tensors"])


def flat(given):
    return [*given["W"], given["b"], given["x"]]


# Inputs


def test_inputs_come_in_their_order_as_arrays():
    def function(W, b, x):
        assert [type(w) for w in W] == [np.ndarray, np.ndarray]
        assert {a.dtype for a in (*W, b, x)} == {np.dtype("float64")}
        return [W[0], W[1], b, x]

    for result, expected in zip(call(function, ARRAYS, inputs()).value, flat(inputs()), strict=True):
        np.testing.assert_array_equal(result, expected, strict=True)


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


MIXED = {
    "t": np.array([1, 0], dtype=np.int32),
    "m": np.array([True, False]),
    "n": 3,
    "flag": True,
    "shape": (2, (3, 4)),
    "heads": [[np.array([1.0]), np.array([2])], [(np.array([True]),)]],
}


@pytest.mark.parametrize(
    ("convention", "kind", "single"), [(ARRAYS, np.ndarray, "float64"), (TENSORS, torch.Tensor, "float32")]
)
def test_labels_masks_and_tuples_come_as_what_they_are(convention, kind, single):
    def function(t, m, n, flag, shape, heads):
        arrays = [t, m, heads[0][0], heads[0][1], heads[1][0][0]]
        assert [type(array) for array in arrays] == [kind] * 5
        names = [str(array.dtype).removeprefix("torch.") for array in arrays]
        assert names == ["int64", "bool", single, "int64", "bool"]
        assert (type(n), type(flag), shape, type(heads[1][0])) == (int, bool, (2, (3, 4)), tuple)
        return n

    assert call(function, convention, MIXED) == Returned(np.float64(3))


@pytest.mark.parametrize("convention", [ARRAYS, TENSORS, LEAVES])
def test_every_call_gets_copies_of_its_own(convention):
    given, seen = inputs(), []

    def function(W, b, x):
        seen.append([a.detach().clone() if torch.is_tensor(a) else a.copy() for a in (*W, b, x)])
        with torch.no_grad():
            for array in (*W, b, x):
                array += 1
        W.clear()
        return 0.0

    for _ in range(3):
        call(function, convention, given)
    for result in (*seen, flat(given)):
        for array, expected in zip(result, flat(inputs()), strict=True):
            np.testing.assert_array_equal(np.asarray(array), expected)


CHANGES = {
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
    "a label": ("t[0] = 0", "t"),
    "a mask": ("m[1] = True", "m"),
    "a nested list": ("heads[0][1][0] = 7", "heads"),
    "a nested list, deep": ("heads[1][0][0][0] = False", "heads"),
    "a tuple in a nested list": ("heads[1][0] = (heads[0][1],)", "heads"),
    "the dtype in a nested list": ("heads[0][1] = heads[0][1] * 1.5", "heads"),
}


@arrays_and_tensors
@pytest.mark.parametrize(("statement", "changed"), CHANGES.values(), ids=CHANGES)
def test_a_changed_input_is_seen(statement, changed, convention):
    given = inputs() | MIXED
    answer = call(written(f"def f({','.join(given)}):\n    {statement}\n    return 1.0"), convention, given)
    assert told(answer) == [("mutates-input", changed)]
    assert f"`{changed}`" in answer.faults[0].message
    assert answer.value == 1.0


@pytest.mark.parametrize(
    "statement",
    ["W[1].data += 1", "W[1].data.zero_()", "W[1].detach().add_(1)", "with torch.no_grad(): W[1] -= 1"],
)
def test_a_changed_parameter_is_seen(statement):
    body = f"err = (W[0] @ x).sum() + W[1].sum() + b.sum()\n    {statement}\n    return err"
    assert told(answered(body, LEAVES)) == [("mutates-input", "W")]


@pytest.mark.parametrize(
    "statement",
    [
        *("x = x + 1", "W = [w + 1 for w in W]", "y = x.copy(); y += 1", "W1, W2 = W; W2 = W2*2"),
        *("W[0] = W[0]", "x += 0"),
    ],
)
def test_work_on_a_copy_changes_no_input(statement):
    assert answered(f"{statement}\n    return 1.0") == Returned(np.array(1.0), ())


def test_every_changed_input_is_named():
    answer = answered("W.clear(); b[:] = 0; x[:] = 0; return 1.0")
    assert [fault.where for fault in answer.faults] == ["W", "b", "x"]


def test_calls_from_several_threads_do_not_meet():
    def ask(number):
        return float(call(lambda x: x * 2, ARRAYS, {"x": np.array(float(number))}).value)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [2.0 * n for n in range(8)]


# Exceptions


def failed(*arguments, **more):
    """Why a function with this body gave no answer."""
    fault = answered(*arguments, **more).fault
    assert fault.where == "answer"
    return fault


RAISED = {
    f"raise {kind}('no such thing')": (
        "raised",
        f"`f` raised {kind}: “no such thing” (at its line “raise {kind}('no such thing')”)",
    )
    for kind in ("ValueError", "SystemExit", "BaseException", "GeneratorExit")
} | {
    "raise MemoryError('no such thing')": ("memory", ""),
    "raise NotImplementedError('f')": ("not-implemented", "`f`"),
    "raise ValueError('a\\n\\n   b\\tc')": ("raised", "ValueError: “a b c”"),
}
ENDS = ("exit()", "quit()", "import sys; sys.exit(3)", "f(W,b,x)", "undefined", "x.dot(W)", "1/0")
RAISED |= dict.fromkeys(ENDS, ("raised", ""))


@pytest.mark.parametrize("body", RAISED)
def test_an_exception_is_an_answer_that_tells_the_students_line(body):
    name, words = RAISED[body]
    fault = failed(body)
    assert fault.fault == name
    assert words in fault.message


def test_the_line_told_is_the_students_last_and_not_a_librarys():
    fault = failed("y = g(x)\n    return y", before="def g(x):\n    return numpy.linalg.inv(x)\n\n")
    assert "raised “LinAlgError: " in fault.message
    assert "(at its line “return numpy.linalg.inv(x)”)" in fault.message


def test_who_asks_for_input_in_vain_has_not_left_the_stub():
    kind = "class StdinNotImplementedError(NotImplementedError): pass\n"
    fault = failed("raise StdinNotImplementedError('no input')", before=kind)
    assert fault.fault == "raised"
    assert "no input" in fault.message


def test_the_time_limits_interrupt_is_not_an_answer():
    with pytest.raises(KeyboardInterrupt):
        answered("raise KeyboardInterrupt")


@pytest.mark.parametrize("convention", [ARRAYS, LEAVES])
@pytest.mark.parametrize("parameters", ["", "W", "W,b,x,y"])
def test_another_signature_is_an_answer(parameters, convention):
    assert "TypeError" in failed("return 1.0", convention, parameters).message


def test_a_message_without_end_is_cut():
    assert len(failed("raise ValueError('x'*10**6)").message) < 3 * MAX_QUOTED


@pytest.mark.parametrize("error", [ValueError, RecursionError, SystemExit])
def test_an_exception_that_cannot_be_printed_is_an_answer(error):
    unprintable = type("Unprintable", (Exception,), {"__str__": raises(error)})
    assert call(raises(unprintable), ARRAYS, {"x": 1.0}).fault.fault == "raised"


NAMES = {
    "raises": property(raises(ValueError)),
    "exits": property(raises(SystemExit)),
    "is no text": type("N", (), {"__str__": raises(ValueError)})(),
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_function_whose_name_cannot_be_had_is_called_all_the_same(name):
    class Function:
        __name__ = name

        def __call__(self, W, b, x):
            x[:] = 0
            return 1.0

    assert told(call(Function(), ARRAYS, inputs())) == [("mutates-input", "x")]
    assert call(Function(), ARRAYS, inputs() | {"x": 3.0}).fault.fault == "raised"


def test_an_exception_without_a_message_is_described_by_its_name():
    assert describe(ValueError()) == "ValueError"
    assert describe(ValueError("one two")) == "ValueError: one two"


@pytest.mark.parametrize(
    "function", [np.sum, lambda *given: 1.0, type("F", (), {"__call__": lambda *_: 1.0})(), float]
)
def test_any_callable_may_stand_for_a_function(function):
    assert call(function, ARRAYS, {"x": np.array(1.0)}).value == 1.0
