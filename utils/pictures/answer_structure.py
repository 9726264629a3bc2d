"""Read a gradient as a student returns it, without raising: each array, or a sentence about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from utils.pictures.numbers import Floats, array

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Entry:
    """One array of a gradient, such as DW1."""

    name: str
    values: Floats | None
    """What was given, if it can be drawn; entries may be infinite or nan."""
    complaint: str = ""
    """What is wrong with its structure, in a sentence; empty if nothing is."""


class Malformed(Exception):
    """The whole is not a gradient; the message is a sentence for the student."""


def lists(gradient: object) -> tuple[Sequence[object], Sequence[object]]:
    """Take a gradient (DW, DB) apart into its two lists.

    Raises
    ------
    Malformed
        It is not two lists.
    """
    if gradient is None:
        raise Malformed("There is no gradient to draw, only None. Does the function end with a return?")
    if not isinstance(gradient, list | tuple):
        raise Malformed(f"A gradient is two lists, DW and DB, but this is {_kind(gradient)}.")
    if len(gradient) != 2:
        raise Malformed(f"A gradient is two lists, DW and DB, but here are {len(gradient)} things.")
    for name, part in zip(("DW", "DB"), gradient, strict=True):
        if not isinstance(part, list | tuple):
            raise Malformed(f"{name} should be a list of arrays, one a layer, but is {_kind(part)}.")
    weights, biases = gradient
    return weights, biases


def entries(name: str, given: object, shapes: Sequence[Shape] | None = None) -> list[Entry]:
    """Read one of the two lists, "DW" or "DB".

    Parameters
    ----------
    name
        "DW" or "DB": the name of its arrays, before the number of their layer.
    given
        What was given for it.
    shapes
        The shapes that the arrays should have, one per layer; None if they are not known.

    Raises
    ------
    Malformed
        It is not a list of arrays, or has another length.
    """
    if not isinstance(given, list | tuple):
        raise Malformed(f"{name} should be a list of arrays, one a layer, but is {_kind(given)}.")
    if not given:
        raise Malformed(f"{name} is empty; it should hold an array for each layer.")
    if shapes is not None and len(given) != len(shapes):
        raise Malformed(f"{name} should hold {len(shapes)} arrays, one a layer, but holds {len(given)}.")
    expected: Sequence[Shape | None] = [None] * len(given) if shapes is None else shapes
    return [
        entry(f"{name}{layer}", values, shape)
        for layer, (values, shape) in enumerate(zip(given, expected, strict=True), start=1)
    ]


def entry(name: str, given: object, shape: Shape | None) -> Entry:
    """Read one array; if no shape is given, of any shape."""
    try:
        values = array(given)
    except Exception:  # whatever a student has put here, and whatever numpy makes of it
        return Entry(name, None, f"{name} should be an array of numbers, but is {_kind(given)}.")
    if given is None:
        return Entry(name, None, f"{name} is missing: None stands in its place.")
    if shape is not None and values.shape != shape:
        complaint = f"{name} has the shape {values.shape}, but should have {shape}."
        return Entry(name, None, complaint)
    if values.size == 0:
        return Entry(name, None, f"{name} is an empty array.")
    if not numpy.isfinite(values).all():
        index = [int(i) for i in numpy.argwhere(~numpy.isfinite(values))[0]]
        return Entry(name, values, f"{name} is not a finite number at {index}.")
    return Entry(name, values)


def _kind(value: Any) -> str:  # noqa: ANN401  anything at all
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
