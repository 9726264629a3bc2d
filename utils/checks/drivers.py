"""Call what a student has written: once, for each of several items, or as a class."""

from collections.abc import Callable, Mapping
from typing import Any

from utils import graph
from utils.checks.vocabulary import Task
from utils.reading import Value, of_each, plain


def driven(function: Callable[..., object], task: Task, given: Mapping[str, Any]) -> Value:
    """Call a function, or replay a graph on a class, and read the answer."""
    if task.driver == "for_each":
        return list(of_each(function, zip(*given.values(), strict=True)))
    if task.driver == "run_graph":
        nodes = graph.replay(function, given)
        return [plain([node.data for node in nodes]), plain([_gradient(node) for node in nodes[:-1]])]
    return plain(function(*given.values()))


def _gradient(node: Any) -> object:  # noqa: ANN401  a student's object
    """Read a gradient, which may itself be a node."""
    result = node.grad
    return result.data if isinstance(result, type(node)) else result
