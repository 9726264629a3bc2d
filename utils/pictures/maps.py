"""Draw matrices as heat maps side by side, one row of panels, with the sum of each row at its end."""

from collections.abc import Mapping, Sequence

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from utils.pictures.numbers import Floats, Numbers, array, written
from utils.pictures.picture import FAINT, MUTED, SIGNED, for_eyes, ink_on, open_picture, our_style

NOTHING = 1e-12  # of the largest entry: a sum below this is 0 but for rounding
CELL = 0.5  # inches


@for_eyes
def show_maps(
    maps: Mapping[str, Numbers],
    rows: Sequence[object],
    columns: Sequence[object],
    mask: "Numbers | None" = None,
    *,
    sums: bool = True,
    largest: float | None = None,
) -> Figure:
    """Draw matrices of one shape side by side.

    Every entry is a cell with its number in it: blue where it is positive, red where it is negative, the
    darker, the larger. A number that is exactly 0 is left out.

    Parameters
    ----------
    maps
        For each matrix its title and its entries, (T, L), an array or a tensor.
    rows, columns
        What stands beside each row, and under each column: T words and L words.
    mask
        (T, L), true where a position may look. Other cells are hatched.
    sums
        Whether the sum of each row stands at its end.
    largest
        What has the darkest colour; without it the largest entry of each matrix has.

    Returns
    -------
    Figure
        One panel for each matrix. A notebook displays it by itself.
    """
    matrices = {title: array(entries) for title, entries in maps.items()}
    shape = (len(rows), len(columns))
    for title, matrix in matrices.items():
        if matrix.shape != shape:
            raise ValueError(f"{title} should have the shape {shape}, but has {matrix.shape}")
    visible = numpy.ones(shape, dtype=bool) if mask is None else array(mask) > 0
    width = 1.2 + len(maps) * (0.9 + CELL * shape[1])
    picture = open_picture((width, 1.3 + CELL * shape[0]), _text(matrices, rows, sums=sums))
    with our_style():
        panels = picture.subplots(1, len(maps), sharey=True, squeeze=False)[0]
        for axes, (title, matrix) in zip(panels, matrices.items(), strict=True):
            _panel(axes, matrix, visible, largest, sums=sums)
            axes.set_title(title, fontsize=12, pad=18 if sums else 8)
            axes.set_xticks(numpy.arange(shape[1]), [str(word) for word in columns], rotation=45)
            axes.set_yticks(numpy.arange(shape[0]), [str(word) for word in rows])
    return picture


def _panel(
    axes: Axes, matrix: Floats, visible: NDArray[numpy.bool_], largest: float | None, *, sums: bool
) -> None:
    size = largest or float(numpy.nanmax(numpy.abs(matrix), initial=0.0)) or 1.0
    sizes = numpy.clip(numpy.nan_to_num(matrix / size), -1, 1)
    axes.imshow(SIGNED(0.5 + 0.5 * sizes), aspect="auto")
    for (i, j), value in numpy.ndenumerate(matrix):
        if value != 0:
            ink = ink_on(float(sizes[i, j]))
            axes.text(j, i, _in_hundredths(value), ha="center", va="center", color=ink, fontsize=9)
        hatch = None if visible[i, j] else "//"
        cell = Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=FAINT, linewidth=0.5, hatch=hatch)
        axes.add_patch(cell)
    if sums:
        end = matrix.shape[1]
        for i, total in enumerate(_sums(matrix)):
            axes.text(end + 0.1, i, _in_hundredths(total), ha="center", va="center", color=MUTED, fontsize=9)
        axes.text(end + 0.1, -0.6, "sum", ha="center", va="bottom", color=MUTED, fontsize=9)
        axes.set_xlim(-0.5, end + 0.6)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)


def _in_hundredths(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−") if value else "0"  # no −0.00


def _sums(matrix: Floats) -> Floats:
    """Sum every row; what rounding leaves of 0 is 0."""
    result: Floats = matrix.sum(axis=1)
    result[numpy.abs(result) < NOTHING * numpy.abs(matrix).max(initial=0.0)] = 0.0
    return result


def _text(matrices: Mapping[str, Floats], rows: Sequence[object], *, sums: bool) -> str:
    message = []
    for title, matrix in matrices.items():
        lines = []
        for word, row, total in zip(rows, matrix, _sums(matrix), strict=True):
            end = f", sum {written(total)}" if sums else ""
            lines.append(f"{word}: {', '.join(map(written, row))}{end}")
        message.append(f"{title}, row by row. {'; '.join(lines)}.")
    return "Heat maps. " + " ".join(message)
