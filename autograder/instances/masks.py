"""Draw masks of an attention, true where a position may look: the same for all candidates drawn together.

Entries that a mask makes 0 are then 0 for all of them, and are not mistaken for ones that happen to be small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import numpy as np

from autograder.exercise import Instance, Mask
from autograder.forward_pass import ForwardPass
from autograder.instances.draw import draw
from autograder.instances.samplers import Place, Sampler

Sizes: TypeAlias = Mapping[Callable[[Place], Mask], Sequence[tuple[int, ...]]]
"""Of all dimensions of each instance, by the kind of its mask."""


def draw_masked(
    forward: ForwardPass, seed: int, *, by: Sequence[str], names: Sequence[str], sizes: Sizes, mask: str = "M"
) -> Iterator[Instance]:
    """Draw instances as `draw` does, with masks of several kinds.

    names : of the dimensions, in the order of their sizes.
    mask : the name of the input that is one.
    """
    for kind, each in sizes.items():
        lengths = [dict(zip(names, own, strict=True)) for own in each]
        yield from draw(forward, seed, by=by, sizes=lengths, samplers={mask: cast(Sampler, kind)})


def causal(place: Place) -> Mask:
    """Let each position look at itself and at those before it."""
    return np.tril(np.ones(place.shape, dtype=bool))


def padding(place: Place) -> Mask:
    """Let every position look at all but the last few, which pad a sequence."""
    length = place.shape[-1]
    filled = place.rng.integers(1, length // 2, endpoint=True)
    return np.broadcast_to(np.arange(length) < length - filled, place.shape).copy()


def scattered(place: Place) -> Mask:
    """Let each position look at some others, at least one, and none of them at all positions."""
    rng, (rows, length) = place.rng, place.shape[-2:]
    ranks = rng.permuted(np.broadcast_to(np.arange(length), (rows, length)), axis=1)
    visible = rng.integers(1, length, (rows, 1))  # of each position
    visible[rng.integers(rows)] = 2  # or all rows may have one alone, and nothing to weigh
    return np.broadcast_to(ranks < visible, place.shape).copy()
