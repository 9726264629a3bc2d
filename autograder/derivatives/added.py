"""Name what is added to an otherwise right gradient, with an unknown number in front."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.derivatives.operands import is_weights
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import MixedMistake, Op
from autograder.forward_pass import ForwardPass

HANDING_ON = ("addition", "difference", "shift", "negation", "scale")


def itself(forward: ForwardPass, quantity: str) -> Iterator[MixedMistake]:
    """Add what a gradient is for, as a weight decay does; of weights also their signs."""
    for name in (quantity, *_alike(forward, quantity)):
        yield MixedMistake("itself-added", _operand(name), f"{{amount}}·{name}", alone=True)
    if "N" in forward.dimensions:
        yield MixedMistake(
            "itself-added", lambda e, _: e[quantity] / e["N"], f"{{amount}}/N·{quantity}", alone=True
        )
    if _are_weights(forward, quantity):
        hint = f"{{amount}}·sign({quantity})"
        yield MixedMistake("itself-added", lambda e, _: np.sign(e[quantity]), hint, alone=True)


def _alike(forward: ForwardPass, quantity: str) -> Iterator[str]:
    """Weights of other layers that have the shape of some: one line is copied for another."""
    shapes = forward.shapes
    for name in forward.inputs if _are_weights(forward, quantity) else ():
        if name != quantity and shapes[name] == shapes[quantity] and _are_weights(forward, name):
            yield name


def _operand(name: str) -> Op:
    return lambda e, _: e[name]


def _are_weights(forward: ForwardPass, quantity: str) -> bool:
    """Return whether a layer is multiplied by them: an operand of attention is none."""
    uses = (Use(forward, *use, frozenset()) for use in forward.consumers(quantity))
    return any(use.node.operation.name == "product" and is_weights(use, quantity) for use in uses)


def upstream(forward: ForwardPass, quantity: str) -> Iterator[MixedMistake]:
    """Add a given gradient of the same shape, as a way that leads past everything would.

    Where it is handed on as it is, or with another sign, that is a factor.
    """
    output = forward.output
    shape = forward.shapes[output]
    ways = {(node.name, node.operation.name) for node, _ in forward.consumers(quantity)}
    if ways <= {(output, name) for name in HANDING_ON}:
        return
    if shape != () and quantity != output and forward.shapes[quantity] == shape:
        gradient = f"D{output}"
        yield MixedMistake("upstream-added", lambda e, _: e[gradient], f"{{amount}}·{gradient}", alone=True)
