"""Wrong answers to assignment 05 as people write them.

What stands in public questions, bug reports and reviews of normalisation layers, and in solutions of courses,
in our signatures. One style goes line by line, the other is the one expression that comes out on paper.
"""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import otherwise

LAYER, BATCH, EVALUATION, ROOT = (("05", f"exercise{number}") for number in (1, 2, 3, 4))
HEADS = {
    LAYER: "def exercise1(X, G, B, eps, M, S, H, DY):",
    BATCH: "def exercise2(X, G, B, eps, M, S, H, RM, RS, DY):",
    EVALUATION: "def exercise3(X, G, B, eps, M, S, RM, RS, DY):",
    ROOT: "def exercise4(X, G, eps, S, H, DY):",
}

ROWS = """
N, D = X.shape
DH = DY * G
a = DH.mean(axis=1, keepdims=True)
b = (DH * H).mean(axis=1, keepdims=True)
DX = (DH - a - H * b) / S
DG = (DY * H).sum(axis=0)
DB = DY.sum(axis=0)
return DH, DX, DG, DB
"""
STAGES = """
N, D = X.shape
xmu = X - M
ivar = 1 / S
DB = DY.sum(axis=0)
DG = (DY * H).sum(axis=0)
DH = DY * G
divar = (DH * xmu).sum(axis=0)
dxmu1 = DH * ivar
dsqrtvar = -1 / S**2 * divar
dvar = 0.5 / S * dsqrtvar
dsq = np.ones((N, D)) / N * dvar
dxmu2 = 2 * xmu * dsq
dx1 = dxmu1 + dxmu2
dmu = -(dxmu1 + dxmu2).sum(axis=0)
dx2 = np.ones((N, D)) / N * dmu
DX = dx1 + dx2
return DH, DX, DG, DB
"""
EVALUATED = """
H = (X - RM) / RS
DX = DY * G / RS
DG = (DY * H).sum(axis=0)
return DX, DG
"""
SQUARES = """
N, D = X.shape
DH = DY * G
c = (DH * H).mean(axis=1, keepdims=True)
DX = (DH - H * c) / S
DG = (DY * H).sum(axis=0)
return DH, DX, DG
"""
DX_ROWS = "DX = (DH - a - H * b) / S"
DX_STAGES = "DX = dx1 + dx2"
DX_SQUARES = "DX = (DH - H * c) / S"
GAMMA = "DG = (DY * H).sum(axis=0)"
BETA = "DB = DY.sum(axis=0)"


