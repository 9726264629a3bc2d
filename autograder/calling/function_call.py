"""Call a student's function: make its inputs, and turn what it returns into plain arrays.

This runs on the student's side of the trust boundary. It knows no true values and decides nothing; whatever
the function does or returns, the result is an `Answer`. The exercise's driver knows how to call it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.calling import by_hand, inputs
from autograder.calling.call_faults import call_fault
from autograder.calling.drivers.driver import NoAnswer
from autograder.calling.drivers.table import DRIVERS
from autograder.calling.quotation import exception, name
from autograder.exercise import (
    Answer,
    CallAll,
    Convention,
    Exercise,
    Failed,
    Instance,
    Opaque,
    Returned,
    Value,
)
from utils.watched import result_without_gradient


def call(function: Callable[..., object], convention: Convention, given: Mapping[str, Value]) -> Answer:
    """Call `function` with fresh copies of `given`, in their order, and read its answer."""
    answer, after = call_and_look(function, convention, given)
    if isinstance(answer, Failed):
        return answer
    changed = inputs.changed(after, inputs.Originals(given, convention))
    faults = [call_fault("mutates-input", key, _name(function)) for key in changed]
    return replace(answer, faults=(*answer.faults, *faults))


def call_and_look(
    function: Callable[..., object], convention: Convention, given: Mapping[str, Value]
) -> tuple[Answer, Value]:
    """Call as `call` does, but let the caller find out which inputs were changed.

    Returns
    -------
    The answer, and the inputs as they are after the call.
    """
    own = _name(function)
    after: Value = Opaque("None")
    try:
        arguments = inputs.arguments(given, convention)
        # the answer is read meanwhile, too: a generator computes only when it is asked for numbers
        with by_hand.watched() if convention.by_hand else contextlib.nullcontext():
            value, faults = DRIVERS[convention.driven_by](function, arguments, convention, own)
        after = inputs.afterwards(arguments, given, convention)
    except KeyboardInterrupt:
        raise
    except NoAnswer as reason:
        return Failed(reason.fault), after
    except by_hand.AutogradUsed:
        return Failed(by_hand.fault(own)), after
    except MemoryError:
        return Failed(call_fault("memory", "answer", own)), after
    except BaseException as error:  # SystemExit and friends are answers too
        if type(error) is NotImplementedError:  # `input` raises a subclass of it, which is no stub
            return Failed(call_fault("not-implemented", "answer", own)), after
        if of := _without_gradient(error):
            return Failed(call_fault("gradient-of-a-result", "answer", own, (*exception(error), of))), after
        return Failed(call_fault("raised", "answer", own, exception(error))), after
    return Returned(value, tuple(faults)), after


def one_by_one(call: Callable[[Exercise, Instance], Answer]) -> CallAll:
    """Call on one instance after another, up to the first failure."""

    def call_all(exercise: Exercise, instances: Sequence[Instance]) -> Iterator[Answer]:
        for instance in instances:
            answer = call(exercise, instance)
            yield answer
            if isinstance(answer, Failed):
                return

    return call_all


def _without_gradient(error: BaseException) -> str:
    try:
        return name(result_without_gradient(error), "")
    except KeyboardInterrupt:
        raise
    except BaseException:  # an exception's own __str__ is student code, too
        return ""


def _name(function: object) -> str:
    try:
        own = str(function.__name__)  # type: ignore[attr-defined]  # tried
        return own if own == "<lambda>" else name(own, "the function")
    except KeyboardInterrupt:
        raise
    except BaseException:  # an attribute of a student's object may do anything
        return "the function"


def describe(error: BaseException) -> str:
    """Describe an exception's type, message and line in a cell, in one sentence."""
    kind, message, line = exception(error)
    return (f"{kind}: {message}" if message else kind) + (f" (at its line {line})" if line else "")
