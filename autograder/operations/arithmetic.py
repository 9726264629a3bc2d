"""Define products, sums and quotients, and factors and summands that are numbers."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from autograder.operations.conditions import DIVISOR
from autograder.operations.operation import Operation, Shape


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape of several that are matched from the last axis on.

    Raises
    ------
    ValueError
        They do not match.
    """
    result: list[int | str] = []
    for sizes in zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1):
        different = dict.fromkeys(size for size in sizes if size != 1)
        if len(different) > 1:
            raise ValueError(f"shapes that do not go together: {', '.join(map(str, shapes))}")
        result.append(next(iter(different), 1))
    return tuple(result[::-1])


def _product_shape(left: Shape, right: Shape) -> Shape:
    if len(left) < 2 or len(right) < 1:
        raise ValueError(
            "a product needs a matrix, with rows and columns, on the left, and a matrix or a vector on the "
            f"right: {left}, {right}"
        )
    if len(right) == 1 and left[-1] == right[0]:
        return left[:-1]
    if left[-1] != right[-2:][0]:
        raise ValueError(f"a product needs as many columns on the left as rows on the right: {left}, {right}")
    return (*broadcast(left[:-2], right[:-2]), left[-2], right[-1])


def _product(a: Any, b: Any, *, vector: bool = False) -> Any:  # noqa: ANN401  arrays or tensors
    return (a @ b[..., None])[..., 0] if vector else a @ b


def _with_a_vector(_: Shape, right: Shape) -> dict[str, bool]:
    return {"vector": True} if len(right) == 1 else {}


def same(shape: Shape, **_: object) -> Shape:
    """Return the shape of an operand that has the value's shape."""
    return shape


def _scaled(a: Any, *, by: float) -> Any:  # noqa: ANN401  an array or a tensor
    return a * by


def _shifted(a: Any, *, by: float) -> Any:  # noqa: ANN401
    return a + by


PRODUCT = Operation(
    "product",
    _product,
    _product_shape,
    "{0}·{1}",
    binds=2,
    binds_right=3,
    broadcasts=True,
    implied=_with_a_vector,
    questions=(
        "Which entries of {value} change when a single entry of {0}, or of {1}, grows a little?",
        "Which index is summed over in {value}, and which one has to be summed over on the way back?",
    ),
)
"""The matrix product; axes before the last two are batch axes."""

ADDITION = Operation(
    "addition",
    lambda a, b: a + b,
    broadcast,
    "{0} + {1}",
    takes=2,
    binds=1,
    broadcasts=True,
    questions=(
        "How much does {value} grow when {0} or {1} grows a little?",
        "Which of the two has fewer entries than {value}, and in how many places does each of these go in?",
    ),
)

DIFFERENCE = Operation(
    "difference",
    lambda a, b: a - b,
    broadcast,
    "{0} - {1}",
    takes=2,
    binds=1,
    binds_right=2,
    broadcasts=True,
    questions=(
        "Does {value} grow or shrink when {0} grows a little, and when {1} does?",
        "Which of the two has fewer entries than {value}, and in how many places does each of these go in?",
    ),
)

ELEMENTWISE_PRODUCT = Operation(
    "elementwise_product",
    lambda a, b: a * b,
    broadcast,
    "{0} ∘ {1}",
    takes=2,
    binds=2,
    binds_right=3,
    broadcasts=True,
    questions=(
        "What is an entry of {0} multiplied with on its way to {value}?",
        "Which of the two has fewer entries than {value}, and in how many places does each of these go in?",
    ),
)

QUOTIENT = Operation(
    "quotient",
    lambda a, b: a / b,
    broadcast,
    "{0}/{1}",
    takes=2,
    binds=2,
    binds_right=3,
    broadcasts=True,
    conditions=(DIVISOR,),
    questions=(
        "Does {value} grow or shrink when {1} grows a little, and how does that depend on how large it is?",
        "Which of the two has fewer entries than {value}, and in how many places does each of these go in?",
    ),
)

SCALE = Operation(
    "scale",
    _scaled,
    same,
    "{by.before}{0}{by.after}",
    binds=2,
    keywords={"by": None},
    questions=("By how much does {value} grow when {0} grows by a little?",),
)
"""A product or quotient with a number, or with a law of the dimensions: R / sqrt(d)."""

SHIFT = Operation(
    "shift",
    _shifted,
    same,
    "{0}{by.added}",
    binds=1,
    keywords={"by": None},
    questions=("By how much does {value} grow when {0} grows by a little?",),
)
"""A sum with a number."""

ARITHMETIC = (PRODUCT, ADDITION, DIFFERENCE, ELEMENTWISE_PRODUCT, QUOTIENT, SCALE, SHIFT)
