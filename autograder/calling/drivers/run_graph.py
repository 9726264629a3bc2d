"""Replay a graph on a student's class; the answer is each node's value, and the gradient of all but the last.

    a, b = Tensor(A), Tensor(B);  c = a @ b;  d = c.tanh();  e = d.sum();  e.backward()

The answer is `[[a.data, …, e.data], [a.grad, …, d.grad]]`; the gradient that `backward` starts with is not
read. The inputs are `leaves` and `operations` (`utils.graph`); `upstream`, which is passed to `backward`, if
the last node is not a single number; and `times`, if `backward` is called more than once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from numbers import Number
from typing import Any

import numpy as np

from autograder.calling.by_hand import AutogradUsed
from autograder.calling.call_faults import call_fault
from autograder.calling.drivers import graph
from autograder.calling.drivers.driver import NoAnswer
from autograder.calling.quotation import exception
from autograder.exercise import Convention, Fault, Value
from utils.reading import plain, type_name

BARE = (np.ndarray, np.generic, Number, str, list, tuple, dict, type(None))
"""Operations that compute with numbers and need no graph."""


def run_graph(
    make: Callable[..., object],
    arguments: Mapping[str, Any],
    convention: Convention,  # noqa: ARG001  a driver's signature
    name: str,
) -> tuple[Value, list[Fault]]:
    """Create the leaves, apply the operations, go back from the last node, and read values and gradients."""
    nodes: list[Any] = []
    for leaf in arguments["leaves"]:
        with _inside(name, graph.MAKE):
            nodes.append(make(leaf))
    for operation in arguments["operations"]:
        nodes.append(_done(operation, nodes, name))
    values = plain([_read(node, graph.DATA, name) for node in nodes])  # before anything can change them
    upstream = [arguments["upstream"]] if "upstream" in arguments else []
    for _ in range(arguments.get("times", 1)):
        with _inside(name, graph.BACKWARD):
            _method(nodes[-1], graph.BACKWARD, name)(*upstream)
    return [values, plain([_read(node, graph.GRADIENT, name) for node in nodes[:-1]])], []


def _done(operation: graph.Operation, nodes: Sequence[Any], name: str) -> Any:  # noqa: ANN401  a student's object
    """Apply an operation to nodes; its result must be a node, too."""
    method = graph.method(operation)
    with _inside(name, method):
        _needs(operation, method, nodes, name)
        result = graph.apply(operation, nodes)
        if isinstance(result, BARE) and not isinstance(result, type(nodes[0])):
            kind = "None" if result is None else f"a {type_name(result)}"
            raise NoAnswer(call_fault("wrong-return-type", "answer", name, (method, kind)))
    return result


def _needs(operation: graph.Operation, method: str, nodes: Sequence[Any], name: str) -> None:
    """Ensure that the class has what an operation needs; Python's own error would not say what to write."""
    if operation[0] not in graph.SIGNS:
        _method(graph.operands(operation, nodes)[0], method, name)
        return
    kinds = [type(node) for node in graph.operands(operation, nodes)]
    able = hasattr(kinds[0 if type(operation[1]) is int else 1], method)
    if all(type(place) is int for place in operation[1:]):  # with two nodes, the second may do it as well
        able = able or hasattr(kinds[-1], f"__r{graph.SIGNS[operation[0]][0]}__")
    if not able:
        raise NoAnswer(call_fault("missing-method", "answer", name, (method,)))


def _method(node: Any, method: str, name: str) -> Callable[..., Any]:  # noqa: ANN401  a student's object
    result = getattr(node, method, None)
    if not callable(result):
        raise NoAnswer(call_fault("missing-method", "answer", name, (method,)))
    return result  # type: ignore[no-any-return]  # whatever it returns


def _read(node: Any, attribute: str, name: str) -> Any:  # noqa: ANN401  a student's object
    """Read an attribute of a node; gradients may themselves be nodes."""
    with _inside(name, attribute):
        try:
            result = getattr(node, attribute)
        except AttributeError:
            raise NoAnswer(call_fault("missing-attribute", "answer", name, (attribute,))) from None
        if isinstance(result, type(node)) and not isinstance(result, BARE):
            return getattr(result, graph.DATA, None)
    return result


@contextlib.contextmanager
def _inside(name: str, method: str) -> Iterator[None]:
    """Note in which method of the class an exception was raised meanwhile."""
    try:
        yield
    except (KeyboardInterrupt, NoAnswer, AutogradUsed, MemoryError):
        raise
    except BaseException as error:  # SystemExit and friends are answers too
        if type(error) is NotImplementedError:
            raise NoAnswer(call_fault("not-implemented", "answer", name, (method,))) from None
        raise NoAnswer(call_fault("raised", "answer", name, (*exception(error), method))) from None
