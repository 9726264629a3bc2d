"""The figure before the first formula: an expression as a graph, with values, slopes, and sums over paths.

    python -m autograder.assignments.04_an_engine_of_your_own.figure files

The numbers are those of the notebook's text. It is drawn as the notebook draws a student's own gradients.
"""

import io
import sys
from pathlib import Path
from typing import Final, cast

import matplotlib
import numpy as np
from matplotlib.patches import Patch
from PIL import Image

from utils.pictures import show_tape
from utils.pictures.flip_book import FlipBook

NAMES: Final = ("a", "b", "c", "d", "e")
PARENTS: Final = ((-1, -1), (-1, -1), (0, 1), (2, 0), (3, 2))
VALUES: Final = (3.0, -5.0, -15.0, -12.0, 180.0)
SLOPES: Final = ((0.0, 0.0), (0.0, 0.0), (-5.0, 3.0), (1.0, 1.0), (-15.0, -12.0))
GRADIENTS: Final = (120.0, -81.0, -27.0, -15.0, 1.0)
PIXELS: Final = 820  # as wide as the text of nbgrader's feedback page, which does not shrink pictures
COLOURS: Final = 64


def png() -> bytes:
    """Return the figure as PNG, the same bytes at every run."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.use("agg", force=False)
        picture = show_tape(np.array(PARENTS), np.array(SLOPES), GRADIENTS, NAMES, VALUES)
        assert picture is not None, "nothing is drawn while a notebook is marked"
        for artist in cast(FlipBook, picture).moving:  # no edge is followed here: all sums are there
            if isinstance(artist, Patch):
                artist.set_visible(False)
        file = io.BytesIO()
        metadata = {"Software": None}
        picture.savefig(
            file, dpi=PIXELS / picture.get_figwidth(), facecolor=picture.get_facecolor(), metadata=metadata
        )
    found = io.BytesIO()
    with Image.open(file) as whole:
        palette = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    palette.save(found, format="PNG", optimize=True)
    return found.getvalue()


if __name__ == "__main__":
    (Path(sys.argv[1]) / "tape.png").write_bytes(png())
