"""Draw heat maps: a given gradient, the true one, and their difference."""

from dataclasses import dataclass, field

import numpy
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils.pictures.answer_structure import Malformed, entries, lists
from utils.pictures.compared import AGREE, DIFFERENCE, Compared, matrix
from utils.pictures.numbers import Floats, array
from utils.pictures.on_a_case import Case, of_function
from utils.pictures.picture import FAINT, GROUND, INK, MUTED, SIGNED, for_eyes, open_picture, our_style

DARK = 0.85  # of a scale
ROWS = ("yours", "true", "yours\n− true")
LEGEND = (
    "below each DW its DB   darker: larger, each array on its own scale   −: negative   ✓: no difference but "
    "rounding\n%: the largest difference, framed, in parts of the largest true entry   "
    "rows and columns are counted from 0"
)
ALONE = "\na column of DW that is white in the true one: its unit is off for this data point"
LINE = 0.184  # inches that a line of text takes, as high as a cell
BESIDE, BELOW, BETWEEN = 1.6, 2.1, 0.45  # gaps: beside and below a layer, between its DW and its DB


@for_eyes
def show_gradients(given: object, true: object = None) -> Figure | None:
    """Draw a gradient, the true one, and their difference, entry by entry.

        utils.show_gradients(exercise1)

    Every entry is a cell: the darker, the larger; negative ones have a dash in them. An array, the true one
    and their difference share a scale, so a factor makes one of the first two paler. The text below says what
    the differences have in common: a factor, or that they are in some columns or rows only. A malformed
    gradient is described in a sentence, and raises nothing.

    Parameters
    ----------
    given
        Your function, without parentheses after its name: it is called on the small networks that
        `utils.check` uses, and drawn for the first on which it differs. Or a gradient, (DW, DB), two
        lists of arrays.
    true
        With a gradient: the one that it should be, in the same form.

    Returns
    -------
    Figure
        One panel. A notebook displays it by itself. None, if there was nothing that could be drawn.
    """
    with numpy.errstate(over="ignore", invalid="ignore"):  # infinity is crossed out, and told
        try:
            case = of_function(given) if true is None else _of_gradients(given, true)
        except Malformed as sentence:
            print(sentence)
            return None
        each = case.weights + case.biases
        alt = f"Heat maps of a gradient{case.of_points}. " + " ".join(one.verdict for one in each)
        picture = open_picture((8.4, 6.4 + LINE * _more_lines(case)), alt, layout=None)
        with our_style():
            axes = picture.add_axes((0.01, 0.01, 0.98, 0.98))
            axes.set_axis_off()
            _draw(axes, case)
    return picture


def _of_gradients(given: object, true: object) -> Case:
    truth = [[array(values) for values in part] for part in lists(true)]
    shapes = [[values.shape for values in part] for part in truth]
    result = [entries(*each) for each in zip(("DW", "DB"), lists(given), shapes, strict=True)]
    weights, biases = (
        [Compared(*pair) for pair in zip(*each, strict=True)] for each in zip(result, truth, strict=True)
    )
    return Case(weights, biases)


@dataclass
class _Cells:
    """Collect all cells of the picture, so that they are drawn at once."""

    corners: list[list[tuple[float, float]]] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, values: Floats, left: float, top: float) -> None:
        for (row, column), value in numpy.ndenumerate(values):
            x, y = left + column, top - row
            self.corners.append([(x, y), (x + 1, y), (x + 1, y - 1), (x, y - 1)])
            self.values.append(float(value))


def _verdicts(case: Case) -> list[str]:
    return [f"{w.short}\n{b.short}" for w, b in zip(case.weights, case.biases, strict=True)]


def _more_lines(case: Case) -> int:
    """Count the lines that are added to the two of every verdict and to those of the legend."""
    longest = max(verdict.count("\n") for verdict in _verdicts(case))
    return longest - 1 + len(case.complaints) + (case.size == 1)


def _draw(axes: Axes, case: Case) -> None:
    pairs = list(zip(case.weights, case.biases, strict=True))
    tall = max(matrix(w.shape)[0] for w in case.weights)
    wide = [max(matrix(w.shape)[1], matrix(b.shape)[1], 3) for w, b in pairs]
    step = tall + BETWEEN + 1 + BELOW
    cells, left = _Cells(), 0.0
    if case.size:
        axes.text(-0.7, 1.0, f"N = {case.size}", ha="right", va="bottom", color=MUTED)
    for (w, b), width, verdict in zip(pairs, wide, _verdicts(case), strict=True):
        middle = left + width / 2
        axes.text(middle, 1.0, f"{w.name}, {b.name}", ha="center", va="bottom", color=INK, weight="bold")
        for row in range(3):
            top = -row * step
            for each, at in ((w, top), (b, top - tall - BETWEEN)):
                _panel(axes, cells, each, row, left, at, width)
        bottom = -3 * step + BELOW - 0.5
        axes.text(middle, bottom, verdict, ha="center", va="top", fontsize=9.5, color=INK)
        left += width + BESIDE
    for row, label in enumerate(ROWS):
        middle = -row * step - (tall + 1) / 2
        axes.text(-0.7, middle, label, ha="right", va="center", color=INK, weight="bold")
    bottom = -3 * step - 1.4 - _more_lines(case) + (case.size == 1)
    for line, words in enumerate(reversed(case.complaints), start=1):
        axes.text(-3.4, bottom + line, words, fontsize=9.5, color=INK, va="top")
    axes.text(-3.4, bottom, LEGEND + ALONE * (case.size == 1), fontsize=9, color=MUTED, va="top")
    _colour(axes, cells)
    axes.set_xlim(-3.6, left - BESIDE + 0.8)
    axes.set_ylim(bottom - 2.2 - (case.size == 1), 2.4)


def _panel(
    axes: Axes, cells: _Cells, each: Compared, row: int, left: float, top: float, width: float
) -> None:
    """Draw one array, or an empty frame if there is nothing to draw."""
    rows, columns = matrix(each.shape)
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
        # the darkest cells need a light dash
        ink = numpy.where(numpy.abs(values[chosen]) > DARK, GROUND, INK) if marker == "_" else INK
        axes.scatter(centres[chosen, 0], centres[chosen, 1], s=26, marker=marker, c=ink, linewidths=1.1)
