"""Makes `files/`: the arrays that the notebook loads, their checksums, and the figures.

    python -m autograder.assignments.01_error_backpropagation.make_files files

The data are synthetic: a smooth target of four inputs, on which the network is trained part of the
way. Then the residuals Y - T are scaled, by moving T, until the first entry of DW1 is the number
that the sheet prints. The gradient is linear in the residuals, so one factor does it.

The sheet prints that number in single precision too, 1.5422822, where the last digit would hang on
the order in which a processor sums: what is nearest to 1.542282152339245 in single precision prints
as 1.5422821. So the order is made not to matter. N is a power of two, X, the parameters and the
residuals are multiples of powers of two, and no sum on the way to that entry needs more digits than
single precision has. Nothing is rounded, and the entry is the one number that prints as 1.5422822.
The half digit that is left to 1.542282152339245 is shared out over T, in parts too small for single
precision to see. Those are multiples of a smaller power of two, so that double precision does not
round either, and every order of summation gives the sheet's number to the last digit.

`SEED`, `RATE` and `STEPS` were found by a search for data on which mistakes show: no unit that is
always on or always off, no pre-activation near zero, no entry of a gradient near zero, a scale
factor near one. And the terms of that entry, its positive ones and its negative ones, must each sum
to less than 2 in size, where single precision loses a digit. The tests hold these properties.

The files come out the same, byte for byte, at every run and on every processor. Matrix products
may differ in their last bit from one processor to the next, so what is trained is rounded, and
what comes after the rounding is computed without error.
"""

import hashlib
import io
import math
import os
import sys
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from autograder import student_material

from . import chain, figure

Array = NDArray[np.float64]

SEED: Final = 32664
N: Final = 64
SHAPES: Final = ((4, 6), (6, 6), (6, 6), (6, 1))
RATE: Final = 0.003
STEPS: Final = 72
CHECK: Final = 1.542282152339245
SINGLE: Final = 12937601 / 2**23  # the number of single precision that prints as 1.5422822
PARTS: Final = 8  # X, W and B are multiples of 1/8
COARSE: Final = 2.0**-6  # Y - T are multiples of this in single precision,
FINE: Final = 2.0**-35  # and of this in double precision
TRIALS: Final = 10_000  # roundings of all residuals that are drawn at once


def make_files(folder: Path) -> None:
    """Write the six files into `folder`, each of them whole or not at all."""
    X, T, W, B = make_arrays()
    contents = {
        "data.npz": _npz({"X": X, "T": T}),
        "params.npz": _npz(
            {f"W{layer}": weights for layer, weights in enumerate(W, start=1)}
            | {f"B{layer}": biases for layer, biases in enumerate(B, start=1)}
        ),
    }
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    contents["SHA256SUMS"] = _listed(_sums_of_others() | sums).encode("ascii")
    contents["net.svg"] = figure.svg()
    contents["net.svg.png"] = figure.png()
    contents["chain.png"] = chain.png()

    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        _write(folder / name, data)


def make_arrays() -> tuple[Array, Array, list[Array], list[Array]]:
    """Return X, T, W and B, as the notebook gets them."""
    # RandomState's stream is frozen for ever (NEP 19); that of default_rng may change.
    random = np.random.RandomState(SEED)
    X = np.rint(random.uniform(-2, 2, (N, 4)) * PARTS) / PARTS
    target = np.array([[6 * math.sin(a) + 4 * b * c - 3 * d] for a, b, c, d in X.tolist()])
    target = _rounded(target, 10_000)
    W, B = _trained(X, target, *_untrained(random, X))
    T = _scaled(random, X, target, W, B)
    return X, T, W, B


def _untrained(random: np.random.RandomState, X: Array) -> tuple[list[Array], list[Array]]:
    """Weights in He's range, and biases with which each unit is on for half of the data."""
    W = [random.uniform(-1, 1, shape) * math.sqrt(6 / shape[0]) for shape in SHAPES]
    B = []
    A = X
    for weights in W[:-1]:
        products = A @ weights
        B.append(-np.median(products, axis=0))
        A = np.maximum(0, products + B[-1])
    return W, [*B, np.zeros(1)]


