"""What the sheet's figures share: colours, arrows, and files that are the same bytes at every run."""

import io
from collections.abc import Callable
from typing import Final

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from PIL import Image

# Okabe and Ito's blue and vermilion, told apart with every kind of colour vision;
# the vermilion is a little darker than theirs, for contrast where it is text.
FORWARD: Final = "#0072B2"
BACKWARD: Final = "#BF4F00"
INK: Final = "#22272E"
MUTED: Final = "#5B6470"
EDGE: Final = "#B4BFCA"
FILL: Final = "#EAF3F9"

PIXELS: Final = 820  # as wide as the text of nbgrader's feedback page, which does not shrink pictures
COLOURS: Final = 96


def svg(draw: Callable[[], Figure], title: str) -> bytes:
    """Return a figure as SVG, text drawn as paths."""
    return _saved(draw, "svg", {"Title": title, "Date": None, "Creator": None})


def png(draw: Callable[[], Figure]) -> bytes:
    """Return a figure as PNG, `PIXELS` wide."""
    content = _saved(draw, "png", {"Software": None})
    file = io.BytesIO()
    # A palette makes the file a third as long, and the eye sees no difference.
    with Image.open(io.BytesIO(content)) as picture:
        palette = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    palette.save(file, format="PNG", optimize=True)
    return file.getvalue()


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Open a white figure, and on all of it axes that measure it in inches."""
    figure = Figure(figsize=(width, height), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return figure, axes


def _saved(draw: Callable[[], Figure], kind: str, metadata: dict[str, str | None]) -> bytes:
    file = io.BytesIO()
    with matplotlib.rc_context():
        # Whoever runs this may have settings of their own.
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "font.family": "DejaVu Sans",
                "mathtext.fontset": "dejavusans",
                "svg.fonttype": "path",
                # Names in the SVG are hashes; without a fixed salt they differ from run to run.
                "svg.hashsalt": "error backpropagation",
            }
        )
        figure = draw()
        figure.savefig(file, format=kind, dpi=PIXELS / figure.get_figwidth(), metadata=metadata)
    return file.getvalue()


def text(axes: Axes, x: float, y: float, words: str, size: float, color: str = INK) -> None:
    """Write words around a point."""
    axes.text(x, y, words, size=size, color=color, ha="center", va="center", zorder=4)


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], color: str, width: float) -> None:
    """Draw an arrow that ends exactly where it is told to."""
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=7 + 5 * width,
            shrinkA=0,
            shrinkB=0,
            color=color,
            lw=width,
            joinstyle="miter",
            zorder=3,
        )
    )
