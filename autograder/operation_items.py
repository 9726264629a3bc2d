"""Make items of one line each: an operation on A and B with the result Y, and something that was broadcast.

Both are for functions that are given DY; an operation's also gets its name, `op`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercise import Array, Value
from autograder.forward_pass import ForwardPass
from autograder.instances.samplers import Sampler, either_sign, positive
from autograder.item_by_item import Item
from autograder.operations.operation import Shape

MATRIX = ("R", "C")


def undone(name: str, own: Shape, whole: Shape, example: Array, shape: tuple[int, ...]) -> Item:
    """Make an item that undoes a broadcast of A, of shape `own`, to a result Y of shape `whole`.

    example : the sheet's DY.
    shape : that of A there.
    """
    forward = ForwardPass(
        f"Y_{name} = A_{name} + C_{name}", upstream=f"Y_{name}", **{f"A_{name}": own, f"C_{name}": whole}
    )
    sheet = {"A": np.zeros(shape), "C": np.zeros(example.shape), "DY": example}
    return Item(forward, ("A",), {"shape": lambda e: e[f"A_{name}"].shape}, {"A": positive}, sheet)


def operation(
    name: str, text: str, by: str = "A", *, op: str = "", second: int = 0, A: Sampler = either_sign,
    B: Sampler = either_sign, shapes: tuple[Shape, Shape] = (MATRIX, MATRIX), sheet: Sequence[NDArray[Any]],
) -> Item:  # fmt: skip
    """Make an item of one operation; `second` is used in place of B if that is not an array."""
    text = text.replace("A", f"A_{name}").replace("B", f"B_{name}")
    used = {f"{each}_{name}": shape for each, shape in zip("AB", shapes, strict=True) if f"{each}_" in text}
    constants: dict[str, Value] = {"op": op or name}
    if f"B_{name}" not in used:
        constants["B"] = second
    public = dict(zip(("A", "B", "DY"), sheet, strict=True))
    forward = ForwardPass(f"Y_{name} = {text}", upstream=f"Y_{name}", **used)
    return Item(forward, tuple(by), constants, {"A": A, "B": B}, public)
