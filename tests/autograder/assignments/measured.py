"""What tests of an assignment's data share: its hidden instances, and slopes that are measured."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise import Array, Exercise, Instance

STEP = 1e-6


def hidden(exercise: Exercise, seed: int) -> list[Instance]:
    """Leave out the sheet's own example, which students know."""
    return [instance for instance in exercise.instances(seed) if not instance.public]


def slopes(function: Callable[[Array], float], array: Array) -> Array:
    """Measure central differences of a function of an array, in the array's shape."""
    result = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        nudge = np.zeros(array.shape)
        nudge[index] = STEP
        result[index] = (function(array + nudge) - function(array - nudge)) / (2 * STEP)
    return result
