"""Draw rows of 8 × 8 pixels: handwritten digits with what was read in them, and weights as pictures."""

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from utils.pictures.numbers import Floats, Numbers, array, written
from utils.pictures.picture import FAINT, INK, SIGNED, VERMILLION, Picture, for_eyes, open_picture, our_style

SIDE = 8  # pixels
ACROSS = 10  # pictures in a row


@for_eyes
def show_digits(X: Numbers, t: Numbers, P: "Numbers | None" = None) -> Figure:
    """Draw handwritten digits; with probabilities, also which class is the likeliest, and how likely it is.

    A digit that is not read as what it is has a frame, and its caption an exclamation mark.

    Parameters
    ----------
    X
        The pixels, (N, 64), a digit a row, from 0 (paper) to 1 (ink).
    t
        Which digit each of them is, (N,), whole numbers.
    P
        The probability of each class, (N, 10).

    Returns
    -------
    Figure
        A picture a digit, ten in a row. A notebook displays it by itself.
    """
    pixels, classes = array(X), array(t).astype(int)
    likeliest = None if P is None else array(P).argmax(axis=1)
    captions = [str(k) for k in classes]
    if likeliest is not None:
        sure = array(P).max(axis=1)
        captions = [
            f"{k} → {read}{'' if k == read else '!'}\n{certain:.0%}"
            for k, read, certain in zip(classes, likeliest, sure, strict=True)
        ]
    alt = f"{len(pixels)} handwritten digits: {', '.join(map(str, classes))}."
    if likeliest is not None:
        alt += f" They are read as {', '.join(map(str, likeliest))}."
    picture, panels = _sheet(len(pixels), alt, 1.35 if likeliest is not None else 1.15)
    with our_style():
        for k, axes in enumerate(panels):
            axes.imshow(pixels[k].reshape(SIDE, SIDE), cmap="gray_r", vmin=0, vmax=1)
            wrong = likeliest is not None and likeliest[k] != classes[k]
            _finish(axes, captions[k], VERMILLION if wrong else FAINT, 2.5 if wrong else 0.8)
    return picture


@for_eyes
def show_units(columns: Numbers) -> Figure:
    """Draw the columns of an array whose rows are pixels, each as a picture: weights, or their gradient.

    Blue pixels are positive, red ones negative, all on one scale; below each stands its largest size.

    Parameters
    ----------
    columns
        (64, K): a column for each unit, such as W1 or DW1.

    Returns
    -------
    Figure
        A picture a unit, ten in a row. A notebook displays it by itself.
    """
    values = array(columns)
    if values.ndim != 2 or len(values) != SIDE * SIDE:
        raise ValueError(f"a unit needs {SIDE * SIDE} rows, one a pixel, but the shape is {values.shape}")
    sizes: Floats = numpy.abs(values).max(axis=0)
    scale = float(sizes.max()) or 1.0
    largest: NDArray[numpy.intp] = numpy.abs(values).argmax(axis=0)
    alt = f"{values.shape[1]} units as pictures of {SIDE} × {SIDE} pixels. " + " ".join(
        f"Unit {k}: largest {written(values[pixel, k])} in row {pixel // SIDE}, column {pixel % SIDE}."
        for k, pixel in enumerate(largest)
    )
    picture, panels = _sheet(values.shape[1], alt, 1.2)
    with our_style():
        for k, axes in enumerate(panels):
            axes.imshow(values[:, k].reshape(SIDE, SIDE), cmap=SIGNED, vmin=-scale, vmax=scale)
            _finish(axes, written(sizes[k]), FAINT, 0.8)
    return picture


def _sheet(count: int, alt: str, height: float) -> tuple[Picture, list[Axes]]:
    """Open a picture with a panel for each of so many, ten in a row."""
    rows = max(1, -(-count // ACROSS))
    picture = open_picture((8.4, height * rows), alt)
    with our_style():
        panels = picture.subplots(rows, ACROSS, squeeze=False).ravel()
    for axes in panels[count:]:
        axes.set_axis_off()
    return picture, list(panels[:count])


def _finish(axes: Axes, caption: str, edge: str, width: float) -> None:
    """Take away what a picture of pixels does not need, and write below it."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.set_xlabel(caption, fontsize=9.5, color=INK)
    for spine in axes.spines.values():
        spine.set(visible=True, edgecolor=edge, linewidth=width)
