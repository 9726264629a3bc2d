"""Draw scores and labels on which a softmax that is not stable fails, each in a different way."""

from __future__ import annotations

import numpy as np

from autograder.exercise import Array, Instance
from autograder.instances.pool import from_pool

MODERATE = ((1, 4), (5, 3), (8, 5))  # data points and classes
KINDS = len(MODERATE) + 3


def _drawn(rng: np.random.Generator, kind: int) -> Instance:
    """Draw Z (N, C) and t (N,): moderate scores, then large ones.

    In turn all exponentials overflow, rows are so far apart that no common maximum will do, and probabilities
    of right classes are rounded to 0.
    """
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
    """Assign classes to scores, one class never; the first row's is the one with the largest score."""
    likeliest = Z[0].argmax()
    others = rng.permutation(np.delete(np.arange(Z.shape[1]), likeliest))
    t = rng.choice(np.append(others[1:], likeliest), len(Z))
    t[0] = likeliest
    return Instance({"Z": Z, "t": t}, f"{what} (N = {len(Z)})")


any_size = from_pool(_drawn, KINDS)
