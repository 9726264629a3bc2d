"""Draw data and a polynomial model of them, and below, what the model gets wrong."""

import numpy
from matplotlib.figure import Figure

from utils.pictures.numbers import Floats, Numbers, drawable, vector
from utils.pictures.picture import BLACK, BLUE, for_eyes, open_picture, our_style


@for_eyes
def show_fit(x: Numbers, y: Numbers, theta: Numbers) -> Figure:
    """Draw data and a polynomial model of them, and below, what the model gets wrong.

    Parameters
    ----------
    x, y
        The data, (N,) each, an array or a tensor of any floating type.
    theta
        The polynomial's coefficients, constant first: [a, b, c, d], (4,), likewise.

    Returns
    -------
    Figure
        Two panels that share the x axis. A notebook displays it by itself.
    """
    x, y, theta = vector(x, "x"), vector(y, "y"), vector(theta, "theta")
    if x.shape != y.shape:
        raise ValueError(f"x and y belong together, but have the shapes {x.shape} and {y.shape}")
    order = numpy.argsort(x)
    x, y = x[order], y[order]
    with numpy.errstate(over="ignore", invalid="ignore"):  # a model that diverged is drawn as gaps
        prediction = drawable(numpy.polynomial.polynomial.polyval(x, theta).astype(numpy.float64))
    residual = prediction - y

    formula = formula_of(theta)
    alt = f"{len(x)} data points and the model y = {formula}."
    alt += f" Sum of squared errors: {numpy.sum(residual**2):.6g}."
    picture = open_picture((8.0, 5.6), alt)
    with our_style():
        above, below = picture.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        above.plot(x, y, "o", color=BLUE, markersize=5, label=f"data, {len(x)} points")
        above.plot(x, prediction, "--", color=BLACK, label=f"model: {formula}")
        above.set_ylabel("y")
        above.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), handlelength=3.5)
        below.axhline(0.0, color=BLUE, linewidth=1.2)
        below.plot(x, residual, "--", color=BLACK)
        below.set_xlabel("x")
        below.set_ylabel("model − data")
    return picture


def formula_of(theta: Floats) -> str:
    """Write coefficients (K,) as a reader would: '0.0116 + 0.8104 x − 0.0020 x²'."""
    powers = ["", " x", " x²", " x³", *(f" x^{k}" for k in range(4, len(theta)))]
    terms = ""
    for value, power in zip(theta, powers, strict=False):
        sign = "−" if value < 0 else "+"
        lead = f" {sign} " if terms else sign.replace("+", "")
        size = abs(float(value))
        terms += lead + (f"{size:.4f}" if size < 1000 else f"{size:.3g}") + power
    return terms
