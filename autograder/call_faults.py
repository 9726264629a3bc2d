"""What can be said of a call: known names, known places, and the grader's own sentences for them.

Whoever calls a student's function names what was seen; the sentence is made here, by `seen` where the caller
is trusted, by `rebuilt` from what a student's process wrote. All that is free in it is a quotation.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Mapping, Sequence

from autograder.descriptions import described
from autograder.exercise import Exercise, Fault
from autograder.quotation import MAX_NAME, quoted

MAX_FAULTS = 20
SHAPE = re.compile(r"\((\d{1,12}, ){0,8}(\d{1,12},?)?\)")

ON_THE_ANSWER: Mapping[str, Callable[[str, Sequence[str]], str]] = {
    "not-implemented": lambda f, _: f"`{f}` still raises NotImplementedError: the stub.",
    "memory": lambda f, _: f"`{f}` asked for more memory than there is for it.",
    "timeout": lambda f, _: f"`{f}` did not come back in time: look for a loop that does not end.",
    "raised": lambda f, details: f"`{f}` raised {_exception(*details)}.",
    "missing": lambda f, details: (
        f"`{f}` {'is no function any more' if 'no function' in details else 'is not defined'} "
        "after the notebook's cells ran."
    ),
    "uses-autograd": lambda f, _: (
        f"`{f}` lets PyTorch differentiate. This exercise is to be solved by hand: write the "
        "derivative yourself, with numpy or with PyTorch's arrays."
    ),
}
"""Why there is no answer."""

ON_THE_ERROR: Mapping[str, Callable[[str, Sequence[str]], str]] = {
    "not-a-tensor": lambda _, details: (
        f"The error came back as {described(_first(details)).description}, not as a tensor, so PyTorch "
        "cannot differentiate it. Return the tensor itself, without `.item()`, `float()` or numpy."
    ),
    "detached": lambda *_: (
        "The error is a tensor, but no path leads from it back to the parameters. Something on the "
        "way cut it off: `.detach()`, `.data`, `torch.no_grad()`, numpy, or a new tensor."
    ),
    "not-scalar": lambda _, details: (
        f"The error has {_shape(details)}; only a single number can be differentiated. "
        "Take the mean over all of it."
    ),
    "backward-called": lambda *_: (
        "PyTorch has gone back from the error already, and has forgotten the way. Leave `backward()` "
        "out: return the error, and whoever calls the function differentiates it."
    ),
    "changed-in-place": lambda *_: (
        "An operation in place (`-=`, `**=`, a method that ends with `_`) has overwritten numbers that "
        "PyTorch needs for the way back. Compute a new tensor instead, as in `D = Y - T` and `D**2`."
    ),
}
"""Why the error has no gradient."""

ON_THE_RETURN: Mapping[str, Callable[[str, Sequence[str]], str]] = {
    "returns-nothing": lambda *_: "The function returned None. Is there a `return`?",
}
"""Why there is nothing to differentiate."""


def seen(fault: str, where: str, function: str, details: Sequence[str] = ()) -> Fault:
    """Name what was seen when `function` was called, with the sentence for it.

    details : words of the student's program: an exception's type, message and line; a type; a shape.
    """
    if fault == "mutates-input":
        message = (
            f"`{function}` changed its input `{where}`. Work on a copy: whoever calls the function goes on "
            "using what was passed in."
        )
    else:
        message = {**ON_THE_ANSWER, **ON_THE_ERROR, **ON_THE_RETURN}[fault](function, details)
    return Fault(fault, where, message, details=tuple(details))


def rebuilt(written: object, exercise: Exercise) -> Fault | None:
    """Make a fault of what a student's process wrote of it; None if its name or place is not known."""
    if not isinstance(written, list) or not 2 <= len(written) <= 5:
        return None
    if not all(isinstance(word, str) for word in written):
        return None
    fault, where, *details = written
    table = {"answer": {**ON_THE_ANSWER, **ON_THE_RETURN}, "error": ON_THE_ERROR}.get(where, {})
    known = fault in table and (fault in ON_THE_ANSWER or bool(exercise.convention.leaves))
    return seen(fault, where, exercise.name, details) if known else None


def ends_a_call(fault: Fault) -> bool:
    """Whether there is no answer because of this."""
    return fault.fault in ON_THE_ANSWER


def _exception(kind: str = "", message: str = "", line: str = "", *_: str) -> str:
    """An exception in words: its type if it is one of Python's own, all else as a quotation."""
    known = getattr(builtins, kind, None) if kind.isidentifier() else None
    if isinstance(known, type) and issubclass(known, BaseException):
        sentence = f"{kind}: {quoted(message)}" if message else kind
    else:
        shown = kind[:MAX_NAME] or "an exception"
        sentence = quoted(f"{shown}: {message}" if message else shown)
    return f"{sentence} (at its line {quoted(line)})" if line else sentence


def _first(details: Sequence[str]) -> str:
    return details[0] if details else ""


def _shape(details: Sequence[str]) -> str:
    shape = _first(details)
    return f"shape {shape}" if SHAPE.fullmatch(shape) else "several entries"
