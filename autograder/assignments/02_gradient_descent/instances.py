"""Data and starts of `02-gradient-descent`, on which every mistake shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from autograder.exercise import Array, Instance, Value
from autograder.instances.draw import draw
from autograder.instances.evidence import Mask
from autograder.instances.samplers import Place

from .curve import CURVE, DESCENT, largest_learning_rate

SHEET_START = (0.36835, -2.04099, -0.06355, 0.31885)  # reproduces the sheet's losses to 3e-6
SHEET_RATE = 1e-6
SHEET_STEPS = 12  # of its 2000: enough to show every mistake, and few enough that none drowns in rounding
SIZES = (1, 7, 12, 33)  # data points of the hidden instances of exercises 1 and 3
DESCENTS = ((7, 5), (12, 9), (33, 17), (50, 30))  # data points and steps, of exercise 2
ENTRY_MARGIN = 2e-2  # smallest entry, in units of what it is a sum of, or of its array's largest


@cache
def _sheet(**run: Value) -> Instance:
    """Give the sheet's own data and start."""
    x = np.linspace(-np.pi, np.pi, 2000)
    inputs = {"theta": np.array(SHEET_START), "x": x, "y": np.sin(x), **run}
    steps = f" and start, {SHEET_STEPS} steps" if run else ""
    return Instance(inputs, f"the sheet's own data{steps}", public=True, sizes={"N": len(x)})


def _x(place: Place) -> Array:
    """Draw points on no symmetric grid."""
    return place.rng.uniform(-1.6, 2.0, place.shape)


def _y(place: Place) -> Array:
    """Draw targets that no cubic can meet."""
    rng, one = place.rng, (place.shape[0], 1)
    wave = np.sin(rng.uniform(2, 4, one) * place.known["x"])
    return np.asarray(rng.uniform(-1, 1, one) + wave + 0.8 * rng.standard_normal(place.shape))


def _theta(place: Place) -> Array:
    signs = place.rng.choice([-1.0, 1.0], place.shape)
    return np.asarray(signs * place.rng.uniform(0.3, 1.5, place.shape))


def _no_small_rest(known: Mapping[str, Array]) -> Mask:
    """Whether no entry of the gradient is the small rest of large summands, (K,)."""
    summands = 2 * known["x"][..., None] ** np.arange(4) * known["r"][..., None]
    entries, sizes = np.abs(summands.sum(axis=1)), np.abs(summands).sum(axis=1)
    least, largest = entries.min(axis=1), entries.max(axis=1)
    return np.asarray((entries > ENTRY_MARGIN * sizes).all(axis=1) & (least > ENTRY_MARGIN * largest))


def _cubics(rng: int | np.random.Generator, *sizes: int) -> list[Instance]:
    return draw(
        CURVE,
        rng,
        by=(),
        sizes=[{"N": N} for N in sizes],
        samplers={"x": _x, "y": _y, "theta": _theta},
        conditions={"no small rest of large summands": _no_small_rest},
    )


def gradient_instances(seed: int) -> list[Instance]:
    """Give the sheet's own data and start, then hidden ones, for exercise 1."""
    return [_sheet(), *_cubics(seed, *SIZES)]


def descent_instances(seed: int) -> list[Instance]:
    """Give the sheet's own start and learning rate, then hidden ones, for exercise 2."""
    rng = np.random.default_rng(seed)
    sheet = _sheet(learning_rate=SHEET_RATE, steps=SHEET_STEPS)
    return [sheet, *(_descent(rng, N, steps) for N, steps in DESCENTS)]


def _descent(rng: np.random.Generator, N: int, steps: int) -> Instance:
    """Draw a descent until its parameters stand out and its losses tell one step from the next."""
    while True:
        (start,) = _cubics(rng, N)
        rate = rng.uniform(0.2, 0.8) * float(largest_learning_rate(start)["learning_rate"])
        inputs = {**start.inputs, "learning_rate": rate, "steps": steps}
        words = f"other data, start and learning rate (N = {N}, {steps} steps)"
        instance = Instance(inputs, words, sizes=start.sizes)
        found = DESCENT.reference(instance)
        theta, losses = np.abs(found["theta"]), found["losses"]
        if theta.min() > ENTRY_MARGIN * theta.max() and losses.min() > ENTRY_MARGIN * losses.max():
            return instance


def learning_rate_instances(seed: int) -> list[Instance]:
    """Give the sheet's own x, then hidden ones, for exercise 3."""
    return [
        Instance(
            {"x": one.inputs["x"]}, one.description.replace(" and parameters", ""), one.public, one.sizes
        )
        for one in gradient_instances(seed)
    ]
