"""Represent what a derivative is taken of: a quantity's use as an operand of an operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from autograder.diagnosis.steps import VJP
from autograder.forward_pass import ForwardPass, Node


@dataclass(frozen=True)
class Use:
    """An operand of a node in a forward pass."""

    forward: ForwardPass
    node: Node
    place: int
    """Which of the node's operands."""
    parameters: frozenset[str]
    """Quantities whose gradients are handed in."""

    @property
    def operand(self) -> str:
        """The quantity itself."""
        return self.node.operands[self.place]

    @property
    def other(self) -> str:
        """The other one of two operands."""
        return self.node.operands[1 - self.place]

    def alike(self, quantity: str) -> Iterator[str]:
        """Other quantities that play the same part, with the same shape: they are mistaken for each other.

        A parameter for a parameter; what enters a product for what enters a product; what an elementwise
        function is applied to for another such.
        """
        for name in (*self.forward.inputs, *self.forward.nodes):
            same_shape = self.forward.shapes[name] == self.forward.shapes[quantity]
            if name != quantity and same_shape and self._parts(name) & self._parts(quantity):
                yield name

    def _parts(self, quantity: str) -> set[tuple[str, int]]:
        if quantity in self.parameters and quantity in self.forward.inputs:
            return {("parameter", 0)}
        return {
            ("elementwise", 0) if node.operation.elementwise else (node.operation.name, place)
            for node, place in self.forward.consumers(quantity)
        }

    def applied_to(self, quantity: str) -> str | None:
        """Return what an elementwise function was applied to, if a quantity is the value of one: Z for A."""
        node = self.forward.nodes.get(quantity)
        return node.operands[0] if node is not None and node.operation.elementwise else None


Rule: TypeAlias = Callable[[Use], tuple[VJP, ...]]
"""From the gradient with respect to a node's value to the one by its operand, right and wrong."""
