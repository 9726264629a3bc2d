"""Resolve axes, given by the name of their dimension or by number."""

from __future__ import annotations

from typing import TypeAlias

from autograder.operations.operation import Shape

Axes: TypeAlias = tuple[int, ...]
"""Counted from the last, -1, so that batch axes may come first."""


def resolved(axis: object, shape: Shape) -> Axes:
    """Find axes of a quantity.

    axis : a dimension's name, a number, several of them; None for all axes.

    Raises
    ------
    ValueError
        There is no such axis, or more than one.
    """
    if axis is None:
        return tuple(range(-len(shape), 0))
    wanted = axis if isinstance(axis, tuple) else (axis,)
    result = tuple(_one(each, shape) for each in wanted)
    if len(set(result)) < len(result):
        raise ValueError(f"one axis is named twice in {axis!r}")
    return result


def _one(axis: object, shape: Shape) -> int:
    if isinstance(axis, str):
        places = [place for place, size in enumerate(shape) if size == axis]
        if len(places) != 1:
            number = "no axis" if not places else f"{len(places)} axes"
            raise ValueError(f"{number} of {shape} is called {axis!r}: name the axis by its number")
        return places[0] - len(shape)
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        raise ValueError(f"there is no axis {axis!r} in {shape}: give a number or a dimension's name")
    return axis % len(shape) - len(shape)


def in_words(axes: Axes, shape: Shape) -> str:
    """Describe the axes: ` over D`, ` over axis 1`; nothing for all of them."""
    if not axes or len(axes) == len(shape):
        return ""
    names = [shape[axis] for axis in axes]
    if all(isinstance(name, str) and shape.count(name) == 1 for name in names):
        return f" over {', '.join(map(str, names))}"
    numbers = ", ".join(str(axis + len(shape)) for axis in axes)
    return f" over {'axis' if len(axes) == 1 else 'axes'} {numbers}"


def reduced(shape: Shape, *, axis: Axes, keepdims: bool = False) -> Shape:
    """Return the shape that remains when axes are summed over."""
    gone = {place % len(shape) for place in axis}
    if keepdims:
        return tuple(1 if place in gone else size for place, size in enumerate(shape))
    return tuple(size for place, size in enumerate(shape) if place not in gone)
