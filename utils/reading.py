"""Turn what a student's function returned into plain arrays of numbers, whatever it is.

What the notebook's own cells can unpack and index is read as a list: tuples, deques, generators, `zip`. What
numpy can turn into real numbers is read as numbers. Everything else becomes `Opaque`, described by its type
or its dtype.

The self-check and the grader both read answers with this, so that what one of them accepts, the other does,
too. In the grader it runs on the student's side of the trust boundary; the other side knows all
descriptions used here, and can tell them from others. torch is used only if it is loaded already.
"""

from __future__ import annotations

import array
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from numbers import Number
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

MAX_ENTRIES = 1_000_000  # of all arrays together; the largest honest answer has some thousand
MAX_ITEMS = 20_000  # of all lists together
MAX_DIMENSIONS = 8  # of an array
MAX_DEPTH = 4  # lists in lists
MAX_NAME = 60  # characters of a type's name
IMAGINARY = 1e-6  # of the largest real part: an imaginary part that is only rounding

NO_SEQUENCES = (str, bytes, bytearray, Mapping, set, frozenset)
"""They can be unpacked, but into letters, into keys, or in no order."""
BUFFERS = (array.array, memoryview)
HOLDING = "an array of dtype object holding "

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Opaque:
    """Something returned that is not made of numbers."""

    description: str
    """Words that continue "… is" and that a student understands: `None`, `a str`, `no gradient`."""


Value: TypeAlias = "Array | list[Any] | Opaque"
"""What an answer is read as: float64 arrays, and lists of such values."""


@dataclass
class _Budget:
    """Limit how much may still be taken from an answer."""

    entries: int = field(default_factory=lambda: MAX_ENTRIES)
    items: int = field(default_factory=lambda: MAX_ITEMS)


def plain(returned: object) -> Value:
    """Turn what a function returned into lists and arrays of float64 numbers; never raise."""
    return _safely(returned, MAX_DEPTH, _Budget())


def type_name(value: object) -> str:
    """Name a value's type, whatever its metaclass makes of it; `thing` if that is not a name."""
    given = str(type.__dict__["__name__"].__get__(type(value)))
    return given if len(given) <= MAX_NAME and given.isidentifier() else "thing"


def real_torch() -> Any:  # noqa: ANN401  a module
    """Return PyTorch if it is loaded; None if it is not, or if something else goes by its name."""
    torch = sys.modules.get("torch")
    return torch if hasattr(torch, "__version__") else None


def is_list(value: object) -> bool:
    """Return whether a value that was read has items: it is a list, or an array with an axis."""
    return isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim > 0)


def at(value: Any, path: Sequence[int]) -> Any:  # noqa: ANN401  a `Value`, of either side
    """Take what is at a place out of an answer: (0, 2) is the third array of the first list.

    Raises
    ------
    LookupError
        There is nothing.
    """
    for index in path:
        if not is_list(value) or index >= len(value):
            raise LookupError
        value = value[index]
    return value


def array_at(value: Any, path: Sequence[int]) -> Array | Opaque:  # noqa: ANN401  as above
    """Take one array out of an answer; return `missing` if there is nothing."""
    try:
        return as_array(at(value, path))
    except LookupError:
        return Opaque("missing")


def as_array(result: object) -> Array | Opaque:
    """Make one array of an array, a number, or evenly nested lists of numbers."""
    if isinstance(result, Opaque):
        return result
    if isinstance(result, str):
        return Opaque("a str")
    if isinstance(result, (list, tuple)):
        items = [as_array(item) for item in result]
        for item in items:
            if isinstance(item, Opaque):
                if item.description.startswith("list"):  # nested too deeply: reported as it is
                    return item
                return Opaque("a list" if item.description == "None" else f"a list with {item.description}")
        if len({item.shape for item in items if not isinstance(item, Opaque)}) > 1:
            return Opaque("a list of arrays of different shapes")
    return np.asarray(result, dtype=np.float64)


def _safely(returned: object, depth: int, budget: _Budget) -> Value:
    try:
        return _plain(returned, depth, budget)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # an object of the student's own may do anything when it is looked at
        return Opaque(f"a {type_name(returned)} that cannot be read ({type_name(error)})")


