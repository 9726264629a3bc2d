"""Draw who looks at whom: words above, the same words below, and a line for every look between them."""

from collections.abc import Sequence

import numpy
from matplotlib.figure import Figure

from utils.pictures.numbers import Floats, Numbers, array, written
from utils.pictures.picture import BLUE, FAINT, GROUND, INK, for_eyes, open_picture, our_style

WIDEST = 9.0  # points, of the line of a look that takes all
LEAST = 0.02  # what is less is not drawn
HIGH = 0.86  # where numbers stand, above the crossings
TOLD = 0.3  # what is more has its number beside it


@for_eyes
def show_looks(P: Numbers, words: Sequence[object]) -> Figure:
    """Draw how much each word, in the upper line, looks at each word in the lower one.

    Parameters
    ----------
    P
        P[t, s], how much word t looks at word s, (T, T), an array or a tensor; rows sum to 1.
    words
        The T words.

    Returns
    -------
    Figure
        One panel: the more a word is looked at, the wider the line. A notebook displays it by itself.
    """
    looks = array(P)
    if looks.shape != (len(words), len(words)):
        raise ValueError(f"P should have the shape {(len(words), len(words))}, but has {looks.shape}")
    picture = open_picture((1.0 + 1.5 * len(words), 3.0), _text(looks, words))
    with our_style():
        axes = picture.subplots()
        for (t, s), look in numpy.ndenumerate(looks):
            if look > LEAST:
                axes.plot([t, s], [1, 0], color=BLUE, alpha=0.25 + 0.75 * look, linewidth=WIDEST * look)
            if look > TOLD:
                right = t + (1 - HIGH) * (s - t) + 0.06
                under = {"facecolor": GROUND, "edgecolor": "none", "pad": 1.5}
                axes.text(right, HIGH, f"{look:.2f}", color=INK, fontsize=9, va="center", bbox=under)
        for number, word in enumerate(words):
            for height, side in ((1.06, "bottom"), (-0.06, "top")):
                axes.text(number, height, str(word), ha="center", va=side, color=INK, fontsize=12)
        axes.plot(range(len(words)), [1] * len(words), "o", color=FAINT, markersize=6)
        axes.plot(range(len(words)), [0] * len(words), "o", color=FAINT, markersize=6)
        axes.set_xlim(-0.5, len(words) - 0.5)
        axes.set_ylim(-0.3, 1.3)
        axes.set_axis_off()
    return picture


def _text(looks: Floats, words: Sequence[object]) -> str:
    message = []
    for word, row in zip(words, looks, strict=True):
        shares = [f"{other} {written(look)}" for other, look in zip(words, row, strict=True) if look > LEAST]
        message.append(f"{word} looks at {', '.join(shares)}")
    return f"Lines between two lines of words. {'; '.join(message)}."
