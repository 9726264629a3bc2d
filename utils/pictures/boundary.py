"""Draw points of two classes in the plane, and the boundary that a model draws between them."""

from __future__ import annotations

from collections.abc import Callable

import numpy
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from utils.pictures.numbers import Floats, Numbers, array, vector
from utils.pictures.picture import BLUE, GROUND, INK, VERMILLION, for_eyes, open_picture, our_style

GRID = 90  # points of the plane, either way, at which the model is asked
MARGIN = 0.4  # around the points, in their own units
SIDES = ListedColormap(["#F6D9C4", "#CFE2F0"])
LENGTH = 0.45  # of the longest arrow


@for_eyes
def show_boundary(
    X: Numbers,
    t: Numbers,
    score: Callable[[Floats], Numbers] | None = None,
    arrows: Numbers | None = None,
) -> Figure:
    """Draw points of two classes, and the line on which a model's score is 0.

    Parameters
    ----------
    X
        The points, (N, 2).
    t
        Their classes, (N,): positive or not. They are circles and triangles.
    score
        The model: for any points (M, 2) their scores, (M,), positive on the side of the circles.
    arrows
        A direction for each point, (N, 2); the longest arrow always has the same length.

    Returns
    -------
    Figure
        One panel. A notebook displays it by itself.
    """
    points, classes = array(X), vector(t, "t")
    if points.shape != (len(classes), 2):
        raise ValueError(f"X should have the shape {(len(classes), 2)}, but has {points.shape}")
    (left, low), (right, high) = points.min(axis=0) - MARGIN, points.max(axis=0) + MARGIN
    first = classes > 0
    wrong = None
    picture = open_picture((6.4, 4.4), "")
    with our_style():
        axes = picture.subplots()
        axes.grid(visible=False)
        if score is not None:
            across, up = numpy.meshgrid(numpy.linspace(left, right, GRID), numpy.linspace(low, high, GRID))
            asked = numpy.column_stack([across.ravel(), up.ravel()])
            result = array(score(asked)).reshape(across.shape)
            axes.contourf(across, up, result > 0, levels=[-0.5, 0.5, 1.5], cmap=SIDES, zorder=0)
            if result.min() < 0 < result.max():
                axes.contour(across, up, result, levels=[0.0], colors=[INK], linewidths=1.8, zorder=1)
            wrong = int(((array(score(points)).ravel() > 0) != first).sum())
        for chosen, mark, colour, words in (
            (first, "o", BLUE, "circles"),
            (~first, "^", VERMILLION, "triangles"),
        ):
            axes.plot(
                *points[chosen].T,
                mark,
                color=colour,
                markersize=7,
                markeredgecolor=GROUND,
                label=words,
                zorder=3,
            )
        if arrows is not None:
            moves = array(arrows)
            longest = float(numpy.hypot(*moves.T).max(initial=0.0)) or 1.0
            moves = LENGTH / longest * moves
            axes.quiver(
                *points.T,
                *moves.T,
                angles="xy",
                scale_units="xy",
                scale=1,
                width=0.004,
                color=INK,
                zorder=4,
            )
        axes.set(xlim=(left, right), ylim=(low, high), aspect="equal", xlabel="$x_0$", ylabel="$x_1$")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    picture.alt = _text(first, wrong, arrows is not None)
    return picture


def _text(first: NDArray[numpy.bool_], wrong: int | None, arrows: bool) -> str:
    words = f"{int(first.sum())} circles and {int((~first).sum())} triangles in the plane"
    if wrong is not None:
        words += f", and the line where the model's score is 0; {wrong} of the points lie on the wrong side"
    return words + (", with an arrow at each point." if arrows else ".")
