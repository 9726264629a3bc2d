"""Public and hidden inputs of `03-softmax-and-cross-entropy`, on which every mistake shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import utils
from autograder.exercise import Array, Instance, Value, Whole

EXAMPLE = "the sheet's example"
MODERATE = ((1, 4), (5, 3), (8, 5))  # data points and classes
PROBABILITIES = ((1, 4), (3, 5), (7, 4), (9, 6))
NETWORKS = ((1, 3, 5, 4), (6, 4, 7, 3), (9, 3, 5, 4), (14, 4, 6, 5))  # data points, inputs, units, classes
LEAST, MARGIN = 1e-2, 2e-2  # the smallest probability; the smallest entry, in units of its array's largest
SHOWN = 20  # digits that the notebook shows


def scores(seed: int) -> list[Instance]:
    """Scores, then such that exponentials overflow, a common maximum fails, P is rounded to 0."""
    rng = np.random.default_rng(seed)
    moderate = [_scores(rng.uniform(-3, 3, size), rng, "other scores") for size in MODERATE]
    apart = rng.uniform(-3, 3, (4, 5)) + np.array([[-1000], [0], [1000], [-500]])
    wide = rng.uniform(-1000, 1000, (7, 6)) + np.eye(7, 1) * 1000
    return [
        Instance({"Z": np.log([[1, 2, 5], [2, 7, 3]]), "t": np.array([1, 2])}, EXAMPLE, public=True),
        *moderate,
        _scores(rng.uniform(-3, 3, (6, 4)) + 900, rng, "scores around 900"),
        _scores(apart, rng, "rows far from each other"),
        _scores(wide, rng, "scores far apart in a row", right=[0]),
    ]


def _scores(Z: Array, rng: np.random.Generator, what: str, right: Sequence[int] = ()) -> Instance:
    """Put classes to scores; `right`: the rows in which the class with the largest score is the right one."""
    N, C = Z.shape
    t = labels(rng, N, C)
    rows = list(right)
    t[rows] = Z[rows].argmax(axis=1)
    return Instance({"Z": Z, "t": t}, f"{what} (N = {N})")


def labels(rng: np.random.Generator, N: int, C: int) -> Whole:
    """Classes (N,) int64, unequally often, one of them never."""
    t = rng.permutation(C)[np.minimum(rng.geometric(0.5, N) - 1, C - 2)]
    return t if N <= 2 or len(set(t)) > 1 else labels(rng, N, C)


def upstream(seed: int) -> list[Instance]:
    """Probabilities, and a gradient by them that is no constant."""
    P, DP = np.array([[1, 2, 5], [2, 1, 5]]) / 8, np.array([[0.0, -4.0, 0.0], [1.5, 0.5, -2.0]])
    rng = np.random.default_rng(seed)
    return [
        Instance({"P": P, "DP": DP}, EXAMPLE, True, {"N": 2, "C": 3}),
        *(_upstream(rng, N, C) for N, C in PROBABILITIES),
    ]


def _upstream(rng: np.random.Generator, N: int, C: int) -> Instance:
    while True:
        P, DP = _softmax(rng.uniform(-1.5, 1.5, (N, C))), rng.standard_normal((N, C))
        if P.min() > LEAST and _stand_out(DP, P * (DP - (P * DP).sum(axis=1, keepdims=True))):
            return Instance({"P": P, "DP": DP}, f"other probabilities (N = {N})", sizes={"N": N, "C": C})


def networks(seed: int) -> list[Instance]:
    """The first digits with the notebook's network, then other data and networks."""
    X, t = utils.getdigits()
    first = np.random.default_rng(0)
    W = [first.standard_normal(shape) * np.sqrt(2 / shape[0]) for shape in ((64, 32), (32, 10))]
    rng = np.random.default_rng(seed)
    return [
        _network(W, [np.zeros(32), np.zeros(10)], X[:SHOWN], t[:SHOWN], "the first 20 digits", public=True),
        *(_drawn(rng, *sizes) for sizes in NETWORKS),
    ]


def _drawn(rng: np.random.Generator, N: int, D: int, H: int, C: int) -> Instance:
    """Draw networks whose units are on and off, and in whose gradients no entry is lost."""
    while True:
        W = [rng.standard_normal((D, H)), rng.standard_normal((H, C)) / np.sqrt(H)]
        B, X, t = (
            [rng.standard_normal(H), rng.standard_normal(C)],
            rng.standard_normal((N, D)),
            labels(rng, N, C),
        )
        Z1 = X @ W[0] + B[0]
        A1 = np.maximum(0, Z1)
        P = _softmax(A1 @ W[1] + B[1])
        DZ2 = (P - np.eye(C)[t]) / N
        DA1 = DZ2 @ W[1].T
        DZ1 = DA1 * (Z1 > 0)
        on = (Z1 > 0).mean(axis=0)
        alive = 0 < on.mean() < 1 if N == 1 else bool((on > 0).all() and (on < 1).any())
        large = (Z1, DZ2, X.T @ DZ1, A1.T @ DZ2, DZ1.sum(axis=0), DZ2.sum(axis=0))
        if alive and P.min() > LEAST and _stand_out(*large):
            return _network(W, B, X, t, f"other data and parameters (N = {N})")


def _network(
    W: Sequence[Value], B: Sequence[Value], X: Array, t: Whole, what: str, *, public: bool = False
) -> Instance:
    return Instance({"W": list(W), "B": list(B), "X": X, "t": t}, what, public)


def _stand_out(*arrays: Array) -> bool:
    """Whether no entry but exact zeros is near 0."""
    sizes: Sequence[Array] = [np.abs(array) for array in arrays]
    return all(size[size > 0].min() > MARGIN / np.sqrt(len(size)) * size.max() for size in sizes)


def _softmax(Z: Array) -> Array:
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    found: Array = powers / powers.sum(axis=1, keepdims=True)
    return found
