"""What is computed wrongly in an operation's place, or to one of its operands first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Compute: TypeAlias = Callable[..., Any]
"""Computes a value of operands, torch tensors."""


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
class Alternatives:
    """All that is computed in one operation's place."""

    replaced: tuple[Replacement, ...] = ()
    """By another function of the same operands."""
    numbered: tuple[Numbered, ...] = ()
    applied: Mapping[int, tuple[Replacement, ...]] = field(default_factory=dict)
    """By itself, of an operand (by its place) that another function was applied to."""
    measures: bool = False
    """Whether it is what a network's output is measured by: a mistake in it costs no parameter's gradient."""
