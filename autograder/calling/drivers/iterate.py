"""Call a function step after step, each with what the previous step returned; the answer is all the values.

`Convention.state` names the arguments that go from step to step, `Convention.steps` the input that says how
many steps. For one argument, `theta = step(theta, rate)`, the answer is the list of its values; for several,
`theta, velocity = step(theta, velocity, rate)`, it is such a list for each value that a step returns: the
arguments first, in their order, and then whatever else (a loss, for example).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from autograder.calling.drivers.driver import entries_of
from autograder.exercise import Convention, Fault, Opaque, Value
from utils.reading import MAX_ENTRIES, plain

MOST = 100  # values that a step returns


def iterate(
    function: Callable[..., object],
    arguments: Mapping[str, Any],
    convention: Convention,
    name: str,  # noqa: ARG001  a driver's signature
) -> tuple[Value, list[Fault]]:
    """Call a function as many times as the inputs say; return each of its values as a list over the steps.

    If a step returns nothing, or too little to continue with, that is the answer.
    """
    state, given = convention.state, dict(arguments)
    ways: list[list[Value]] = []
    entries = 0
    for _ in range(given.pop(convention.steps)):
        returned = function(*given.values())
        items = _items(returned, len(state))
        if items is None:
            return plain(returned), []
        values = [plain(item) for item in items]  # before the next step can change them
        entries += sum(map(entries_of, values))
        if entries > MAX_ENTRIES:
            return Opaque(f"a list of {entries} entries, far too many"), []
        ways = ways or [[] for _ in items]
        if len(values) != len(ways):
            return plain(returned), []
        for way, value in zip(ways, values, strict=True):
            way.append(value)
        given.update(zip(state, items, strict=False))
    return (ways[0] if len(state) == 1 and ways else [*ways]), []


def _items(returned: object, count: int) -> Sequence[Any] | None:
    """Return what a step returned, as the notebook would unpack it; None if that cannot be done.

    An array is one value, unless it has a row for each argument.
    """
    if returned is None or count == 1:
        return None if returned is None else [returned]
    if hasattr(type(returned), "__array__") and len(returned) != count:  # type: ignore[arg-type]  # it may raise
        return None
    try:
        items = list(islice(iter(returned), MOST + 1))  # type: ignore[call-overload]  # tried
    except TypeError:
        return None
    return items if count <= len(items) <= MOST else None
