"""A forward pass, written as a sheet writes it and read into a graph of operations.

    NETWORK = ForwardPass(
        '''
        Z = X @ W + B
        Y = relu(Z)
        err = mean_squared_error(Y, T)
        ''',
        X=("N", 4), W=(4, 6), B=(6,), T=("N", 6),
    )

Every quantity has a name and a shape, every dimension a name or a size. The truth of all quantities and of
their gradients, the formulas in sentences, and the backward pass with its mistakes follow from it.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.operations.operation import Operation, Shape
from autograder.operations.table import OPERATIONS

SIGNS: Mapping[type[ast.operator], str] = {ast.MatMult: "product", ast.Add: "sum"}
INNER = "{}.{}"  # names what a line computes on its way: no sheet has such names


class NotAForwardPass(ValueError):
    """The text cannot be read; the message is a sentence for the assignment's author."""


@dataclass(frozen=True)
class Node:
    """One quantity that is computed."""

    name: str
    operation: Operation
    operands: tuple[str, ...]
    line: int
    """The number of the text's line that it is computed in."""

    @property
    def is_inner(self) -> bool:
        """Whether the text gives it no name."""
        return "." in self.name


class ForwardPass:
    """The graph of a forward pass."""

    def __init__(self, text: str, **shapes: Shape) -> None:
        """Read the text: one assignment a line, of operations and the signs @ and +.

        shapes : of the inputs, by name.

        Raises
        ------
        NotAForwardPass
            A line cannot be read, an operation or a name is not known, shapes do not go together.
        """
        self.inputs = tuple(shapes)
        self.shapes: dict[str, Shape] = dict(shapes)
        self.nodes: dict[str, Node] = {}
        self._lines: list[str] = []
        for line in textwrap.dedent(text).strip().splitlines():
            self._read(line)

    @property
    def output(self) -> str:
        """What the last line computes."""
        return next(reversed(self.nodes))

    def run(
        self, given: Mapping[str, Any], wrong: Mapping[str, Callable[..., Any]] | None = None
    ) -> dict[str, Any]:
        """Compute every quantity.

        given : a tensor for each input.
        wrong : in place of an operation's computation, by the quantity it computes.
        """
        wrong = wrong or {}
        values = dict(given)
        for name, node in self.nodes.items():
            compute = wrong.get(name, node.operation.compute)
            values[name] = compute(*(values[operand] for operand in node.operands))
        return values

    def consumers(self, quantity: str) -> Iterator[tuple[Node, int]]:
        """Where a quantity goes in: an operation, and as which of its operands."""
        for node in self.nodes.values():
            for place, operand in enumerate(node.operands):
                if operand == quantity:
                    yield node, place

    def line(self, quantity: str) -> Iterator[str]:
        """The quantities with names that a line is computed from, in order."""
        for operand in self.nodes[quantity].operands:
            if operand in self.nodes and self.nodes[operand].is_inner:
                yield from self.line(operand)
            else:
                yield operand

    def formula(self, quantity: str) -> str:
        """The line that computes a quantity, as a sheet writes it: `Z2 = A1·W2 + B2`."""
        while self.nodes[quantity].is_inner:
            (node, _), *_ = self.consumers(quantity)
            quantity = node.name
        return f"{quantity} = {self._written(quantity)}"

    def _written(self, name: str, binding: int = 0) -> str:
        """An inner quantity by its formula, in brackets where it binds less than what is around it."""
        node = self.nodes[name]
        operands = (
            self._written(o, node.operation.binds) if o in self.nodes and self.nodes[o].is_inner else o
            for o in node.operands
        )
        text = node.operation.formula.format(*operands)
        return f"({text})" if 0 < node.operation.binds < binding else text

    def _read(self, line: str) -> None:
        self._lines.append(line)
        try:
            (statement,) = ast.parse(line).body
        except (SyntaxError, ValueError):
            raise self._refused("it cannot be read") from None
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if name in self.shapes:
                    raise self._refused(f"{name} is there already")
                self._add(value, name)
            case _:
                raise self._refused("a line names one quantity and says what it is: `Z = X @ W + B`")

    def _add(self, expression: ast.expr, name: str = "") -> str:
        """Add what an expression computes, its operands first; give its name."""
        match expression:
            case ast.Name(id=known) if not name:
                if known not in self.shapes:
                    raise self._refused(f"{known} is neither an input nor computed above")
                return known
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
                operation = OPERATIONS[SIGNS[type(sign)]]
                operands: tuple[str, ...] = (self._add(left), self._add(right))
            case ast.Call(func=ast.Name(id=called), args=arguments, keywords=[]) if called in OPERATIONS:
                operation, operands = OPERATIONS[called], tuple(self._add(one) for one in arguments)
            case _:
                known = ", ".join(OPERATIONS)
                raise self._refused(f"`{ast.unparse(expression)}` is none of {known}, @ and +")
        name = name or INNER.format(len(self._lines), len(self.nodes))
        try:
            self.shapes[name] = operation.shape(*(self.shapes[operand] for operand in operands))
        except (ValueError, TypeError, IndexError) as reason:
            raise self._refused(str(reason)) from None
        self.nodes[name] = Node(name, operation, operands, len(self._lines))
        return name

    def _refused(self, why: str) -> NotAForwardPass:
        return NotAForwardPass(f"Line {len(self._lines)} of the forward pass, `{self._lines[-1]}`: {why}.")
