"""Draw graphs of numbers by kind: a chain, diamonds, a leaf with several uses, a branch that ends.

A tape is (parents, slopes), both (n, 2), nodes in the order of computation: the indices of the nodes that
each was computed from, -1 for none, and its derivatives with respect to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from autograder.exercise import Array, Whole

Tape: TypeAlias = tuple[Whole, Array]
NONE = -1
SLOPE = (0.4, 1.6)  # sizes of local derivatives
STANDS_OUT = 0.02  # smallest gradient that is not 0, in units of the largest


class _Tape:
    """Build a graph: nodes are added after those that they use."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng, self.parents = rng, list[tuple[int, int]]()

    def node(self, one: int = NONE, other: int = NONE) -> int:
        """Add a node that is computed from none, one or two others; return its number."""
        self.parents.append((one, other))
        return len(self.parents) - 1

    def tree(self, leaves: int) -> int:
        """Add leaves and nodes that join all of them; return the last."""
        loose = [self.node() for _ in range(leaves)]
        while len(loose) > 1:
            one, other = (loose.pop(int(self.rng.integers(len(loose)))) for _ in range(2))
            loose.append(self.node(one, other))
        return self.node(loose[0])

    def whole(self) -> Tape:
        """Return it with newly drawn slopes."""
        parents = np.array(self.parents, dtype=np.int64)
        sizes = self.rng.uniform(*SLOPE, parents.shape) * self.rng.choice([-1.0, 1.0], parents.shape)
        return parents, np.where(parents == NONE, 0.0, sizes)


def sequence(tape: _Tape, k: int) -> None:
    """Add one node behind the other, each used once."""
    last = tape.node()
    for _ in range(k + 3):
        last = tape.node(last)


def diamonds(tape: _Tape, k: int) -> None:
    """Add k diamonds in a row: two ways that part and meet again, one of them longer by two nodes."""
    last = tape.node(tape.node())
    for _ in range(k):
        first, second = tape.node(last), tape.node(last)
        last = tape.node(tape.node(tape.node(first)), second)


def thrice(tape: _Tape, k: int) -> None:
    """Add a leaf that is used three times, twice of these by one node, as in x·x."""
    leaf = tape.node()
    square = tape.node(leaf, leaf)
    other = tape.tree(k + 1)
    ends = [tape.node(square, other), tape.node(leaf, other)]
    if tape.rng.random() < 0.5:
        ends.reverse()
    tape.node(*ends)


def unreached(tape: _Tape, k: int) -> None:
    """Add a branch from a leaf that the end does not depend on, and a leaf that nothing uses."""
    leaf = tape.node()
    tape.node()
    used = tape.node(leaf)
    dead = tape.node(leaf, used)
    for _ in range(k):
        dead = tape.node(dead)
    other = tape.node(used, tape.tree(k + 1))
    tape.node(other, used)


KINDS: Mapping[str, Callable[[_Tape, int], None]] = {
    "chain": sequence,
    "diamond": diamonds,
    "thrice": thrice,
    "unreached": unreached,
}


def drawn(kind: str, k: int, rng: np.random.Generator, gradient: Callable[[Tape], Array]) -> Tape:
    """Draw a tape of a kind, whose size grows with k, on which a gradient is either 0 or clearly not."""
    tape = _Tape(rng)
    KINDS[kind](tape, k)
    while True:
        result = tape.whole()
        sizes = np.abs(gradient(result))
        if sizes[sizes > 0].min() > STANDS_OUT * sizes.max():
            return result
