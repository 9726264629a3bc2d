"""Calling a student's function: its inputs made, what it gives back turned into plain arrays.

This runs on the student's side of the trust boundary. It knows no truth and decides nothing; whatever
the function does or returns, an `Answer` comes out. torch is imported only where an answer needs it.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from autograder import by_hand
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

MAX_ENTRIES = 1_000_000  # of all arrays together; the largest honest answer has some thousand
MAX_ITEMS = 20_000  # of all lists together
MAX_DIMENSIONS = 8  # of an array
MAX_NAME = 60  # characters of a name that a student gave
MAX_DEPTH = 4  # lists in lists
MAX_MESSAGE = 300  # characters of a student's own error message


def call(function: Callable[..., object], convention: Convention, inputs: Mapping[str, Value]) -> Answer:
    """Call `function` with fresh copies of `inputs`, in their order, and read its answer off."""
    name = _name(function)
    try:
        given = {key: _argument(value, convention, key) for key, value in inputs.items()}
        with by_hand.watched() if convention.by_hand else contextlib.nullcontext():
            returned = function(*given.values())
        if convention.by_hand and (used := by_hand.fault(name)):
            return Failed(used)
        value, faults = _read(returned, convention, given)
        changed = [key for key in inputs if not _same(given[key], inputs[key], convention)]
    except KeyboardInterrupt:
        raise
    except NotImplementedError:
        return Failed(
            Fault("not-implemented", "answer", f"`{name}` still raises NotImplementedError: the stub.")
        )
    except MemoryError:
        return Failed(Fault("memory", "answer", f"`{name}` asked for more memory than there is for it."))
    except BaseException as error:  # SystemExit and friends are answers too
        if convention.by_hand and (used := by_hand.fault(name)):
            return Failed(used)
        return Failed(Fault("raised", "answer", f"`{name}` raised {describe(error)}"))
    faults += [
        Fault(
            "mutates-input",
            key,
            f"`{name}` changed its input `{key}`. Work on a copy: whoever calls the function goes on "
            "using what was passed in.",
        )
        for key in changed
    ]
    return Returned(value, tuple(faults))


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
        return printable(str(function.__name__), MAX_NAME)  # type: ignore[attr-defined]  # tried
    except KeyboardInterrupt:
        raise
    except BaseException:  # an attribute of a student's object may do anything
        return "the function"


def describe(error: BaseException) -> str:
    """Type, message and line of an exception in a student's code, in one sentence."""
    try:
        message = " ".join(str(error).split())[:MAX_MESSAGE]
        sentence = f"{_type_name(error)}: {message}" if message else _type_name(error)
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if "ipython-input" in f.filename or "ipykernel" in f.filename]
        if own and own[-1].line:
            sentence += f" (at its line `{own[-1].line.strip()[:MAX_MESSAGE]}`)"
        return printable(f"{sentence}.", 3 * MAX_MESSAGE)
    except KeyboardInterrupt:
        raise
    except BaseException:  # an exception's own __str__ is student code, too
        return f"{_type_name(error)}, an exception that cannot be printed."


def printable(text: str, longest: int) -> str:
    """Text that any terminal and file can hold, and not too much of it."""
    return text[:longest].encode("utf-8", "replace").decode("utf-8")


@dataclass
class _Budget:
    """What may still be taken from an answer."""

    entries: int = field(default_factory=lambda: MAX_ENTRIES)
    items: int = field(default_factory=lambda: MAX_ITEMS)


def plain(returned: object) -> Value:
    """Turn what a function returned into lists and arrays of numbers; never raises."""
    return _safely(returned, MAX_DEPTH, _Budget())


def _safely(returned: object, depth: int, budget: _Budget) -> Value:
    try:
        return _plain(returned, depth, budget)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # an object of the student's own may do anything when looked at
        return Opaque(f"a {_type_name(returned)} that cannot be read ({_type_name(error)})")


def _plain(returned: object, depth: int, budget: _Budget) -> Value:
    budget.items -= 1
    if returned is None:
        return Opaque("None")
    torch = by_hand.real_torch()
    if torch is not None and isinstance(returned, torch.Tensor):
        if returned.numel() > budget.entries:
            return Opaque(f"a tensor of {returned.numel()} entries, far too many")
        returned = returned.detach().to("cpu").resolve_conj().resolve_neg().numpy()
    if isinstance(returned, (bool, int, float, np.generic)):
        returned = np.asarray(returned)
    if isinstance(returned, np.ndarray) and returned.dtype == object and returned.ndim > 0:
        returned = list(returned) if len(returned) <= budget.items else returned
    if isinstance(returned, (list, tuple)):
        kind: Any = list if isinstance(returned, list) else tuple
        length = kind.__len__(returned)  # not what a subclass says of itself
        if depth == 0:
            return Opaque("lists nested too deeply")
        if length > budget.items:
            return Opaque(f"a list of {length} items, far too many")
        return [_safely(item, depth - 1, budget) for item in islice(kind.__iter__(returned), length)]
    if hasattr(type(returned), "__array__") and not isinstance(returned, np.ndarray):
        returned = np.asarray(returned)
    if isinstance(returned, np.ndarray):
        return _numbers(returned, budget)
    return Opaque(f"a {_type_name(returned)}")


def _numbers(array: np.ndarray[Any, Any], budget: _Budget) -> Value:
    if array.dtype.kind not in "fiub":
        return Opaque(printable(f"an array of {array.dtype}", MAX_NAME))
    if array.ndim > MAX_DIMENSIONS:
        return Opaque(f"an array with {array.ndim} axes")
    if array.size > budget.entries:
        return Opaque(f"an array of {array.size} entries, far too many")
    budget.entries -= max(array.size, 1)
    return np.array(array, dtype=np.float64, order="C", subok=False)


