"""Define what instances must meet for mistakes to show: named predicates on an operation's values.

Each takes a batch of candidates at once, (K, …), and returns for each of the K whether it is suitable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

KINK = 5e-3  # smallest distance from a kink, in units of the largest entry
POSITIVE = 5e-2  # smallest entry of what has a logarithm or a root
LARGEST = 4.0  # of what goes into an exponential function
GAP = 1e-2  # between the two largest entries where the largest is taken, in units of the largest size
SATURATED = 1e-3  # smallest probability
FEWEST = 3  # entries of a mean: of two, what is normalised is 1 and -1, and hardly has a gradient
SPREAD = 0.1  # smallest deviation of what is normalised


@dataclass(frozen=True, eq=False)
class Evaluated:
    """Hold an operation that was computed for K candidates at once."""

    operands: Sequence[Floats]
    """Each (K, …)."""
    value: Floats
    """(K, …)"""
    keywords: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """A predicate with a name."""

    name: str
    """For an instructor whose instances do not meet it: `away from kinks`."""
    holds: Callable[[Evaluated], Mask]
    """(K,)"""


def _each(good: Mask) -> Mask:
    """Return whether all entries of each candidate are suitable, (K, …) -> (K,)."""
    return np.asarray(good.reshape(len(good), -1).all(axis=1))


def _largest(array: Floats) -> Floats:
    """Return the largest absolute value of each candidate, in a shape that goes with it."""
    size: Floats = np.abs(array).max(axis=tuple(range(1, array.ndim)), keepdims=True)
    return size


def _away_from_kinks(use: Evaluated) -> Mask:
    Z = use.operands[0]
    return _each(np.abs(Z) > KINK * _largest(Z))


def _both_signs(use: Evaluated) -> Mask:
    Z = use.operands[0].reshape(len(use.operands[0]), -1)
    result: Mask = (Z.min(axis=1) < 0) & (Z.max(axis=1) > 0)
    return result


def _positive(use: Evaluated) -> Mask:
    return _each(use.operands[0] > POSITIVE)


def _divisor_away_from_zero(use: Evaluated) -> Mask:
    return _each(np.abs(use.operands[-1]) > POSITIVE)


def _not_too_large(use: Evaluated) -> Mask:
    return _each(np.abs(use.operands[0]) < LARGEST)


def _not_saturated(use: Evaluated) -> Mask:
    return _each(np.abs(use.operands[0]) < LARGEST) & _each(np.abs(use.operands[0]) > KINK)


def _no_probability_near_zero(use: Evaluated) -> Mask:
    return _each((use.value > SATURATED) | ~_mask(use))


def _probable(use: Evaluated) -> Mask:
    return _each(use.operands[0] > SATURATED)


def _some_are_masked(use: Evaluated) -> Mask:
    """Require that each row has something left and somewhere something is masked, unless there is no mask."""
    mask = _mask(use)
    if len(use.operands) < 2:
        return np.ones(len(mask), dtype=bool)
    return _each(mask.any(axis=use.keywords["axis"])) & ~_each(mask)


def _mask(use: Evaluated) -> Mask:
    """Return the second operand, as large as the first; everywhere true if there is none."""
    shape = use.operands[0].shape
    if len(use.operands) < 2:
        return np.ones(shape, dtype=bool)
    mask = use.operands[1]
    between = (1,) * (len(shape) - mask.ndim)  # axes that it is the same along, behind the candidates'
    return np.broadcast_to(mask.reshape(len(mask), *between, *mask.shape[1:]), shape).astype(bool)


def _on_both_sides(use: Evaluated) -> Mask:
    """Require both signs of outputs, targets and what is between them; impossible for a single number."""
    outputs, targets = use.operands[:2]
    if outputs[0].size == 1:
        return np.ones(len(outputs), dtype=bool)
    arrays = (outputs, targets, outputs - targets)
    mixed = [_both_signs(Evaluated([array], use.value)) for array in arrays]
    result: Mask = np.logical_and.reduce(mixed)
    return result


def _partly_true(use: Evaluated) -> Mask:
    mask = use.operands[0] > 0
    return ~_each(mask) & ~_each(~mask)


def _repeated(use: Evaluated) -> Mask:
    """Return whether at least one number is there three times, and one never."""
    rows = use.operands[0].shape[-2]
    numbers = use.operands[1].reshape(len(use.operands[1]), -1).astype(np.intp)
    counts = (numbers[..., None] == np.arange(rows)).sum(axis=1)
    result: Mask = (counts.max(axis=1) >= 3) & (counts.min(axis=1) == 0)
    return result


def _no_ties(use: Evaluated) -> Mask:
    """Return whether the two largest entries along the axes are apart."""
    a, axes = use.operands[0], use.keywords["axis"]
    flat = np.moveaxis(a, axes, range(-len(axes), 0)).reshape(*_other_lengths(a.shape, axes), -1)
    two = np.sort(flat, axis=-1)[..., -2:]
    return _each(two[..., -1:] - two[..., :-1] > GAP * _largest(a).reshape(-1, *[1] * (two.ndim - 1)))


def _several_in_a_mean(use: Evaluated) -> Mask:
    """Return whether every mean is taken of enough entries."""
    a = use.operands[0]
    count = int(np.prod([a.shape[axis] for axis in use.keywords["axis"]]))
    return np.full(len(a), count >= FEWEST)


def _spread_out(use: Evaluated) -> Mask:
    return _each(use.operands[0].std(axis=use.keywords["axis"]) > SPREAD)


def _other_lengths(shape: tuple[int, ...], axes: tuple[int, ...]) -> list[int]:
    """Return the lengths of all other axes."""
    return [size for place, size in enumerate(shape) if place - len(shape) not in axes]


def _away_from_zero_and_one(use: Evaluated) -> Mask:
    """Return whether powers differ: x is not near 0, 1 or -1."""
    size = np.abs(use.operands[0])
    return _each((size > POSITIVE) & (np.abs(size - 1) > POSITIVE))


AWAY_FROM_KINKS = Condition("away from kinks", _away_from_kinks)
BOTH_SIGNS = Condition("both signs", _both_signs)
ON_BOTH_SIDES = Condition("targets on both sides of the outputs", _on_both_sides)
POSITIVE_OPERAND = Condition("positive", _positive)
DIVISOR = Condition("divisor away from zero", _divisor_away_from_zero)
NOT_TOO_LARGE = Condition("not too large", _not_too_large)
NOT_SATURATED = Condition("nothing saturated", _not_saturated)
PROBABILITIES = Condition("no probability near zero", _no_probability_near_zero)
PROBABLE = Condition("no probability near zero", _probable)
PARTLY_TRUE = Condition("a mask that is partly true", _partly_true)
REPEATED = Condition("one row three times, one never", _repeated)
NO_TIES = Condition("no ties", _no_ties)
AWAY_FROM_ZERO_AND_ONE = Condition("away from 0 and 1", _away_from_zero_and_one)
SEVERAL_IN_A_MEAN = Condition("three entries or more in each mean", _several_in_a_mean)
SPREAD_OUT = Condition("entries that are not all alike", _spread_out)
PARTLY_MASKED = Condition("a mask that masks some", _some_are_masked)
