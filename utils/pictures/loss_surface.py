"""Draw the loss over a plane through the parameters, and the path of gradient descent on it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from utils.pictures.numbers import Floats, array
from utils.pictures.picture import GROUND, INK, for_eyes, open_picture, our_style

LEVELS = 14
MARGIN = 0.3  # of the path's extent, on each side


@for_eyes
def show_loss_surface(
    loss: Callable[[Any], float],
    path: Sequence[Any],
    directions: tuple[Any, Any] | None = None,
    names: tuple[str, str] = ("first direction", "second direction"),
    grid: int = 25,
) -> Figure:
    """Draw a loss as a map with level lines, and on it the path that gradient descent took.

    Parameters
    ----------
    loss
        Gives a number for parameters; called grid² times, so it should be quick.
    path
        The parameters at each step, in order: an array, a tensor, or lists of arrays, such as (W, B), each.
    directions
        Two directions in the form of the parameters, which span the plane through the path's last point.
        Without them, the two along which the path moved most.
    names
        What to write at the two axes.
    grid
        How many points the loss is computed at, along each direction.

    Returns
    -------
    Figure
        One panel. A notebook displays it by itself.
    """
    points = numpy.array([_flat(point) for point in path])
    if len(points) < 2:
        raise ValueError(f"A path has two points at least, but this one has {len(points)}")
    if points.shape[1] < 2:
        raise ValueError("A surface needs two parameters at least: of one, draw a curve")
    last = points[-1]
    plane = _plane(points - last, directions)
    steps = (points - last) @ numpy.linalg.pinv(plane)  # (steps, 2), the nearest points of the plane
    ranges = [_range(steps[:, axis], grid) for axis in (0, 1)]
    surface = numpy.empty((grid, grid))
    with numpy.errstate(over="ignore", invalid="ignore"):
        for row, along in enumerate(ranges[1]):
            for column, across in enumerate(ranges[0]):
                point = last + across * plane[0] + along * plane[1]
                surface[row, column] = float(loss(_formed(point, path[-1])))
        ends = [float(loss(_formed(point, path[-1]))) for point in (points[0], last)]

    if not numpy.isfinite(surface).any():
        raise ValueError("The loss is nowhere on the map a finite number")
    share = _share_in_plane(points - last, steps @ plane)
    alt = (
        f"The loss as a map over two directions, with the path of gradient descent: {len(points)} points, "
        f"from a loss of {ends[0]:.4g} to {ends[1]:.4g}. On the map the loss runs from "
        f"{surface[numpy.isfinite(surface)].min():.4g} to {surface[numpy.isfinite(surface)].max():.4g}. "
        f"The map's plane holds {share:.0%} of the path."
    )
    picture = open_picture((7.4, 5.0), alt)
    picture.form = "svg"
    with our_style():
        axes = picture.subplots()
        _map(axes, ranges, surface)
        _path(axes, steps, ends)
        axes.set_xlabel(names[0])
        axes.set_ylabel(names[1])
        axes.set_title(f"this plane holds {share:.0%} of the path's movement", fontsize=10, loc="left")
    return picture


def _flat(point: Any) -> Floats:  # noqa: ANN401  an array, a tensor, or lists of them, at any depth
    """Put all numbers of a point (of P parameters) into one vector, (P,)."""
    if isinstance(point, list | tuple):
        return numpy.concatenate([_flat(part) for part in point])
    return array(point).ravel()


def _formed(vector: Floats, like: Any) -> Any:  # noqa: ANN401  the form of `like`
    """Undo `_flat`: a vector (P,) in the form of a point; arrays in float64 throughout."""
    if isinstance(like, list | tuple):
        parts, start = [], 0
        for part in like:
            length = len(_flat(part))
            parts.append(_formed(vector[start : start + length], part))
            start += length
        return type(like)(parts)
    return vector.reshape(array(like).shape)


def _plane(moves: Floats, directions: tuple[Any, Any] | None) -> Floats:
    """Return two directions (2, P), each of length one."""
    if directions is not None:
        chosen = numpy.array([_flat(direction) for direction in directions])
    else:
        # the principal directions of the path; one that never turns is completed by any other
        _, sizes, rows = numpy.linalg.svd(moves, full_matrices=False)
        chosen = rows[:2]
        if len(chosen) < 2 or sizes[1] <= 1e-9 * sizes[0]:
            other = numpy.zeros(moves.shape[1])
            other[int(numpy.abs(rows[0]).argmin())] = 1.0
            chosen = numpy.array([rows[0], other - (other @ rows[0]) * rows[0]])
    lengths = numpy.linalg.norm(chosen, axis=1, keepdims=True)
    if not (lengths > 0).all():
        raise ValueError("A direction can't be zero")
    plane: Floats = chosen / lengths
    return plane


def _range(steps: Floats, grid: int) -> Floats:
    low, high = float(steps.min()), float(steps.max())
    margin = MARGIN * (high - low) or 1.0
    return numpy.linspace(low - margin, high + margin, grid)


def _share_in_plane(moves: Floats, inside: Floats) -> float:
    whole = float((moves**2).sum())
    return float((inside**2).sum()) / whole if whole else 1.0


def _map(axes: Axes, ranges: Sequence[Floats], surface: Floats) -> None:
    finite = surface[numpy.isfinite(surface)]
    low, high = float(finite.min()), float(finite.max())
    # even steps of the loss would leave its floor, where a path ends, without a line
    if low > 0:
        levels = numpy.geomspace(low, high, LEVELS) if high > low else numpy.array([low, low + 1])
    else:
        levels = numpy.linspace(low, high if high > low else low + 1, LEVELS)
    filled = axes.contourf(*ranges, surface, levels=levels, cmap="cividis", norm="log" if low > 0 else None)
    lines = axes.contour(*ranges, surface, levels=levels, colors=GROUND, linewidths=0.6, alpha=0.6)
    labels = axes.clabel(lines, levels[2::4], fmt=_number, fontsize=9)
    for label in labels:
        label.set(
            color=INK, zorder=6.5, path_effects=[patheffects.withStroke(linewidth=2.5, foreground=GROUND)]
        )
    bar = axes.figure.colorbar(filled, ax=axes, ticks=levels[::3], format=lambda value, _: _number(value))
    bar.set_label("loss")
    bar.minorticks_off()
    axes.grid(visible=False)


def _number(value: float) -> str:
    return f"{value:,.0f}" if 100 <= abs(value) < 1e7 else f"{value:.3g}"


def _path(axes: Axes, steps: Floats, ends: Sequence[float]) -> None:
    outline = [patheffects.Stroke(linewidth=3.2, foreground=INK), patheffects.Normal()]
    axes.plot(*steps.T, "-", color=GROUND, linewidth=1.4, path_effects=outline, zorder=5)
    axes.plot(*steps.T, "o", color=GROUND, markeredgecolor=INK, markersize=4, zorder=6)
    for place, marker, size, word in ((steps[0], "s", 10, "start"), (steps[-1], "*", 16, "end")):
        axes.plot(*place, marker, color=GROUND, markeredgecolor=INK, markersize=size, zorder=7)
        label = {"facecolor": GROUND, "edgecolor": INK, "boxstyle": "round,pad=0.25"}
        words = f"{word}: {_number(ends[word == 'end'])}"
        axes.annotate(
            words, place, (10, 8), textcoords="offset points", fontsize=10, color=INK, bbox=label, zorder=8
        )
