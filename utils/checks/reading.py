"""Read what a student's function returned into arrays, as the grader does: any sequence, any real numbers."""

import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from numbers import Number
from typing import Any, TypeAlias

import numpy as np

from utils.checks import tensors
from utils.checks.vocabulary import Array

MOST_ENTRIES = 1_000_000  # of one array; the largest honest answer has some dozens
MOST_ITEMS = 20_000  # of all lists together
DEEPEST = 4  # lists in lists
IMAGINARY = 1e-6  # of the largest real part: an imaginary part that is only rounding

NO_SEQUENCES = (str, bytes, bytearray, Mapping, set, frozenset)
"""They can be unpacked, but into letters, into keys, or in no order."""
HOLDING = "an array of dtype object holding "


@dataclass(frozen=True)
class Unreadable:
    """What is no array and no list, in words that go on after "is"."""

    description: str


Value: TypeAlias = "Array | list[Value] | Unreadable"


def plain(returned: object) -> Value:
    """Turn anything into float64 arrays, lists of them, and `Unreadable`; never raises."""
    return _safely(returned, DEEPEST, [MOST_ITEMS])


def type_name(value: object) -> str:
    """Name a value's type, whatever its metaclass makes of it."""
    return str(type.__dict__["__name__"].__get__(type(value)))[:60]


def _safely(returned: object, depth: int, left: list[int]) -> Value:
    try:
        return _plain(returned, depth, left)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # an object of the student's own may do anything when looked at
        return Unreadable(f"a {type_name(returned)} that cannot be read ({type_name(error)})")


def _plain(returned: object, depth: int, left: list[int]) -> Value:
    """Read one thing.

    Parameters
    ----------
    left
        How many items may still be read, in a list so that all share it.
    """
    left[0] -= 1
    if returned is None:
        return Unreadable("None")
    found = tensors.as_array(returned)
    if found is not None:
        return _numbers(found)
    if isinstance(returned, (list, tuple)):
        kind: Any = list if isinstance(returned, list) else tuple
        length = kind.__len__(returned)  # not what a subclass says of itself
        if depth == 0 or length > left[0]:
            return Unreadable("a list that is far too long or too deep")
        return [_safely(item, depth - 1, left) for item in islice(kind.__iter__(returned), length)]
    if not isinstance(returned, (np.ndarray, np.generic)):
        if issubclass(type(returned), Number):
            return _number(returned)
        if isinstance(returned, (array.array, memoryview)) or hasattr(type(returned), "__array__"):
            returned = np.asarray(returned)
    if isinstance(returned, np.generic):
        returned = np.asarray(returned)
    if isinstance(returned, np.ndarray):
        return _objects(returned, depth, left) if returned.dtype == object else _numbers(returned)
    if isinstance(returned, Iterable) or hasattr(type(returned), "__getitem__"):
        return _items(returned, depth, left)
    return Unreadable(f"a {type_name(returned)}")


def _items(returned: Any, depth: int, left: list[int]) -> Value:  # noqa: ANN401  a student's object
    """Read what can be unpacked; an iterator without an end is followed as far as a list may be long."""
    if issubclass(type(returned), NO_SEQUENCES):
        return Unreadable(f"a {type_name(returned)}")
    found: list[Value] = []
    for item in iter(returned):
        if depth == 0 or left[0] <= 0:
            return Unreadable(f"a {type_name(returned)} that is far too long or too deep")
        found.append(_safely(item, depth - 1, left))
    return found


def _number(number: Any) -> Value:  # noqa: ANN401  an int, a Fraction, a Decimal …
    if isinstance(number, complex):
        return _numbers(np.asarray(number))
    try:
        return _numbers(np.asarray(float(number)))
    except OverflowError:
        return Unreadable("an int too large for double precision")
    except (TypeError, ValueError):
        if isinstance(number, Decimal):  # a signalling NaN
            return _numbers(np.asarray(np.nan))
        raise


def _objects(objects: Any, depth: int, left: list[int]) -> Value:  # noqa: ANN401  an array of anything
    """Read an array of dtype object: as a list, unless what it holds are single things and no numbers."""
    if depth == 0 or objects.size > left[0]:
        return Unreadable("an array of dtype object that is far too long or too deep")
    items = list(objects) if objects.ndim else [objects.item()]
    found = [_safely(item, depth - 1, left) for item in items]
    several = any(
        isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim) for value in found
    )
    for value, item in zip(found, items, strict=True):
        if isinstance(value, Unreadable) and value.description != "None" and not several:
            held = value.description.startswith(HOLDING)
            return value if held else Unreadable(f"{HOLDING}{type_name(item)}")
    return found if objects.ndim else found[0]


def _numbers(numbers: Any) -> Value:  # noqa: ANN401  an array of any dtype
    if numbers.size > MOST_ENTRIES:
        return Unreadable(f"an array of {numbers.size} entries, far too many")
    if numbers.dtype.kind == "c":
        imaginary = np.abs(numbers.imag)
        if imaginary.any() and not (imaginary <= IMAGINARY * np.abs(numbers.real).max()).all():
            return Unreadable(f"a complex {'array' if numbers.ndim else 'number'} with imaginary part")
        numbers = numbers.real
    if numbers.dtype.kind not in "fiub":
        return Unreadable(f"an array of dtype {'void' if numbers.dtype.fields else numbers.dtype}")
    return np.array(numbers, dtype=np.float64, order="C", subok=False)


def at(value: Value, path: tuple[int, ...]) -> Value:
    """Take one part out of an answer, or say what stands in its place."""
    for index in path:
        if isinstance(value, Unreadable):
            return Unreadable("missing")
        if isinstance(value, np.ndarray) and value.ndim == 0:
            return Unreadable("missing")
        if index >= len(value):
            return Unreadable("missing")
        value = value[index] if isinstance(value, list) else np.asarray(value[index])
    if isinstance(value, list):
        return _stacked(value)
    return value


def _stacked(value: list[Value]) -> Value:
    """Turn nested lists of numbers into an array, as numpy would."""
    parts = [_stacked(item) if isinstance(item, list) else item for item in value]
    arrays = [item for item in parts if isinstance(item, np.ndarray)]
    if len(arrays) < len(parts) or len({item.shape for item in arrays}) > 1:
        return Unreadable("a list of unlike things" if parts else "an empty list")
    return np.stack(arrays) if arrays else np.zeros(0)
