"""Define a wrong computation in an operation's place, or of one of its operands first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from autograder.operations.operation import Shape

Compute: TypeAlias = Callable[..., Any]
"""Computes a value of operands, torch tensors, and of the operation's keywords."""
Fits: TypeAlias = Callable[[Sequence[Shape]], bool]
"""Of the operands' shapes, a mask's among them."""


def with_mask(shapes: Sequence[Shape]) -> bool:
    """Return whether there is a mask besides the first operand."""
    return len(shapes) > 1


def with_square_mask(shapes: Sequence[Shape]) -> bool:
    """Return whether there is one that has as many rows as columns."""
    mask = shapes[1] if len(shapes) > 1 else ()
    return len(mask) > 1 and mask[-1] == mask[-2]


def without_mask(shapes: Sequence[Shape]) -> bool:
    """Return whether there is none."""
    return len(shapes) == 1


def alike(shapes: Sequence[Shape]) -> bool:
    """Return whether all operands have one shape."""
    return len(set(shapes)) == 1


@dataclass(frozen=True)
class Replacement:
    """A wrong computation in the right one's place."""

    fault: str
    compute: Compute
    hint: str = ""
    """Put into the fault's sentence, where one name covers several computations."""
    rare: bool = False
    """Tried together with other rare ones only if these have the same hint."""
    of_value: bool = False
    """Of an operand: whether the fault is said to be in the operation's value, and not in the operand."""
    fits: Fits | None = None
    """Whether it goes with operands of these shapes; None where the operation's own always do."""
    never_within_alone: bool = False
    """Whether it is not made within another operation alone, while the operation itself is right."""
    unstable: bool = False
    """Whether it is wrong only where it gives no numbers: nothing follows from these."""


@dataclass(frozen=True)
class Numbered:
    """Wrong computations that differ in a number, such as a slope."""

    fault: str
    compute: Compute
    """Of the operands, and of the number as a tensor behind them."""
    hint: str
    """With `{:.3g}` for the number."""
    between: tuple[float, float]
    """Where the number is looked for."""


@dataclass(frozen=True)
class Within:
    """Another operation that an operation does to its first operand before all else: a softmax.

    Where a forward pass has that operation as well, on the same operand, a mistake in it may be made in both
    places or in either.
    """

    operation: str
    right: Compute
    """Of the first operand: what the rest of the operation goes on with."""
    rest: Compute
    """Of that, and of the other operands: the operation's value."""
    replaced: Mapping[Replacement, Compute]
    """What stands in `right`'s place, by the other operation's own replacements."""


@dataclass(frozen=True)
class OperationMistakes:
    """All that is computed in one operation's place."""

    replaced: tuple[Replacement, ...] = ()
    """By another function of the same operands; of what is computed `within` and of the others, if it is."""
    numbered: tuple[Numbered, ...] = ()
    applied: Mapping[int, tuple[Replacement, ...]] = field(default_factory=dict)
    """By itself, of an operand (by its place) that another function was applied to."""
    within: Within | None = None
    measures: bool = False
    """Whether it is what a network's output is measured by: a mistake in it costs no parameter's gradient."""
