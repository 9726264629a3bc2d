"""Compare an answer's arrays with the true ones: presence, type, length, shape, finiteness, value.

All tolerances are defined here. If whole numbers or booleans are asked for there is none: an answer may
return them in any type, but each has to be equal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from autograder.dtypes import is_whole
from autograder.exercise import Array, Fault, Opaque, Part, Path, Value, Verdict
from utils.reading import RAISED, array_at, as_array, at, is_list

RELATIVE = 3e-4  # of an entry itself: single precision passes, 0.1 % off does not
ABSOLUTE = 3e-6  # of the array's largest entry: cancellation in single precision, in small entries


@dataclass(frozen=True)
class Mismatch:
    """Say why a part is not right on one instance."""

    verdict: Verdict
    fault: Fault
    """A sentence without any number of the instance."""
    compared: Callable[[], str] = str
    """Says the place, the value given and the value expected: for public instances only."""

    @property
    def numbers(self) -> str:
        """Return the same as a sentence; an empty one if no numbers were compared."""
        return self.compared()


class Truth(dict[str, Array]):
    """Hold the true array of every part, on one instance: float64, or int64 or bool if that is asked for."""

    @cached_property
    def flat(self) -> tuple[Array, Array]:
        """Return all entries in sequence, and how far off each may be."""
        return (
            np.concatenate([array.ravel() for array in self.values()]),
            np.concatenate([tolerance(array).ravel() for array in self.values()]),
        )

    @cached_property
    def starts(self) -> Array:
        """Return where each part's entries begin among all of them."""
        return np.cumsum([0, *(array.size for array in self.values())])[:-1]


def agrees(given: Array, expected: Array) -> bool:
    """Return whether two arrays of one shape agree in every entry, up to single precision."""
    return bool((np.abs(given - expected) <= tolerance(expected)).all())


def agreeing(given: Mapping[str, Any], expected: Truth) -> frozenset[str]:
    """Return the parts of which all entries agree, all compared at once: the quick answer for most.

    given : for each part an array, or anything else if there is none.
    """
    entries, whole = [], []
    for name, truth in expected.items():
        array = given[name]
        fits = isinstance(array, np.ndarray) and array.shape == truth.shape and truth.size
        whole.append(fits)
        entries.append(array.ravel() if fits else np.full(truth.size, np.nan))
    truths, allowed = expected.flat
    close = np.abs(np.concatenate(entries) - truths) <= allowed
    if all(whole) and close.all():
        return frozenset(expected)
    return frozenset(
        name
        for name, fits, start in zip(expected, whole, expected.starts, strict=True)
        if fits and close[start : start + expected[name].size].all()
    )


def cannot_agree(distance: float, size: float, entries: int) -> bool:
    """Return whether arrays are too far apart to agree in every one of so many entries: the quick answer.

    distance, size : squared norms of given - expected, and of expected.
    """
    # no entry may be off by more than RELATIVE of itself and ABSOLUTE of the largest, which is no more than
    # the norm; a hundredth more is for rounding
    furthest = (RELATIVE + ABSOLUTE * math.sqrt(entries)) ** 2 * size
    return distance > 1.01 * furthest


def mismatches(
    value: Value,
    expected: Truth,
    parts: Sequence[Part],
    lists: Mapping[Path, str],
) -> dict[str, Mismatch]:
    """Compare an answer, part by part; parts that are right do not appear.

    Parameters
    ----------
    value : what the student's function returned.
    expected : the true array of every part, in the order of the parts.
    parts : where each part is in `value`.
    lists : names of the lists on the way, for sentences.
    """
    broken = dict(_broken_lists(value, parts, lists))
    right: frozenset[str] = frozenset()
    if not broken:
        right = agreeing({part.name: at(value, part.path) for part in parts}, expected)
    result = {}
    for part in parts:
        if part.name in right:
            continue
        reasons = [broken[part.path[:n]] for n in range(len(part.path)) if part.path[:n] in broken]
        mismatch = reasons[0] if reasons else _mismatch(at(value, part.path), expected[part.name], part)
        if mismatch is not None:
            result[part.name] = mismatch
    return result


def arrays(value: Value, parts: Sequence[Part]) -> dict[str, Array | None]:
    """Return the array of each part, whatever its shape; None if there is none made of finite numbers."""
    return {part.name: usable_at(value, part.path) for part in parts}


def usable_at(value: Value, path: Path) -> Array | None:
    """Take the array at a place of an answer; None if there is none made of finite numbers."""
    array = array_at(value, path)
    return None if isinstance(array, Opaque) or not np.isfinite(array).all() else array


