"""Name a residual connection that should not be there: a product's input added to its output."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

from autograder.computations.operation_mistakes import Compute
from autograder.computations.sites import Form
from autograder.forward_pass import ForwardPass, Node


def residuals(forward: ForwardPass, node: Node, right: Form) -> Iterator[tuple[str, Form]]:
    """Yield the inputs that a product is made of and that fit its value, with the form that adds each.

    right : the product's own form.
    """
    if node.operation.name != "product":
        return
    for name in forward.inputs:
        if forward.shapes[name] == forward.shapes[node.name] and name in _behind(forward, node.name):
            yield name, Form(partial(_plus, right.compute), (*right.operands, name), right.keywords)


def _plus(compute: Compute, *operands: torch.Tensor, **keywords: Any) -> torch.Tensor:  # noqa: ANN401
    result: torch.Tensor = compute(*operands[:-1], **keywords) + operands[-1]
    return result


def _behind(forward: ForwardPass, quantity: str) -> set[str]:
    """Return all that a quantity is computed from."""
    node = forward.nodes.get(quantity)
    operands = node.operands if node is not None else ()
    return {*operands, *(name for operand in operands for name in _behind(forward, operand))}
