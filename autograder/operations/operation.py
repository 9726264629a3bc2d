"""What an operation of a forward pass is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Shape: TypeAlias = "tuple[int | str, ...]"
"""Sizes by number, or by a dimension's name: ("N", 4)."""


@dataclass(frozen=True)
class Operation:
    """One operation, by its name in a forward pass's text."""

    name: str
    compute: Callable[..., Any]
    """The value of the operands, torch tensors; axes in front of their own are a batch's."""
    shape: Callable[..., Shape]
    """The value's shape, of the operands' shapes."""
    formula: str
    """As a sheet writes it, with {0}, {1} for the operands: `max(0, {0})`."""
    binds: int = 0
    """How strongly it binds in a formula: 0 for a function with brackets, 1 for a sum, 2 for a product."""
    elementwise: bool = False
    """Whether each entry depends on the same entry of the one operand alone."""
