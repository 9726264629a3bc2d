"""Replay a graph of operations on a class that has them: one that a student writes, or PyTorch's.

    leaves = [A, B]   operations = [("matmul", 0, 1), ("tanh", 2), ("mul", 2.0, 3), ("sum", 4)]

Nodes are numbered from 0, leaves first. In an operation an int is a node; a float, a tuple or an array
is passed on as it is. Some operations are written with an operator, all others as methods: `a @ b`,
`a.tanh()`, `2.0 * a`.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Operation: TypeAlias = Sequence[Any]
"""Its name, and its operands."""

SIGNS: Mapping[str, tuple[str, str, Callable[..., Any]]] = {
    "add": ("add", "a + b", operator.add),
    "sub": ("sub", "a - b", operator.sub),
    "mul": ("mul", "a * b", operator.mul),
    "div": ("truediv", "a / b", operator.truediv),
    "matmul": ("matmul", "a @ b", operator.matmul),
    "pow": ("pow", "a ** b", operator.pow),
    "neg": ("neg", "-a", operator.neg),
}
"""For each operation with an operator: Python's name for its method, how it is written, and the function."""


def operands(operation: Operation, nodes: Sequence[Any]) -> list[Any]:
    """Return an operation's operands: nodes, and everything else as it is."""
    return [nodes[place] if type(place) is int else place for place in operation[1:]]


def apply(operation: Operation, nodes: Sequence[Any]) -> Any:  # noqa: ANN401  whatever the class computes with
    """Apply an operation, as a program would write it."""
    name, values = operation[0], operands(operation, nodes)
    if name in SIGNS:
        return SIGNS[name][2](*values)
    return getattr(values[0], name)(*values[1:])


def replay(make: Callable[..., Any], inputs: Mapping[str, Any]) -> list[Any]:
    """Create the leaves of a graph, apply its operations, and go back from the last node; return every node.

    inputs : `leaves`, `operations`, and optionally `upstream`, which `backward` is given if the last
        node is not a single number, and `times`, how often it is called.
    """
    nodes = [make(leaf) for leaf in inputs["leaves"]]
    for operation in inputs["operations"]:
        nodes.append(apply(operation, nodes))
    for _ in range(inputs.get("times", 1)):
        nodes[-1].backward(*([inputs["upstream"]] if "upstream" in inputs else []))
    return nodes
