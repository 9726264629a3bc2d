"""Draw rows of three normalised numbers: points on a circle, and gradients that lead along it or off it."""

from collections.abc import Mapping
from itertools import cycle

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from utils.pictures.numbers import Floats, Numbers, array, written
from utils.pictures.picture import FAINT, INK, LINES, MUTED, for_eyes, open_picture, our_style

FEATURES = 3
PLANE = numpy.array([[-1.0, 1.0, 0.0], [-1.0, -1.0, 2.0]]) / numpy.sqrt([[2.0], [6.0]])
RADIUS = numpy.sqrt(3.0)
LONGEST = 0.95  # of an arrow
OUT = 1.28 * RADIUS  # where the names of the three directions stand


@for_eyes
def show_circle(H: Numbers, gradients: Mapping[str, Numbers]) -> Figure:
    """Draw rows of three numbers with mean 0 and deviation 1 on their circle, and an arrow for each gradient.

    Three numbers are a point in space. Mean 0 puts it on a plane, deviation 1 at the distance √3 from the
    origin: on a circle. The plane is drawn as seen from straight above; all arrows have one scale.

    Parameters
    ----------
    H
        Normalised rows, (N, 3), an array or a tensor.
    gradients
        For each kind its label and its gradients with respect to what was normalised, (N, 3), likewise.

    Returns
    -------
    Figure
        One panel. A notebook displays it by itself.
    """
    points = array(H)
    arrows = {label: array(values) for label, values in gradients.items()}
    for label, values in {"H": points, **arrows}.items():
        if values.ndim != 2 or values.shape != (len(points), FEATURES):
            raise ValueError(f"{label} should have the shape (N, {FEATURES}), but has {values.shape}")
    longest = max((_longest(values) for values in arrows.values()), default=0.0) or 1.0
    picture = open_picture((6.4, 5.2), _text(points, arrows))
    with our_style():
        axes: Axes = picture.subplots()
        turn = numpy.linspace(0, 2 * numpy.pi, 181)
        axes.plot(RADIUS * numpy.cos(turn), RADIUS * numpy.sin(turn), color=FAINT, linewidth=1.4)
        for k in range(FEATURES):
            x, y = OUT * PLANE[:, k] / numpy.hypot(*PLANE[:, k])
            axes.text(x, y, f"feature {k}\nlargest", ha="center", va="center", color=MUTED, fontsize=9.5)
        x, y = PLANE @ points.T
        handles = []
        for (label, values), line in zip(arrows.items(), cycle(LINES), strict=False):
            for start, along in zip(points @ PLANE.T, values @ PLANE.T, strict=True):
                end = start + LONGEST / longest * along
                axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13, shrinkA=0,
                                               shrinkB=0, linewidth=1.8, zorder=3, **line))  # fmt: skip
            handles.append(Line2D([], [], label=label, **line))
        axes.plot(x, y, "o", color=INK, markersize=6, zorder=4)
        axes.set_aspect("equal")
        axes.set_xlim(-1.6 * RADIUS, 1.6 * RADIUS)
        axes.set_ylim(-1.45 * RADIUS, 1.55 * RADIUS)
        axes.set_axis_off()
        if handles:
            axes.legend(
                handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, handlelength=3.5
            )
    return picture


def _longest(values: Floats) -> float:
    return float(numpy.nanmax(numpy.hypot(*(PLANE @ values.T)), initial=0.0))


def _text(points: Floats, arrows: Mapping[str, Floats]) -> str:
    """Say how far the gradients lead off the circle: along a radius, or off its plane."""
    text = [f"{len(points)} points on the circle of all rows of three numbers with mean 0 and deviation 1."]
    for label, values in arrows.items():
        outward = numpy.abs((values * points).sum(axis=1)).max(initial=0.0) / RADIUS
        off = numpy.abs(values.mean(axis=1)).max(initial=0.0)
        where = "along the circle" if max(outward, off) < 1e-3 * (_longest(values) or 1.0) else (
            f"off it: up to {written(outward)} along a radius, and {written(off)} in the mean of a row"
        )  # fmt: skip
        text.append(f"Arrows, {label}: they lead {where}.")
    return " ".join(text)
