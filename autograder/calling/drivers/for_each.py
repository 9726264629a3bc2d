"""Call a function for each item of its arguments, which are lists; the answer is the list of its answers.

    DA = exercise1(DY, shape)    for a list of gradients and a list of shapes

So one small function has several parts, one for each kind of item. A trailing None in a list or tuple that
is returned means nothing: `(DA, None)` is read as `(DA,)`. An item for which the function raises an
exception has no answer; the others keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.calling.drivers.driver import entries_of
from autograder.exercise import Convention, Fault, Opaque, Value
from utils.reading import MAX_ENTRIES, of_each


def for_each(
    function: Callable[..., object],
    arguments: Mapping[str, Any],
    convention: Convention,  # noqa: ARG001  a driver's signature
    name: str,  # noqa: ARG001  as above
) -> tuple[Value, list[Fault]]:
    """Call a function for the first item of every list, then for the second, and read each answer at once."""
    result: list[Value] = []
    entries = 0
    for read in of_each(function, zip(*arguments.values(), strict=True)):
        result.append(read)
        entries += entries_of(result[-1])
        if entries > MAX_ENTRIES:
            return Opaque(f"a list of {entries} entries, far too many"), []
    return result, []
