"""Go back through a graph in the right way and in those that students write.

A graph is for each node the nodes that it was computed from; what a node hands back to one of these is asked
of a function. The sweep itself is the same for numbers and for arrays.

    order     in which nodes hand on: each behind all that use it; or as they are met
    combine   what happens where several uses meet: sum; or the last of them, or the first, or the mean
    start     what gradients begin with: 0; or 1, or what is left of a sweep before
    kept      what an array holds of a number: all of it; or whole numbers
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, TypeAlias

import numpy as np

from autograder.diagnosis.steps import ComputationMistake

Parents: TypeAlias = Sequence[Sequence[int]]
"""For each node the nodes that it was computed from, one of them twice where it came in twice."""
Hand: TypeAlias = Callable[[int, int, Any], Any]
"""From a node, the number of one of its operands, and the node's gradient: what the operand gets of it."""
Sweep: TypeAlias = list[Any]
"""A gradient for each node: numbers or arrays."""

ALL = slice(None)
OVERWRITTEN, TOO_SOON, EVERY_PATH = (
    "overwritten-not-accumulated",
    "used-before-complete",
    "visited-once-a-path",
)
BEGIN_WITH_ONES = "gradients-begin-with-ones"
ORDERS: Mapping[str, tuple[str, str]] = {
    "breadth": (TOO_SOON, "in the order of their distance from the end"),
    "depth": (TOO_SOON, "as soon as the first gradient has arrived"),
    "depth, last operand first": (TOO_SOON, "as soon as the first gradient has arrived"),
    "branch": (TOO_SOON, "as soon as the first gradient has arrived"),
    "paths": (EVERY_PATH, ""),
    "paths in turn": (EVERY_PATH, ""),
    "paths listed": (EVERY_PATH, ""),
    "queue": (EVERY_PATH, ""),
    "listed for every use": (EVERY_PATH, ""),
}
"""Wrong orders, each with its fault and a hint."""
COMBINED: Mapping[str, tuple[str, str]] = {
    "last": (OVERWRITTEN, ""),
    "last that is reached": (OVERWRITTEN, ""),
    "first": (OVERWRITTEN, ""),
    "first that is not 0": (OVERWRITTEN, ""),
    "one operand": ("second-operand-left-out", ""),
    "once a node": ("repeated-operand-added-once", ""),
    "mean": ("terms-averaged", ""),
}
FIRST = ("first", "first that is not 0")
STARTS: Mapping[str, tuple[str, str]] = {"ones": (BEGIN_WITH_ONES, "")}
Table: TypeAlias = Mapping[str, tuple[str, str]]
"""What is chosen in place of the right way, each with its fault and a hint."""
SHARED: Mapping[str, Table] = {"order": ORDERS, "combine": COMBINED, "start": STARTS}
ALONE = frozenset({"mean", "listed for every use"})  # beside others they hardly show
OF_NUMBERS: Mapping[str, Table] = {
    "order": {
        "upward": (TOO_SOON, "from the beginning to the end"),
        "but the last": ("last-node-hands-on-nothing", ""),
        "up to a leaf": ("stops-at-a-leaf", ""),
        "all uses": ("waits-for-unreached", ""),
    },
    "combine": {
        "mean, of none too": ("terms-averaged", ""),
        "product": ("terms-multiplied", ""),
    },
    "kept": {"whole": ("fractions-cut-off", "")},
}
"""What shows only where a sweep goes through all nodes in the order of a table, leaves among them.

Upward, nothing gets further than the last node's operands where the last node stands alone at the end: a
cause of that is found by another way.
"""


def mistakes(
    where: str, costs: tuple[str, ...], tables: Mapping[str, Table] = SHARED, *, alone: bool = False
) -> tuple[ComputationMistake, ...]:
    """Return what can be chosen wrongly in a sweep; `where` says what it computes."""
    return tuple(
        ComputationMistake(fault, where, costs, (setting, value), hint, alone=alone or value in ALONE)
        for setting, table in tables.items()
        for value, (fault, hint) in table.items()
    )


