"""Makes `files/`: the arrays that the notebook loads, their checksums, and the figure.

    python autograder/assignments/01_error_backpropagation/make_files.py [FOLDER]

The data are synthetic: a smooth target of four inputs, on which the network is trained part of the
way. Then the residuals Y - T are scaled, by moving T, until the first entry of DW1 is the number
that the sheet prints. The gradient is linear in the residuals, so one factor does it.

`SEED`, `RATE` and `STEPS` were found by a search for data on which mistakes show: no unit that is
always on or always off, no pre-activation near zero, no entry of a gradient near zero, a scale
factor near one, and the sheet's digits in single precision too. The tests hold these properties.
In single precision the last digit hangs on the order of summation: it is the sheet's with the
matrix products of AVX2 and AVX-512 processors, and may be one less or more with others.

The files come out the same, byte for byte, at every run and on every processor. Matrix products
may differ in their last bit from one processor to the next, so what is trained is rounded, and
what comes after the rounding is computed in fractions, without error.
"""

import hashlib
import io
import math
import os
import runpy
import sys
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.float64]

SEED: Final = 213404
N: Final = 50
SHAPES: Final = ((4, 6), (6, 6), (6, 6), (6, 1))
RATE: Final = 0.003
STEPS: Final = 110
CHECK: Final = 1.542282152339245

REPOSITORY: Final = Path(__file__).resolve().parents[3]


def make_files(folder: Path) -> None:
    """Write the five files into `folder`, each of them whole or not at all."""
    X, T, W, B = make_arrays()
    contents = {
        "data.npz": _npz({"X": X, "T": T}),
        "params.npz": _npz(
            {f"W{layer}": weights for layer, weights in enumerate(W, start=1)}
            | {f"B{layer}": biases for layer, biases in enumerate(B, start=1)}
        ),
    }
    sums = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in contents.items()]
    contents["SHA256SUMS"] = "".join(sums).encode("ascii")
    # This folder's name starts with a digit, so its modules cannot be named in an import statement.
    figure = runpy.run_path(str(Path(__file__).with_name("figure.py")), run_name="figure")
    contents["net.svg"] = figure["svg"]()
    contents["net.svg.png"] = figure["png"]()

    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        _write(folder / name, data)


def make_arrays() -> tuple[Array, Array, list[Array], list[Array]]:
    """Return X, T, W and B, as the notebook gets them."""
    # RandomState's stream is frozen for ever (NEP 19); that of default_rng may change.
    random = np.random.RandomState(SEED)
    X = random.uniform(-2, 2, (N, 4)).round(3)
    target = np.array([[6 * math.sin(a) + 4 * b * c - 3 * d] for a, b, c, d in X.tolist()])
    target = _rounded(target)
    W, B = _trained(X, target, *_untrained(random, X))
    T = _scaled(X, target, W, B)
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
    arrays = [_rounded(parameter.detach().numpy()) for parameter in parameters]
    return arrays[: len(W)], arrays[len(W) :]


def _rounded(array: Array) -> Array:
    """`array` to four decimals; an error where another processor might round the other way."""
    scaled = array * 1e4
    edge = np.abs(np.abs(scaled - np.rint(scaled)) - 0.5).min()
    if edge < 1e-5:
        raise ArithmeticError("a value lies on the edge between two roundings: take another seed")
    return array.round(4)


def _scaled(X: Array, target: Array, W: list[Array], B: list[Array]) -> Array:
    """T such that Y - T is a multiple of Y - `target`, and abs(DW1[0,0]) is `CHECK`."""
    targets = [Fraction(value) for value in target[:, 0].tolist()]

    def error(shift: Fraction) -> Fraction:
        Y = _outputs(X, W, B, shift)
        return sum((y - t) ** 2 for y, t in zip(Y, targets, strict=True)) / Fraction(N)

    # So near to the parameters no rectifier switches, and the error is a parabola in W1[0,0]:
    # the central difference is its derivative, without error.
    step = Fraction(1, 2**30)
    derivative = (error(step) - error(-step)) / (2 * step)
    scale = Fraction(CHECK) / abs(derivative)
    Y = _outputs(X, W, B)
    return np.array([[float(y - scale * (y - t))] for y, t in zip(Y, targets, strict=True)])


def _outputs(X: Array, W: list[Array], B: list[Array], shift: Fraction = Fraction(0)) -> list[Fraction]:
    """Y without rounding, `shift` being added to W1[0,0]."""
    A = [[Fraction(value) for value in row] for row in X.tolist()]
    for layer, (weights, biases) in enumerate(zip(W, B, strict=True)):
        columns = [[Fraction(value) for value in column] for column in weights.T.tolist()]
        if layer == 0:
            columns[0][0] += shift
        Z = [
            [
                sum((a * w for a, w in zip(row, column, strict=True)), start=Fraction(bias))
                for column, bias in zip(columns, biases.tolist(), strict=True)
            ]
            for row in A
        ]
        A = [[max(Fraction(0), z) for z in row] for row in Z]
    return [z for (z,) in Z]


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
    make_files(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "files")