rows = partial(otherwise, LAYER, ROWS)
stages = partial(otherwise, BATCH, STAGES)
evaluated = partial(otherwise, EVALUATION, EVALUATED)
squares = partial(otherwise, ROOT, SQUARES)
NORMALISATIONS = [
    # rows
    rows("mean and deviation as numbers", "statistics-as-constants@DX", 4, (DX_ROWS, "DX = DH / S")),
    rows("no mean of the gradient", "missing-mean-path@DX", 4, (DX_ROWS, "DX = (DH - H * b) / S")),
    rows("no part of the variance", "missing-variance-path@DX", 4, (DX_ROWS, "DX = (DH - a) / S")),
    rows("gamma forgotten", "factor-missing@DH", 9, ("DH = DY * G", "DH = DY")),
    rows(
        "gamma forgotten behind DH",
        "wrong-upstream@DX",
        4,
        (DX_ROWS, "d = DY\nDX = (d - d.mean(1, keepdims=True) - H * (d * H).mean(1, keepdims=True)) / S"),
    ),
    rows(
        "gamma put in front",
        "gamma-outside-the-means@DX",
        4,
        (DX_ROWS, "d = DY\nDX = G / S * (d - d.mean(1, keepdims=True) - H * (d * H).mean(1, keepdims=True))"),
    ),
    rows("gamma once more", "gamma-outside-the-means@DX", 4, (DX_ROWS, f"{DX_ROWS} * G")),
    rows(
        "sums, undivided",
        "sum-for-mean@DX",
        4,
        ("DH.mean(axis=1", "DH.sum(axis=1"),
        ("(DH * H).mean(axis=1", "(DH * H).sum(axis=1"),
    ),
    rows("one of the two a sum", "sum-for-mean@DX", 4, ("(DH * H).mean(axis=1", "(DH * H).sum(axis=1")),
    rows(
        "D times, and never divided by D",
        "wrong-scale@DX",
        4,
        (DX_ROWS, "DX = (D * DH - D * a - D * H * b) / S"),
    ),
    rows(
        "a batch normalisation's formula",
        "statistics-along-wrong-axis@DX",
        4,
        ("DH.mean(axis=1", "DH.mean(axis=0"),
        ("(DH * H).mean(axis=1", "(DH * H).mean(axis=0"),
    ),
    rows(
        "means of everything",
        "statistics-along-wrong-axis@DX",
        4,
        ("DH.mean(axis=1, keepdims=True)", "DH.mean()"),
        ("(DH * H).mean(axis=1, keepdims=True)", "(DH * H).mean()"),
    ),
    rows(
        "divided by N",
        "wrong-count@DX",
        4,
        ("DH.mean(axis=1, keepdims=True)", "DH.sum(axis=1, keepdims=True) / N"),
        ("(DH * H).mean(axis=1, keepdims=True)", "(DH * H).sum(axis=1, keepdims=True) / N"),
    ),
    rows(
        "D - 1 in the backward pass",
        "unbiased-in-backward-only@DX",
        4,
        ("(DH * H).mean(axis=1, keepdims=True)", "(DH * H).sum(axis=1, keepdims=True) / (D - 1)"),
    ),
    rows(
        "torch.var's own deviation",
        "unbiased-variance@DX",
        4,
        (
            DX_ROWS,
            "S = np.sqrt(X.var(axis=1, ddof=1, keepdims=True) + eps)\nh = (X - M) / S\n"
            "b = (DH * h).sum(1, keepdims=True) / (D - 1)\nDX = (DH - a - h * b) / S",
        ),
    ),
    rows("plus for minus", "path-wrong-scale@DX", 4, (DX_ROWS, "DX = (DH - a + H * b) / S")),
    rows("plus for both", "path-wrong-scale@DX", 4, (DX_ROWS, "DX = (DH + a + H * b) / S")),
    rows(
        "half of the variance's part", "path-wrong-scale@DX", 4, (DX_ROWS, "DX = (DH - a - 0.5 * H * b) / S")
    ),
    rows("by the variance", "root-missing@DX", 4, (DX_ROWS, "DX = (DH - a - H * b) / S**2")),
    rows("times the deviation", "root-inverted@DX", 4, (DX_ROWS, "DX = (DH - a - H * b) * S")),
    rows("not divided", "deviation-missing@DX", 4, (DX_ROWS, "DX = DH - a - H * b")),
    rows("x for x hat", "raw-for-normalised@DX", 4, ("b = (DH * H)", "b = (DH * X)"), ("H * b", "X * b")),
    rows(
        "centred for normalised",
        "wrong-power-of-deviation@DX",
        4,
        (DX_ROWS, "C = X - M\nDX = (DH - a - C * (DH * C).mean(1, keepdims=True)) / S"),
    ),
    rows(
        "the exponent of the variance, -1/2",
        "wrong-power-of-deviation@DX",
        4,
        (
            DX_ROWS,
            "dv = (DH * (X - M)).sum(1, keepdims=True) * -0.5 / S\nDX = (DH - a) / S + dv * 2 * (X - M) / D",
        ),
    ),
    rows(
        "H not divided, and eps outside",
        "unrecognised@DX",
        4,
        (DX_ROWS, "s = np.sqrt(X.var(axis=1, keepdims=True)) + eps\nDX = (DH - a - H * b) / s"),
    ),
    rows("gamma's gradient from x", "wrong-operand@DG", 8, (GAMMA, "DG = (DY * X).sum(axis=0)")),
    rows("beta's gradient for gamma's", "factor-missing@DG", 8, (GAMMA, "DG = DY.sum(axis=0)")),
    rows("gamma's a mean", "mean-twice@DG", 8, (GAMMA, "DG = (DY * H).mean(axis=0)")),
    rows(
        "both of them means",
        "mean-twice@DG mean-twice@DB",
        7,
        (GAMMA, "DG = (DY * H).mean(axis=0)"),
        (BETA, "DB = DY.mean(axis=0)"),
    ),
    rows("gamma's not summed", "not-summed@DG", 8, (GAMMA, "DG = DY * H")),
    rows("gamma's along the row", "summed-over-wrong-axis@DG", 8, (GAMMA, "DG = (DY * H).sum(axis=1)")),
    rows("gamma in beta", "gamma-in-beta@DB", 9, (BETA, "DB = DH.sum(axis=0)")),
    rows("gamma's never written", "zero@DG", 8, (GAMMA, "DG = np.zeros(D)")),
    rows("gamma's with an axis", "extra-axis@DG", 8, (GAMMA, "DG = (DY * H).sum(axis=0, keepdims=True)")),
    rows("gamma's divided by gamma", "unrecognised@DG", 8, (GAMMA, "DG = (DY * H / G).sum(axis=0)")),
    # columns, line by line
    stages("dx2 forgotten", "missing-mean-path@DX", 4, (DX_STAGES, "DX = dx1")),
    stages(
        "dxmu2 forgotten",
        "missing-variance-path@DX",
        4,
        ("dx1 = dxmu1 + dxmu2", "dx1 = dxmu1"),
        ("-(dxmu1 + dxmu2)", "-dxmu1"),
    ),
    stages("dxmu1 alone", "statistics-as-constants@DX", 4, (DX_STAGES, "DX = dxmu1")),
    stages("the running deviation", "running-statistics-in-training@DX", 4, (DX_STAGES, "DX = DH / RS")),
    stages("dmu with the other sign", "path-wrong-scale@DX", 4, ("dmu = -(", "dmu = (")),
    stages("dmu not divided", "sum-for-mean@DX", 4, ("dx2 = np.ones((N, D)) / N * dmu", "dx2 = dmu")),
    stages("dsq not divided", "sum-for-mean@DX", 4, ("dsq = np.ones((N, D)) / N * dvar", "dsq = dvar")),
    stages("the two of the square", "path-wrong-scale@DX", 4, ("2 * xmu * dsq", "xmu * dsq")),
    stages("the half of the root", "path-wrong-scale@DX", 4, ("0.5 / S", "1 / S")),
    stages("the minus of 1/S", "path-wrong-scale@DX", 4, ("-1 / S**2", "1 / S**2")),
    stages("1/S for 1/S²", "wrong-power-of-deviation@DX", 4, ("-1 / S**2", "-1 / S")),
    stages("x for xmu", "raw-for-normalised@DX", 4, ("xmu = X - M", "xmu = X")),
    stages(
        "the deviation forgotten in dxmu1",
        "wrong-power-of-deviation@DX",
        4,
        ("dxmu1 = DH * ivar", "dxmu1 = DH"),
    ),
    stages(
        "Bessel's N - 1",
        "unbiased-in-backward-only@DX",
        4,
        ("dsq = np.ones((N, D)) / N", "dsq = 1 / (N - 1)"),
    ),
    stages("gamma forgotten", "factor-missing@DH", 8, ("DH = DY * G", "DH = DY")),
    stages("gamma's a mean", "mean-twice@DG", 7, (GAMMA, "DG = np.mean(DY * H, axis=0)")),
    stages("gamma's from xmu", "unrecognised@DG", 7, (GAMMA, "DG = (DY * xmu).sum(axis=0)")),
    stages("beta's not summed", "not-summed@DB", 8, (BETA, "DB = DY")),
    stages("everything divided by N", "mean-twice@DX", 4, (DX_STAGES, "DX = (dx1 + dx2) / N")),
    # when training is over
    evaluated(
        "the formula of training",
        "batch-statistics-in-evaluation@DX",
        1,
        ("DX = DY * G / RS", "d = DY * G\nDX = (d - d.mean(0) - H * (d * H).mean(0)) / RS"),
    ),
    evaluated("the batch's deviation", "wrong-operand@DX", 1, ("DX = DY * G / RS", "DX = DY * G / S")),
    evaluated("the batch's rows in gamma's", "wrong-operand@DG", 2, ("H = (X - RM) / RS", "H = (X - M) / S")),
    evaluated("gamma forgotten", "factor-missing@DH", 1, ("DX = DY * G / RS", "DX = DY / RS")),
    evaluated(
        "a root too many", "deviation-again@DX", 1, ("DX = DY * G / RS", "DX = DY * G / np.sqrt(RS + eps)")
    ),
    evaluated("x for x hat", "wrong-operand@DG", 2, (GAMMA, "DG = (DY * X).sum(axis=0)")),
    # without the mean
    squares("the root as a number", "rms-as-constant@DX", 3, (DX_SQUARES, "DX = DH / S")),
    squares(
        "a layer normalisation's",
        "mean-subtracted@DX",
        3,
        (DX_SQUARES, "DX = (DH - DH.mean(axis=1, keepdims=True) - H * c) / S"),
    ),
    squares("the weight twice in one term", "weight-twice@DX", 3, ("c = (DH * H)", "c = (DH * G * H)")),
    squares("the weight missing in one term", "weight-missing@DX", 3, ("c = (DH * H)", "c = (DY * H)")),
    squares(
        "the weight in front",
        "gamma-outside-the-means@DX",
        3,
        ("c = (DH * H)", "c = (DY * H)"),
        (DX_SQUARES, "DX = G * (DY - H * c) / S"),
    ),
    squares("a sum for the mean", "sum-for-mean@DX", 3, ("(DH * H).mean(", "(DH * H).sum(")),
    squares("x for x hat", "wrong-power-of-deviation@DX", 3, (DX_SQUARES, "DX = (DH - X * c) / S")),
    squares("plus for minus", "path-wrong-scale@DX", 3, (DX_SQUARES, "DX = (DH + H * c) / S")),
    squares(
        "down the batch",
        "statistics-along-wrong-axis@DX",
        3,
        ("c = (DH * H).mean(axis=1", "c = (DH * H).mean(axis=0"),
    ),
    squares("gamma's never written", "zero@DG", 6, (GAMMA, "DG = np.zeros(D)")),
]
