"""Provide what every picture shares: its colours, its alternative text, and that it is shown once."""

import base64
import functools
import html
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, ParamSpec, TypeVar, cast

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from utils.progress import autograding

P = ParamSpec("P")
R = TypeVar("R")

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
INK, MUTED, FAINT = "#22272E", "#5B6470", "#B4BFCA"
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

# From negative through zero to positive. The two halves are equally dark at equal distance from
# zero, so a picture in grey shows sizes, and pictures that use this mark the sign in a second way.
SIGNED = LinearSegmentedColormap.from_list("signed", ["#A84300", "#EFB88F", "#FFFFFF", "#A9CBE3", BLUE])


def ink_on(size: float) -> str:
    """Return the ink that stands out more on the SIGNED colour of a size from -1 to 1."""
    ground = _luminance(SIGNED(0.5 + 0.5 * size))
    dark, light = (_luminance(to_rgb(ink)) for ink in (INK, GROUND))
    return GROUND if (light + 0.05) * (dark + 0.05) > (ground + 0.05) ** 2 else INK


def _luminance(colour: Sequence[float]) -> float:
    """Return how light a colour is, 0 to 1, by the formula of the contrast rules for web pages."""
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3])
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


DOTS_PER_INCH = 100  # on the page
SHARPNESS = 1.5  # dots of the image for a dot of the page, as screens have more than they report


KINDS = {"png": "png", "svg": "svg+xml"}


class Picture(Figure):
    """A figure that a notebook shows exactly once, with a text for those who can't see it."""

    alt: str = ""
    form: Literal["png", "svg"] = "png"
    """Of the image in a notebook: a web of lines is a fifth as long as svg, others are shorter as png."""
    _printed: bytes = b""

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Return image and text for a notebook, which calls this for a cell's value or at its end.

        The notebook adds an image/png, as for every figure: for PDF, which shows no HTML. JupyterLab gives
        that one no alternative text; so the HTML comes first, and has one.
        """
        del include, exclude  # the notebook drops by itself what it does not want
        if self.form == "svg":
            content = self._file("svg")
        else:
            content = self._printed = self._file("png", SHARPNESS)
        self._leave()
        return {"text/html": self._image(address(content, self.form)), "text/plain": self.alt}

    def printed(self) -> bytes:
        """Return the PNG for paper, the one that was shown if there is one: drawing takes longest."""
        return self._printed or self._file("png")

    def _image(self, source: str) -> str:
        width, height = (round(inches * DOTS_PER_INCH) for inches in self.get_size_inches())
        return (
            f'<img alt="{html.escape(self.alt)}" width="{width}" height="{height}"'
            f' style="max-width: 100%; height: auto" src="{source}">'
        )

    def _file(self, form: Literal["png", "svg"], sharpness: float = 1.0) -> bytes:
        file = io.BytesIO()
        more: dict[str, Any] = {"metadata": {"Date": None}} if form == "svg" else {}
        with plt.rc_context({"svg.hashsalt": "picture", "svg.fonttype": "path"}):  # the same every time
            self.savefig(
                file,
                format=form,
                dpi=sharpness * DOTS_PER_INCH,
                facecolor=self.get_facecolor(),
                transparent=False,
                **more,
            )
        return file.getvalue()

    def _leave(self) -> None:
        """Prevent a second display, and leave the notebook its PNG."""
        # The notebook shows pyplot's open figures when a cell ends. This one has now been seen.
        plt.close(self)
        shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
        if shell is not None:  # its own way of making a PNG of a figure draws it two more times
            shell.display_formatter.formatters["image/png"].for_type(Picture, Picture.printed)


def address(content: bytes, form: str) -> str:
    """Return an image's bytes, as an address that holds them."""
    return f"data:image/{KINDS[form]};base64,{base64.b64encode(content).decode('ascii')}"


def for_eyes(draw: Callable[P, R]) -> Callable[P, R | None]:
    """Make a picture's function return None at once while a notebook is run to be marked."""

    @functools.wraps(draw)
    def drawn_if_seen(*arguments: P.args, **named: P.kwargs) -> R | None:
        return None if autograding() else draw(*arguments, **named)

    return drawn_if_seen


def open_picture(
    size: tuple[float, float],
    alt: str,
    *,
    layout: Literal["constrained"] | None = "constrained",
    kind: type[Picture] = Picture,
) -> Picture:
    """Open an empty picture of this size in inches; pyplot knows it, so a cell's end shows it.

    Call it before a style is entered: pyplot's first figure makes a notebook's pictures show
    themselves, by a setting that the end of a style would undo.
    """
    picture = cast(Picture, plt.figure(FigureClass=kind, figsize=size, facecolor=GROUND, layout=layout))
    picture.alt = alt
    return picture


def plain_logarithmic(axes: Axes, subs: tuple[float, ...] = (1.0,)) -> None:
    """Label a logarithmic y axis with plain numbers, without the minor ticks, which take longest to draw."""
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=subs))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.yaxis.set_minor_locator(NullLocator())


@contextmanager
def our_style() -> Iterator[None]:
    """Draw in the course's style, whatever the reader's own is, and restore that at the end."""
    with plt.style.context(["default", STYLE]):
        yield
