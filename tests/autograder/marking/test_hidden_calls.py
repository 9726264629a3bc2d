"""Of what a function says of hidden inputs nothing is passed on, but names and sizes that tell nothing."""

import numpy as np
import pytest

from autograder.assignments import load_all
from autograder.exercise import Failed, Fault, Instance, Opaque, Returned
from autograder.marking import hidden_calls

EXERCISE = load_all()[0].exercises[0]
HIDDEN = Instance({"X": np.ones((5, 4)), "W": [np.ones((4, 6))]}, "other data and parameters (N = 5)")


def failed(fault, message, where="answer"):
    answer = hidden_calls.redacted(Failed(Fault(fault, where, message)), EXERCISE, HIDDEN)
    assert isinstance(answer, Failed)
    return answer.fault


@pytest.mark.parametrize(
    "name", ["ValueError", "ZeroDivisionError", "SystemExit", "LinAlgError", "AxisError"]
)
def test_an_exception_that_is_pythons_or_numpys_is_named(name):
    fault = failed("raised", f"`exercise1` raised {name}: 0.123456 (at its line `x = 0.123456`).")
    assert (
        fault.message == f"On {HIDDEN.description} it raised {'an' if name == 'AxisError' else 'a'} {name}."
    )
    assert fault.fault == "raised"


@pytest.mark.parametrize(
    "message",
    [
        "`exercise1` raised X0123: told.",
        "`exercise1` raised ValueError0123: told.",
        "`raised ValueError` raised X0123: told.",
        "0123",
        "",
        "x` raised ValueError 0123",
        "`exercise1` raised object: 0123",
    ],
)
def test_any_other_exception_is_an_exception(message):
    fault = failed("raised", message)
    assert "0123" not in fault.message
    assert fault.message.endswith("raised an exception.") or "ValueError." in fault.message


@pytest.mark.parametrize("fault", [*hidden_calls.FAILURES, "0123", "", "hard-coded"])
def test_no_answer_is_reported_in_our_words(fault):
    messages = failed(fault, "0123 times 0.5", where="0123")
    assert "0123" not in messages.message + messages.where + messages.fault
    assert messages.message.startswith(f"On {HIDDEN.description}")


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("None", True),
        ("no gradient", True),
        ("a str", True),
        ("a dict_values", True),
        ("an array of complex128", True),
        ("an array of object", True),
        ("a list with a function", True),
        ("lists nested too deeply", True),
        ("a list of 20123 items, far too many", False),
        ("an array of <U123", False),
        ("an array of [('x0123', '<f8')]", False),
        ("a X0123", False),
        ("a X0123 that cannot be read (Y0123)", False),
        ("an array with 7 axes", False),
        ("0.123", False),
        ("a \u0661\u0662\u0663", False),
    ],
)
def test_what_is_no_array_is_reported_as_far_as_everybody_knows_it(description, message):
    answer = hidden_calls.redacted(Returned([[Opaque(description)], np.ones(2)]), EXERCISE, HIDDEN)
    (result,), array = answer.value
    assert (result == Opaque(description)) == message
    assert message or result.description == "nothing that is made of numbers"
    assert array.tolist() == [1.0, 1.0]


def test_faults_seen_while_calling_are_reported_in_our_words():
    faults = [Fault("mutates-input", "X", "0123"), Fault("detached", "error", "0123")]
    forged = [Fault("mutates-input", "0123", "x"), Fault("0123", "X", "x"), Fault("hard-coded", "X", "0123")]
    answer = hidden_calls.redacted(Returned(np.ones(1), (*faults, *forged)), EXERCISE, HIDDEN)
    assert [(fault.fault, fault.where) for fault in answer.faults] == [
        ("mutates-input", "X"),
        ("detached", "error"),
    ]
    assert not any("0123" in fault.message for fault in answer.faults)


@pytest.mark.parametrize(
    ("message", "messages"),
    [
        ("`DW1` has shape (6, 4); (4, 6) was expected.", True),
        ("`DB1` has shape (5, 6); (6,) was expected.", True),
        ("`DB1` has shape (); (6,) was expected.", True),
        ("`DB1` has shape (1234, 6); (6,) was expected.", False),
        ("`DB1` has shape (3, 3, 3); (6,) was expected.", False),
        ("`DB1` holds values that are infinite or not a number.", True),
    ],
)
def test_a_shape_is_reported_where_the_inputs_have_such_sizes(message, messages):
    fault = hidden_calls.mismatch(Fault("wrong-shape", "DB1", message), HIDDEN)
    assert (message in fault.message) == messages
    assert fault.message.startswith(f"On {HIDDEN.description}: ")
    assert messages or fault.message.endswith("`DB1` has another shape than was expected.")


def test_a_length_is_reported_where_the_inputs_have_it():
    messages = hidden_calls.mismatch(
        Fault("wrong-length", "answer", "The answer has 1234 entries; 2 were expected."), HIDDEN
    )
    assert messages.message.endswith("the answer has another length than was expected.")
