"""Wrong answers to assignment 05: layernorm, batchnorm in training and evaluation, rmsnorm, part by part."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np

from tests.autograder.mutants.planted import Mistake, Planted, Task, mistakes


def again(X, eps, axis, less=0):
    """Normalise X along an axis, with another count in the variance; give H and S."""
    C = X - X.mean(axis=axis, keepdims=True)
    S = np.sqrt((C**2).sum(axis=axis, keepdims=True) / (C.shape[axis] - less) + eps)
    return C / S, S


def recomputed(X, eps, DH, axis, less=0):
    """Give DX by the right formula, with everything made again along an axis."""
    H, S = again(X, eps, axis, less)
    squares = (DH * H).sum(axis=axis, keepdims=True) / (DH.shape[axis] - less)
    return (DH - DH.mean(axis=axis, keepdims=True) - H * squares) / S


def of(axis: int, right: str, marks: dict[str, float], *planted: list[Mistake]) -> Task:
    """Give an exercise with means along an axis."""
    return Task(
        right,
        marks,
        helpers={
            "axis": axis,
            "mean": lambda v: v.mean(axis=axis, keepdims=True),
            "total": lambda v: v.sum(axis=axis, keepdims=True),
            "across": lambda v: v.mean(axis=1 - axis, keepdims=True),
            "unfinished": lambda v: np.cumsum(v, axis=axis) / v.shape[axis],
            "recomputed": recomputed,
        },
        planted=list(itertools.chain(*planted)),
        both_show=both_show,
        every=7,
    )


def both_show(one: Mistake, other: Mistake) -> bool:
    """Whether two are in two parts, of which the second follows from no array without a name."""
    parts = {one.lost.get(one.where, one.where), other.lost.get(other.where, other.where)}
    return len(parts) == 2 and not (parts == {"DH", "DX"} and "unrecognised" in (one.fault, other.fault))


NORMALISED = mistakes("""
weights-updated@DH  DY * (G - 0.1 * (DY * H).sum(axis=0))
factor-missing@DH   DY
wrong-operand@DH    DY * H
wrong-sign@DH       -DY * G
unrecognised@DH     np.cos(3 * DY) * G + 0.3
""")
GAMMA = mistakes("""
wrong-operand@DG           (DY * X).sum(axis=0)
factor-missing@DG          DY.sum(axis=0)
mean-twice@DG              (DY * H).mean(axis=0)
not-summed@DG              DY * H
summed-over-wrong-axis@DG  (DY * H).sum(axis=1)
summed-over-all-axes@DG    (DY * H).sum()
extra-axis@DG              (DY * H).sum(axis=0, keepdims=True)
wrong-sign@DG              -right
one-data-point@DG          (DY * H)[0]
data-point-left-out@DG     (DY * H)[1:].sum(axis=0)
zero@DG                    0 * G
""")
BETA = mistakes("""
mean-twice@DB     DY.mean(axis=0)
not-summed@DB     DY
wrong-axis@DB     DY.sum(axis=1)
gamma-in-beta@DB  (DY * G).sum(axis=0)
wrong-sign@DB     -right
zero@DB           0 * G
""")
FIRST = mistakes("""
missing-mean-path@DX            first = 0 * DH
sum-for-mean@DX                 first = total(DH)
wrong-count@DX                  first = total(DH) / (n - 1)
path-wrong-scale@DX             first = -right
statistics-along-wrong-axis@DX  first = across(DH)
weight-missing@DX               first = mean(DH / G)
weight-twice@DX                 first = mean(DH * G)
""")
SECOND = mistakes("""
missing-variance-path@DX        second = 0 * DH
sum-for-mean@DX                 second = H * total(DH * H)
unbiased-in-backward-only@DX    second = H * total(DH * H) / (n - 1)
path-wrong-scale@DX             second = right / 2
path-wrong-scale@DX             second = 2 * right
path-wrong-scale@DX             second = -right
raw-for-normalised@DX           second = X * mean(DH * H)
raw-for-normalised@DX           second = H * mean(DH * X)
raw-for-normalised@DX           second = X * mean(DH * X)
wrong-power-of-deviation@DX     second = (X - M) * mean(DH * H)
wrong-power-of-deviation@DX     second = (X - M) * mean(DH * (X - M))
wrong-power-of-deviation@DX     second = right / S
statistics-along-wrong-axis@DX  second = H * across(DH * H)
weight-missing@DX               second = H * mean(DH / G * H)
weight-twice@DX                 second = H * mean(DH * G * H)
""")
LAST = mistakes("""
deviation-missing@DX  rest
root-missing@DX       rest / S**2
root-inverted@DX      rest * S
""")
TOGETHER = mistakes("""
statistics-as-constants@DX      DH / S
sum-for-mean@DX                 first = total(DH); second = H * total(DH * H)
statistics-along-wrong-axis@DX  first = across(DH); second = H * across(DH * H)
statistics-along-wrong-axis@DX  recomputed(X, eps, DH, 1 - axis)
sums-not-finished@DX            first = unfinished(DH); second = H * unfinished(DH * H)
added-up-over-others@DX         second = right.sum(axis=1 - axis, keepdims=True)
unbiased-variance@DX            recomputed(X, eps, DH, axis, less=1)
wrong-upstream@DX               (DY - mean(DY) - H * mean(DY * H)) / S
""")
IN_ROWS = mistakes("gamma-outside-the-means@DX  G * ((DY - mean(DY) - H * mean(DY * H)) / S)")
IN_COLUMNS = mistakes("""
running-statistics-in-training@DX  DH / RS
wrong-operand@DX                   rest / RS
""")
STRANGE = mistakes("unrecognised@DX  np.sin(3 * DH) + 0.4 * H**3")
IN_EVALUATION = mistakes("""
factor-missing@DH:DX               DX = DY / RS
factor-missing@DX                  DY * G
wrong-operand@DX                   DY * G / S
root-missing@DX                    DY * G / RS**2
multiplied-for-divided@DX          DY * G * RS
batch-statistics-in-evaluation@DX  (DH - mean(DH) - H * mean(DH * H)) / RS
batch-statistics-in-evaluation@DX  h = (X - M) / S; DX = (DH - mean(DH) - h * mean(DH * h)) / S
wrong-sign@DX                      -DY * G / RS
""")
WITHOUT_MEAN = mistakes("""
rms-as-constant@DX           DH / S
mean-subtracted@DX           (DH - mean(DH) - second) / S
wrong-upstream@DX            (DY - H * mean(DY * H)) / S
sum-for-mean@DX              second = H * total(DH * H)
path-wrong-scale@DX          second = right / 2
path-wrong-scale@DX          second = 2 * right
path-wrong-scale@DX          second = -right
statistics-along-wrong-axis@DX  second = H * across(DH * H)
weight-missing@DX            second = H * mean(DH / G * H)
weight-twice@DX              second = H * mean(DH * G * H)
sums-not-finished@DX         second = H * unfinished(DH * H)
added-up-over-others@DX      second = right.sum(axis=1 - axis, keepdims=True)
wrong-count@DX               second = H * total(DH * H) / (n - 1)
wrong-power-of-deviation@DX  second = X * mean(DH * H)
wrong-power-of-deviation@DX  second = X * mean(DH * X)
deviation-missing@DX         rest
root-missing@DX              rest / S**2
root-inverted@DX             rest * S
gamma-outside-the-means@DX   G * ((DY - H * mean(DY * H)) / S)
""")
TERMS = NORMALISED + GAMMA + BETA + FIRST + SECOND + LAST + TOGETHER
RIGHT = """
def {exercise}:
    n = X.shape[axis]
    DH = DY * G
    first = mean(DH)
    second = H * mean(DH * H)
    rest = DH - first - second
    DX = rest / S
    DG = (DY * H).sum(axis=0)
    DB = DY.sum(axis=0)
    return DH, DX, DG, DB
