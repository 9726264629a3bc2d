"""Detect a gradient that was right until something was done to it at the end: rounded, clipped, normalised.

None of these is a derivative. They need no form of a step, only the right array beside the one that was
handed in, on every instance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np

from autograder.compare import RELATIVE, agrees
from autograder.exercise import Array

DECIMALS = (0, 1, 2, 3, 4)
WHOLE = 1e-9  # how far from a whole number of steps a rounded number may lie
NEAR = 0.25  # of the right array, by which rounding may move it in all
FEWEST = 3  # different numbers besides 0, entries cut off, or lengths that are alike
HALF = 1e-2  # of an array, which numbers of half precision may be off by

Finish: TypeAlias = tuple[str, str]
"""A fault's name, and what is filled into its sentence."""
Pairs: TypeAlias = Sequence[tuple[Array, Array]]
"""The arrays handed in on each instance, beside the right ones."""


def might_be_finished(given: Sequence[Array | None]) -> bool:
    """Return whether arrays look as if one of these had been done to them: cheap, without the right ones."""
    arrays = [a for a in given if a is not None]
    return bool(arrays) and any(True for _ in (*_steps(arrays), *_bounds(arrays), *_lengths(arrays)))


def finished(given: Sequence[Array | None], right: Sequence[Array | None]) -> Finish | None:
    """Find what was done to the right arrays, if that is all that is wrong with those handed in."""
    pairs = [(a, b) for a, b in zip(given, right, strict=True) if a is not None and b is not None]
    if not pairs or any(a.shape != b.shape or not np.isfinite(b).all() for a, b in pairs):
        return None
    return _rounded(pairs) or _cut_off(pairs) or _of_one_length(pairs)


def _rounded(pairs: Pairs) -> Finish | None:
    off = sum(float(np.sum((a - b) ** 2)) for a, b in pairs)
    size = sum(float(np.sum(b**2)) for _, b in pairs)
    for hint, step in _steps([a for a, _ in pairs]):
        if step == 1 and all(np.array_equal(a, np.trunc(b)) for a, b in pairs):
            return "rounded", hint
        if off <= NEAR**2 * size:
            if step and all(np.all(np.abs(a - b) <= step * (0.5 + RELATIVE)) for a, b in pairs):
                return "rounded", hint
            if not step and off <= HALF**2 * size:
                return "rounded", hint
    return None


def _steps(arrays: Sequence[Array]) -> Iterator[tuple[str, float]]:
    """Return what all numbers may have been rounded to, and the spacing of such numbers; 0 if that varies."""
    numbers = np.unique(np.concatenate([a.ravel() for a in arrays]))
    numbers = numbers[numbers != 0]
    if len(numbers) < FEWEST or not np.isfinite(numbers).all():
        return
    for decimals in DECIMALS:
        steps = numbers * 10**decimals
        if np.all(np.abs(steps - np.round(steps)) <= WHOLE * np.maximum(1, np.abs(steps))):
            yield f"to {decimals} decimals" if decimals else "to whole numbers", 10.0**-decimals
            return
    if np.abs(numbers).max() < np.finfo(np.float16).max and np.all(numbers == numbers.astype(np.float16)):
        yield "to half precision", 0.0


def _cut_off(pairs: Pairs) -> Finish | None:
    for bound in _bounds([a for a, _ in pairs]):
        cut = sum(int(np.sum(np.abs(b) > bound * (1 + RELATIVE))) for _, b in pairs)
        below = any(np.any((b != 0) & (np.abs(b) < bound)) for _, b in pairs)
        if cut >= FEWEST and below and all(agrees(a, np.clip(b, -bound, bound)) for a, b in pairs):
            return "cut-off", f"{bound:.3g}"
    return None


def _bounds(arrays: Sequence[Array]) -> Iterator[float]:
    """Yield the largest size of a number, where several have it and not all."""
    sizes = np.abs(np.concatenate([a.ravel() for a in arrays]))
    largest = float(sizes.max(initial=0.0))
    alike = int(np.sum(sizes == largest))
    if 0 < largest < np.inf and FEWEST <= alike < len(sizes):
        yield largest


def _of_one_length(pairs: Pairs) -> Finish | None:
    for length in _lengths([a for a, _ in pairs]):
        sizes = [float(np.linalg.norm(b)) for _, b in pairs]
        if all(sizes) and all(agrees(a, length * b / s) for (a, b), s in zip(pairs, sizes, strict=True)):
            return "brought-to-a-length", f"{length:.3g}"
    return None


def _lengths(arrays: Sequence[Array]) -> Iterator[float]:
    """Yield the length that all arrays have in common."""
    lengths = [float(np.linalg.norm(a)) for a in arrays if a.size > 1]
    if FEWEST <= len(lengths) == len(arrays) and 0 < max(lengths) < np.inf:
        if max(lengths) - min(lengths) > RELATIVE * max(lengths):
            return
        yield lengths[0]


def done_to_another(
    fault: str, example: Sequence[Array | None], given: Sequence[Array | None], right: Sequence[Array | None]
) -> bool:
    """Return whether what was done to one array, by its name, was done to another one as well.

    example : the array that reveals the bound or the length.
    """
    examples = [a for a in example if a is not None and a.size]
    pairs = [(a, b) for a, b in zip(given, right, strict=True) if a is not None and b is not None]
    if not examples or len(pairs) < len(given) or any(a.shape != b.shape for a, b in pairs):
        return False
    if fault == "cut-off":
        bound = max(float(np.abs(a).max()) for a in examples)
        cut = any(np.abs(b).max(initial=0.0) > bound * (1 + RELATIVE) for _, b in pairs)
        return cut and all(agrees(a, np.clip(b, -bound, bound)) for a, b in pairs)
    if fault == "brought-to-a-length":
        length, sizes = float(np.linalg.norm(examples[0])), [float(np.linalg.norm(b)) for _, b in pairs]
        return all(sizes) and all(agrees(a, length * b / s) for (a, b), s in zip(pairs, sizes, strict=True))
    return False
