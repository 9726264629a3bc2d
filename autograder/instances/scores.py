"""Scores and labels on which a softmax that is not stable fails, each in a way of its own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from autograder.exercise import VARIANTS, Array, Instance
from autograder.instances.draw import POOL, POOLED

MODERATE = ((1, 4), (5, 3), (8, 5))  # data points and classes
KINDS = len(MODERATE) + 3


def any_size(seed: int) -> list[Instance]:
    """Draw Z (N, C) and t (N,): moderate scores, then large ones, each chosen from a pool of its kind.

    In turn all exponentials overflow, rows are so far apart that no common maximum will do, and probabilities
    of right classes are rounded to 0.
    """
    places = np.random.default_rng(seed).integers(POOL, size=KINDS)
    return [_drawn(seed // VARIANTS, kind, int(place)) for kind, place in enumerate(places)]


@lru_cache(maxsize=POOLED)
def _drawn(pool: int, kind: int, place: int) -> Instance:
    rng = np.random.default_rng([pool, kind, place])
    if kind < len(MODERATE):
        return _labelled(rng.uniform(-3, 3, MODERATE[kind]), rng, "other scores")
    large = kind - len(MODERATE)
    if large == 0:
        return _labelled(rng.uniform(-3, 3, (6, 4)) + 900, rng, "scores around 900")
    if large == 1:
        apart = rng.uniform(-3, 3, (4, 5)) + np.array([[-1000], [0], [1000], [-500]])
        return _labelled(apart, rng, "rows far from each other")
    wide = rng.uniform(-1000, 1000, (7, 6)) + np.eye(7, 1) * 1000
    return _labelled(wide, rng, "scores far apart in a row")


def _labelled(Z: Array, rng: np.random.Generator, what: str) -> Instance:
    """Put classes to scores, one class never; the first row's is the one with the largest score."""
    likeliest = Z[0].argmax()
    others = rng.permutation(np.delete(np.arange(Z.shape[1]), likeliest))
    t = rng.choice(np.append(others[1:], likeliest), len(Z))
    t[0] = likeliest
    return Instance({"Z": Z, "t": t}, f"{what} (N = {len(Z)})")
