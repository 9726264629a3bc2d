"""Powers of numbers side by side: what a polynomial multiplies its coefficients with."""

from __future__ import annotations

from typing import Any

from autograder.operations.conditions import AWAY_FROM_ZERO_AND_ONE
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape


def _powers(x: Any, *, degree: int) -> Any:  # noqa: ANN401  an array or a tensor
    return namespace(x).stack([x**k for k in range(degree + 1)], -1)


def _with_columns(shape: Shape, *, degree: int) -> Shape:
    if not isinstance(degree, int) or degree < 1:
        raise ValueError(f"the degree is a whole number from 1 on, and not {degree!r}")
    return (*shape, degree + 1)


POWERS = Operation(
    "powers",
    _powers,
    _with_columns,
    "powers of {0} up to {degree}",
    keywords={"degree": None},
    conditions=(AWAY_FROM_ZERO_AND_ONE,),
    questions=("What stands in the columns of {value}, from the first to the last?",),
)
"""powers(x, 3): columns 1, x, x², x³."""