def _broken_lists(
    value: Value, parts: Sequence[Part], lists: Mapping[Path, str]
) -> Iterator[tuple[Path, Mismatch]]:
    """Find lists on the way to the parts that are absent, not lists, or of the wrong length."""
    for path in sorted({part.path[:n] for part in parts for n in range(len(part.path))}):
        name = lists.get(path, "the answer")
        wanted = 1 + max(part.path[len(path)] for part in parts if part.path[: len(path)] == path)
        try:
            result = at(value, path)
        except LookupError:
            continue  # reported with the list around it
        if isinstance(result, Opaque) and result.description == RAISED:
            yield path, _raised(name)
        elif isinstance(result, Opaque):
            nothing = result.description == "None"
            yield (
                path,
                Mismatch(
                    Verdict.MISSING if nothing else Verdict.MALFORMED,
                    Fault(
                        ("returns-nothing" if path == () else "missing") if nothing else "malformed",
                        "answer",
                        f"{_opening(name)} is {result.description}; a list of {wanted} was expected."
                        + (" Is there a `return`?" if nothing and path == () else ""),
                    ),
                ),
            )
        elif not is_list(result):
            yield (
                path,
                Mismatch(
                    Verdict.MALFORMED,
                    Fault(
                        "malformed",
                        "answer",
                        f"{_opening(name)} is a single number; a list of {wanted} was expected.",
                    ),
                ),
            )
        elif len(result) != wanted:
            yield (
                path,
                Mismatch(
                    Verdict.MALFORMED,
                    Fault(
                        "wrong-length",
                        "answer",
                        f"{_opening(name)} has {len(result)} {'entry' if len(result) == 1 else 'entries'}; "
                        f"{wanted} {'was' if wanted == 1 else 'were'} expected.",
                    ),
                ),
            )


def _raised(name: str, where: str = "answer") -> Mismatch:
    """Report that an item has no answer because the function raised an exception for it."""
    message = f"In place of {name} came an exception. Call the function for that one alone, and read it."
    return Mismatch(Verdict.MISSING, Fault("raised", where, message))


def _mismatch(result: Value, expected: Array, part: Part) -> Mismatch | None:
    given = as_array(result)
    if isinstance(given, Opaque) and given.description == "None" and part.path == ():
        wanted = f"an array of shape {expected.shape}" if expected.shape else "a single number"
        message = f"The function returned None; {wanted} was expected. Is there a `return`?"
        return Mismatch(Verdict.MISSING, Fault("returns-nothing", "answer", message))
    if isinstance(given, Opaque) and given.description == RAISED:
        return _raised(f"`{part.name}`", part.name)
    if isinstance(given, Opaque):
        missing = given.description in ("None", "no gradient")
        fault = "missing" if missing else "malformed"
        message = f"`{part.name}` is {given.description}; an array of shape {expected.shape} was expected."
        if given.description == "no gradient":
            fault = "detached"
            message = f"No gradient reached `{part.name}`: no path leads from the error back to it."
        return Mismatch(
            Verdict.MISSING if missing else Verdict.MALFORMED,
            Fault(fault, part.name, message),
        )
    if given.shape != expected.shape:
        return Mismatch(
            Verdict.MALFORMED,
            Fault(
                "wrong-shape",
                part.name,
                f"`{part.name}` has shape {given.shape}; {_shape(expected)} was expected.",
            ),
        )
    if not np.isfinite(given).all():
        return Mismatch(
            Verdict.WRONG,
            Fault(
                "not-finite",
                part.name,
                f"`{part.name}` holds values that are infinite or not a number.",
            ),
        )
    if is_whole(expected) and (given % 1).any():
        what = "true or false" if expected.dtype.kind == "b" else "whole numbers"
        message = f"`{part.name}` holds numbers that are not whole; {what} were expected."
        return Mismatch(
            Verdict.WRONG,
            Fault("not-whole", part.name, message),
            partial(_where_they_part, given, expected, part),
        )
    if not agrees(given, expected):
        return Mismatch(
            Verdict.WRONG,
            Fault(
                "unrecognised",
                part.name,
                f"`{part.name}` has the right shape, but not the right values.",
            ),
            partial(_where_they_part, given, expected, part),
        )
    return None


def tolerance(expected: Array, axis: int | None = None) -> Array:
    """Return how far off each entry may be, an array in the shape of `expected`.

    axis : along which the entries of one array lie, if several are stacked.
    """
    if is_whole(expected):
        return np.zeros(expected.shape)
    size = np.abs(expected)
    allowed: Array = RELATIVE * size + ABSOLUTE * size.max(axis=axis, keepdims=True, initial=0.0)
    return allowed


def _where_they_part(given: Array, expected: Array, part: Part) -> str:
    excess: Array = np.abs(given - expected) - tolerance(expected)
    index = np.unravel_index(int(np.argmax(excess)), expected.shape)
    place = f"`{part.name}[{', '.join(map(str, index))}]`" if index else f"`{part.name}`"
    wrong = int(np.count_nonzero(excess > 0))
    count = f" ({wrong} of {expected.size} entries differ)" if expected.size > 1 else ""
    yours, true = float(given[index]), float(expected[index])
    return f"At {place} you have {yours:.6g}, the true value is {true:.6g}{count}."


def _shape(expected: Array) -> str:
    return str(expected.shape) if expected.shape else "a single number, shape (),"


def _opening(name: str) -> str:
    return name[0].upper() + name[1:] if name.startswith(("the ", "what ")) else f"`{name}`"
