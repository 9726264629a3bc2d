"""Name the faults of a call: known names, known places, and the grader's own sentences for them.

Whoever calls a student's function names what was seen. The sentence is made here: by `call_fault` if the
caller is trusted, by `rebuilt` from what a student's process wrote. Any free text in it is a quotation.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Mapping, Sequence

from autograder.calling.descriptions import described
from autograder.calling.drivers import graph
from autograder.calling.quotation import MAX_NAME, name, quoted
from autograder.exercise import Exercise, Fault, Instance

MAX_FAULTS = 20
SHAPE = re.compile(r"\((\d{1,12}, ){0,8}(\d{1,12},?)?\)")

GONE = ("no function", "no class")

ON_THE_ANSWER: Mapping[str, Callable[[str, Sequence[str]], str]] = {
    "not-implemented": lambda f, details: f"`{_of(f, details)}` still raises NotImplementedError: the stub.",
    "memory": lambda f, _: f"`{f}` asked for more memory than there is for it.",
    "timeout": lambda f, _: f"`{f}` did not come back in time: look for a loop that does not end.",
    "raised": lambda f, details: f"`{_of(f, details[3:])}` raised {_exception(*details)}.",
    "gradient-of-a-result": lambda f, details: (
        f"`{f}` raised {_exception(*details)}. PyTorch fills in `.grad` of tensors that were made to be "
        f"watched, and not of what is computed from them; {_quoted_name(details)} is the result of an "
        "operation there. Which line puts a new tensor in the place of the old one?"
    ),
    "missing": lambda f, details: (
        f"`{f}` {f'is {_first(details)} any more' if _first(details) in GONE else 'is not defined'} "
        "after the notebook's cells ran."
    ),
    "uses-autograd": lambda f, _: (
        f"`{f}` lets PyTorch differentiate. This exercise is to be solved by hand: write the "
        "derivative yourself, with numpy or with PyTorch's arrays."
    ),
}
"""Reasons why there is no answer."""

ON_A_CLASS: Mapping[str, Callable[[str, Sequence[str]], str]] = {
    "missing-method": lambda f, details: _missing_method(f, _first(details)),
    "missing-attribute": lambda f, details: (
        f"What `{f}` makes has no attribute `{_first(details)}`, where the exercise reads "
        f"{'the gradient' if _first(details) == graph.GRADIENT else 'the numbers'}: set "
        f"`self.{_first(details)}` in the class."
    ),
    "wrong-return-type": lambda f, details: (
        f"`{_of(f, details)}` returned {described(details[-1]).description}, and the graph cannot go on "
        f"from there: return a new `{f}`" + (". Is there a `return`?" if details[-1] == "None" else ".")
    ),
}
"""Reasons why a graph cannot be run on a class: the method or attribute, and what came of it."""
METHOD_AT = {"raised": 3, "not-implemented": 0, **dict.fromkeys(ON_A_CLASS, 0)}
"""Which of a fault's details names a method of the class."""

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
        "out: return the error, and the caller differentiates it."
    ),
    "gradients-left": lambda f, _: (
        f"`{f}` has left gradients in the `.grad` of its parameters. Whoever goes back from the error "
        "afterwards finds the new ones added to these. Leave `backward()` out: return the error, and the "
        "caller differentiates it."
    ),
    "changed-in-place": lambda *_: (
        "An operation in place (`-=`, `**=`, a method that ends with `_`) has overwritten numbers that "
        "PyTorch needs for the way back. Compute a new tensor instead, as in `D = Y - T` and `D**2`."
    ),
}
"""Reasons why the error has no gradient, or what its caller finds in the parameters."""

ON_THE_RETURN: Mapping[str, Callable[[str, Sequence[str]], str]] = {
    "returns-nothing": lambda *_: "The function returned None. Is there a `return`?",
}
"""Reasons why there is nothing to differentiate."""


def call_fault(fault: str, where: str, function: str, details: Sequence[str] = ()) -> Fault:
    """Name what was seen when `function` was called, with the sentence for it.

    details : words of the student's program: an exception's type, message and line; a type; a shape.
    """
    if fault == "mutates-input":
        message = (
            f"`{function}` changed its input `{where}`. Work on a copy: its caller goes on using what was "
            "passed in."
        )
    else:
        message = {**ON_THE_ANSWER, **ON_A_CLASS, **ON_THE_ERROR, **ON_THE_RETURN}[fault](function, details)
    return Fault(fault, where, message, details=tuple(details))


def rebuilt(written: object, exercise: Exercise, instance: Instance) -> Fault | None:
    """Make a fault from what a student's process wrote; None if its name or place is not known."""
    if not isinstance(written, list) or not 2 <= len(written) <= 6:
        return None
    if not all(isinstance(word, str) for word in written):
        return None
    fault, where, *details = written
    table = {"answer": {**ON_THE_ANSWER, **ON_A_CLASS, **ON_THE_RETURN}, "error": ON_THE_ERROR}.get(where, {})
    known = fault in table and (fault in ON_THE_ANSWER or bool(exercise.convention.leaves))
    if fault in METHOD_AT:
        at = METHOD_AT[fault]
        asked = graph.methods(instance.inputs) if exercise.convention.of_class else frozenset()
        details = details if asked.issuperset(details[at : at + 1]) else details[:at]
        known = known or (fault in table and bool(details))
    return call_fault(fault, where, exercise.name, details) if known else None


def ends_a_call(fault: Fault) -> bool:
    """Return whether this fault means that there is no answer."""
    return fault.fault in ON_THE_ANSWER or fault.fault in ON_A_CLASS


def _exception(kind: str = "", message: str = "", line: str = "", *_: str) -> str:
    """Describe an exception: its type if it is one of Python's own, everything else as a quotation."""
    known = getattr(builtins, kind, None) if kind.isidentifier() else None
    if isinstance(known, type) and issubclass(known, BaseException):
        sentence = f"{kind}: {quoted(message)}" if message else kind
    else:
        shown = kind[:MAX_NAME] or "an exception"
        sentence = quoted(f"{shown}: {message}" if message else shown)
    return f"{sentence} (at its line {quoted(line)})" if line else sentence


def _of(own: str, details: Sequence[str]) -> str:
    """Return a class's method, or a function."""
    return f"{own}.{details[0]}" if details else own


def _quoted_name(details: Sequence[str]) -> str:
    """Return the name that a student gave a tensor."""
    own = details[3] if len(details) > 3 else ""
    return f"`{name(own, 'this')}`" if name(own, "") else "this"


def _missing_method(own: str, method: str) -> str:
    sign = graph.WRITTEN.get(method)
    if sign is None:
        return f"`{own}` has no method `{method}`: write `def {method}(self, …)` in the class."
    given = "self" if sign == "-a" else "self, other"
    return f"`{own}` cannot compute `{sign}`: write `def {method}({given})` in the class."


def _first(details: Sequence[str]) -> str:
    return details[0] if details else ""


def _shape(details: Sequence[str]) -> str:
    shape = _first(details)
    return f"shape {shape}" if SHAPE.fullmatch(shape) else "several entries"
