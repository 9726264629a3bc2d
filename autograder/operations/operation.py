"""What an operation of a forward pass is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from autograder.operations.conditions import Condition

Shape: TypeAlias = "tuple[int | str, ...]"
"""Sizes by number, or by a dimension's name: ("N", 4)."""


@dataclass(frozen=True, eq=False)  # there is one of each
class Operation:
    """One operation, by its name in a forward pass's text."""

    name: str
    compute: Callable[..., Any]
    """The value of the operands, numpy arrays or torch tensors; axes in front of their own are a batch's."""
    shape: Callable[..., Shape]
    """The value's shape, of the operands' shapes and the keywords."""
    formula: str
    """As a sheet writes it, with {0}, {1} for the operands: `max(0, {0})`; {over} for axes in words."""
    binds: int = 0
    """How strongly it binds in a formula: 0 for a function with brackets, 1 for a sum, 2 for a product, 4 for
    what is written behind its operand."""
    binds_right: int = 0
    """The same for its second operand, where that is another: B in A - (B + C)."""
    elementwise: bool = False
    """Whether it is a function of numbers, as activations are: each entry depends on the same one of its
    operand."""
    broadcasts: bool = False
    """Whether operands of different shapes are matched from the last axis on."""
    keywords: Mapping[str, Any] = field(default_factory=dict)
    """What is given beside the operands, in order, with defaults; `axis` for axes by name or number."""
    implied: Callable[..., Mapping[str, Any]] | None = None
    """Keywords of the computation that follow from the operands' shapes: whether a factor is a vector."""
    masked: str = ""
    """The formula with a mask, {1}, given as `where=`; without it the operation takes none."""
    conditions: tuple[Condition, ...] = ()
    """What an instance must meet for every mistake in the derivative to show."""
    questions: tuple[str, ...] = ()
    """For a student, from the first glance to the last: {0}, {1} are the operands, {value} the result."""

    def written(self, operands: Sequence[str], keywords: Mapping[str, Any], over: str = "") -> str:
        """Write the formula down, of the operands' formulas.

        over : the axes in words, such as ` over D`.
        """
        template = self.masked if self.masked and len(operands) > 1 else self.formula
        return template.format(*operands, over=over, **keywords)
