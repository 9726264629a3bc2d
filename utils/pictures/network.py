"""Draw the network: activations on its units, gradients on its edges."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from utils.pictures.answer_structure import Entry, Malformed, entries
from utils.pictures.numbers import Floats, Numbers, array, written
from utils.pictures.picture import (
    BLUE,
    FAINT,
    GROUND,
    INK,
    MUTED,
    VERMILLION,
    for_eyes,
    open_picture,
    our_style,
)

APART, RADIUS = 2.9, 0.36  # between two layers, and of a unit; units of a layer stand 1 apart
THICKEST, THINNEST = 4.5, 0.25  # lines, in points
LOOKS: dict[int, dict[str, Any]] = {
    1: {"color": BLUE, "linestyle": "-"},
    -1: {"color": VERMILLION, "linestyle": (0, (2.2, 1.1))},
}


@for_eyes
def show_network(activations: Sequence[Numbers], gradients: object) -> Figure | None:
    """Draw a network with its activations on the units and a gradient on the edges.

    Parameters
    ----------
    activations
        [X, A1, A2, A3, Y]: the layers from left to right, (N, units) each. A unit shows the mean of its
        column; a hidden one that is off for every row is dashed. Give one row of each to see one data point.
    gradients
        DW, the gradient with respect to the weights: a list of arrays, (units, units of the next layer) each.
        The largest entry of a layer is its thickest line. A malformed array is described in a sentence, and
        raises nothing.

    Returns
    -------
    Figure
        One panel. A notebook displays it by itself. None, if there was nothing that could be drawn.
    """
    layers = [array(layer) for layer in activations]
    layers = [layer[None] if layer.ndim == 1 else layer for layer in layers]  # one data point, as a vector
    widths = [layer.shape[1] for layer in layers]
    try:
        edges = entries("DW", gradients, list(pairwise(widths)))
    except Malformed as sentence:
        print(sentence)
        return None

    complaints = [edge.complaint for edge in edges if edge.complaint]
    picture = open_picture((8.4, 4.7 + 0.25 * len(complaints)), _words(layers, edges), layout=None)
    picture.form = "svg"
    with our_style():
        axes = picture.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        top = max(widths) / 2 + 0.4
        for layer, edge in enumerate(edges):
            _edges(axes, layer, widths, edge, top)
        for number, values in enumerate(layers):
            _units(axes, number, values, hidden=0 < number < len(layers) - 1)
            axes.text(APART * number, top, _name(number, layers), ha="center", va="center", weight="bold")
        _legend(axes, complaints)
        axes.set_aspect("equal")
        axes.set_xlim(-0.6, APART * (len(layers) - 1) + 0.6)
        axes.set_ylim(-top - 0.9 - 0.4 * len(complaints), top + 0.5)
    return picture


def _edges(axes: Axes, layer: int, widths: Sequence[int], edge: Entry, top: float) -> None:
    left, right = APART * layer, APART * (layer + 1)
    ends = [
        [(left, from_), (right, to)]
        for from_ in _heights(widths[layer])
        for to in _heights(widths[layer + 1])
    ]
    middle = (left + right) / 2
    if edge.complaint or edge.values is None:
        axes.add_collection(LineCollection(ends, colors=FAINT, linewidths=0.6, linestyles=":", zorder=1))
        axes.text(middle, top, f"{edge.name}: ×", ha="center", va="center", fontsize=10, color=MUTED)
        return
    values = edge.values.ravel()
    largest = float(numpy.abs(values).max())
    strengths = numpy.abs(values) / (largest or 1.0)
    for sign, look in LOOKS.items():
        chosen = numpy.flatnonzero(numpy.sign(values) == sign)
        chosen = chosen[numpy.argsort(strengths[chosen])]  # the strongest on top
        lines = LineCollection(
            [ends[k] for k in chosen],
            linewidths=THINNEST + (THICKEST - THINNEST) * strengths[chosen],
            zorder=1,
            **look,
        )
        axes.add_collection(lines)
    words = f"{edge.name}, up to ±{written(largest)}"
    axes.text(middle, top, words, ha="center", va="center", fontsize=9.5, color=MUTED)


def _units(axes: Axes, number: int, values: Floats, *, hidden: bool) -> None:
    for height, column in zip(_heights(values.shape[1]), values.T, strict=True):
        off = hidden and not (column > 0).any()
        line: dict[str, Any] = {"edgecolor": MUTED, "linestyle": (0, (2, 1.5))} if off else {"edgecolor": INK}
        place = (APART * number, height)
        axes.add_patch(Circle(place, RADIUS, facecolor=GROUND, linewidth=1.4, zorder=2, **line))
        words, ink = ("off", MUTED) if off else (_short(float(column.mean())), INK)
        axes.text(*place, words, ha="center", va="center", fontsize=8.5, color=ink, zorder=3)


def _short(value: float) -> str:
    """Write a number so that it fits into a unit."""
    digits = 2 if abs(value) < 10 else 0 if abs(value) < 1000 else None
    return (f"{value:.1g}" if digits is None else f"{value:.{digits}f}").replace("-", "−")


def _legend(axes: Axes, complaints: Sequence[str]) -> None:
    lines = [Line2D([], [], linewidth=3, **LOOKS[sign]) for sign in (1, -1)]
    words = ["positive: raise this weight, and the error grows", "negative: raise it, and the error falls"]
    legend = axes.legend(
        lines, words, loc="lower center", ncols=2, handlelength=3, fontsize=9.5, frameon=False
    )
    legend.set_title("\n".join(complaints), prop=FontProperties(size=9.5))


def _heights(units: int) -> list[float]:
    return [(units - 1) / 2 - unit for unit in range(units)]


def _name(number: int, layers: Sequence[Floats]) -> str:
    last = len(layers) - 1
    return "X" if number == 0 else "Y" if number == last else f"A{number}"


def _words(layers: Sequence[Floats], edges: Sequence[Entry]) -> str:
    """Describe the picture to someone who can't see it."""
    rows = len(layers[0])
    widths = "-".join(str(layer.shape[1]) for layer in layers)
    words = [f"The network {widths}, {'one data point' if rows == 1 else f'mean of {rows} data points'}."]
    for number, layer in enumerate(layers):
        means = ", ".join(written(float(mean)) for mean in layer.mean(axis=0))
        words.append(f"{_name(number, layers)}: {means}.")
    for edge in edges:
        if edge.complaint or edge.values is None:
            words.append(edge.complaint)
            continue
        at = numpy.unravel_index(int(numpy.abs(edge.values).argmax()), edge.values.shape)
        index = [int(i) for i in at]
        words.append(f"{edge.name}: largest {written(float(edge.values[at]))} at {index}.")
    return " ".join(words)
