"""Name wrong arithmetic: a transposed factor, terms and factors left out, quotients inverted."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from autograder.computations.elementwise import identity
from autograder.computations.operation_mistakes import Fits, OperationMistakes, Replacement, alike
from autograder.operations.operation import Shape


def _square(place: int) -> Fits:
    """Make a check that the factor at `place` is square, so that its transpose has the same shape."""

    def fits(shapes: Sequence[Shape]) -> bool:
        shape = shapes[place]
        return len(shape) > 1 and len(shapes[1]) > 1 and shape[-1] == shape[-2]

    return fits


def _square_and_alike(shapes: Sequence[Shape]) -> bool:
    return alike(shapes) and _square(0)(shapes)


def _square_product(shapes: Sequence[Shape]) -> bool:
    """Return whether the product has as many rows as columns, and is made of factors that have not."""
    left, right = shapes
    return len(right) > 1 and left[-2:-1] == right[-1:] and left[-1] != left[-2]


PRODUCT = OperationMistakes(
    replaced=(
        Replacement("operand-transposed", lambda a, b: a @ b.mT, "the right factor", fits=_square(1)),
        Replacement(
            "operand-transposed", lambda a, b: a.mT @ b, "the left factor", rare=True, fits=_square(0)
        ),
        Replacement("factors-swapped", lambda a, b: b @ a, rare=True, fits=_square_and_alike),
        Replacement("product-transposed", lambda a, b: (a @ b).mT, rare=True, fits=_square_product),
        Replacement("elementwise-for-matrix-product", lambda a, b: a * b, rare=True, fits=_square_and_alike),
    )
)
"""A vector has no transpose, and is never the right factor in these."""


def _bias(shapes: Sequence[Shape]) -> bool:
    """Return whether the second term is a row of several numbers that all rows have added."""
    return not alike(shapes) and len(shapes[1]) == 1 and shapes[1] != (1,)


def _row_summed(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return a + b.sum()


ADDITION = OperationMistakes(
    replaced=(
        Replacement("term-left-out", identity, "the second term", fits=alike),
        Replacement("term-left-out", lambda a, b: b, "the first term", fits=alike),
        Replacement("difference-for-sum", lambda a, b: a - b, rare=True, fits=alike),
        Replacement("product-for-sum", lambda a, b: a * b, rare=True, fits=alike),
        Replacement("bias-summed", _row_summed, rare=True, fits=_bias),
    )
)
"""What is added to every row has names of its own, where it is left out."""

DIFFERENCE = OperationMistakes(
    replaced=(
        Replacement("term-left-out", identity, "what is subtracted"),
        Replacement("difference-turned-round", lambda a, b: b - a),
        Replacement("sum-for-difference", lambda a, b: a + b),
    )
)
ELEMENTWISE_PRODUCT = OperationMistakes(
    replaced=(
        Replacement("factor-left-out", identity, "the second factor"),
        Replacement("factor-left-out", lambda a, b: b, "the first factor", fits=alike),
        Replacement("sum-for-product", lambda a, b: a + b, rare=True),
        Replacement("quotient-for-product", lambda a, b: a / b, rare=True),
    )
)
QUOTIENT = OperationMistakes(
    replaced=(
        Replacement("divisor-left-out", identity),
        Replacement("quotient-turned-round", lambda a, b: b / a),
        Replacement("product-for-quotient", lambda a, b: a * b),
    )
)


def _inverted(a: torch.Tensor, *, by: float) -> torch.Tensor:
    return a / by


def _twice(a: torch.Tensor, *, by: float) -> torch.Tensor:
    return a * by * abs(by)


SCALE = OperationMistakes(
    replaced=(
        Replacement("scale-left-out", identity),
        Replacement("scale-inverted", _inverted),
        Replacement("scale-squared", _twice),
    )
)
SHIFT = OperationMistakes(replaced=(Replacement("number-left-out", identity),))
