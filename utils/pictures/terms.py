"""Draw arrays that add up to another one, as heat maps side by side with their numbers and sums."""

from collections.abc import Mapping

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils.pictures.numbers import Floats, Numbers, array, written
from utils.pictures.picture import FAINT, INK, MUTED, SIGNED, for_eyes, ink_on, open_picture, our_style

AGREE = 1e-4  # of the largest entry: what differs by less adds up
NOTHING = 1e-6  # likewise: a sum below this is 0, apart from the error of measurement


@for_eyes
def show_terms(terms: Mapping[str, Numbers], total: Numbers, name: str) -> Figure:
    """Draw arrays of one shape side by side, with plus signs between them, and then what they should give.

    Every entry is a cell with its number in it: blue where it is positive, red where it is negative, the
    darker, the larger, on one scale. The sum of each row is at its end.

    Parameters
    ----------
    terms
        For each array its label and its entries, (N, D), an array or a tensor.
    total
        What they should add up to, (N, D), likewise.
    name
        The name of the total.

    Returns
    -------
    Figure
        A panel for each array. A notebook displays it by itself.
    """
    arrays = {label: array(values) for label, values in {**terms, name: total}.items()}
    shape = arrays[name].shape
    for label, values in arrays.items():
        if values.ndim != 2 or values.shape != shape:
            raise ValueError(f"{label} should have the shape {shape} of {name}, but has {values.shape}")
    rows, columns = shape
    scale = max(float(numpy.nanmax(numpy.abs(values), initial=0.0)) for values in arrays.values()) or 1.0
    verdict = _verdict(arrays, name, scale)
    size = (0.9 + len(arrays) * (0.47 * columns + 0.75), 1.35 + 0.42 * rows)
    picture = open_picture(size, _text(arrays, verdict, scale))
    with our_style():
        panels = picture.subplots(1, len(arrays), squeeze=False)[0]
        for number, (axes, (label, values)) in enumerate(zip(panels, arrays.items(), strict=True)):
            sign = "=" if label == name else "+" if number else ""
            _heat_map(axes, label, sign, values, scale)
        panels[-1].set_xlabel(verdict, fontsize=9.5, color=INK)
    return picture


def _heat_map(axes: Axes, label: str, sign: str, values: Floats, scale: float) -> None:
    rows, columns = values.shape
    sizes = numpy.clip(numpy.nan_to_num(values / scale), -1, 1)
    axes.imshow(SIGNED(0.5 + 0.5 * sizes), aspect="auto")
    for (n, d), value in numpy.ndenumerate(values):
        ink = ink_on(float(sizes[n, d]))
        axes.text(d, n, written(_rounded(value, scale)), ha="center", va="center", color=ink, fontsize=8.5)
        axes.add_patch(Rectangle((d - 0.5, n - 0.5), 1, 1, fill=False, edgecolor=FAINT, linewidth=0.5))
    for n, total in enumerate(values.sum(axis=1)):
        words = written(_rounded(total, scale))
        axes.text(columns + 0.15, n, words, ha="center", va="center", color=MUTED, fontsize=8.5)
    axes.text(columns + 0.15, -0.6, "sum", ha="center", va="bottom", color=MUTED, fontsize=8.5)
    axes.text(-0.75, (rows - 1) / 2, sign, ha="center", va="center", color=INK, fontsize=16)
    axes.set_xlim(-0.95, columns + 0.6)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set_title(label, fontsize=11, pad=18)


def _rounded(value: float, scale: float) -> float:
    """Return a number in as many decimals as the largest one has in three digits."""
    decimals = 2 - int(numpy.floor(numpy.log10(scale)))
    return 0.0 if abs(value) < NOTHING * scale else round(float(value), decimals)


def _verdict(arrays: Mapping[str, Floats], name: str, scale: float) -> str:
    rest = sum(values for label, values in arrays.items() if label != name) - arrays[name]
    off = float(numpy.nanmax(numpy.abs(rest), initial=0.0)) / scale
    return "they add up ✓" if off <= AGREE else f"✗ off by up to {written(off * scale)}"


def _text(arrays: Mapping[str, Floats], verdict: str, scale: float) -> str:
    sums = (
        f"{label}: sums of rows {', '.join(written(_rounded(s, scale)) for s in values.sum(axis=1))}."
        for label, values in arrays.items()
    )
    return f"{len(arrays) - 1} heat maps and their sum, {verdict.strip(' ✓✗')}. {' '.join(sums)}"
