"""Define what an operation of a forward pass is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from autograder.operations.conditions import Condition
from autograder.operations.law import Law

Shape: TypeAlias = "tuple[int | str, ...]"
"""Sizes by number, or by a dimension's name: ("N", 4)."""


@dataclass(frozen=True, eq=False)  # there is one of each
class Operation:
    """One operation, by its name in a forward pass's text."""

    name: str
    compute: Callable[..., Any]
    """The value of the operands, numpy arrays or torch tensors; axes before their own are batch axes."""
    shape: Callable[..., Shape]
    """The value's shape, from the operands' shapes and the keywords."""
    formula: str
    """As a sheet writes it, with {0}, {1} for the operands: `max(0, {0})`; {over} for axes in words."""
    takes: int = 0
    """How many quantities it takes, not counting a mask; 0 for as many as its shape rule takes."""
    binds: int = 0
    """How strongly it binds in a formula: 0 for a function with parentheses, 1 for a sum, 2 for a product, 4
    for what is written after its operand.
    """
    binds_right: int = 0
    """The same for its second operand, where that is another: B in A - (B + C)."""
    elementwise: bool = False
    """Whether it is a function of numbers, as activations are: each entry depends on the same one of its
    operand."""
    broadcasts: bool = False
    """Whether operands of different shapes are matched from the last axis on."""
    keywords: Mapping[str, Any] = field(default_factory=dict)
    """What is given beside the operands, in order, with defaults; None if it has to be given.

    `axis` is for axes, by name or number (None: all of them), `shape` for a shape; others have the type of
    their default, or are numbers.
    """
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

    def check(self, operands: int, keywords: Mapping[str, Any]) -> None:
        """Refuse a wrong number of operands, and keywords that are missing or of another type.

        Raises
        ------
        ValueError
            With what was expected.
        """
        takes = self.takes or _required(self.shape)
        if not takes <= operands <= takes + bool(self.masked):
            quantities = "1 quantity" if takes == 1 else f"{takes} quantities"
            raise ValueError(f"{self.name} takes {quantities}, and here are {operands}")
        for key, default in self.keywords.items():
            given = keywords[key]
            if key == "axis" or isinstance(given, Law):
                continue
            if given is None:
                raise ValueError(f"{self.name} needs {key}=, {kind(key)}")
            wanted = tuple if key == "shape" else bool if isinstance(default, bool) else (int, float)
            if not isinstance(given, wanted) or (isinstance(given, bool) and wanted is not bool):
                raise ValueError(f"{key}= is {kind(key)}, not {given!r}")


KINDS = {
    "axis": "a number, a dimension's name in quotes or several in brackets",
    "shape": "sizes and names of dimensions in brackets",
    "keepdims": "True or False",
}


def kind(keyword: str) -> str:
    """Say what a keyword is, in words."""
    return KINDS.get(keyword, "a number")


def _required(shape: Callable[..., Shape]) -> int:
    """Count the operands that a shape rule cannot do without."""
    parameters = inspect.signature(shape).parameters.values()
    return sum(p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty for p in parameters)
