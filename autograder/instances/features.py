"""Draw data and parameters of normalisations: unequal features, factors that are all different."""

from __future__ import annotations

import numpy as np

from autograder.exercise import Array
from autograder.instances.samplers import Place, Sampler, normal

SPREADS, MIDDLES = (0.5, 2.0), (-1.0, 1.0)
FACTORS = (0.6, 1.7)
WITHIN = (0.95, 1.05)  # of its place between these, so that neighbours stay apart


def unequal(place: Place) -> Array:
    """Draw features (K, N, D) with means and deviations of their own."""
    of_features = (place.shape[0], *(len(place.shape) - 2) * (1,), place.shape[-1])
    spread, middle = (place.rng.uniform(*between, of_features) for between in (SPREADS, MIDDLES))
    return normal(place) * spread + middle


def factors(place: Place) -> Array:
    """Draw positive factors (K, …, D), no two of a row alike."""
    apart = np.broadcast_to(np.linspace(*FACTORS, place.shape[-1]), place.shape)
    return place.rng.permuted(apart, axis=-1) * place.rng.uniform(*WITHIN, place.shape)


def number(value: float) -> Sampler:
    """Return the same number for every candidate."""
    return lambda place: np.full(place.shape, value)
