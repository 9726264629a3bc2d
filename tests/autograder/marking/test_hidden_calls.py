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
        *("`exercise1` raised X0123: told.", "`exercise1` raised ValueError0123: told."),
        *("`raised ValueError` raised X0123: told.", "x` raised ValueError 0123"),
        *("`exercise1` raised object: 0123", "0123", ""),
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


KNOWN = [
    *("None", "no gradient", "a str", "a dict_values", "an array of complex128", "an array of object"),
    *("a list with a function", "lists nested too deeply"),
]
"""What everybody knows of an answer."""
OTHER = [
    *("a list of 20123 items, far too many", "an array of <U123", "an array of [('x0123', '<f8')]"),
    *(
        "a X0123",
        "a X0123 that cannot be read (Y0123)",
        "an array with 7 axes",
        "0.123",
        "a \u0661\u0662\u0663",
    ),
]


@pytest.mark.parametrize(
    ("description", "passed_on"),
    [*zip(KNOWN, KNOWN, strict=True), *((other, "nothing that is made of numbers") for other in OTHER)],
)
def test_what_is_no_array_is_reported_as_far_as_everybody_knows_it(description, passed_on):
    answer = hidden_calls.redacted(Returned([[Opaque(description)], np.ones(2)]), EXERCISE, HIDDEN)
    (result,), array = answer.value
    assert result == Opaque(passed_on)
    assert array.tolist() == [1.0, 1.0]


def test_faults_seen_while_calling_are_reported_in_our_words():
    faults = [Fault("mutates-input", "X", "0123"), Fault("detached", "error", "0123")]
    forged = [Fault("mutates-input", "0123", "x"), Fault("0123", "X", "x"), Fault("hard-coded", "X", "0123")]
    answer = hidden_calls.redacted(Returned(np.ones(1), (*faults, *forged)), EXERCISE, HIDDEN)
    told = [(fault.fault, fault.where) for fault in answer.faults]
    assert told == [("mutates-input", "X"), ("detached", "error")]
    assert not any("0123" in fault.message for fault in answer.faults)


@pytest.mark.parametrize(
    ("where", "message", "instead"),
    [
        ("DW1", "`DW1` has shape (6, 4); (4, 6) was expected.", None),
        ("DB1", "`DB1` has shape (5, 6); (6,) was expected.", None),
        ("DB1", "`DB1` has shape (); (6,) was expected.", None),
        (
            "DB1",
            "`DB1` has shape (1234, 6); (6,) was expected.",
            "`DB1` has another shape than was expected.",
        ),
        (
            "DB1",
            "`DB1` has shape (3, 3, 3); (6,) was expected.",
            "`DB1` has another shape than was expected.",
        ),
        ("DB1", "`DB1` holds values that are infinite or not a number.", None),
        (
            "answer",
            "It has 1234 entries; 2 were expected.",
            "the answer has another length than was expected.",
        ),
    ],
)
def test_a_shape_or_a_length_is_reported_where_the_inputs_have_such_sizes(where, message, instead):
    fault = Fault("wrong-length" if where == "answer" else "wrong-shape", where, message)
    assert hidden_calls.mismatch(fault, HIDDEN).message == f"On {HIDDEN.description}: {instead or message}"
