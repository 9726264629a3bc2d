"""Heat maps: a given gradient, the true one, and what is left when one is taken from the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils.pictures.form import Entry, Malformed, entries, lists
from utils.pictures.numbers import Floats, array
from utils.pictures.on_a_case import Pairs, of_function
from utils.pictures.picture import FAINT, GROUND, INK, MUTED, SIGNED, for_eyes, open_picture, our_style

DARK = 0.85  # of a scale
AGREE = 1e-4  # of the largest true entry; less than this is rounding, or the true one's own error
DIFFERENCE = 2  # the last of the rows
ROWS = ("yours", "true", "yours\n− true")
LEGEND = (
    "below each DW its DB   darker: larger   −: negative   ✓: no difference but rounding\n"
    "%: the largest difference, framed, in parts of the largest true entry"
)
LINE = 0.184  # inches that a line of text takes, as high as a cell
BESIDE, BELOW, BETWEEN = 1.6, 2.1, 0.45  # gaps: beside and below a layer, between its DW and its DB


@for_eyes
def show_gradients(given: object, true: object = None) -> Figure | None:
    """Draw a gradient, the true one, and their difference, entry by entry.

    utils.show_gradients(exercise1)

    Every entry is a cell: the darker, the larger; negative ones have a dash in them. Each array has a
    scale of its own, from the largest true entry, which its difference shares. A malformed gradient is told,
    and never raises.

    Parameters
    ----------
    given
        Your function, without brackets behind its name: it is called on a small network of those on which
        `utils.check` calls it. Or a gradient, (DW, DB), two lists of arrays.
    true
        With a gradient: the one that it should be, in the same form.

    Returns
    -------
    Figure
        One panel. A notebook shows it without further ado. None, if there was nothing that could be drawn.
    """
    try:
        pairs = of_function(given) if true is None else _of_gradients(given, true)
    except Malformed as sentence:
        print(sentence)
        return None
    with numpy.errstate(over="ignore", invalid="ignore"):  # infinity is crossed out, and told
        weights, biases = ([_Compared(*pair) for pair in pairs[kind]] for kind in "WB")
        sentences = [each.verdict for each in (*weights, *biases)]
        complaints = [each.complaint for each in (*weights, *biases) if each.complaint]
        size = (8.4, 6.4 + LINE * len(complaints))
        picture = open_picture(size, "Heat maps of a gradient. " + " ".join(sentences), layout=None)
        with our_style():
            axes = picture.add_axes((0.01, 0.01, 0.98, 0.98))
            axes.set_axis_off()
            _draw(axes, weights, biases)
    return picture


def _of_gradients(given: object, true: object) -> Mapping[str, Pairs]:
    truth = [[array(values) for values in part] for part in lists(true)]
    shapes = [[values.shape for values in part] for part in truth]
    found = [entries(*each) for each in zip(("DW", "DB"), lists(given), shapes, strict=True)]
    weights, biases = (list(zip(*each, strict=True)) for each in zip(found, truth, strict=True))
    return {"W": weights, "B": biases}


class _Compared:
    """One array, given and true, on the scale of the true one."""

    def __init__(self, entry: Entry, true: Floats) -> None:
        self.name, self.shape = entry.name, true.shape
        self.scale = float(numpy.abs(true).max(initial=0.0)) or 1.0
        self.complaint = entry.complaint
        given = entry.values
        self.panels = (given, true, None if given is None else given - true)
        self.agrees = not entry.complaint and self._largest() <= AGREE

    def _largest(self) -> float:
        difference = self.panels[DIFFERENCE]
        return float(numpy.abs(difference).max(initial=0.0)) / self.scale if difference is not None else 0.0

    @property
    def farthest(self) -> int | None:
        """Where the largest difference is, counted row by row; None where there is nothing to tell."""
        difference = self.panels[DIFFERENCE]
        if difference is None or self.complaint or self.agrees:
            return None
        return int(numpy.abs(difference).argmax())

    @property
    def verdict(self) -> str:
        """Say in a sentence how far the two are apart."""
        if self.complaint:
            return self.complaint
        if self.agrees:
            return f"{self.name} agrees."
        index = [int(i) for i in numpy.unravel_index(self.farthest or 0, self.shape)]
        return f"{self.name} differs most at {index}, by {_share(self._largest())} of the largest true entry."

    @property
    def short(self) -> str:
        """The verdict as it stands below the heat maps."""
        if self.complaint:
            return f"{self.name}: ×"
        return f"{self.name}: ✓" if self.agrees else f"{self.name}: {_share(self._largest())}"


@dataclass
class _Cells:
    """All cells of the picture, gathered so that they are drawn at once."""

    corners: list[list[tuple[float, float]]] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, matrix: Floats, left: float, top: float) -> None:
        for (row, column), value in numpy.ndenumerate(matrix):
            x, y = left + column, top - row
            self.corners.append([(x, y), (x + 1, y), (x + 1, y - 1), (x, y - 1)])
            self.values.append(float(value))


def _draw(axes: Axes, weights: Sequence[_Compared], biases: Sequence[_Compared]) -> None:
    pairs = list(zip(weights, biases, strict=True))
    tall = max(_matrix(w.shape)[0] for w in weights)
    wide = [max(_matrix(w.shape)[1], _matrix(b.shape)[1], 3) for w, b in pairs]
    step = tall + BETWEEN + 1 + BELOW
    cells, left = _Cells(), 0.0
    for (w, b), width in zip(pairs, wide, strict=True):
        middle = left + width / 2
        axes.text(middle, 1.0, f"{w.name}, {b.name}", ha="center", va="bottom", color=INK, weight="bold")
        for row in range(3):
            top = -row * step
            for each, at in ((w, top), (b, top - tall - BETWEEN)):
                _panel(axes, cells, each, row, left, at, width)
        bottom = -3 * step + BELOW - 0.5
        axes.text(middle, bottom, f"{w.short}\n{b.short}", ha="center", va="top", fontsize=9.5, color=INK)
        left += width + BESIDE
    for row, label in enumerate(ROWS):
        middle = -row * step - (tall + 1) / 2
        axes.text(-0.7, middle, label, ha="right", va="center", color=INK, weight="bold")
    complaints = [each.complaint for each in (*weights, *biases) if each.complaint]
    for line, words in enumerate(complaints):
        axes.text(-3.4, -3 * step - 1.4 - line, words, fontsize=9.5, color=INK, va="top")
    bottom = -3 * step - 1.4 - len(complaints)
    axes.text(-3.4, bottom, LEGEND, fontsize=9, color=MUTED, va="top")
    _colour(axes, cells)
    axes.set_xlim(-3.6, left - BESIDE + 0.8)
    axes.set_ylim(bottom - 2.2, 2.4)


def _panel(
    axes: Axes, cells: _Cells, each: _Compared, row: int, left: float, top: float, width: float
) -> None:
    """Draw one array, or an empty frame where there is nothing to draw."""
    rows, columns = _matrix(each.shape)
    values, offset = each.panels[row], (width - columns) / 2
    if values is not None:
        cells.add(values.reshape(rows, columns) / each.scale, left + offset, top)
        if row == DIFFERENCE and each.farthest is not None:
            down, across = divmod(each.farthest, columns)
            place = (left + offset + across, top - down - 1)
            axes.add_patch(Rectangle(place, 1, 1, fill=False, edgecolor=INK, linewidth=1.6, zorder=4))
        return
    x, y = left + offset, top
    corners = [(x, y), (x + columns, y), (x + columns, y - rows), (x, y - rows), (x, y)]
    axes.plot(*zip(*corners, strict=True), color=MUTED, linewidth=1, linestyle=":")
    if row == 0:
        axes.text(left + width / 2, top - rows / 2, "×", ha="center", va="center", color=INK)


def _colour(axes: Axes, cells: _Cells) -> None:
    values, corners = numpy.array(cells.values), numpy.array(cells.corners)
    colours = SIGNED(0.5 + 0.5 * numpy.clip(numpy.nan_to_num(values, nan=0.0), -1, 1))
    axes.add_collection(PolyCollection(list(corners), facecolors=colours, edgecolors=FAINT, linewidths=0.5))
    centres = corners.mean(axis=1)
    for chosen, marker in (
        ((values < -AGREE) & numpy.isfinite(values), "_"),
        (~numpy.isfinite(values), "x"),
    ):
        # the darkest cells want a light dash
        ink = numpy.where(numpy.abs(values[chosen]) > DARK, GROUND, INK) if marker == "_" else INK
        axes.scatter(centres[chosen, 0], centres[chosen, 1], s=26, marker=marker, c=ink, linewidths=1.1)


def _matrix(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a picture of an array: a vector is one row."""
    return (int(shape[0]), int(numpy.prod(shape[1:]))) if len(shape) > 1 else (1, int(numpy.prod(shape)))


def _share(part: float) -> str:
    return f"{part:.2g} times" if part >= 10 else f"{part:.2%}" if part < 0.01 else f"{part:.0%}"
