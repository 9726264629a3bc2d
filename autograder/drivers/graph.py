"""A graph as an exercise gives it: leaves, and operations on what came before, by name.

    leaves = [A, B]   operations = [("matmul", 0, 1), ("tanh", 2), ("mul", 2.0, 3), ("sum", 4)]

Nodes are counted from 0, leaves first. In an operation a whole number is a node; a float or a tuple is passed
on as it is. Operations with a sign are done by it, all others are methods: `a @ b`, `a.tanh()`, `2.0 * a`.
So a graph can be replayed on any class that has them, a student's or PyTorch's.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Operation: TypeAlias = Sequence[Any]
"""Its name, and what it is done to."""

SIGNS: Mapping[str, tuple[str, str, Callable[..., Any]]] = {
    "add": ("add", "a + b", operator.add),
    "sub": ("sub", "a - b", operator.sub),
    "mul": ("mul", "a * b", operator.mul),
    "div": ("truediv", "a / b", operator.truediv),
    "matmul": ("matmul", "a @ b", operator.matmul),
    "pow": ("pow", "a ** b", operator.pow),
    "neg": ("neg", "-a", operator.neg),
}
"""For each operation with a sign: Python's own name of it, how it is written, and what does it."""
WRITTEN: Mapping[str, str] = {
    **{f"__{own}__": sign for own, sign, _ in SIGNS.values()},
    **{f"__r{own}__": sign.replace("a", "2.0").replace("b", "a") for own, sign, _ in SIGNS.values()},
}
"""How what a method does is written, for methods that signs stand for."""
MAKE, BACKWARD, DATA, GRADIENT = "__init__", "backward", "data", "grad"
ALWAYS = frozenset({MAKE, BACKWARD, DATA, GRADIENT})
"""What every class is asked for."""


def operands(operation: Operation, nodes: Sequence[Any]) -> list[Any]:
    """What an operation is done to: nodes, and numbers as they are."""
    return [nodes[place] if type(place) is int else place for place in operation[1:]]


def method(operation: Operation) -> str:
    """The method of the class that an operation needs: `__matmul__`, `__rmul__` behind a number, `tanh`."""
    name, first = operation[0], operation[1]
    if name not in SIGNS:
        return str(name)
    return f"__{SIGNS[name][0]}__" if type(first) is int else f"__r{SIGNS[name][0]}__"


def methods(inputs: Mapping[str, Any]) -> frozenset[str]:
    """All that an exercise's inputs ask of a class, by name."""
    found = inputs.get("operations")
    return ALWAYS | {method(each) for each in found} if isinstance(found, (list, tuple)) else ALWAYS


def apply(operation: Operation, nodes: Sequence[Any]) -> Any:  # noqa: ANN401  whatever the class computes with
    """Do an operation, as a program would write it."""
    name, values = operation[0], operands(operation, nodes)
    if name in SIGNS:
        return SIGNS[name][2](*values)
    return getattr(values[0], name)(*values[1:])
