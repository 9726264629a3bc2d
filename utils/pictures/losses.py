"""Draw how the loss of one or more runs goes from step to step."""

from collections.abc import Mapping
from itertools import cycle

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from utils.pictures.numbers import Floats, Numbers, drawable, vector
from utils.pictures.picture import BLACK, LINES, for_eyes, open_picture, our_style


@for_eyes
def show_losses(
    losses: Mapping[str, Numbers], optimum: float | None = None, *, name: str = "loss L"
) -> Figure:
    """Draw how the loss of one or more runs goes from step to step, on a logarithmic scale.

    Parameters
    ----------
    losses
        For each run its label and its losses, (steps,), an array, a tensor or a list of floats.
        What a logarithmic scale can't hold (zero, infinity, nan) leaves a gap.
    optimum
        The smallest loss there is, drawn as a level line where it is given.
    name
        What the notebook calls its loss.

    Returns
    -------
    Figure
        One panel. A notebook displays it by itself.
    """
    curves = {label: vector(run, f"losses of {label!r}") for label, run in losses.items()}
    alt = "Loss by step on a logarithmic scale. " + " ".join(
        f"{label}: {_course(curve)}." for label, curve in curves.items()
    )
    if optimum is not None:
        alt += f" Level line: the least loss possible, {optimum:.6g}."
    picture = open_picture((8.0, 4.4), alt)
    with our_style():
        axes: Axes = picture.subplots()
        for (label, curve), line in zip(curves.items(), cycle(LINES), strict=False):
            drawn = numpy.where(curve > 0, drawable(curve), numpy.nan)
            axes.plot(numpy.arange(len(drawn)), drawn, label=label, **line)
        if optimum is not None:
            level = f"least loss possible: {optimum:.7g}"
            axes.axhline(optimum, color=BLACK, linewidth=1.2, linestyle=(0, (1, 2)), label=level)
        axes.set_yscale("log")
        axes.set_xlabel("step t")
        axes.set_ylabel(f"{name} (logarithmic scale)")
        if axes.get_legend_handles_labels()[1]:
            axes.legend(handlelength=3.5)
    return picture


def _course(curve: Floats) -> str:
    """Describe in words where a curve of losses (steps,) begins, turns and ends."""
    if not len(curve):
        return "no steps"
    words = f"from {curve[0]:.6g}"
    if numpy.isfinite(curve).any():
        lowest = int(numpy.nanargmin(curve))
        if 0 < lowest < len(curve) - 1:
            words += f", lowest {curve[lowest]:.6g} at step {lowest},"
    return f"{words} to {curve[-1]:.6g} at step {len(curve) - 1}"
