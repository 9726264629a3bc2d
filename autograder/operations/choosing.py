"""Define operations that take some entries and leave others: masks, and rows by index."""

from __future__ import annotations

from typing import Any

from autograder.operations.arithmetic import broadcast
from autograder.operations.conditions import PARTLY_TRUE, REPEATED
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape


def _where(mask: Any, a: Any, b: Any) -> Any:  # noqa: ANN401  arrays or tensors
    return namespace(a).where(mask > 0, a, b)


def _mask(mask: Any, a: Any) -> Any:  # noqa: ANN401
    return namespace(a).where(mask > 0, a, 0 * a)


def _gather(rows: Any, numbers: Any) -> Any:  # noqa: ANN401
    if rows.ndim == 2:
        return rows[numbers]
    return namespace(rows).stack([_gather(*pair) for pair in zip(rows, numbers, strict=True)])


def _gathered(rows: Shape, numbers: Shape) -> Shape:
    if len(rows) != 2:
        raise ValueError(f"rows are taken from a matrix, and {rows} is none")
    return (*numbers, rows[1])


WHERE = Operation(
    "where",
    _where,
    broadcast,
    "{1} where {0}, else {2}",
    takes=3,
    broadcasts=True,
    conditions=(PARTLY_TRUE,),
    questions=("Which entries of {1} go into {value}, and which of {2}?",),
)
"""where(M, A, B): A where the mask is true, else B."""

MASK = Operation(
    "mask",
    _mask,
    broadcast,
    "{1} where {0}, else 0",
    takes=2,
    broadcasts=True,
    conditions=(PARTLY_TRUE,),
    questions=("Which entries of {1} go into {value}?",),
)
"""mask(M, A): A where the mask is true, else 0."""

GATHER = Operation(
    "gather",
    _gather,
    _gathered,
    "{0}[{1}]",
    conditions=(REPEATED,),
    questions=(
        "Into how many rows of {value} does one and the same row of {0} go?",
        "How far do all of these rows in {value} move when that row of {0} moves a little?",
    ),
)
"""gather(E, x): the rows of E (V, d) with the indices x, integers of any shape."""

CHOOSING = (WHERE, MASK, GATHER)
