"""Name factors that are laws of the dimensions, but of other dimensions, or at another place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import torch

from autograder.computations.operation_mistakes import Replacement
from autograder.forward_pass import ForwardPass, Node
from autograder.operations.dimensions import factors
from autograder.operations.law import Law


def of_other_dimensions(forward: ForwardPass, node: Node) -> Iterator[tuple[Replacement, Law]]:
    """Yield the laws that are a node's own but for the dimension: 1/√D where it should be 1/√d.

    A product of dimensions is one of them where an input has it: 1/√(H·d). So is, where the own dimension has
    a cofactor in such a product, the width beside it shared out by that: 1/√(D/H), or the whole part of D/H.
    """
    own: Law = node.keywords["by"]
    if len(own.powers) != 1:
        return
    ((dimension, power),) = own.powers.items()
    widths = {factors(size): None for name in forward.inputs for size in forward.shapes[name]}
    for names in dict.fromkeys([*((name,) for name in forward.dimensions), *widths]):
        if names and names != (dimension,):
            yield _of(Law(own.factor, dict.fromkeys(names, power)), node)
    cofactors = {name for names in widths if dimension in names for name in names} - {dimension}
    for cofactor in sorted(cofactors):
        for name in _beside(forward, cofactor):
            if name not in (dimension, cofactor):
                yield _of(Law(own.factor, {name: power, cofactor: -power}), node, rare=True)
                hint = f"{name}/{cofactor}, rounded down, in {dimension}'s place in {own}"
                compute = partial(_rounded_down, factor=own.factor, power=power)
                wrong = Replacement("scale-of-wrong-width", compute, hint, rare=True)
                yield wrong, Law(1.0, {name: 1.0, cofactor: -1.0})


def _beside(forward: ForwardPass, cofactor: str) -> list[str]:
    """Return the widths beside a product with this factor in an input's shape, as they stand in (D, H*d)."""
    shapes = [[factors(size) for size in forward.shapes[name]] for name in forward.inputs]
    shared = [shape for shape in shapes if any(len(size) > 1 and cofactor in size for size in shape)]
    return list(dict.fromkeys(size[0] for shape in shared for size in shape if len(size) == 1))


def _of(law: Law, node: Node, *, rare: bool = False) -> tuple[Replacement, Law]:
    hint = f"{law} where {node.keywords['by']} belongs"
    return Replacement("scale-of-wrong-width", node.operation.compute, hint, rare), law


def _rounded_down(a: torch.Tensor, *, by: float, factor: float, power: float) -> torch.Tensor:
    """Scale by a power of the whole part of a quotient."""
    width = math.floor(by)
    if not width:
        raise ValueError("nothing is left of the width")
    return a * factor * math.pow(width, power)


def postponed(forward: ForwardPass) -> dict[str, Node]:
    """Find scales that go into a softmax and nowhere else: they are applied to what it gives.

    Returns
    -------
    The softmax by the scale's name.
    """
    result = {}
    for name, node in forward.nodes.items():
        consumers = [consumer for consumer, _ in forward.consumers(name)]
        if node.operation.name == "scale" and [each.operation.name for each in consumers] == ["softmax"]:
            result[name] = consumers[0]
    return result
