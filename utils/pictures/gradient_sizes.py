"""Draw how large the gradient is in each layer: whether it fades or grows on its way back."""

from itertools import zip_longest
from typing import Any

import numpy
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from utils.pictures.answer_structure import Entry, Malformed, entries
from utils.pictures.numbers import written
from utils.pictures.picture import (
    BLUE,
    GROUND,
    VERMILLION,
    for_eyes,
    open_picture,
    our_style,
    plain_logarithmic,
)

# marker, filling and line differ, so that no colour is needed to tell them apart
LOOKS: dict[str, dict[str, Any]] = {
    "DW": {"color": BLUE, "marker": "o", "markersize": 9, "linestyle": "-"},
    "DB": {
        "color": VERMILLION,
        "marker": "s",
        "markersize": 9,
        "linestyle": "--",
        "markerfacecolor": GROUND,
        "markeredgewidth": 2,
    },
}
WORDS = {"DW": "weights, DW", "DB": "biases, DB"}


@for_eyes
def show_gradient_sizes(DW: object, DB: object) -> Figure | None:
    """Draw the size of a gradient's entries in each layer, on a logarithmic scale.

    The size of an array is the root of the mean of its squared entries, so that a layer with many
    weights does not look larger than one with few. A malformed gradient is described in a sentence, and
    raises nothing.

    Parameters
    ----------
    DW, DB
        The gradients with respect to the weights and to the biases: lists of arrays, one per layer.

    Returns
    -------
    Figure
        One panel. A notebook displays it by itself. None, if there was nothing that could be drawn.
    """
    try:
        result = {"DW": entries("DW", DW), "DB": entries("DB", DB)}
    except Malformed as sentence:
        print(sentence)
        return None
    complaints = [entry.complaint for part in result.values() for entry in part if entry.complaint]
    sizes = {name: [_size(entry) for entry in part] for name, part in result.items()}
    alt = "How large the entries of the gradient are in each layer, as root mean square. " + " ".join(
        f"{WORDS[name]}: " + ", ".join(f"layer {k}: {written(s)}" for k, s in enumerate(part, start=1)) + "."
        for name, part in sizes.items()
    )
    picture = open_picture((6.4, 3.6), " ".join([alt, *complaints]))
    with our_style():
        axes = picture.subplots()
        for name, part in sizes.items():
            layers = numpy.arange(1, len(part) + 1)
            drawn = [size if 0 < size < numpy.inf else numpy.nan for size in part]
            axes.plot(layers, drawn, label=WORDS[name], **LOOKS[name])
        for layer, pair in enumerate(zip_longest(*sizes.values(), fillvalue=numpy.nan), start=1):
            _values(axes, layer, *pair)
        plain_logarithmic(axes, subs=(1.0, 2.0, 5.0))
        axes.margins(x=0.15, y=0.2)
        axes.set_xticks(range(1, max(map(len, sizes.values())) + 1))
        axes.set_xlabel("\n".join(["layer (the error stands to the right of the last one)", *complaints]))
        axes.set_ylabel("size of an entry")
        axes.grid(axis="x", visible=False)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, handlelength=3.5)
    return picture


def _size(entry: Entry) -> float:
    """Compute the root mean square of an array; nan for one that is malformed or has no such number."""
    if entry.values is None:
        return numpy.nan
    with numpy.errstate(over="ignore", invalid="ignore"):
        return float(numpy.sqrt(numpy.mean(entry.values**2)))


def _values(axes: Axes, layer: int, weights: float, biases: float) -> None:
    """Write the two sizes of a layer: the larger above its marker, the smaller below, clear of both lines."""
    for name, size, other in (("DW", weights, biases), ("DB", biases, weights)):
        fits, above = 0 < size < numpy.inf, not size < other
        # a logarithm has no place for zero and for what is no number: they stand at the bottom
        side = 0 if fits else -12 if name == "DW" else 12
        axes.annotate(
            written(size) if numpy.isfinite(size) else "×",
            (layer, size if fits else 0.04),
            (side, 9 if above and fits else -9 if fits else 0),
            xycoords="data" if fits else ("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="bottom" if above or not fits else "top",
            fontsize=9.5,
            color=LOOKS[name]["color"],
            path_effects=[patheffects.withStroke(linewidth=3, foreground=GROUND)],
        )
