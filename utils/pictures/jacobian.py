"""Draw a matrix of derivatives as a heat map with its numbers, beside the vector that it belongs to."""

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils.pictures.numbers import Floats, Numbers, array, vector, written
from utils.pictures.picture import BLUE, FAINT, INK, MUTED, SIGNED, for_eyes, ink_on, open_picture, our_style

NOTHING = 1e-12  # of the largest entry: a sum below this is 0 but for rounding


@for_eyes
def show_jacobian(p: Numbers, J: Numbers) -> Figure:
    """Draw the probabilities p of one data point, and beside them the matrix J of their derivatives.

    Every entry is a cell with its number in it: blue where it is positive, red where it is negative, the
    darker, the larger. The diagonal is framed, and the sum of each row stands at its end.

    Parameters
    ----------
    p
        The probabilities, (C,), an array or a tensor.
    J
        J[i, j], the derivative of p[i] by the score z[j], (C, C), likewise.

    Returns
    -------
    Figure
        Two panels that share their rows. A notebook displays it by itself.
    """
    p, matrix = vector(p, "p"), array(J)
    if matrix.shape != (len(p), len(p)):
        raise ValueError(f"J should have the shape {(len(p), len(p))}, but has {matrix.shape}")
    sums = matrix.sum(axis=1)
    size = float(numpy.nanmax(numpy.abs(matrix), initial=0.0)) or 1.0
    sums[numpy.abs(sums) < NOTHING * size] = 0.0
    picture = open_picture((2.9 + 0.75 * len(p), 1.3 + 0.55 * len(p)), _text(p, matrix, sums))
    with our_style():
        left, right = picture.subplots(1, 2, width_ratios=(1.6, len(p) + 1), sharey=True)
        rows = numpy.arange(len(p))
        left.barh(rows, p, color=BLUE, height=0.6)
        left.set_xlim(0, 1)
        left.set_yticks(rows, [f"class {i}" for i in rows])
        left.tick_params(left=False)
        left.grid(visible=False, axis="y")
        left.set_title("p", fontsize=12, pad=18)
        _heat_map(right, matrix, sums, size)
    return picture


def _heat_map(axes: Axes, matrix: Floats, sums: Floats, size: float) -> None:
    count = len(matrix)
    sizes = numpy.clip(numpy.nan_to_num(matrix / size), -1, 1)
    axes.imshow(SIGNED(0.5 + 0.5 * sizes), aspect="auto")
    for (i, j), value in numpy.ndenumerate(matrix):
        ink = ink_on(float(sizes[i, j]))
        axes.text(j, i, written(value), ha="center", va="center", color=ink, fontsize=10)
        edge, width = (INK, 1.6) if i == j else (FAINT, 0.5)
        corner, order = (j - 0.5, i - 0.5), 3 if i == j else 2
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=edge, linewidth=width, zorder=order))
    for i, total in enumerate(sums):
        axes.text(count + 0.05, i, written(total), ha="center", va="center", color=MUTED, fontsize=10)
    axes.text(count + 0.05, -0.6, "row sum", ha="center", va="bottom", color=MUTED, fontsize=10)
    axes.set_xlim(-0.5, count + 0.6)
    axes.set_xticks(numpy.arange(count), [f"$z_{j}$" for j in range(count)])
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set_title(r"J: how $p_i$ (row) changes with $z_j$ (column)", fontsize=12, pad=18)


def _text(p: Floats, matrix: Floats, sums: Floats) -> str:
    rows = "; ".join(
        f"row {i}: {', '.join(map(written, row))}, sum {written(total)}"
        for i, (row, total) in enumerate(zip(matrix, sums, strict=True))
    )
    return f"The probabilities {', '.join(map(written, p))}, and beside them J as a heat map. {rows}."