def sweep(
    parents: Parents,
    hand: Hand,
    zeros: Sweep,
    seed: Any,  # noqa: ANN401  a number or an array
    settings: Mapping[str, Any],
) -> Sweep:
    """Go back from the last node.

    zeros : for each node, 0 in its shape.
    seed : the last node's gradient.
    settings : mistakes; none is right.
    """
    combine = settings.get("combine", "")
    ones = settings.get("start") == "ones" or combine == "product"
    gradients = [zero + 1 for zero in zeros] if ones else list(zeros)
    reached = [False] * len(parents)
    counted = [0] * len(parents)
    alive = [False] * (len(parents) - 1) + [True]
    stored = np.trunc if settings.get("kept") == "whole" else _as_it_is
    gradients[-1] = stored(seed)
    for node, places in _order(parents, settings.get("order", "")):
        own = list(parents[node])
        for place, parent in [*enumerate(own)][places]:
            if _is_left_out(combine, own, place):
                continue
            got, before = hand(node, place, gradients[node]), gradients[parent]
            alive[parent] = alive[parent] or alive[node]
            counted[parent] += alive[node] or combine != "mean"
            last = combine == "last" or (combine == "last that is reached" and alive[node])
            if last or (combine in FIRST and not reached[parent]):
                gradients[parent] = got
            elif combine.startswith("mean"):
                gradients[parent] = before + (got - before) / max(counted[parent], 1)
            elif combine == "product":
                gradients[parent] = before * got
            elif combine not in FIRST:
                gradients[parent] = stored(before + got)
            reached[parent] = (
                reached[parent] or combine != "first that is not 0" or bool(np.asarray(got).any())
            )
    return gradients


def _as_it_is(number: Any) -> Any:  # noqa: ANN401  a number or an array
    return number


def _is_left_out(combine: str, own: Sequence[int], place: int) -> bool:
    """Return whether an operand gets nothing: it is not the first, or the node gets its share elsewhere."""
    if combine == "one operand":
        return place > 0
    others = {"once a node": own[place + 1 :], "once a node, the first": own[:place]}
    return own[place] in others.get(combine, ())


def _order(parents: Parents, kind: str) -> Iterator[tuple[int, slice]]:
    """Return the order in which nodes pass gradients on, and to which operands; wrong if early or twice."""
    end = len(parents) - 1
    if kind == "upward":
        yield from ((node, ALL) for node in range(len(parents)))
    elif kind in ("breadth", "queue"):
        yield from ((node, ALL) for node in _breadth(parents, end, again=kind == "queue"))
    elif kind in ("depth", "paths"):
        yield from ((node, ALL) for node in _depth(parents, end, set(), again=kind == "paths"))
    elif kind == "depth, last operand first":
        turned = [own[::-1] for own in parents]
        yield from ((node, ALL) for node in _depth(turned, end, set(), again=False))
    elif kind == "paths listed":
        yield from ((node, ALL) for node in reversed([*_operands_first(parents, end)]))
    elif kind == "listed for every use":
        yield from ((node, ALL) for node in reversed([*_operands_first(parents, end, set())]))
    elif kind in ("branch", "paths in turn"):
        yield from _in_turn(parents, end, set(), again=kind == "paths in turn")
    elif kind == "but the last":
        yield from ((node, ALL) for node in reversed(range(end)))
    elif kind == "up to a leaf":
        yield from ((node, ALL) for node in takewhile(lambda each: parents[each], range(end, -1, -1)))
    elif kind == "all uses":
        yield from ((node, ALL) for node in _behind_all_uses(parents, end))
    else:
        yield from ((node, ALL) for node in reversed(range(len(parents))))


def _breadth(parents: Parents, end: int, *, again: bool) -> Iterator[int]:
    waiting, met = deque([end]), {end}
    while waiting:
        node = waiting.popleft()
        yield node
        for parent in parents[node]:
            if again or parent not in met:
                met.add(parent)
                waiting.append(parent)


def _behind_all_uses(parents: Parents, end: int) -> Iterator[int]:
    """Wait for every use of a node, also where the end does not depend on it."""
    missing = Counter(parent for own in parents for parent in own)
    ready = [end]
    while ready:
        node = ready.pop()
        yield node
        missing.subtract(parents[node])
        ready += [parent for parent in dict.fromkeys(parents[node]) if not missing[parent]]


def _depth(parents: Parents, node: int, met: set[int], *, again: bool) -> Iterator[int]:
    met.add(node)
    yield node
    for parent in parents[node]:
        if again or parent not in met:
            yield from _depth(parents, parent, met, again=again)


def _operands_first(parents: Parents, node: int, met: set[int] | None = None) -> Iterator[int]:
    """Put a node behind its operands, once for every way that leads to it.

    met : nodes whose operands are not asked for again, though they are put there themselves.
    """
    if met is None or node not in met:
        for parent in parents[node]:
            yield from _operands_first(parents, parent, met)
    if met is not None:
        met.add(node)
    yield node


def _in_turn(parents: Parents, node: int, met: set[int], *, again: bool) -> Iterator[tuple[int, slice]]:
    """Hand on to one operand and follow it to the leaves before the next one gets anything."""
    met.add(node)
    for place, parent in enumerate(parents[node]):
        yield node, slice(place, place + 1)
        if again or parent not in met:
            yield from _in_turn(parents, parent, met, again=again)
