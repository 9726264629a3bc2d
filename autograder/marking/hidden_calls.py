"""Report a call on hidden inputs in our own words only, because the student's could carry the inputs out.

An exception's text, the name of a type, a dtype, a shape, the number of items: each can encode a hidden
number, which the student would read in the report and hand in the next time. So nothing is passed on except
names that are Python's, numpy's or PyTorch's own, and sizes that occur in the inputs.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from autograder.calling.call_faults import ON_A_CLASS, call_fault
from autograder.calling.drivers import graph
from autograder.calling.quotation import quoted
from autograder.exercise import Answer, Exercise, Failed, Fault, Instance, Opaque, Returned, Value
from autograder.marking.exception_texts import passed_on

EXCEPTION = re.compile(r"`[^`]*` raised (?:an? )?([A-Za-z_]\w*)")
NUMPYS = {*np.exceptions.__all__, "LinAlgError"}
EXCEPTIONS = {n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException)}

WORD = re.compile(r"[^\W\d]\w*|\d+|[^\s\w]")
OURS = frozenset(
    (
        *("a", "an", "the", "of", "with", "in", "no", "none", "nothing"),
        *("cannot", "be", "read", "that", "is", "not", "and", "or", "to"),
        *("it", "as", "one", "this", "array", "arrays", "tensor", "tensors", "axes"),
        *("axis", "entries", "entry", "item", "items", "list", "lists", "tuple", "number"),
        *("numbers", "gradient", "different", "shape", "shapes", "nested", "deeply", "far", "many"),
        *("too", "object", "single", "made", "function", "type", "types"),
    )
)
TYPES = frozenset(
    (
        *(name for name, value in vars(builtins).items() if isinstance(value, type)),
        *("None", "NoneType", "function", "module", "method", "generator", "builtin_function_or_method"),
        *(
            "dict_keys",
            "dict_values",
            "dict_items",
            "deque",
            "UserList",
            "OrderedDict",
            "defaultdict",
            "Counter",
        ),
        *(
            "Fraction",
            "Decimal",
            "Tensor",
            "Parameter",
            "Linear",
            "Module",
            "Sequential",
            "DataFrame",
            "Series",
        ),
        *("ndarray", "MaskedArray", "matrix", "datetime64", "timedelta64", "complex64", "complex128", "str_"),
        *(f"{kind}{bits}" for kind in ("int", "uint", "float") for bits in (8, 16, 32, 64)),
    )
)
SIGNS = frozenset(".,;:()`")

FAILURES = {
    "not-implemented": "it raised NotImplementedError: the stub.",
    "memory": "it asked for more memory than there is for it.",
    "timeout": "it did not come back in time: look for a loop that does not end.",
    "died": "the Python process ended while it ran: look for `exit`, `quit`, `os._exit` or a crash.",
    "missing": "it is not there any more.",
    "uses-autograd": "it lets PyTorch differentiate. This exercise is to be solved by hand.",
    "gradient-of-a-result": "it raised an exception, as it uses the gradient of a tensor that has none: that "
    "is the result of an operation.",
    "uses-torch": "it uses PyTorch. This exercise is to be solved by hand.",
}
REDACTED = {
    "mutates-input": "`{exercise}` changed its input `{where}`. Work on a copy: its caller goes on "
    "using what was passed in.",
    "gradients-left": "`{exercise}` has left gradients in the `.grad` of its parameters. Leave `backward()` "
    "out.",
    "not-a-tensor": "the error did not come back as a tensor, so PyTorch cannot differentiate it.",
    "detached": "the error is a tensor, but no path leads from it back to the parameters.",
    "not-scalar": "the error has another shape than a single number's, (). Take the mean over all of it.",
}


def redacted(
    answer: Answer, exercise: Exercise, instance: Instance, others: Sequence[Instance] = ()
) -> Answer:
    """Return an answer on hidden inputs without any of the student's words.

    others : instances, of which an exception may name the sizes of the public ones.
    """
    if isinstance(answer, Failed):
        public = (_sizes(other) for other in others if other.public)
        return Failed(_failure(answer.fault, exercise, instance, _sizes(instance).union(*public)))
    faults = (_redacted(fault, exercise, instance) for fault in answer.faults)
    return Returned(_plain(answer.value, instance), tuple(fault for fault in faults if fault is not None))


def mismatch(fault: Fault, instance: Instance) -> Fault:
    """Say what is wrong with a part on hidden inputs, in `compare`'s words and the inputs' own sizes."""
    words = re.sub(r"`[^`]*`", "", fault.message)
    message = fault.message
    if not {int(number) for number in re.findall(r"\d+", words)} <= _sizes(instance):
        what = "another length" if fault.fault == "wrong-length" else "another shape"
        name = "the answer" if fault.where == "answer" else f"`{fault.where}`"
        message = f"{name} has {what} than was expected."
    return replace(fault, message=f"On {instance.description}: {message}")


def _failure(fault: Fault, exercise: Exercise, instance: Instance, sizes: Collection[int]) -> Fault:
    if fault.fault == "raised":
        named = EXCEPTION.match(fault.message)
        known = named is not None and named[1] in EXCEPTIONS | NUMPYS
        kind = _with_article(named[1]) if named is not None and known else "an exception"
        text = passed_on(fault.details[1], TYPES, sizes) if known and len(fault.details) > 1 else ""
        quoted_text = f": {quoted(text)}" if text else ""
        return Fault("raised", "answer", f"On {instance.description} it raised {kind}{quoted_text}.")
    if fault.fault in FAILURES:
        return Fault(fault.fault, "answer", f"On {instance.description}: {FAILURES[fault.fault]}")
    if fault.fault in ON_A_CLASS and graph.methods(instance.inputs).issuperset(fault.details[:1]):
        returned = ["an object"] if fault.fault == "wrong-return-type" else []
        sentence = call_fault(fault.fault, "answer", exercise.name, [*fault.details[:1], *returned]).message
        return Fault(fault.fault, "answer", f"On {instance.description}: {sentence}")
    return Fault("died", "answer", f"On {instance.description} there was no answer that could be read.")


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def _redacted(fault: Fault, exercise: Exercise, instance: Instance) -> Fault | None:
    """Rebuild a fault of a call from its name and place; None if these are not ours."""
    sentence = REDACTED.get(fault.fault)
    if sentence is None or fault.where not in {*exercise.parameters, "error"}:
        return None
    message = sentence.format(exercise=exercise.name, where=fault.where)
    return Fault(fault.fault, fault.where, f"On {instance.description}: {message}")


def _plain(value: Value, instance: Instance) -> Value:
    if isinstance(value, list):
        return [_plain(item, instance) for item in value]
    if isinstance(value, Opaque) and not _is_known(value.description, instance):
        return Opaque("nothing that is made of numbers")
    return value


def _is_known(description: str, instance: Instance) -> bool:
    """Return whether each word is ours or a well-known type's, and each number one of the inputs' sizes."""
    return all(
        word.lower() in OURS
        or word in TYPES
        or word in SIGNS
        or (word.isdecimal() and int(word) in _sizes(instance))
        for word in WORD.findall(description)
    )


def _sizes(instance: Instance) -> set[int]:
    """Collect the numbers in the inputs' shapes, the sizes that have a name, and the smallest ones."""
    return {0, 1, 2, *instance.sizes.values(), *_lengths(instance.inputs)}


def _lengths(value: Value | Mapping[str, Value]) -> Iterator[int]:
    if isinstance(value, np.ndarray):
        yield from value.shape
    elif isinstance(value, (list, tuple, Mapping)):
        yield len(value)
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _lengths(item)
