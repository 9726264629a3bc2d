"""The truth, measured: nudge one number, see how much the loss changes."""

from collections.abc import Callable

import numpy as np

from utils.checks.vocabulary import Array

STEP = 1e-4
"""How far an entry is moved to each side.

A central difference is wrong by two things: the third derivative, times STEP²/6, and rounding, about
1e-16 · loss / STEP. For numbers around 1 the two are 1e-9 and 1e-12. Where the loss is a square of
something linear in each single entry, as it is for a mean of squares behind rectified units, there is no
third derivative, as long as no unit is switched on or off by the nudge; so instances are chosen with
all pre-activations hundreds of steps away from zero.
"""


def slopes(loss: Callable[[], float], array: Array) -> Array:
    """Measure the derivative of `loss()` by every entry of `array`, which it reads.

    Parameters
    ----------
    loss
        Computes the loss anew from the array at every call.
    array
        Any shape, float64. Its entries are moved one at a time and put back.

    Returns
    -------
    array of the same shape, float64
    """
    found = np.empty_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + STEP
        above = loss()
        array[index] = kept - STEP
        below = loss()
        array[index] = kept
        found[index] = (above - below) / (2 * STEP)
    return found
