"""Draw a fit and its loss, step by step: a slider takes the reader down the descent."""

from collections.abc import Mapping
from typing import cast

import numpy
from matplotlib.figure import Figure

from utils.pictures.fit import formula_of
from utils.pictures.flip_book import FlipBook
from utils.pictures.numbers import Numbers, drawable, vector
from utils.pictures.picture import (
    BLACK,
    BLUE,
    GROUND,
    VERMILLION,
    for_eyes,
    open_picture,
    our_style,
    plain_logarithmic,
)

MOST = 12  # pages; a notebook's file holds them all


@for_eyes
def show_descent(x: Numbers, y: Numbers, thetas: Mapping[int, Numbers], losses: Numbers) -> Figure:
    """Draw how a polynomial comes to fit its data, with a slider that goes through the steps.

    Parameters
    ----------
    x, y
        The data, (N,) each, an array or a tensor of any floating type.
    thetas
        For some of the steps the coefficients after so many steps, constant first, (K,) each. Of more than
        12, some are left out.
    losses
        The loss at every step, (steps,), an array, a tensor or a list of floats.

    Returns
    -------
    Figure
        Two panels: data and model, and the loss so far. A notebook displays it by itself, and
        goes on showing it where there is no kernel. Printed, it shows the last step.
    """
    x, y, losses = vector(x, "x"), vector(y, "y"), vector(losses, "losses")
    if x.shape != y.shape:
        raise ValueError(f"x and y belong together, but have the shapes {x.shape} and {y.shape}")
    if not thetas or not len(losses):
        raise ValueError("There is no step to show: give the parameters of one at least, and the losses")
    steps = sorted(thetas)
    if len(steps) > MOST:
        steps = [steps[k] for k in numpy.linspace(0, len(steps) - 1, MOST).round().astype(int)]
    order = numpy.argsort(x)
    x, y = x[order], y[order]
    with numpy.errstate(over="ignore", invalid="ignore"):  # a model that diverged is drawn as gaps
        values = [vector(thetas[step], f"thetas[{step}]") for step in steps]
        models = [drawable(numpy.polynomial.polynomial.polyval(x, theta).astype(float)) for theta in values]
        reached = [float(numpy.sum((model - y) ** 2)) for model in models]

    picture = cast(FlipBook, open_picture((8.4, 3.8), "", layout=None, kind=FlipBook))
    with our_style():
        left, right = picture.subplots(1, 2, width_ratios=(3, 2))
        picture.subplots_adjust(0.08, 0.15, 0.98, 0.88, wspace=0.34)
        left.plot(x, y, "-", color=BLUE, linewidth=4, alpha=0.5, label=f"data, {len(x)} points")
        (curve,) = left.plot(x, models[0], "--", color=BLACK, label="model")
        height = 1.4 * float(numpy.abs(y).max(initial=0.0)) or 1.0
        left.set_ylim(-1.6 * height, 1.6 * height)
        left.set(xlabel="x", ylabel="y")
        left.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, handlelength=3)
        right.plot(numpy.where(losses > 0, drawable(losses), numpy.nan), color=BLUE)
        (here,) = right.plot(
            [], [], "o", color=VERMILLION, markersize=11, markeredgecolor=GROUND, clip_on=False
        )
        plain_logarithmic(right)
        right.set(xlabel="step t", ylabel="loss L (logarithmic scale)")

    def turn(page: int) -> tuple[str, str]:
        curve.set_ydata(models[page])
        here.set_data([steps[page]], [reached[page]])
        words = f"after {steps[page]} steps, loss {reached[page]:.6g}"
        return words, f"{words[0].upper()}{words[1:]}: the model is y = {formula_of(values[page])}."

    picture.label = "steps of the descent"
    picture.moving, picture.turn, picture.pages = (curve, here), turn, len(steps)
    _, last = turn(len(steps) - 1)
    first = f"{reached[0]:.6g} after {steps[0]} steps"
    picture.alt = (
        f"A polynomial fitted to {len(x)} data points, and its loss by step on a logarithmic scale, "
        f"{len(steps)} pages to turn. The loss is {first}. {last}"
    )
    return picture