def _plain(returned: object, depth: int, budget: _Budget) -> Value:
    budget.items -= 1
    if returned is None:
        return Opaque("None")
    torch = real_torch()
    if torch is not None and isinstance(returned, torch.Tensor):
        if returned.numel() > budget.entries:
            return Opaque(f"a tensor of {returned.numel()} entries, far too many")
        tensor: Any = returned.detach().to("cpu").resolve_conj().resolve_neg()
        returned = (tensor.float() if tensor.dtype is torch.bfloat16 else tensor).numpy()
    if isinstance(returned, (list, tuple)):
        kind: Any = list if isinstance(returned, list) else tuple
        length = kind.__len__(returned)  # not what a subclass says of itself
        if depth == 0:
            return Opaque("lists nested too deeply")
        if length > budget.items:
            return Opaque(f"a list of {length} items, far too many")
        return [_safely(item, depth - 1, budget) for item in islice(kind.__iter__(returned), length)]
    if not isinstance(returned, (np.ndarray, np.generic)):
        if issubclass(type(returned), Number):
            return _number(returned, budget)
        if isinstance(returned, BUFFERS) or hasattr(type(returned), "__array__"):
            returned = np.asarray(returned)
    if isinstance(returned, np.generic):
        returned = np.asarray(returned)
    if isinstance(returned, np.ndarray):
        return _objects(returned, depth, budget) if returned.dtype == object else _numbers(returned, budget)
    if isinstance(returned, Iterable) or hasattr(type(returned), "__getitem__"):
        return _items(returned, depth, budget)
    return Opaque(f"a {type_name(returned)}")


def _items(returned: Any, depth: int, budget: _Budget) -> Value:  # noqa: ANN401  a student's object
    """Read what can be unpacked; follow an iterator that does not end only as far as a list may be long."""
    if issubclass(type(returned), NO_SEQUENCES):
        return Opaque(f"a {type_name(returned)}")
    if depth == 0:
        return Opaque("lists nested too deeply")
    result: list[Value] = []
    for item in iter(returned):
        if budget.items <= 0:
            return Opaque(f"a {type_name(returned)} of more than {len(result)} items, far too many")
        result.append(_safely(item, depth - 1, budget))
    return result


def _number(number: Any, budget: _Budget) -> Value:  # noqa: ANN401  an int, a Fraction, a Decimal …
    if isinstance(number, complex):
        return _numbers(np.asarray(number), budget)
    try:
        real = float(number)
    except OverflowError:
        return Opaque("an int too large for double precision")
    except (TypeError, ValueError):
        if isinstance(number, Decimal):  # a signalling NaN
            return _numbers(np.asarray(np.nan), budget)
        raise
    return _numbers(np.asarray(real), budget)


def _objects(objects: np.ndarray[Any, Any], depth: int, budget: _Budget) -> Value:
    """Read an array of dtype object: as a list, unless it holds single things that are not numbers."""
    if objects.ndim == 0:
        if depth == 0:
            return Opaque("lists nested too deeply")
        inner = _safely(objects.item(), depth - 1, budget)
        return _held(inner, objects.item()) if isinstance(inner, Opaque) else inner
    if len(objects) > budget.items:
        return Opaque(f"an array of {objects.size} entries, far too many")
    if depth == 0:
        return Opaque("lists nested too deeply")
    items = list(objects)
    result = [_safely(item, depth - 1, budget) for item in items]
    if any(isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim) for value in result):
        return result
    for value, item in zip(result, items, strict=True):
        if isinstance(value, Opaque) and value.description != "None":
            return _held(value, item)
    return result


def _held(value: Opaque, item: object) -> Opaque:
    return value if value.description.startswith(HOLDING) else Opaque(f"{HOLDING}{type_name(item)}")


def _numbers(numbers: np.ndarray[Any, Any], budget: _Budget) -> Value:
    if numbers.size > budget.entries:
        return Opaque(f"an array of {numbers.size} entries, far too many")
    if numbers.ndim > MAX_DIMENSIONS:
        return Opaque(f"an array with {numbers.ndim} axes")
    if numbers.dtype.kind == "c":
        imaginary = np.abs(numbers.imag)
        if imaginary.any() and not (imaginary <= IMAGINARY * np.abs(numbers.real).max()).all():
            return Opaque(f"a complex {'array' if numbers.ndim else 'number'} with imaginary part")
        numbers = numbers.real
    if numbers.dtype.kind not in "fiub":
        return Opaque(f"an array of dtype {'void' if numbers.dtype.fields else numbers.dtype}")
    budget.entries -= max(numbers.size, 1)
    return np.array(numbers, dtype=np.float64, order="C", subok=False)


RAISED = "an exception"  # what stands for an item for which a function raised one


def of_each(function: Callable[..., object], items: Iterable[Sequence[object]]) -> Iterator[Value]:
    """Call a function for one item after another, and read each answer before the next call can change it.

    An item for which it raises an exception has no answer; if all of them do, the exception is let through.
    """
    first: Exception | None = None
    answered = False
    for item in items:
        try:
            read = without_nothing(plain(function(*item)))
        except MemoryError:
            raise
        except Exception as error:  # of a student's function, whatever it is
            first = first or error
            read = Opaque(RAISED)
        else:
            answered = True
        yield read
    if first is not None and not answered:
        raise first


def without_nothing(value: Value) -> Value:
    """Drop a None that stands for nothing at the end of a tuple: `(DA, None)`."""
    if not isinstance(value, list):
        return value
    remaining = list(value)
    while remaining and isinstance(remaining[-1], Opaque) and remaining[-1].description == "None":
        remaining.pop()
    return remaining