def _trained(X: Array, target: Array, W: list[Array], B: list[Array]) -> tuple[list[Array], list[Array]]:
    """W and B after `STEPS` steps of gradient descent, rounded."""
    inputs, targets = torch.from_numpy(X), torch.from_numpy(target)
    weights = [torch.tensor(array, requires_grad=True) for array in W]
    biases = [torch.tensor(array, requires_grad=True) for array in B]
    parameters = weights + biases
    for _ in range(STEPS):
        A = inputs
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            A = (A @ w + b).clamp(min=0)
        err = ((A @ weights[-1] + biases[-1] - targets) ** 2).mean()
        gradients = torch.autograd.grad(err, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= RATE * gradient
    arrays = [_rounded(parameter.detach().numpy(), PARTS) for parameter in parameters]
    return arrays[: len(W)], arrays[len(W) :]


def _rounded(array: Array, parts: int) -> Array:
    """`array` in whole multiples of 1/parts, none of them 0: every weight is there.

    An error where another processor might round the other way.
    """
    scaled = array * parts
    edge = np.abs(np.abs(scaled - np.rint(scaled)) - 0.5).min()
    if min(edge, np.abs(scaled).min()) < 1e-5:
        raise ArithmeticError("a value lies on the edge between two roundings: take another seed")
    rounded: Array = np.copysign(np.maximum(1, np.rint(np.abs(scaled))), scaled) / parts
    return rounded


def _scaled(random: np.random.RandomState, X: Array, target: Array, W: list[Array], B: list[Array]) -> Array:
    """T such that Y - T is nearly a multiple of Y - `target`, and DW1[0,0] is `CHECK` or -`CHECK`.

    In single precision it is `SINGLE` or -`SINGLE`.
    """
    Y = _outputs(X, W, B)
    # DW1[0,0] is the sum of slopes (Y - T). So near to the parameters no ReLU switches.
    step = 2.0**-30
    slopes = 2 / N * (_outputs(X, W, B, step) - Y) / step
    residuals = Y - target
    gradient = math.fsum((slopes * residuals)[:, 0].tolist())
    check, single = math.copysign(CHECK, gradient), math.copysign(SINGLE, gradient)
    T = Y - _multiples(random, residuals * (single / gradient), COARSE, slopes, single)

    # The two differ by half a digit of single precision: to each T a small part of its own last digit.
    digits = np.copysign(np.spacing(T.astype(np.float32)), slopes).astype(np.float64)
    part = (single - check) / math.fsum((slopes * digits)[:, 0].tolist())
    return T + _multiples(random, digits * part, FINE, slopes, single - check)


def _multiples(
    random: np.random.RandomState, array: Array, unit: float, slopes: Array, total: float
) -> Array:
    """`array` (N, 1) in multiples of `unit`, up or down by chance, until slopes times it sum to `total`."""
    while True:
        rounded = np.floor(array / unit + random.uniform(size=(N, TRIALS))) * unit
        right = (slopes * rounded).sum(axis=0) == total
        if right.any():
            found: Array = rounded[:, [right.argmax()]]
            return found


def _outputs(X: Array, W: list[Array], B: list[Array], shift: float = 0.0) -> Array:
    """Y, `shift` being added to W1[0,0]: few digits, so without rounding in any order of summation."""
    A = X
    for layer, (weights, biases) in enumerate(zip(W, B, strict=True)):
        moved = weights.copy()
        moved[0, 0] += shift if layer == 0 else 0
        Z = A @ moved + biases
        A = np.maximum(0, Z)
    return Z


def _sums_of_others() -> dict[str, str]:
    """Return the sums that stand in the course's list, of files that other assignments brought as well."""
    listed = student_material.FOLDER / "files" / "SHA256SUMS"
    lines = listed.read_text(encoding="ascii").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _listed(sums: dict[str, str]) -> str:
    """Write the list that `sha256sum --check` reads."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))


def _npz(arrays: dict[str, Array]) -> bytes:
    file = io.BytesIO()
    # numpy dates the members of an archive to 1980, so the time of the run is not in the bytes.
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    make_files(Path(sys.argv[1]))
