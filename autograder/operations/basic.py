"""Products, sums, elementwise functions: what networks of layers are made of."""

from __future__ import annotations

from autograder.operations.operation import Operation, Shape


def _product_shape(left: Shape, right: Shape) -> Shape:
    if left[-1] != right[-2]:
        raise ValueError(f"a product needs as many columns on the left as rows on the right: {left}, {right}")
    return (*left[:-1], right[-1])


def _broadcast(left: Shape, right: Shape) -> Shape:
    longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
    padded = (1,) * (len(longer) - len(shorter)) + shorter
    for a, b in zip(longer, padded, strict=True):
        if a != b and 1 not in (a, b):
            raise ValueError(f"shapes that do not go together: {left}, {right}")
    return tuple(b if a == 1 else a for a, b in zip(longer, padded, strict=True))


def _same(shape: Shape) -> Shape:
    return shape


PRODUCT = Operation("product", lambda a, b: a @ b, _product_shape, "{0}·{1}", binds=2)
SUM = Operation("sum", lambda a, b: a + b, _broadcast, "{0} + {1}", binds=1)
RELU = Operation("relu", lambda z: z.relu(), _same, "max(0, {0})", elementwise=True)
