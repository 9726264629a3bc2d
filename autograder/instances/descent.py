"""Draw descents whose parameters stand out, and whose losses tell one step from the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from autograder.exercise import Array, Instance
from autograder.instances.pool import from_pool

MARGIN = 2e-2  # smallest parameter and loss, in units of the largest
OF_THE_LARGEST = (0.2, 0.8)  # learning rate, in units of the largest with which a descent converges


def descents(
    public: Instance,
    draw: Callable[[np.random.Generator, int], Instance],
    lengths: Sequence[tuple[int, int]],
    *,
    largest_rate: Callable[[Instance], float],
    reference: Callable[[Instance], Mapping[str, Array]],
) -> Callable[[int], list[Instance]]:
    """Return a function that draws a public descent and a hidden one of each length, from a pool.

    draw : draws data and start, for so many data points.
    lengths : data points and steps of each hidden descent.
    largest_rate, reference : as in `draw_descent`.
    """

    def hidden(rng: np.random.Generator, kind: int) -> Instance:
        N, steps = lengths[kind]
        return draw_descent(
            rng, lambda r: draw(r, N), steps=steps, largest_rate=largest_rate, reference=reference
        )

    pool = from_pool(hidden, len(lengths))
    return lambda seed: [public, *pool(seed)]


def draw_descent(
    rng: np.random.Generator,
    draw: Callable[[np.random.Generator], Instance],
    *,
    steps: int,
    largest_rate: Callable[[Instance], float],
    reference: Callable[[Instance], Mapping[str, Array]],
) -> Instance:
    """Draw data, a start and a learning rate until every mistake in the loop shows.

    draw : draws data and start.
    largest_rate : returns the largest learning rate with which a descent on them converges.
    reference : descends; its arrays are the parameters after the last step and the losses.
    """
    while True:
        start = draw(rng)
        rate = rng.uniform(*OF_THE_LARGEST) * largest_rate(start)
        words = f"other data, start and learning rate (N = {start.sizes['N']}, {steps} steps)"
        inputs = {**start.inputs, "learning_rate": rate, "steps": steps}
        instance = replace(start, inputs=inputs, description=words)
        result = [np.abs(array) for array in reference(instance).values()]
        if all(array.min() > MARGIN * array.max() for array in result):
            return instance
