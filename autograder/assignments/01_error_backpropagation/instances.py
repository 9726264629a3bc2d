"""Hidden data and parameters of `01-error-backpropagation`, on which every mistake shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

import utils
from autograder.compare import RELATIVE
from autograder.exercise import Array, Instance, Value

Mask: TypeAlias = NDArray[np.bool_]
Places: TypeAlias = NDArray[np.intp]

WIDTHS = (4, 6, 6, 6, 1)
HIDDEN = range(1, len(WIDTHS) - 1)  # the layers with rectified units
SIZES = (1, 1, 5, 9, 17)  # data points of the hidden instances; 1 among them, never 4 or 6
KINK_MARGIN = 5e-3  # smallest |Z| of a hidden instance, in units of its layer's largest
ENTRY_MARGIN = 1e-2  # smallest entry of a gradient, in units of its array's largest
SINGLE_MARGIN = 0.1  # of the tolerance, which rounding in single precision may use up at most
BATCHES = {1: 8, 5: 128, 9: 64, 17: 64}
"""Candidates drawn at once: of N = 5, where entries are small most often, one in 115 will do."""


@cache
def sheet() -> Instance:
    """The sheet's own data and parameters."""
    X, T = utils.getdata()
    W, B = utils.getparams()
    return instance(X, T, W, B, "the sheet's own data", public=True)


def hidden(seed: int) -> list[Instance]:
    """Instances of all sizes, the same for the same seed."""
    rng = np.random.default_rng(seed)
    return [draw(rng, N) for N in SIZES]


def instance(
    X: Array, T: Array, W: Sequence[Array], B: Sequence[Array], description: str, *, public: bool = False
) -> Instance:
    """Inputs under the sheet's names, in the order of exercise 1's signature."""
    inputs: dict[str, Value] = {"W": list(W), "B": list(B), "X": X, **forward(X, W, B), "T": T}
    return Instance(inputs, description, public)


def forward(X: Array, W: Sequence[Array], B: Sequence[Array]) -> dict[str, Array]:
    """Z1 A1 Z2 A2 Z3 A3 (…, N, 6) and Y (…, N, 1); biases may be (…, 1, units) for a batch of networks."""
    names: dict[str, Array] = {}
    activation = X
    for layer in HIDDEN:
        names[f"Z{layer}"] = activation @ W[layer - 1] + B[layer - 1]
        activation = names[f"A{layer}"] = np.maximum(0, names[f"Z{layer}"])
    return names | {"Y": activation @ W[-1] + B[-1]}


def draw(rng: np.random.Generator, N: int) -> Instance:
    """Draw batches of data and parameters until one of them shows every mistake."""
    batch = BATCHES[N]
    while True:
        X = rng.standard_normal((batch, N, WIDTHS[0]))
        W, B, names = _networks(rng, X)
        Y = names["Y"]
        size = np.maximum(Y.std(axis=1, keepdims=True), 0.5)
        T = Y - rng.choice([-1.0, 1.0], Y.shape) * rng.uniform(0.4, 1.6, Y.shape) * size
        fit = np.flatnonzero(_both_signs(Y, T) & _off_the_kinks(names))  # what is cheap to see first
        good, exact = _gradients_that_stand_out(fit, X, T, W, names)
        for m, k in enumerate(good):
            data = X[k], T[k], [w[k] for w in W], [b[k] for b in B]
            if not _single_precision_will_do([gradient[m] for gradient in exact], *data):
                continue
            description = f"other data and parameters (N = {N})"
            return instance(X[k], T[k], [w[k] for w in W], [b[k, 0] for b in B], description)


def _gradients_that_stand_out(
    left: Places, X: Array, T: Array, W: Sequence[Array], names: dict[str, Array]
) -> tuple[Places, list[Array]]:
    """Those candidates in whose gradients no entry is near zero, (M,), and their gradients by W and B.

    Most are lost by such an entry, so few are left when the lower layers come.
    """
    N = X.shape[1]
    by_weights: list[Array] = []
    by_biases: list[Array] = []
    gradient = 2 * (names["Y"][left] - T[left]) / N
    for layer in range(len(WIDTHS) - 1, 0, -1):
        below = (names[f"A{layer - 1}"] if layer > 1 else X)[left]
        own = [np.swapaxes(below, 1, 2) @ gradient, gradient.sum(axis=1, keepdims=True)]
        fine = _entries_stand_out(own, N)
        left, gradient = left[fine], gradient[fine]
        by_weights = [each[fine] for each in (*by_weights, own[0])]
        by_biases = [each[fine] for each in (*by_biases, own[1])]
        if layer > 1:
            gradient = gradient @ np.swapaxes(W[layer - 1][left], 1, 2) * (names[f"Z{layer - 1}"][left] > 0)
    return left, by_weights[::-1] + by_biases[::-1]


