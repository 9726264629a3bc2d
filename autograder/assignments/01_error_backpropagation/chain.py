"""The figure before the theory: a chain of four operations with its numbers, forward and backward.

`png()` gives the finished file as bytes, the same bytes at every run.
"""

from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from . import drawing
from .drawing import BACKWARD, FILL, FORWARD, INK, arrow, text

WIDTH, HEIGHT = 14.0, 4.6
NAME, VALUE, PASS = 19, 18, 16.5
RADIUS: Final = 0.36
HALF_WIDTH, HALF_HEIGHT = 0.72, 0.4

MAIN, ABOVE = 1.75, 3.5  # the rows: the chain itself, and what enters it from above
FORWARD_ROW, BACKWARD_ROW = 4.25, 0.5
# Where x, the four operations and the error stand.
COLUMNS: Final = (0.75, 2.95, 5.6, 8.25, 10.85, 13.45)
OPERATIONS: Final = (r"$\times$", r"$\max(0,\cdot)$", r"$\times$", r"$(y-t)^2$")

# The same numbers as in the notebook's text.
X, W, V, T = 3.0, 0.5, 4.0, 1.0
Z: Final = W * X
A: Final = max(0.0, Z)
Y: Final = V * A
ERR: Final = (Y - T) ** 2
DY: Final = 2 * (Y - T)
DV, DA = DY * A, DY * V
DZ: Final = DA if Z > 0 else 0.0
DW: Final = DZ * X


def png() -> bytes:
    """Return the figure as PNG."""
    return drawing.png(_draw)


def _draw() -> Figure:
    figure, axes = drawing.canvas(WIDTH, HEIGHT)
    _ends(axes)
    for x, words in zip(COLUMNS[1:], OPERATIONS, strict=False):
        _operation(axes, x, words)
    _along(axes, 0, "x", X)
    for left, (name, value, slope) in enumerate(
        (("z", Z, DZ), ("a", A, DA), ("y", Y, DY), ("err", ERR, 1.0))
    ):
        _along(axes, left + 1, name, value)
        _back(axes, left + 1, slope)
    above: tuple[tuple[int, str, float, float | None], ...]
    above = ((1, "w", W, DW), (3, "v", V, DV), (4, "t", T, None))
    for column, name, entered, back in above:
        _from_above(axes, COLUMNS[column], name, entered, back)
    text(axes, 1.6, FORWARD_ROW, "forward pass: values", PASS, FORWARD)
    text(axes, 11.8, BACKWARD_ROW, "backward pass: slopes of err", PASS, BACKWARD)
    return figure


def _operation(axes: Axes, x: float, words: str) -> None:
    corner = (x - HALF_WIDTH, MAIN - HALF_HEIGHT)
    shape = "round,pad=0,rounding_size=0.14"
    box = FancyBboxPatch(
        corner, 2 * HALF_WIDTH, 2 * HALF_HEIGHT, boxstyle=shape, facecolor=FILL, edgecolor=INK, lw=1.4
    )
    axes.add_patch(box)
    text(axes, x, MAIN, words, NAME if words == OPERATIONS[0] else 14.5)


def _ends(axes: Axes) -> None:
    """Draw what is given, as circles with their names, and the error."""
    given = (
        (COLUMNS[0], MAIN, "x"),
        *((COLUMNS[k], ABOVE, name) for k, name in ((1, "w"), (3, "v"), (4, "t"))),
    )
    for x, y, name in (*given, (COLUMNS[5], MAIN, "err")):
        axes.add_patch(Circle((x, y), RADIUS, facecolor="white", edgecolor=INK, lw=1.4))
        text(
            axes, x, y, rf"$\mathrm{{{name}}}$" if name == "err" else f"${name}$", NAME - 3 * (name == "err")
        )


def _along(axes: Axes, left: int, name: str, value: float) -> None:
    """Draw an edge of the chain, with its value above."""
    start = COLUMNS[left] + (RADIUS if left == 0 else HALF_WIDTH)
    end = COLUMNS[left + 1] - (RADIUS if left == 4 else HALF_WIDTH)
    arrow(axes, (start, MAIN + 0.1), (end, MAIN + 0.1), FORWARD, 2.2)
    text(axes, (start + end) / 2, MAIN + 0.42, f"${_named(name)}={value:g}$", VALUE, FORWARD)


def _back(axes: Axes, left: int, slope: float) -> None:
    """Draw the way back along an edge of the chain, with its slope below."""
    start = COLUMNS[left + 1] - (RADIUS if left == 4 else HALF_WIDTH)
    end = COLUMNS[left] + HALF_WIDTH
    arrow(axes, (start, MAIN - 0.2), (end, MAIN - 0.2), BACKWARD, 2.2)
    text(axes, (start + end) / 2, MAIN - 0.55, f"${slope:g}$", VALUE, BACKWARD)


def _from_above(axes: Axes, x: float, name: str, value: float, slope: float | None) -> None:
    """Draw an edge that enters an operation from above, with its slope at the right, if one is asked for."""
    top, bottom = ABOVE - RADIUS, MAIN + HALF_HEIGHT
    aside = 0.0 if slope is None else 0.13
    arrow(axes, (x - aside, top), (x - aside, bottom), FORWARD, 2.2)
    text(axes, x - aside - 0.8, (top + bottom) / 2 + 0.28, f"${name}={value:g}$", VALUE, FORWARD)
    if slope is not None:
        arrow(axes, (x + aside, bottom), (x + aside, top), BACKWARD, 2.2)
        text(axes, x + aside + 0.5, (top + bottom) / 2 + 0.28, f"${slope:g}$", VALUE, BACKWARD)


def _named(name: str) -> str:
    return r"\mathrm{err}" if name == "err" else name