def _type_name(value: object) -> str:
    """The name of a value's type, whatever its metaclass makes of it."""
    return printable(str(type.__dict__["__name__"].__get__(type(value))), MAX_NAME)


def _argument(value: Value, convention: Convention, name: str) -> Any:  # noqa: ANN401  a student's type
    if isinstance(value, list):
        return [_argument(item, convention, name) for item in value]
    if isinstance(value, (int, float)):
        return value
    if not convention.tensors:
        return np.array(value)
    import torch

    tensor = torch.tensor(value, dtype=torch.float32)
    return torch.nn.Parameter(tensor) if name in convention.leaves else tensor


def _same(given: Any, original: Value, convention: Convention) -> bool:  # noqa: ANN401  as above
    if isinstance(original, list):
        return (
            isinstance(given, list)
            and len(given) == len(original)
            and all(_same(g, o, convention) for g, o in zip(given, original, strict=True))
        )
    if isinstance(original, (int, float)):
        return True
    if convention.tensors and _is_watched(given):
        return False
    expected = np.asarray(original, dtype=np.float32 if convention.tensors else None)
    if _is_untouched(given, expected):
        return True
    seen = plain(given)
    return isinstance(seen, np.ndarray) and np.array_equal(seen, expected, equal_nan=True)


def _is_watched(given: Any) -> bool:  # noqa: ANN401  as above
    """Whether PyTorch records from now on what is computed from an input that was a plain tensor."""
    import torch

    return type(given) is torch.Tensor and given.requires_grad


def _is_untouched(given: Any, expected: np.ndarray[Any, Any]) -> bool:  # noqa: ANN401  as above
    """The quick answer for what nearly every function does with its inputs: nothing."""
    torch = by_hand.real_torch()
    if torch is not None and type(given) in (torch.Tensor, torch.nn.Parameter):
        given = given.detach().numpy()
    return (
        type(given) is np.ndarray
        and (given.dtype, given.shape) == (expected.dtype, expected.shape)
        and given.tobytes() == expected.tobytes()
    )


def _read(returned: object, convention: Convention, given: Mapping[str, Any]) -> tuple[Value, list[Fault]]:
    if not convention.leaves:
        return plain(returned), []
    gradients, faults = _gradients(returned, [given[leaf] for leaf in convention.leaves])
    return [plain(returned), *gradients], faults


def _gradients(scalar: object, leaves: list[Any]) -> tuple[list[Value], list[Fault]]:
    """Differentiate what was returned by every leaf, without touching any `.grad`."""
    import torch

    groups = [leaf if isinstance(leaf, list) else [leaf] for leaf in leaves]
    problem = None
    if scalar is None:
        problem = Fault("returns-nothing", "answer", "The function returned None. Is there a `return`?")
    elif not isinstance(scalar, torch.Tensor):
        problem = Fault(
            "not-a-tensor",
            "error",
            f"The error came back as {_kind(scalar)}, not as a tensor, so PyTorch cannot differentiate it. "
            "Return the tensor itself, without `.item()`, `float()` or numpy.",
        )
    elif not scalar.requires_grad:
        problem = Fault(
            "detached",
            "error",
            "The error is a tensor, but no path leads from it back to the parameters. Something on the "
            "way cut it off: `.detach()`, `.data`, `torch.no_grad()`, numpy, or a new tensor.",
        )
    elif scalar.numel() != 1:
        problem = Fault(
            "not-scalar",
            "error",
            f"The error has shape {tuple(scalar.shape)}; only a single number can be differentiated. "
            "Take the mean over all of it.",
        )
    nothing: list[Value] = [[Opaque("no gradient") for _ in group] for group in groups]
    if problem is not None:
        return nothing, [problem]
    assert isinstance(scalar, torch.Tensor)
    noted = []
    if scalar.dim() > 0:
        shape = tuple(scalar.shape)
        message = f"The error has shape {shape}; a single number, shape (), was expected."
        noted.append(Fault("not-scalar", "error", f"{message} Take the mean over all of it."))
    flat = [leaf for group in groups for leaf in group]
    try:
        found = iter(torch.autograd.grad(scalar.sum(), flat, allow_unused=True))
    except RuntimeError as error:
        spoilt = _spoilt(str(error))
        if spoilt is None:
            raise
        return nothing, [*noted, spoilt]
    gradients = [[next(found) for _ in group] for group in groups]
    return [[Opaque("no gradient") if g is None else plain(g) for g in gs] for gs in gradients], noted


def _spoilt(message: str) -> Fault | None:
    """Say why PyTorch can no longer go back from an error, by the message it gives; None if it is another."""
    if "a second time" in message:
        return Fault(
            "backward-called",
            "error",
            "PyTorch has gone back from the error already, and has forgotten the way. Leave `backward()` "
            "out: return the error, and whoever calls the function differentiates it.",
        )
    if "modified by an inplace operation" in message:
        return Fault(
            "changed-in-place",
            "error",
            "An operation in place (`-=`, `**=`, a method that ends with `_`) has overwritten numbers that "
            "PyTorch needs for the way back. Compute a new tensor instead, as in `D = Y - T` and `D**2`.",
        )
    return None


def _kind(returned: object) -> str:
    value = plain(returned)
    return value.description if isinstance(value, Opaque) else f"a {_type_name(returned)}"