def _networks(rng: np.random.Generator, X: Array) -> tuple[list[Array], list[Array], dict[str, Array]]:
    """Weights (K, fan_in, fan_out), and biases (K, 1, fan_out) that put every kink between data points.

    With several data points each unit is off for some, but for less than half of them, so that any two
    units are on together somewhere and no entry of a gradient is 0. With one data point two of the six
    units of each layer are off, so that a missing mask shows there, too.

    Returns
    -------
    Weights, biases, and what `forward` gives for them.
    """
    W: list[Array] = []
    B: list[Array] = []
    names: dict[str, Array] = {}
    activation, networks = X, np.arange(len(X))[:, None, None]
    for layer, (fan_in, fan_out) in enumerate(pairwise(WIDTHS), start=1):
        weights = rng.standard_normal((len(X), fan_in, fan_out)) * np.sqrt(2 / fan_in)
        product = activation @ weights
        if X.shape[1] == 1:
            wanted = np.where(np.arange(fan_out) < fan_out // 3, -1.0, 1.0)
            wanted = rng.permuted(np.broadcast_to(wanted, (len(X), 1, fan_out)), axis=2)
            bias = wanted * rng.uniform(0.3, 1.0, product.shape) - product
        else:
            lower = np.sort(product, axis=1)[:, : (X.shape[1] + 1) // 2]
            below, above = lower[:, :-1], lower[:, 1:]
            widest = np.argmax(above - below, axis=1, keepdims=True)
            bias = -(below + above)[networks, widest, np.arange(fan_out)] / 2
        if layer == len(WIDTHS) - 1:
            bias = bias + rng.uniform(0.2, 0.6, bias.shape) * rng.choice([-1.0, 1.0], bias.shape)
        W.append(weights)
        B.append(bias)
        if layer in HIDDEN:
            names[f"Z{layer}"] = product + bias
            activation = names[f"A{layer}"] = np.maximum(0, names[f"Z{layer}"])
    return W, B, names | {"Y": product + bias}


def _both_signs(Y: Array, T: Array) -> Mask:
    """Whether Y, T and Y - T have both signs, (K,); one data point has one."""
    if Y.shape[1] == 1:
        return np.ones(len(Y), dtype=bool)
    mixed = [(a.min(axis=(1, 2)) < 0) & (a.max(axis=(1, 2)) > 0) for a in (Y, T, Y - T)]
    return _all(mixed)


def _off_the_kinks(names: dict[str, Array]) -> Mask:
    """Whether no pre-activation is near zero, (K,)."""
    sizes = [np.abs(names[f"Z{layer}"]) for layer in HIDDEN]
    return _all([z.min(axis=(1, 2)) > KINK_MARGIN * z.max(axis=(1, 2)) for z in sizes])


def _entries_stand_out(gradients: Sequence[Array], N: int) -> Mask:
    """Whether no entry of a gradient is near zero, (K,)."""
    sizes = [_sizes(gradient) if N == 1 else np.abs(gradient) for gradient in gradients]
    return _all([size.min(axis=(1, 2)) > ENTRY_MARGIN * size.max(axis=(1, 2)) for size in sizes])


def _sizes(gradient: Array) -> Array:
    """Absolute values (K, …); units that are off, which have zeros, count as the largest."""
    size = np.abs(gradient)
    return np.where(size == 0, size.max(axis=(1, 2), keepdims=True), size)


def _single_precision_will_do(
    exact: Sequence[Array], X: Array, T: Array, W: Sequence[Array], B: Sequence[Array]
) -> bool:
    """Whether no entry is a difference that single precision loses."""
    X, T = X.astype(np.float32), T.astype(np.float32)
    W, B = [w.astype(np.float32) for w in W], [b.astype(np.float32) for b in B]
    short = _gradients(X, T, W, forward(X, W, B))
    return all(
        bool((np.abs(s - e) <= SINGLE_MARGIN * RELATIVE * _sizes(e[None])).all())
        for e, s in zip(exact, short, strict=True)
    )


def _gradients(X: Array, T: Array, W: Sequence[Array], names: dict[str, Array]) -> list[Array]:
    """Gradients by W and B of the errors of one network or of a batch, in the precision of what is given.

    In numpy, and so in a tenth of the time that automatic differentiation takes: hundreds of candidates are
    looked at for each instance. The truth that answers are compared with is the reference's.
    """
    by_weights, by_biases = [], []
    gradient = 2 * (names["Y"] - T) / T.shape[-2]
    for layer in range(len(WIDTHS) - 1, 0, -1):
        below = names[f"A{layer - 1}"] if layer > 1 else X
        by_weights.append(np.swapaxes(below, -1, -2) @ gradient)
        by_biases.append(gradient.sum(axis=-2, keepdims=True))
        if layer > 1:
            gradient = gradient @ np.swapaxes(W[layer - 1], -1, -2) * (names[f"Z{layer - 1}"] > 0)
    return by_weights[::-1] + by_biases[::-1]


def _all(conditions: Sequence[Mask]) -> Mask:
    found: Mask = np.logical_and.reduce(conditions)
    return found
