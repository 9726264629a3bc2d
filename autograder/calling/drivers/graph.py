"""Define what an exercise's graph asks of a class, and how it is written; `utils.graph` defines graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from utils.graph import SIGNS as SIGNS
from utils.graph import Operation as Operation
from utils.graph import apply as apply
from utils.graph import operands as operands

WRITTEN: Mapping[str, str] = {
    **{f"__{own}__": sign for own, sign, _ in SIGNS.values()},
    **{f"__r{own}__": sign.replace("a", "2.0").replace("b", "a") for own, sign, _ in SIGNS.values()},
}
"""How the methods behind operators are written."""
MAKE, BACKWARD, DATA, GRADIENT = "__init__", "backward", "data", "grad"
ALWAYS = frozenset({MAKE, BACKWARD, DATA, GRADIENT})
"""What every class needs."""


def method(operation: Operation) -> str:
    """Return the method that an operation needs: `__matmul__`, `__rmul__` after a number, `tanh`."""
    name, first = operation[0], operation[1]
    if name not in SIGNS:
        return str(name)
    return f"__{SIGNS[name][0]}__" if type(first) is int else f"__r{SIGNS[name][0]}__"


def methods(inputs: Mapping[str, Any]) -> frozenset[str]:
    """Return everything that an exercise's inputs ask of a class, by name."""
    result = inputs.get("operations")
    return ALWAYS | {method(each) for each in result} if isinstance(result, (list, tuple)) else ALWAYS