"""
LAYER = of(
    1,
    RIGHT.format(exercise="exercise1(X, G, B, eps, M, S, H, DY)"),
    {"DH": 1.0, "DX": 6.0, "DG": 2.0, "DB": 1.0},
    *(TERMS, IN_ROWS, STRANGE),
)
BATCH = of(
    0,
    RIGHT.format(exercise="exercise2(X, G, B, eps, M, S, H, RM, RS, DY)"),
    {"DH": 1.0, "DX": 5.0, "DG": 2.0, "DB": 1.0},
    *(TERMS, IN_COLUMNS, STRANGE),
)
EVALUATION = of(
    0,
    """
def exercise3(X, G, B, eps, M, S, RM, RS, DY):
    H = (X - RM) / RS
    DH = DY * G
    DX = DY * G / RS
    DG = (DY * H).sum(axis=0)
    return DX, DG
""",
    {"DX": 2.0, "DG": 1.0},
    *(IN_EVALUATION, GAMMA),
)
ROOT = of(
    1,
    """
def exercise4(X, G, eps, S, H, DY):
    n = X.shape[axis]
    DH = DY * G
    second = H * mean(DH * H)
    rest = DH - second
    DX = rest / S
    DG = (DY * H).sum(axis=0)
    return DH, DX, DG
""",
    {"DH": 1.0, "DX": 5.0, "DG": 2.0},
    *(NORMALISED, WITHOUT_MEAN, GAMMA),
)
TASKS = (LAYER, BATCH, EVALUATION, ROOT)
TITLES = (
    *("layer normalisation", "batch normalisation in training", "batch normalisation in evaluation"),
    "normalisation by the root of the mean of squares",
)
ONE_MISTAKE = {"missing-mean-path": "missing-variance-path", "wrong-count": "unbiased-in-backward-only"}
WHOLE = mistakes("""
wrong-length@answer     DX, DG, DB
returns-nothing@answer  None
""")
single, whole = Task.single, partial(LAYER.each, WHOLE)


def combined(task: Task) -> list[Planted]:
    """Two mistakes in two parts; and two in the terms of one part, where they are not one."""
    terms = itertools.combinations((FIRST, SECOND, LAST) if task in (LAYER, BATCH) else (), 2)
    pairs = [pair for two in terms for pair in itertools.product(*two)]
    two = [(a, b) for a, b in pairs if b.fault not in (a.fault, ONE_MISTAKE.get(a.fault))]
    return task.pairs() + [task.wrong(*pair) for pair in two[::4]]
