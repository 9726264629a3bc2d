"""The figure at the top of the sheet: the network 4-6-6-6-1, forward above and backward below.

`svg()` and `png()` give the finished files as bytes, the same bytes at every run.
"""

from collections.abc import Iterable
from typing import Final

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from . import drawing
from .drawing import BACKWARD, EDGE, FILL, FORWARD, INK, MUTED, arrow, text

TITLE: Final = "The network 4-6-6-6-1, its forward pass and its backward pass"

WIDTH, HEIGHT = 14.0, 7.5
NAME, SHAPE, PASS = 19, 15.5, 16.5

# One layer of units a column; the error stands a little apart on the right.
COLUMNS: Final = (1.1, 3.7, 6.3, 8.9, 11.1)
UNITS: Final = (4, 6, 6, 6, 1)
ERROR: Final = 12.9
MIDDLE: Final = 4.33
SPACING: Final = 0.68
RADIUS: Final = 0.235

PARAMETERS_ROW: Final = 6.85
NAMES_ROW: Final = 2.0
BACKWARD_ROW: Final = 1.02
GRADIENTS_ROW: Final = 0.4


def svg() -> bytes:
    """Return the figure as SVG, text drawn as paths."""
    return drawing.svg(_draw, TITLE)


def png() -> bytes:
    """Return the figure as PNG."""
    return drawing.png(_draw)


def _draw() -> Figure:
    figure, axes = drawing.canvas(WIDTH, HEIGHT)
    _connections(axes)
    _units(axes)
    _error(axes)
    _names(axes)
    _forward(axes)
    _backward(axes)
    return figure


def _heights(units: int) -> list[float]:
    return [MIDDLE + SPACING * ((units - 1) / 2 - unit) for unit in range(units)]


def _connections(axes: Axes) -> None:
    for layer in range(4):
        left, right = COLUMNS[layer], COLUMNS[layer + 1]
        lines = [
            ((left, low), (right, high))
            for low in _heights(UNITS[layer])
            for high in _heights(UNITS[layer + 1])
        ]
        axes.add_collection(LineCollection(lines, colors=EDGE, linewidths=0.9, zorder=1))


def _units(axes: Axes) -> None:
    for layer, (x, units) in enumerate(zip(COLUMNS, UNITS, strict=True)):
        for y in _heights(units):
            fill = "white" if layer == 0 else FILL
            axes.add_patch(Circle((x, y), RADIUS, facecolor=fill, edgecolor=INK, lw=1.4, zorder=2))
            # A unit shows its function: the ReLU's kink, or the straight line of the output.
            if layer in (1, 2, 3):
                _curve(axes, x, y, [(-0.13, -0.065), (0.0, -0.065), (0.12, 0.095)])
            elif layer == 4:
                _curve(axes, x, y, [(-0.12, -0.12), (0.12, 0.12)])


def _curve(axes: Axes, x: float, y: float, points: Iterable[tuple[float, float]]) -> None:
    xs, ys = zip(*((x + dx, y + dy) for dx, dy in points), strict=True)
    axes.plot(xs, ys, color=FORWARD, lw=2.0, solid_joinstyle="round", zorder=3)


def _error(axes: Axes) -> None:
    half_width, half_height = 0.8, 0.37
    axes.add_patch(
        FancyBboxPatch(
            (ERROR - half_width, MIDDLE - half_height),
            2 * half_width,
            2 * half_height,
            boxstyle="round,pad=0,rounding_size=0.12",
            facecolor="white",
            edgecolor=INK,
            lw=1.4,
            zorder=2,
        )
    )
    text(axes, ERROR, MIDDLE, r"$\mathrm{mean}((\mathbf{Y}-\mathbf{T})^2)$", 14.5)
    target = MIDDLE + 1.7 * SPACING
    axes.add_patch(Circle((ERROR, target), RADIUS, facecolor="white", edgecolor=INK, lw=1.4))
    _name(axes, ERROR, target + 0.42, "T", "(N, 1)", above=True)
    arrow(axes, (COLUMNS[4] + RADIUS, MIDDLE), (ERROR - half_width, MIDDLE), INK, 1.4)
    arrow(axes, (ERROR, target - RADIUS), (ERROR, MIDDLE + half_height), INK, 1.4)


def _names(axes: Axes) -> None:
    _name(axes, COLUMNS[0], NAMES_ROW, "X", "(N, 4)")
    for layer in (1, 2, 3):
        _name(axes, COLUMNS[layer], NAMES_ROW, f"Z{layer}, A{layer}", "(N, 6)")
    _name(axes, COLUMNS[4], NAMES_ROW, "Y", "(N, 1)")
    _name(axes, ERROR, NAMES_ROW, "err", "a number")


def _forward(axes: Axes) -> None:
    shapes = (("(4, 6)", "(6,)"), ("(6, 6)", "(6,)"), ("(6, 6)", "(6,)"), ("(6, 1)", "(1,)"))
    for layer, (weights, biases) in enumerate(shapes, start=1):
        left, right = COLUMNS[layer - 1], COLUMNS[layer]
        middle = (left + right) / 2
        arrow(axes, (left + 0.3, PARAMETERS_ROW), (right - 0.3, PARAMETERS_ROW), FORWARD, 2.2)
        text(axes, middle, PARAMETERS_ROW + 0.27, _bold(f"W{layer}, B{layer}"), NAME, FORWARD)
        text(axes, middle, PARAMETERS_ROW - 0.25, f"{weights}, {biases}", SHAPE, MUTED)
    text(axes, ERROR, PARAMETERS_ROW, "forward pass", PASS, FORWARD)


def _backward(axes: Axes) -> None:
    names = ("DZ1", "DZ2", "DZ3", "DY")
    sources = (*COLUMNS[2:], ERROR)
    for x, name, source in zip(COLUMNS[1:], names, sources, strict=True):
        text(axes, x, BACKWARD_ROW, _bold(name), NAME, BACKWARD)
        arrow(axes, (source - 0.45, BACKWARD_ROW), (x + 0.45, BACKWARD_ROW), BACKWARD, 2.2)
    text(axes, ERROR, BACKWARD_ROW, _bold("err"), NAME, BACKWARD)
    # On its way through a layer the signal leaves the gradient of that layer's parameters.
    for layer in (1, 2, 3, 4):
        middle = (COLUMNS[layer - 1] + COLUMNS[layer]) / 2
        arrow(axes, (middle, BACKWARD_ROW), (middle, GRADIENTS_ROW + 0.17), BACKWARD, 1.4)
        text(axes, middle, GRADIENTS_ROW, _bold(f"DW{layer}, DB{layer}"), 14, BACKWARD)
    middle = (COLUMNS[0] + COLUMNS[1]) / 2
    axes.plot([COLUMNS[1] - 0.45, middle], [BACKWARD_ROW] * 2, color=BACKWARD, lw=2.2, zorder=3)
    text(axes, COLUMNS[0], BACKWARD_ROW, "backward pass", PASS, BACKWARD)


def _bold(name: str) -> str:
    return rf"$\mathbf{{{name}}}$".replace(", ", r",\,")


def _name(axes: Axes, x: float, y: float, name: str, shape: str, *, above: bool = False) -> None:
    text(axes, x, y + (0.3 if above else 0), _bold(name), NAME)
    text(axes, x, y if above else y - 0.3, shape, SHAPE, MUTED)
