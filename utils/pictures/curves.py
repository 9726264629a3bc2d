"""Draw functions of one number, side by side, with gaps where a computer has no number for them."""

from collections.abc import Mapping
from itertools import cycle

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from utils.pictures.numbers import Floats, Numbers, drawable, vector
from utils.pictures.picture import LINES, for_eyes, open_picture, our_style


@for_eyes
def show_curves(x: Numbers, curves: Mapping[str, Numbers], across: str, up: str) -> Figure:
    """Draw functions of one number; where one is infinite or not a number, it has a gap.

    Parameters
    ----------
    x
        Where the functions were computed, (K,), ascending.
    curves
        For each function its label and its values, (K,), an array, a tensor or a list of floats.
    across, up
        What the two axes show.

    Returns
    -------
    Figure
        One panel. A notebook displays it by itself.
    """
    places = vector(x, "x")
    values = {label: vector(curve, f"the curve {label!r}") for label, curve in curves.items()}
    for label, curve in values.items():
        if curve.shape != places.shape:
            raise ValueError(f"{label!r} has {len(curve)} values for {len(places)} places")
    alt = f"{up} against {across}. " + " ".join(_course(label, places, v) for label, v in values.items())
    picture = open_picture((8.0, 4.4), alt)
    with our_style():
        axes: Axes = picture.subplots()
        widths = numpy.linspace(4.2, 2.2, max(len(values), 1))  # where they agree, both are seen
        for (label, curve), line, width in zip(values.items(), cycle(LINES), widths, strict=False):
            axes.plot(places, drawable(curve), label=label, **{**line, "linewidth": width})
        axes.set_xlim(float(places.min()), float(places.max()))
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        axes.legend(handlelength=3.5)
    return picture


def _course(label: str, x: Floats, curve: Floats) -> str:
    """Describe in words where a curve (K,) begins and ends, and where it has no numbers."""
    there = numpy.flatnonzero(numpy.isfinite(curve))
    if not len(there):
        return f"{label}: no finite number anywhere."
    first, last = there[0], there[-1]
    words = f"{label}: from {curve[first]:.4g} at {x[first]:.4g} to {curve[last]:.4g} at {x[last]:.4g}"
    missing = len(curve) - len(there)
    return f"{words}; no finite number at {missing} of {len(curve)} places." if missing else f"{words}."
