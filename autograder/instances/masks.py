"""Masks of an attention, true where a position may look: the same for all candidates that are drawn at once.

Entries that a mask makes 0 are 0 for all of them, then, and are not taken for ones that happen to be small.
"""

from __future__ import annotations

import numpy as np

from autograder.exercise import Mask
from autograder.instances.samplers import Place


def causal(place: Place) -> Mask:
    """Let each position look at itself and at those before it."""
    return np.tril(np.ones(place.shape, dtype=bool))


def padding(place: Place) -> Mask:
    """Let every position look at all but the last few, which are there to fill a sequence up."""
    length = place.shape[-1]
    filled = place.rng.integers(1, length // 2, endpoint=True)
    return np.broadcast_to(np.arange(length) < length - filled, place.shape).copy()


def scattered(place: Place) -> Mask:
    """Let each position look at some others, one at the least, and at all of them nowhere."""
    rng, (rows, length) = place.rng, place.shape[-2:]
    ranks = rng.permuted(np.broadcast_to(np.arange(length), (rows, length)), axis=1)
    seen = rng.integers(1, length, (rows, 1))  # of each position
    seen[rng.integers(rows)] = 2  # or all rows may have one alone, and nothing to weigh
    return np.broadcast_to(ranks < seen, place.shape).copy()
