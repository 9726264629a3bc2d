"""Pictures of a fit and of its losses, for the notebook on gradient descent."""

import base64
import html
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import matplotlib.pyplot as plt
import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

if TYPE_CHECKING:  # exercise 1 runs without torch, and its import takes longest of all
    import torch

Numbers: TypeAlias = "NDArray[numpy.floating] | torch.Tensor | Sequence[float]"

# Okabe and Ito's colours stay apart for colour-blind readers; of them, these have enough contrast
# with the light ground. The dashes alone tell the lines apart, too, in print or on a grey screen.
BLUE, VERMILLION, GREEN, BLACK = "#0072B2", "#D55E00", "#009E73", "#000000"
LINES: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "linestyle": "-"},
    {"color": VERMILLION, "linestyle": "--"},
    {"color": GREEN, "linestyle": "-."},
    {"color": BLACK, "linestyle": ":"},
)

# The picture brings its own light ground and dark ink, so that it reads the same in a dark theme.
GROUND = "#FCFCFA"
STYLE = {
    "axes.facecolor": GROUND,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "#DDDDD8",
    "font.size": 11,
    "legend.framealpha": 1.0,
    "legend.facecolor": GROUND,
    "legend.edgecolor": "#BBBBB5",
    "lines.linewidth": 2.2,
}

DOTS_PER_INCH = 100  # on the page
SHARPNESS = 1.5  # dots of the image for a dot of the page, as screens have more than they tell


class Picture(Figure):
    """A figure that a notebook shows exactly once, with a text for those who can't see it."""

    alt: str = ""

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Image and text for a notebook, which calls this for a cell's value or at its end.

        The notebook adds the image/png that it makes of every figure: for PDF, which shows no HTML.
        JupyterLab gives that one no alternative text; so the HTML comes first, and has one.
        """
        del include, exclude  # the notebook drops by itself what it does not want
        file = io.BytesIO()
        dots = SHARPNESS * DOTS_PER_INCH
        self.savefig(file, dpi=dots, facecolor=self.get_facecolor(), transparent=False)
        # The notebook shows pyplot's open figures when a cell ends. This one has now been seen.
        plt.close(self)
        width, height = (round(inches * DOTS_PER_INCH) for inches in self.get_size_inches())
        image = (
            f'<img alt="{html.escape(self.alt)}" width="{width}" height="{height}"'
            ' style="max-width: 100%; height: auto"'
            f' src="data:image/png;base64,{base64.b64encode(file.getvalue()).decode("ascii")}">'
        )
        return {"text/html": image, "text/plain": self.alt}


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
        Two panels that share the x axis. A notebook shows it without further ado.
    """
    x, y, theta = _vector(x, "x"), _vector(y, "y"), _vector(theta, "theta")
    if x.shape != y.shape:
        raise ValueError(f"x and y belong together, but have the shapes {x.shape} and {y.shape}")
    order = numpy.argsort(x)
    x, y = x[order], y[order]
    with numpy.errstate(over="ignore", invalid="ignore"):  # a model that diverged is drawn as gaps
        prediction = _drawable(numpy.polynomial.polynomial.polyval(x, theta).astype(numpy.float64))
    residual = prediction - y

    formula = _formula(theta)
    alt = f"{len(x)} data points and the model y = {formula}."
    alt += f" Sum of squared errors: {numpy.sum(residual**2):.6g}."
    picture = _picture((8.0, 5.6), alt)
    with plt.style.context(["default", STYLE]):
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


