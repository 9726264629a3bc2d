"""Draw points, coefficients and targets of a polynomial, so that no entry of its gradient is a small rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from autograder.exercise import Array
from autograder.instances.draw import Extra
from autograder.instances.evidence import Mask
from autograder.instances.samplers import Place, Sampler

MARGIN = 2e-2  # smallest entry, in units of what it is a sum of, or of its array's largest


def uniform(low: float, high: float) -> Sampler:
    """Draw evenly between two numbers: points on no symmetric grid, if these are none."""
    return lambda place: place.rng.uniform(low, high, place.shape)


def signed(low: float, high: float) -> Sampler:
    """Draw sizes evenly between two numbers, and signs."""

    def sampler(place: Place) -> Array:
        signs = place.rng.choice([-1.0, 1.0], place.shape)
        return np.asarray(signs * place.rng.uniform(low, high, place.shape))

    return sampler


def no_small_rest(summands: Callable[[Mapping[str, Array]], Array]) -> Extra:
    """Demand that no entry of a gradient is the small rest of large summands.

    summands : gives them, (K, N, D), of all that K candidates are made of.
    """

    def condition(known: Mapping[str, Array]) -> Mask:
        each = summands(known)
        entries, sizes = np.abs(each.sum(axis=1)), np.abs(each).sum(axis=1)
        least, largest = entries.min(axis=1), entries.max(axis=1)
        return np.asarray((entries > MARGIN * sizes).all(axis=1) & (least > MARGIN * largest))

    return condition
