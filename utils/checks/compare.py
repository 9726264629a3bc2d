"""Compare a student's array with the true one: how far off it is, and where most."""

import numpy as np

from utils.checks.vocabulary import Array

TOLERANCE = 1e-4
"""The largest relative error that counts as right.

An answer in single precision is off by some 1e-6, the shipped numbers by some 1e-9. A wrong answer is off by
much more: one that misses by 0.1 % is ten times over this line.
"""

FLOOR = 1e-2
"""An entry smaller than this, in units of its array's largest, is compared against that size instead."""

ROUNDING = 1e-3
"""Errors that differ by less than this, relatively, count as equal: a factor leaves the same everywhere."""


def deviations(given: Array, true: Array) -> Array:
    """Return the relative error of each entry, inf where it is not finite; both arrays have one shape."""
    largest = float(np.max(np.abs(true), initial=0.0))
    scale = np.maximum(np.abs(true), FLOOR * largest if largest > 0 else 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        errors = np.abs(given - true) / scale
    return np.where(np.isfinite(errors), errors, np.inf)


def agrees(given: Array, true: Array) -> bool:
    """Return whether shape and numbers are right."""
    return given.shape == true.shape and bool(np.all(deviations(given, true) <= TOLERANCE))


def worst(given: Array, true: Array) -> tuple[float, tuple[int, ...]]:
    """Return the largest relative error, and the first index where it is as large, but for rounding."""
    result = deviations(given, true)
    if not result.size:
        return 0.0, ()
    largest = float(result.max())
    index = np.unravel_index(int(np.argmax(result >= (1 - ROUNDING) * largest)), result.shape)
    return largest, tuple(int(i) for i in index)
