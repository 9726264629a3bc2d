"""Choose instances from a pool, which the variants of an exercise share with everything cached about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from autograder.exercise import VARIANTS, Instance

POOL = 32  # instances of one size in a pool: so many together take a fraction of the time of one by one
POOLED = 8192  # instances that are remembered


def from_pool(
    draw: Callable[[np.random.Generator, int], Instance], kinds: int
) -> Callable[[int], list[Instance]]:
    """Return a function that chooses one instance of each kind by a seed, the same for the same seed.

    Parameters
    ----------
    draw : draws one instance of a kind, which is a number from 0 on.
    kinds : how many there are.
    """

    @lru_cache(maxsize=POOLED)
    def drawn(pool: int, kind: int, place: int) -> Instance:
        return draw(np.random.default_rng([pool, kind, place]), kind)

    def instances(seed: int) -> list[Instance]:
        places = np.random.default_rng(seed).integers(POOL, size=kinds)
        return [drawn(seed // VARIANTS, kind, int(place)) for kind, place in enumerate(places)]

    return instances
