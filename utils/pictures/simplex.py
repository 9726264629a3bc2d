"""Draw three probabilities as a point in a triangle, and where each point is pulled."""

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from utils.pictures.numbers import Floats, Numbers, array
from utils.pictures.picture import BLUE, FAINT, INK, MUTED, VERMILLION, for_eyes, open_picture, our_style

CORNERS = numpy.array([[0.0, 0.0], [1.0, 0.0], [0.5, numpy.sqrt(3) / 2]])
CLASSES = 3
LONGEST = 0.12  # of an arrow, in sides of the triangle
APART = ((-0.04, -0.02, "right"), (1.04, -0.02, "left"), (0.5, 0.93, "center"))  # of the corners' names


@for_eyes
def show_simplex(P: Numbers, D: Numbers, target: int) -> Figure:
    """Draw points with three probabilities each, and an arrow from each against its gradient.

    All rows whose three entries are not negative and sum to 1 are points of a triangle: in its corners one
    class is certain, in its middle all three are equally likely. An arrow shows in which direction, and how
    strongly, a step of gradient descent changes the scores; a change that is the same for all three moves
    nothing and is not visible.

    Parameters
    ----------
    P
        The probabilities, (N, 3), an array or a tensor.
    D
        The gradient of the error with respect to the scores behind them, (N, 3), likewise.
    target
        The class that is right for all points: 0, 1 or 2.

    Returns
    -------
    Figure
        One panel. A notebook displays it by itself.
    """
    points, against = array(P), -array(D)
    for name, given in (("P", points), ("D", against)):
        if given.ndim != 2 or given.shape != (len(points), CLASSES):
            raise ValueError(f"{name} should have the shape (N, {CLASSES}), but has {given.shape}")
    if target not in range(CLASSES):
        raise ValueError(f"target should be 0, 1 or 2, but is {target}")
    arrows = against @ CORNERS
    lengths = numpy.hypot(*arrows.T)
    scale = LONGEST / float(numpy.nanmax(lengths, initial=0.0)) if numpy.any(lengths > 0) else 1.0
    picture = open_picture((6.6, 4.6), _text(points, arrows, lengths, target))
    with our_style():
        axes: Axes = picture.subplots()
        axes.plot(*CORNERS[[0, 1, 2, 0]].T, color=FAINT, linewidth=1.2)
        x, y = (points @ CORNERS).T
        axes.quiver(
            x,
            y,
            *(scale * arrows.T),
            angles="xy",
            scale_units="xy",
            scale=1,
            width=0.005,
            color=BLUE,
            zorder=3,
        )
        axes.plot(x, y, "o", color=INK, markersize=3, zorder=4)
        for k, (left, up, side) in enumerate(APART):
            right = k == target
            words = f"class {k}: the right one" if right else f"class {k}"
            axes.text(left, up, words, ha=side, va="center", color=INK if right else MUTED)
        axes.plot(*CORNERS[target], "*", color=VERMILLION, markersize=15, zorder=5)
        axes.set_aspect("equal")
        axes.set_xlim(-0.3, 1.3)
        axes.set_ylim(-0.07, 0.97)
        axes.set_axis_off()
    return picture


def _text(points: Floats, arrows: Floats, lengths: Floats, target: int) -> str:
    """Say how many arrows lead towards the right corner, and where the longest stands."""
    if not len(points):
        return "A triangle without points."
    towards = ((CORNERS[target] - points @ CORNERS) * arrows).sum(axis=1) > 0
    longest = ", ".join(f"{value:.2f}" for value in points[int(numpy.nanargmax(lengths))])
    return (
        f"{len(points)} points in a triangle whose corners are classes 0, 1 and 2, class {target} is right. "
        f"{int(towards.sum())} of the arrows lead towards its corner. The longest arrow starts at "
        f"the probabilities {longest}."
    )
