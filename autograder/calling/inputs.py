"""Make a function's inputs, and find out which ones it changed.

`arguments` and `afterwards` run on the student's side; `changed` decides, on either: in the sandbox the
numbers themselves go back to the grader, which compares them with those that it sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from autograder.dtypes import FLOAT64, dtype_of
from autograder.exercise import Array, Convention, Opaque, Value
from utils.reading import plain, real_torch

WATCHED = "a tensor that PyTorch watches"
_Pieces: TypeAlias = list[np.ndarray[Any, Any]]
SINGLE = np.dtype(np.float32)


def arguments(inputs: Mapping[str, Value], convention: Convention) -> dict[str, Any]:
    """Make the arguments of a student's function: fresh arrays or tensors, by name."""
    return {name: _argument(value, convention, name) for name, value in inputs.items()}


def _argument(value: Value, convention: Convention, name: str) -> Any:  # noqa: ANN401  a student's type
    if isinstance(value, (list, tuple)):
        items = [_argument(item, convention, name) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, (int, float, str)):
        return value
    if isinstance(value, Opaque):
        raise TypeError(f"an instance holds numbers only, not {value.description}")
    if not convention.tensors:
        return np.array(value, dtype=dtype_of(value))
    import torch

    dtype = _dtype(value, convention)
    tensor = (
        torch.tensor(value, dtype=torch.float32) if dtype is SINGLE else torch.tensor(value.astype(dtype))
    )
    return torch.nn.Parameter(tensor) if name in convention.leaves else tensor


def _dtype(array: np.ndarray[Any, Any], convention: Convention) -> np.dtype[Any]:
    """Return the dtype in which a function gets an array, as a tensor or not."""
    dtype = dtype_of(array)
    return SINGLE if convention.tensors and dtype is FLOAT64 else dtype


def afterwards(given: Mapping[str, Any], inputs: Mapping[str, Value], convention: Convention) -> Value:
    """Read the inputs once more after a call.

    Returns
    -------
    All their entries in sequence, float64 of shape (n,), if each array still has its type and shape; else a
    list of what each input has become.
    """
    pieces: _Pieces = []
    if all(_gathered(given[name], value, convention, pieces) for name, value in inputs.items()):
        return _joined(pieces)
    return [Opaque(WATCHED) if _is_watched(given[name]) else plain(given[name]) for name in inputs]


def _is_watched(given: Any) -> bool:  # noqa: ANN401  a student's type
    """Return whether PyTorch now records what is computed from an input that was a plain tensor."""
    torch = real_torch()
    return torch is not None and type(given) is torch.Tensor and bool(given.requires_grad)


def _gathered(given: Any, original: Value, convention: Convention, pieces: _Pieces) -> bool:  # noqa: ANN401  as above
    if isinstance(original, (list, tuple)):
        return (
            type(given) is type(original)
            and len(given) == len(original)
            and all(_gathered(g, o, convention, pieces) for g, o in zip(given, original, strict=True))
        )
    if not isinstance(original, np.ndarray):  # a number, a word: nothing can change these
        return True
    torch = real_torch()
    if torch is not None and type(given) in (torch.Tensor, torch.nn.Parameter):
        if _is_watched(given):
            return False
        given = given.detach().numpy()
    dtype = _dtype(original, convention)
    if type(given) is not np.ndarray or (given.dtype, given.shape) != (dtype, original.shape):
        return False
    pieces.append(given.ravel())
    return True


def _joined(pieces: _Pieces) -> Array:
    return np.concatenate(pieces).astype(np.float64) if pieces else np.zeros(0)


@dataclass(frozen=True)
class Originals:
    """Keep inputs as a function was given them, to compare with what they are after a call."""

    inputs: Mapping[str, Value]
    convention: Convention

    @cached_property
    def arrays(self) -> Mapping[str, Sequence[np.ndarray[Any, Any]]]:
        """Return the arrays of each input."""
        return {name: _arrays(value, self.convention) for name, value in self.inputs.items()}

    @cached_property
    def joined(self) -> Array:
        """Return all entries in sequence, float64 of shape (n,)."""
        return _joined([array.ravel() for arrays in self.arrays.values() for array in arrays])

    @cached_property
    def content(self) -> bytes:
        """Return the same as bytes."""
        return self.joined.tobytes()


def changed(after: Value, originals: Originals) -> list[str]:
    """Return the names of the inputs that a function changed, from what `afterwards` read."""
    if isinstance(after, np.ndarray):
        whole = originals.joined
        if after.shape != whole.shape:
            return list(originals.inputs)
        if after.tobytes() == originals.content:  # what nearly every function does with its inputs: nothing
            return []
        result, offset = [], 0
        for name, arrays in originals.arrays.items():
            own = slice(offset, offset := offset + sum(array.size for array in arrays))
            if not np.array_equal(after[own], whole[own], equal_nan=True):
                result.append(name)
        return result
    if not isinstance(after, list) or len(after) != len(originals.inputs):
        return list(originals.inputs)
    pairs = zip(originals.inputs.items(), after, strict=True)
    return [name for (name, value), now in pairs if not _same(now, value, originals.convention)]


def _arrays(value: Value, convention: Convention) -> list[np.ndarray[Any, Any]]:
    """List the arrays of an input as they were given; plain numbers and strings cannot change."""
    if isinstance(value, (list, tuple)):
        return [array for item in value for array in _arrays(item, convention)]
    return [_as_given(value, convention)] if isinstance(value, np.ndarray) else []


def _as_given(array: np.ndarray[Any, Any], convention: Convention) -> np.ndarray[Any, Any]:
    return np.asarray(array, dtype=_dtype(array, convention))


def _same(now: Value, original: Value, convention: Convention) -> bool:
    if isinstance(original, (list, tuple)):
        return (
            isinstance(now, list)
            and len(now) == len(original)
            and all(_same(n, o, convention) for n, o in zip(now, original, strict=True))
        )
    if not isinstance(original, np.ndarray):
        return True
    expected = _as_given(original, convention)
    return isinstance(now, np.ndarray) and np.array_equal(now, expected, equal_nan=True)