def show_losses(losses: Mapping[str, Numbers], optimum: float | None = None) -> Figure:
    """Draw how the loss of one or more runs goes from step to step, on a logarithmic scale.

    Parameters
    ----------
    losses
        For each run its label and its losses, (steps,), an array, a tensor or a list of floats.
        What a logarithmic scale can't hold (zero, infinity, nan) leaves a gap.
    optimum
        The smallest loss there is, drawn as a level line where it is given.

    Returns
    -------
    Figure
        One panel. A notebook shows it without further ado.
    """
    curves = {label: _vector(run, f"losses of {label!r}") for label, run in losses.items()}
    alt = "Loss by step on a logarithmic scale. " + " ".join(
        f"{label}: {_course(curve)}." for label, curve in curves.items()
    )
    if optimum is not None:
        alt += f" Level line: the least loss possible, {optimum:.6g}."
    picture = _picture((8.0, 4.4), alt)
    with plt.style.context(["default", STYLE]):
        axes: Axes = picture.subplots()
        for (label, curve), line in zip(curves.items(), cycle(LINES), strict=False):
            drawn = numpy.where(curve > 0, _drawable(curve), numpy.nan)
            axes.plot(numpy.arange(len(drawn)), drawn, label=label, **line)
        if optimum is not None:
            level = f"least loss possible: {optimum:.7g}"
            axes.axhline(optimum, color=BLACK, linewidth=1.2, linestyle=(0, (1, 2)), label=level)
        axes.set_yscale("log")
        axes.set_xlabel("step t")
        axes.set_ylabel("loss L (logarithmic scale)")
        if axes.get_legend_handles_labels()[1]:
            axes.legend(handlelength=3.5)
    return picture


def _picture(size: tuple[float, float], alt: str) -> Picture:
    """Open an empty picture of this size in inches; pyplot knows it, so a cell's end shows it.

    Call it before a style is entered: pyplot's first figure makes a notebook's pictures show
    themselves, by a setting that the end of a style would take back.
    """
    figure = plt.figure(FigureClass=Picture, figsize=size, facecolor=GROUND, layout="constrained")
    picture = cast(Picture, figure)
    picture.alt = alt
    return picture


def _vector(values: Numbers, name: str) -> NDArray[numpy.float64]:
    """Return (K,) float64 of an array, a tensor that may still be differentiated, or a list."""
    if isinstance(values, Sequence):  # a list may hold losses that are still tensors
        values = [_plain(value) for value in values]
    elif not isinstance(values, numpy.ndarray):
        values = _plain(values).cpu().double().numpy()
    vector = numpy.asarray(values, dtype=numpy.float64)
    if vector.ndim != 1:
        raise ValueError(f"{name} should be a vector, but has the shape {vector.shape}")
    return vector


def _plain(value: Any) -> Any:  # noqa: ANN401  a number, an array or a tensor
    """Take a tensor off its graph; everything else stays as it is."""
    return value.detach() if hasattr(value, "detach") else value


def _drawable(values: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """Return (K,) float64 with nan, drawn as a gap, for what is infinite or beyond any scale."""
    return numpy.where(numpy.abs(values) < 1e100, values, numpy.nan)


def _formula(theta: NDArray[numpy.float64]) -> str:
    """Write coefficients (K,) as a reader would: '0.0116 + 0.8104 x − 0.0020 x²'."""
    powers = ["", " x", " x²", " x³", *(f" x^{k}" for k in range(4, len(theta)))]
    terms = ""
    for value, power in zip(theta, powers, strict=False):
        sign = "−" if value < 0 else "+"
        lead = f" {sign} " if terms else sign.replace("+", "")
        size = abs(float(value))
        terms += lead + (f"{size:.4f}" if size < 1000 else f"{size:.3g}") + power
    return terms


def _course(curve: NDArray[numpy.float64]) -> str:
    """Tell in words where a curve of losses (steps,) begins, turns and ends."""
    if not len(curve):
        return "no steps"
    words = f"from {curve[0]:.6g}"
    if numpy.isfinite(curve).any():
        lowest = int(numpy.nanargmin(curve))
        if 0 < lowest < len(curve) - 1:
            words += f", lowest {curve[lowest]:.6g} at step {lowest},"
    return f"{words} to {curve[-1]:.6g} at step {len(curve) - 1}"
