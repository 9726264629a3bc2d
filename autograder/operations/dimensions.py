"""Handle named dimensions, and products of them: `H*d` is the width of H heads of width d."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.operations.operation import Shape


def factors(size: int | str) -> tuple[str, ...]:
    """Return the dimensions that a size is the product of: itself if it is a name; nothing for a number."""
    return tuple(size.split("*")) if isinstance(size, str) else ()


def named(shapes: Iterable[Shape]) -> tuple[str, ...]:
    """Name every dimension of these shapes once, in their order; of a product its factors."""
    return tuple(dict.fromkeys(name for shape in shapes for size in shape for name in factors(size)))


def length(size: int | str, sizes: Mapping[str, int]) -> int:
    """Return a size as a number.

    Raises
    ------
    KeyError
        A dimension is not among `sizes`.
    """
    return math.prod(sizes[name] for name in factors(size)) if isinstance(size, str) else size


def measured(
    shapes: Mapping[str, Shape], given: Mapping[str, Any], known: Mapping[str, int]
) -> dict[str, int]:
    """Read the lengths of dimensions from arrays; those of a product's factors if all others are known.

    shapes : by name; axes before these are batch axes.
    given : arrays by name, some of those that have a shape.
    known : lengths that are known beforehand; they are included in the result.
    """
    result = dict(known)
    products: list[tuple[tuple[str, ...], int]] = []
    for name, shape in shapes.items():
        for place, size in enumerate(shape) if name in given else ():
            own = factors(size)
            number = given[name].shape[place - len(shape)] if own else 0
            if len(own) == 1:
                result.setdefault(own[0], number)
            elif own:
                products.append((own, number))
    for own, number in products:
        unknown = [name for name in own if name not in result]
        if len(unknown) == 1:
            result[unknown[0]] = number // math.prod(result[name] for name in own if name in result)
    return result
