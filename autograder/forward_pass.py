"""A forward pass, written as a sheet writes it and read into a graph of operations.

    LAYER = ForwardPass(
        '''
        Z = X @ W / sqrt(d) + B
        A = tanh(Z)
        err = mean((A - T) ** 2)
        ''',
        X=("N", "d"), W=("d", 6), B=(6,), T=("N", 6),
    )

Every quantity has a name and a shape, every dimension a name or a size. The truth of all quantities and of
their gradients, the formulas in sentences, and the backward pass with its mistakes follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograder.forward_text import ForwardText, Node, NotAForwardPass
from autograder.operations.axes import in_words
from autograder.operations.dimensions import length, measured, named
from autograder.operations.law import Law
from autograder.operations.operation import Shape

__all__ = ["ForwardPass", "Node", "NotAForwardPass"]


class ForwardPass:
    """Hold the graph of a forward pass."""

    def __init__(self, text: str, *, upstream: str = "", **shapes: Shape) -> None:
        """Read the text: one quantity per line.

        Operators: @ is the product of matrices; + - * / are elementwise, with broadcasting; ** takes a
        number. `.T` transposes. Numbers and dimensions are factors: `R / sqrt(d)`. Axes are given by number
        or by the dimension's name: `mean(X, axis="D", keepdims=True)`.

        upstream : the output, if it is not a single number: its gradient is given with the inputs, named D
            and
            its name. Without it the output is what the last line computes.
        shapes : of the inputs, by name. A dimension may be a product of others: "H*d".

        Raises
        ------
        NotAForwardPass
            A line cannot be read, an operation or a name is not known, or shapes do not match.
        """
        self.inputs = tuple(shapes)
        read = ForwardText(text, shapes)
        self.dimensions = named(shapes.values())
        """The names of the inputs' dimensions, in their order."""
        self.shapes: dict[str, Shape] = read.shapes
        self.nodes: dict[str, Node] = read.nodes
        self.output = upstream or next(reversed(self.nodes))
        """The output, which is differentiated."""
        if self.output not in self.nodes:
            raise NotAForwardPass(
                f"No line of the forward pass computes {upstream}, which upstream= names; name the quantity "
                "whose gradient is given with the inputs."
            )
        if upstream and not self.shapes[upstream]:
            raise NotAForwardPass(
                f"{upstream} is a single number, which needs no upstream gradient; leave upstream= out."
            )

    def run(
        self,
        given: Mapping[str, Any],
        wrong: Mapping[str, Callable[..., Any]] | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> dict[str, Any]:
        """Compute every quantity.

        given : a numpy array or a tensor for each input; axes before its own are batch axes.
        wrong : computations in place of operations, by the quantity they compute; called with its operands.
        sizes : of dimensions that no input reveals: H and d, if inputs are H*d wide.
        """
        wrong = wrong or {}
        values = dict(given)
        sizes = self.sizes(given, sizes)
        for name, node in self.nodes.items():
            operands = [values[operand] for operand in node.operands]
            values[name] = wrong[name](*operands) if name in wrong else self.computed(node, operands, sizes)
        return values

    def value(self, quantity: str, known: Mapping[str, Any], sizes: Mapping[str, int] | None = None) -> Any:  # noqa: ANN401
        """Return a known quantity, or compute it from known ones, such as one that no sheet has a name for.

        Raises
        ------
        KeyError
            An input that it takes is not known.
        """
        if quantity in known or quantity not in self.nodes:
            return known[quantity]
        node = self.nodes[quantity]
        operands = [self.value(operand, known, sizes) for operand in node.operands]
        return self.computed(node, operands, self.sizes(known, sizes))

    def applied(self, node: Node, place: int, array: Any, known: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Apply a node's operation to an array in place of one of its operands."""
        operands = [
            array if number == place else self.value(operand, known, known["sizes"])
            for number, operand in enumerate(node.operands)
        ]
        return self.computed(node, operands, self.sizes(known, known["sizes"]))

    def sizes(self, given: Mapping[str, Any], known: Mapping[str, int] | None = None) -> dict[str, int]:
        """Read the sizes of named dimensions from the given inputs, in addition to known ones."""
        return measured({name: self.shapes[name] for name in self.inputs}, given, known or {})

    def computed(self, node: Node, operands: list[Any], sizes: Mapping[str, int]) -> Any:  # noqa: ANN401
        """Apply a node's operation to its operands, with the sizes of all named dimensions."""
        if node.operation.broadcasts and not node.keywords.get("vector"):
            operands = self._aligned(node, operands)
        if not node.keywords:
            return node.operation.compute(*operands)
        keywords = {key: in_numbers(value, sizes) for key, value in node.keywords.items()}
        return node.operation.compute(*operands, **keywords)

    def _aligned(self, node: Node, operands: list[Any]) -> list[Any]:
        """Align batch axes: a bias (K, 6) goes with pre-activations (K, N, 6)."""
        most = max(operand.ndim for operand in operands)
        if all(operand.ndim == most for operand in operands):
            return operands
        result = []
        for name, operand in zip(node.operands, operands, strict=True):
            batch = operand.ndim - len(self.shapes[name])
            if batch > 0 and operand.ndim < most:
                ones = (1,) * (most - operand.ndim)
                operand = operand.reshape((*operand.shape[:batch], *ones, *operand.shape[batch:]))
            result.append(operand)
        return result

    def consumers(self, quantity: str) -> Iterator[tuple[Node, int]]:
        """Yield where a quantity is used: an operation, and as which of its operands."""
        for node in self.nodes.values():
            for place, operand in enumerate(node.operands):
                if operand == quantity:
                    yield node, place

    def line(self, quantity: str) -> Iterator[str]:
        """Yield the named quantities that a line is computed from, in order."""
        for operand in self.nodes[quantity].operands:
            if operand in self.nodes and self.nodes[operand].is_inner:
                yield from self.line(operand)
            else:
                yield operand

    def formula(self, quantity: str) -> str:
        """Return the line that computes a quantity, as a sheet writes it: `Z2 = A1·W2 + B2`."""
        quantity = self.named(quantity)
        return f"{quantity} = {self.right_side(quantity)}"

    def formulas(self, **names: str) -> dict[str, str]:
        """Return the line of every quantity, computed or input, as the sheet writes it.

        names : what a quantity is called among the parts, by its name here: err="error".
        """
        result = {name: self.formula(name) for name, node in self.nodes.items() if not node.is_inner}
        for name in self.inputs:
            consumers = [self.formula(node.name) for node, _ in self.consumers(name)]
            if consumers:
                result[name] = consumers[0]
        return result | {called: result[name] for name, called in names.items()}

    def named(self, quantity: str) -> str:
        """Return the quantity whose line computes this one on its way, or itself if it has a name."""
        while quantity in self.nodes and self.nodes[quantity].is_inner:
            (node, _), *_ = self.consumers(quantity)
            quantity = node.name
        return quantity

    def written(self, quantity: str) -> str:
        """Return a quantity as a sheet writes it: by its name, or by its formula if it has none."""
        inner = quantity in self.nodes and self.nodes[quantity].is_inner
        return self.right_side(quantity) if inner else quantity

    def right_side(self, name: str, binding: int = 0) -> str:
        """Write the right side of a formula, in parentheses if it binds less than what is around it."""
        node = self.nodes[name]
        operation = node.operation
        operands = [
            self.right_side(operand, (operation.binds_right if place else 0) or operation.binds)
            if operand in self.nodes and self.nodes[operand].is_inner
            else operand
            for place, operand in enumerate(node.operands)
        ]
        over = in_words(node.keywords.get("axis", ()), self.shapes[node.operands[0]])
        text = operation.written(operands, node.keywords, over)
        return f"({text})" if 0 < operation.binds < binding else text


def in_numbers(value: Any, sizes: Mapping[str, int]) -> Any:  # noqa: ANN401  a law, a shape, or anything else
    """Replace the names of dimensions in a keyword by sizes."""
    if isinstance(value, Law):
        return value.value(sizes)
    if isinstance(value, tuple) and any(isinstance(item, str) for item in value):
        return tuple(length(item, sizes) for item in value)
    return value
