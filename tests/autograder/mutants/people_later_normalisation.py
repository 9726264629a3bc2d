"""Wrong answers to assignment 05 that had no name, or a wrong one, when people first wrote them."""

from __future__ import annotations

from tests.autograder.mutants.people_normalisation import (
    DX_ROWS,
    DX_SQUARES,
    DX_STAGES,
    GAMMA,
    evaluated,
    rows,
    squares,
    stages,
)

BY_LINES = """
ivar = 1 / S
dvar = -0.5 * (DH * (X - M) * {power}).sum(axis=1, keepdims=True)
dmean = -(DH * ivar).sum(axis=1, keepdims=True) - 2 * dvar * {distance}.mean(axis=1, keepdims=True)
DX = DH * ivar + 2 / D * dvar * (X - M) + dmean / D
"""
ANEW = """
own = X - X.mean(axis=1, keepdims=True)
root = np.sqrt((own**2).mean(axis=1, keepdims=True))
H = own / root
DH = DY * G
DX = DH - DH.mean(axis=1, keepdims=True)
DX = (DX - H * (DH * H).mean(axis=1, keepdims=True)) / root
"""
MOVING = """
spread, centre = {new} * S + {old} * RS, {new} * M + {old} * RM
U = (X - centre) / spread
DX = (DH - DH.mean(axis=0) - U * (DH * U).mean(axis=0)) / spread
"""


def by_lines(power: str, distance: str) -> tuple[str, str]:
    """Put a layer normalisation's backward pass, through variance and mean, in the place of one line."""
    return DX_ROWS, BY_LINES.strip().format(power=power, distance=distance)


FOUND = [
    # what is N times too large has no error above it that would be a mean
    stages(
        "N in front of the gradient, and sums",
        "wrong-scale@DX",
        4,
        (DX_STAGES, "DX = (N * DH - DB * G - H * DG * G) / S"),
    ),
    stages("N times too large at the end", "wrong-scale@DX", 4, (DX_STAGES, "DX = N * (dx1 + dx2)")),
    # one path
    rows("the variance's exponent on S", "wrong-power-of-deviation@DX", 4, by_lines("S**-1.5", "(X - M)")),
    rows("x itself in the mean of the distances", "raw-for-normalised@DX", 4, by_lines("S**-3", "X")),
    rows("every entry by itself", "diagonal-alone@DX", 4, (DX_ROWS, "DX = DH * (D - 1 - H * H) / (D * S)")),
    squares("every entry by itself", "diagonal-alone@DX", 3, (DX_SQUARES, "DX = DH * (D - H * H) / (D * S)")),
    stages(
        "one variance for all columns",
        "statistics-along-wrong-axis@DX",
        4,
        ("divar = (DH * xmu).sum(axis=0)", "divar = (DH * xmu).sum()"),
    ),
    stages(
        "one variance for all columns, S with it",
        "statistics-along-wrong-axis@DX",
        4,
        ("dvar = 0.5 / S * dsqrtvar", "dvar = np.sum(-0.5 * DH * xmu * ivar**3)"),
    ),
    # other statistics
    rows(
        "a deviation without eps",
        "eps-left-out@DG eps-left-out@DX",
        2,
        ("DH = DY * G", ANEW.strip()),
        (DX_ROWS, ""),
    ),
    squares(
        "a root without eps",
        "eps-left-out@DX",
        3,
        (DX_SQUARES, "r = np.sqrt(np.mean(X * X, axis=1, keepdims=True))\nDX = (DH - H * c) / r"),
    ),
    squares(
        "a row's length",
        "length-for-deviation@DX",
        3,
        (
            DX_SQUARES,
            "long = np.sqrt((X * X).sum(axis=1, keepdims=True))\n"
            "DX = DH / long - X * (DH * X).sum(axis=1, keepdims=True) / long**3",
        ),
    ),
    stages(
        "a tenth of the new statistics",
        "running-statistics-blended@DX",
        4,
        (DX_STAGES, MOVING.strip().format(new=0.1, old=0.9)),
    ),
    stages(
        "a tenth of the old statistics",
        "running-statistics-blended@DX",
        4,
        (DX_STAGES, MOVING.strip().format(new=0.9, old=0.1)),
    ),
    # when training is over
    evaluated(
        "the gradient's mean taken away",
        "batch-statistics-in-evaluation@DX",
        1,
        ("DX = DY * G / RS", "DX = G * (DY - DY.mean(axis=0)) / RS"),
    ),
    evaluated(
        "the path through the deviation",
        "batch-statistics-in-evaluation@DX",
        1,
        ("DX = DY * G / RS", "DX = G * (DY - H * (DY * H).mean(axis=0)) / RS"),
    ),
    evaluated(
        "eps under a second root",
        "eps-added-again@DG eps-added-again@DX",
        0,
        ("H = (X - RM) / RS", "RS = (RS * RS + eps) ** 0.5\nH = (X - RM) / RS"),
    ),
    # what comes in once too often
    rows("gamma squared", "factor-twice@DH", 9, ("DH = DY * G", "DH = DY * G * G")),
    rows("a way around, of the gradient", "upstream-added@DX", 4, (DX_ROWS, f"{DX_ROWS}\nDX += DY")),
    squares("one added to the weight", "upstream-added@DH", 7, ("DH = DY * G", "DH = DY + DY * G")),
    squares(
        "one added to the weight, and in gamma's a mean",
        "upstream-added@DH mean-twice@DG",
        5,
        ("DH = DY * G", "DH = DY * (G + 1)"),
        (GAMMA, "DG = (DY * H).mean(axis=0)"),
    ),
    # sums, and what they are made of
    squares(
        "all rows in the sum",
        "added-up-over-others@DX",
        3,
        (
            DX_SQUARES,
            "along = (DH * X).sum(axis=1, keepdims=True)\nDX = DH / S - (along * X).sum(axis=0) / (D * S**3)",
        ),
    ),
    squares(
        "D twice, and a power of S too few",
        "wrong-power-of-deviation@DX",
        3,
        (DX_SQUARES, "DX = DH / S - X * (X * DH).mean(axis=1, keepdims=True) / (D * S**2)"),
    ),
    squares("D twice", "wrong-count@DX", 3, (DX_SQUARES, "DX = (DH - H * c / D) / S")),
    stages(
        "sums that are still being made, and a mean",
        "sums-not-finished@DX mean-twice@DB",
        3,
        ("DB = DY.sum(axis=0)", "DB = DY.mean(axis=0)"),
        (DX_STAGES, "U = np.cumsum(DH, axis=0) / N\nDX = (DH - U - H * np.cumsum(DH * H, axis=0) / N) / S"),
    ),
    rows(
        "the mean taken away from H",
        "wrong-operand@DX",
        4,
        (DX_ROWS, BY_LINES.strip().replace("X - M", "H - M").format(power="S**-3", distance="(H - M)")),
    ),
    rows(
        "a step of gamma before it is needed",
        "mutates-input@G weights-updated@DH",
        6.75,
        ("DH = DY * G", "G -= 0.01 * (DY * H).sum(axis=0)\nDH = DY * G"),
    ),
    rows(
        "beta inside H, for good",
        "mutates-input@H unrecognised@DG",
        6,
        (GAMMA, "H += B\nDG = (DY * H).sum(axis=0)"),
    ),
    evaluated(
        "shifts undone on the way back",
        "unrecognised@DX",
        1,
        ("DX = DY * G / RS", "DX = (DY - B) * G / RS + RM"),
    ),
]
