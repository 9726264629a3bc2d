"""Calling a student's function: its inputs made, what it gives back turned into plain arrays.

This runs on the student's side of the trust boundary. It knows no truth and decides nothing; whatever
the function does or returns, an `Answer` comes out. torch is imported only where an answer needs it.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder import by_hand, inputs
from autograder.call_faults import seen
from autograder.exercise import (
    Answer,
    CallAll,
    Convention,
    Exercise,
    Failed,
    Fault,
    Instance,
    Opaque,
    Returned,
    Value,
)
from autograder.quotation import MAX_NAME, MAX_QUOTED, name, type_name
from autograder.reading import plain


def call(function: Callable[..., object], convention: Convention, given: Mapping[str, Value]) -> Answer:
    """Call `function` with fresh copies of `given`, in their order, and read its answer off."""
    answer, after = call_and_look(function, convention, given)
    if isinstance(answer, Failed):
        return answer
    changed = inputs.changed(after, given, convention)
    faults = [seen("mutates-input", key, _name(function)) for key in changed]
    return replace(answer, faults=(*answer.faults, *faults))


def call_and_look(
    function: Callable[..., object], convention: Convention, given: Mapping[str, Value]
) -> tuple[Answer, Value]:
    """Call as `call` does, and leave it to others to see what became of the inputs.

    Returns
    -------
    The answer, and the inputs as they are by now.
    """
    own = _name(function)
    after: Value = Opaque("None")
    try:
        arguments = inputs.arguments(given, convention)
        # it is read meanwhile, too: a generator computes only when somebody asks it for numbers
        with by_hand.watched() if convention.by_hand else contextlib.nullcontext():
            returned = function(*arguments.values())
            value, faults = _read(returned, convention, arguments, own)
        after = inputs.afterwards(arguments, given, convention)
    except KeyboardInterrupt:
        raise
    except by_hand.AutogradUsed:
        return Failed(by_hand.fault(own)), after
    except MemoryError:
        return Failed(seen("memory", "answer", own)), after
    except BaseException as error:  # SystemExit and friends are answers too
        if type(error) is NotImplementedError:  # what asks for input in vain raises a kind of its own
            return Failed(seen("not-implemented", "answer", own)), after
        return Failed(seen("raised", "answer", own, exception(error))), after
    return Returned(value, tuple(faults)), after


def one_by_one(call: Callable[[Exercise, Instance], Answer]) -> CallAll:
    """Call on one instance after the other, up to the first failure."""

    def call_all(exercise: Exercise, instances: Sequence[Instance]) -> Iterator[Answer]:
        for instance in instances:
            answer = call(exercise, instance)
            yield answer
            if isinstance(answer, Failed):
                return

    return call_all


def _name(function: object) -> str:
    try:
        own = str(function.__name__)  # type: ignore[attr-defined]  # tried
        return own if own == "<lambda>" else name(own, "the function")
    except KeyboardInterrupt:
        raise
    except BaseException:  # an attribute of a student's object may do anything
        return "the function"


def exception(error: BaseException) -> tuple[str, str, str]:
    """Type, message and line of an exception in a student's code; empty where there is none."""
    message, line = "its message cannot be printed", ""
    try:
        message = " ".join(str(error)[: 4 * MAX_QUOTED].split())
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if "ipython-input" in f.filename or "ipykernel" in f.filename]
        line = (own[-1].line or "").strip() if own else ""
    except KeyboardInterrupt:
        raise
    except BaseException:  # an exception's own __str__ is student code, too
        pass
    return type_name(error)[:MAX_NAME], _sent(message), _sent(line)


def _sent(text: str) -> str:
    """Text that any channel and file can hold, and not too much of it."""
    return text[: MAX_QUOTED + 1].encode("utf-8", "replace").decode("utf-8")


def describe(error: BaseException) -> str:
    """Type, message and line of an exception in a cell, in one sentence of the student's program."""
    kind, message, line = exception(error)
    return (f"{kind}: {message}" if message else kind) + (f" (at its line {line})" if line else "")


def _read(
    returned: object, convention: Convention, arguments: Mapping[str, Any], own: str
) -> tuple[Value, list[Fault]]:
    if not convention.leaves:
        return plain(returned), []
    gradients, faults = _gradients(returned, [arguments[leaf] for leaf in convention.leaves], own)
    value = plain(returned)
    if isinstance(value, np.ndarray) and value.size == 1 and not faults:
        value = value.reshape(())  # what `backward` works on is a single number, whatever its axes
    return [value, *gradients], faults


def _gradients(scalar: object, leaves: list[Any], own: str) -> tuple[list[Value], list[Fault]]:
    """Differentiate what was returned by every leaf, without touching any `.grad`."""
    import torch

    groups = [leaf if isinstance(leaf, list) else [leaf] for leaf in leaves]
    problem = None
    if scalar is None:
        problem = seen("returns-nothing", "answer", own)
    elif not isinstance(scalar, torch.Tensor):
        problem = seen("not-a-tensor", "error", own, (_kind(scalar),))
    elif not scalar.requires_grad:
        problem = seen("detached", "error", own)
    elif scalar.numel() != 1:
        problem = seen("not-scalar", "error", own, (str(tuple(scalar.shape)),))
    nothing: list[Value] = [[Opaque("no gradient") for _ in group] for group in groups]
    if problem is not None:
        return nothing, [problem]
    assert isinstance(scalar, torch.Tensor)
    flat = [leaf for group in groups for leaf in group]
    try:
        found = iter(torch.autograd.grad(scalar.sum(), flat, allow_unused=True))
    except RuntimeError as error:
        spoilt = _spoilt(str(error))
        if not spoilt:
            raise
        return nothing, [seen(spoilt, "error", own)]
    gradients = [[next(found) for _ in group] for group in groups]
    return [[Opaque("no gradient") if g is None else plain(g) for g in gs] for gs in gradients], []


def _spoilt(message: str) -> str:
    """Name why PyTorch can no longer go back from an error, by its message; empty if it is another."""
    if "a second time" in message:
        return "backward-called"
    return "changed-in-place" if "modified by an inplace operation" in message else ""


def _kind(returned: object) -> str:
    value = plain(returned)
    return value.description if isinstance(value, Opaque) else f"a {type_name(returned)}"
