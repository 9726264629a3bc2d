"""Right answers to every exercise, in as many styles as students have.

Each exercise's answers are put together from really different ways to write each piece of it, and beside
these stand some that are written in one go.
"""

from __future__ import annotations

import functools
import logging
import math
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

Piece = Callable[..., Any]


@dataclass(frozen=True)
class Right:
    """A right answer: which exercise, in what style."""

    exercise: tuple[str, str]
    style: str
    function: Piece

    def __str__(self) -> str:
        return f"{'-'.join(self.exercise)}: {self.style}"


def mixed(pieces: Mapping[str, Mapping[str, Piece]], count: int) -> Iterator[dict[str, str]]:
    """Choose one way for each piece, every way of each in turn, in ever new company."""
    for i in range(count):
        yield {
            kind: list(ways)[(i + (i // len(ways)) * place) % len(ways)]
            for place, (kind, ways) in enumerate(pieces.items())
        }


# Assignment 01, exercise 1: the pieces of a backward pass


def _loops(A, D):
    DW = np.zeros((A.shape[1], D.shape[1]))
    for n in range(A.shape[0]):
        for i in range(A.shape[1]):
            for j in range(D.shape[1]):
                DW[i, j] += A[n, i] * D[n, j]
    return DW


def _back_loops(D, W):
    return np.array(
        [[sum(D[n, j] * W[i, j] for j in range(len(W[0]))) for i in range(len(W))] for n in range(len(D))]
    )


def _added(D):
    total = np.zeros(D.shape[1])
    for row in D:
        total += row
    return total


def _switched_off(G, Z, A):
    G = G.copy()
    G[Z <= 0] = 0
    return G


def _unit_by_unit(G, Z, A):
    return np.array(
        [[g if z > 0 else 0.0 for g, z in zip(*rows, strict=True)] for rows in zip(G, Z, strict=True)]
    )


def _put(G, Z, A):
    G = np.array(G)
    np.putmask(G, A == 0, 0)
    return G


class Kept(np.ndarray):
    """An array of a student's own class."""


def _strided(array):
    wide = np.zeros([2 * n for n in array.shape])
    view = wide[tuple(slice(None, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def _objects(arrays):
    held = np.empty(len(arrays), dtype=object)
    for i, array in enumerate(arrays):
        held[i] = array
    return held


def _read_only(array):
    array = np.array(array)
    array.flags.writeable = False
    return array


def each(change: Piece) -> Piece:
    """A form in which every array of the answer is changed."""
    return lambda DW, DB: ([change(w) for w in DW], [change(b) for b in DB])


PIECES: dict[str, dict[str, Piece]] = {
    "order": {},  # filled in below
    "error": {
        "2 (Y - T) / N": lambda Y, T: 2 * (Y - T) / len(Y),
        "(Y - T) · 2/N": lambda Y, T: (Y - T) * (2 / Y.shape[0]),
        "a loop over the data": lambda Y, T: np.array(
            [[2 * (y[0] - t[0]) / len(Y)] for y, t in zip(Y, T, strict=True)]
        ),
        "subtract": lambda Y, T: np.subtract(Y, T) / (0.5 * Y.size),
        "minus twice T - Y": lambda Y, T: -2.0 / T.shape[0] * (T - Y),
        "a diagonal matrix": lambda Y, T: np.diag(np.full(len(Y), 2 / len(Y))) @ (Y - T),
        "flattened and back": lambda Y, T: (2 * (Y.ravel() - T.ravel()) / T.size).reshape(-1, 1),
    },
    "weights": {
        "A.T @ D": lambda A, D: A.T @ D,
        "dot": lambda A, D: np.dot(A.T, D),
        "matmul": lambda A, D: np.matmul(A.transpose(), D),
        "einsum": lambda A, D: np.einsum("ni,nj->ij", A, D),
        "tensordot": lambda A, D: np.tensordot(A, D, axes=(0, 0)),
        "a sum of outer products": lambda A, D: sum(np.outer(a, d) for a, d in zip(A, D, strict=True)),
        "(D.T @ A).T": lambda A, D: (D.T @ A).T,
        "broadcasting": lambda A, D: (A[:, :, None] * D[:, None, :]).sum(axis=0),
        "three loops": _loops,
        "entry by entry": lambda A, D: np.array([[a @ d for d in D.T] for a in A.T]),
        "column by column": lambda A, D: np.column_stack([A.T @ d for d in D.T]),
        "inner": lambda A, D: np.inner(A.T, D.T),
        "N times a mean": lambda A, D: (
            len(A) * np.mean([np.outer(a, d) for a, d in zip(A, D, strict=True)], 0)
        ),
    },
    "bias": {
        "sum(axis=0)": lambda D: D.sum(axis=0),
        "np.sum": lambda D: np.sum(D, 0),
        "ones @ D": lambda D: np.ones(len(D)) @ D,
        "einsum": lambda D: np.einsum("nj->j", D),
        "the built-in sum": sum,
        "add.reduce": np.add.reduce,
        "N times a mean": lambda D: D.mean(axis=0) * len(D),
        "column by column": lambda D: np.array([column.sum() for column in D.T]),
        "a loop": _added,
        "cumsum": lambda D: np.cumsum(D, axis=0)[-1],
        "fsum": lambda D: np.array([math.fsum(column) for column in D.T]),
        "keepdims and back": lambda D: D.sum(axis=0, keepdims=True)[0],
    },
    "back": {
        "D @ W.T": lambda D, W: D @ W.T,
        "dot": lambda D, W: np.dot(D, W.T),
        "(W @ D.T).T": lambda D, W: (W @ D.T).T,
        "einsum": lambda D, W: np.einsum("nj,ij->ni", D, W),
        "row by row": lambda D, W: np.array([W @ d for d in D]),
        "inner": np.inner,
        "tensordot": lambda D, W: np.tensordot(D, W, axes=(1, 1)),
        "loops": _back_loops,
        "broadcasting": lambda D, W: (D[:, None, :] * W[None, :, :]).sum(axis=2),
    },
    "mask": {
        "Z > 0": lambda G, Z, A: G * (Z > 0),
        "Z >= 0": lambda G, Z, A: G * (Z >= 0),
        "A > 0": lambda G, Z, A: G * (A > 0),
        "A != 0": lambda G, Z, A: (A != 0) * G,
        "where": lambda G, Z, A: np.where(Z > 0, G, 0),
        "where, ones and zeros": lambda G, Z, A: np.where(A > 0, 1.0, 0.0) * G,
        "heaviside": lambda G, Z, A: G * np.heaviside(Z, 0),
        "heaviside, one half at 0": lambda G, Z, A: G * np.heaviside(Z, 0.5),
        "sign(A)": lambda G, Z, A: G * np.sign(A),
        "boolean indexing": _switched_off,
        "unit by unit": _unit_by_unit,
        "putmask": _put,
        "A / Z": lambda G, Z, A: G * (A / Z),
        "(1 + sign(Z)) / 2": lambda G, Z, A: G * (1 + np.sign(Z)) / 2,
        "multiply(where=)": lambda G, Z, A: np.multiply(G, 1.0, where=Z > 0, out=np.zeros_like(G)),
        "~(Z < 0)": lambda G, Z, A: G * ~(Z < 0),
    },
    "form": {
        "lists": lambda DW, DB: (DW, DB),
        "a list of lists": lambda DW, DB: [DW, DB],
        "tuples": lambda DW, DB: (tuple(DW), tuple(DB)),
        "nested Python lists": lambda DW, DB: ([w.tolist() for w in DW], [b.tolist() for b in DB]),
        "single precision": each(np.float32),
        "np.matrix": lambda DW, DB: ([np.matrix(w) for w in DW], DB),
        "an own subclass": each(lambda a: np.asarray(a).view(Kept)),
        "Fortran order": each(np.asfortranarray),
        "views with strides": each(_strided),
        "object arrays": lambda DW, DB: (_objects(DW), _objects(DB)),
        "masked arrays": each(np.ma.array),
        "long double": each(np.longdouble),
        "big-endian": each(lambda a: a.astype(">f8")),
        "read-only": each(_read_only),
        "the last two": lambda DW, DB: tuple({"DW": DW, "DB": DB}.values()),
    },
}


def _written_out(p):
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        _, W2, W3, W4 = W
        DY = p["error"](Y, T)
        DZ3 = p["mask"](p["back"](DY, W4), Z3, A3)
        DZ2 = p["mask"](p["back"](DZ3, W3), Z2, A2)
        DZ1 = p["mask"](p["back"](DZ2, W2), Z1, A1)
        DW = [p["weights"](X, DZ1), p["weights"](A1, DZ2), p["weights"](A2, DZ3), p["weights"](A3, DY)]
        DB = [p["bias"](DZ1), p["bias"](DZ2), p["bias"](DZ3), p["bias"](DY)]
        return p["form"](DW, DB)

    return exercise1


def _backward_loop(p):
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        D, DW, DB = p["error"](Y, T), [], []
        for k, A in ((3, A3), (2, A2), (1, A1), (0, X)):
            DW.insert(0, p["weights"](A, D))
            DB.insert(0, p["bias"](D))
            if k > 0:
                D = p["mask"](p["back"](D, W[k]), (Z1, Z2, Z3)[k - 1], A)
        return p["form"](DW, DB)

    return exercise1


def _slots_to_fill(p):
    def exercise1(*given):
        W, _, X, Z1, A1, Z2, A2, Z3, A3, Y, T = given
        Z, A = [None, Z1, Z2, Z3], [X, A1, A2, A3]
        DZ = [None, None, None, None, p["error"](Y, T)]
        DW, DB = [None] * 4, [None] * 4
        for k in range(4, 0, -1):
            DW[k - 1], DB[k - 1] = p["weights"](A[k - 1], DZ[k]), p["bias"](DZ[k])
            if k > 1:
                DZ[k - 1] = p["mask"](p["back"](DZ[k], W[k - 1]), Z[k - 1], A[k - 1])
        return p["form"](DW, DB)

    return exercise1


def _recursion(p):
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        Z, A = (Z1, Z2, Z3), (X, A1, A2, A3)

        def below(k, D):
            here = [p["weights"](A[k], D)], [p["bias"](D)]
            if k == 0:
                return here
            DW, DB = below(k - 1, p["mask"](p["back"](D, W[k]), Z[k - 1], A[k]))
            return DW + here[0], DB + here[1]

        return p["form"](*below(3, p["error"](Y, T)))

    return exercise1


def _classes(p):
    class Linear:
        def __init__(self, weights, inputs):
            self.weights, self.inputs = weights, inputs

        def backward(self, D):
            self.DW, self.DB = p["weights"](self.inputs, D), p["bias"](D)
            return p["back"](D, self.weights)

    class Rectifier:
        def __init__(self, Z, A):
            self.Z, self.A = Z, A

        def backward(self, D):
            return p["mask"](D, self.Z, self.A)

    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        linear = [Linear(w, a) for w, a in zip(W, (X, A1, A2, A3), strict=True)]
        first, second, third, last = linear
        layers = [first, Rectifier(Z1, A1), second, Rectifier(Z2, A2), third, Rectifier(Z3, A3), last]
        D = p["error"](Y, T)
        for layer in reversed(layers):
            D = layer.backward(D)
        return p["form"]([layer.DW for layer in linear], [layer.DB for layer in linear])

    return exercise1


def _fold(p):
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        def step(Ds, layer):
            weights, Z, A = layer
            return [p["mask"](p["back"](Ds[0], weights), Z, A), *Ds]

        layers = [(W[3], Z3, A3), (W[2], Z2, A2), (W[1], Z1, A1)]
        Ds = functools.reduce(step, layers, [p["error"](Y, T)])
        return p["form"](list(map(p["weights"], (X, A1, A2, A3), Ds)), list(map(p["bias"], Ds)))

    return exercise1


def _point_by_point(p):
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        DW, DB = [np.zeros(w.shape) for w in W], [np.zeros(b.shape) for b in B]
        DY = p["error"](Y, T)
        for n in range(len(X)):
            one = slice(n, n + 1)
            D = DY[one]
            for k in (3, 2, 1, 0):
                A = (X, A1, A2, A3)[k][one]
                DW[k] += p["weights"](A, D)
                DB[k] += p["bias"](D)
                if k:
                    D = p["mask"](p["back"](D, W[k]), (Z1, Z2, Z3)[k - 1][one], A)
        return p["form"](DW, DB)

    return exercise1


def _own_forward_pass(p):
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        A, Z = [X], []
        for w, b in zip(W, B, strict=True):
            Z.append(A[-1] @ w + b)
            A.append(np.maximum(0, Z[-1]))
        D, found = p["error"](Z[-1], T), []
        while Z:
            Z.pop()
            A.pop()
            found.append((p["weights"](A[-1], D), p["bias"](D)))
            if Z:
                D = p["mask"](p["back"](D, W[len(Z)]), Z[-1], A[-1])
        DW, DB = zip(*reversed(found), strict=True)
        return p["form"](list(DW), list(DB))

    return exercise1


def _by_name(p):
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        q = {"A0": X, "Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "Z3": Z3, "A3": A3, "D4": p["error"](Y, T)}
        for k in "321":
            above = str(int(k) + 1)
            q["D" + k] = p["mask"](p["back"](q["D" + above], W[int(k)]), q["Z" + k], q["A" + k])
        DW = [p["weights"](q[f"A{k}"], q[f"D{k + 1}"]) for k in range(4)]
        return p["form"](DW, [p["bias"](q[f"D{k + 1}"]) for k in range(4)])

    return exercise1


PIECES["order"] = {
    "written out": _written_out,
    "a loop": _backward_loop,
    "lists to fill": _slots_to_fill,
    "recursion": _recursion,
    "classes": _classes,
    "a fold": _fold,
    "data point by data point": _point_by_point,
    "own forward pass": _own_forward_pass,
    "a dictionary": _by_name,
}


def _net(W, B, X):
    for k, (w, b) in enumerate(zip(W, B, strict=True)):
        X = X @ w + b
        X = X * (X.real > 0) if k < 3 else X
    return X


def central_differences(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    h = 1e-6

    def error():
        return np.mean((_net(W, B, X) - T) ** 2)

    W, B = [w.copy() for w in W], [b.copy() for b in B]
    found = []
    for arrays in (W, B):
        found.append([np.zeros(a.shape) for a in arrays])
        for a, D in zip(arrays, found[-1], strict=True):
            for index in np.ndindex(a.shape):
                kept = a[index]
                a[index] = kept + h
                more = error()
                a[index] = kept - h
                D[index] = (more - error()) / (2 * h)
                a[index] = kept
    return found


def complex_steps(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    W, B = [w.astype(complex) for w in W], [b.astype(complex) for b in B]
    found = []
    for arrays in (W, B):
        found.append([np.zeros(a.shape) for a in arrays])
        for a, D in zip(arrays, found[-1], strict=True):
            for index in np.ndindex(a.shape):
                a[index] += 1e-30j
                D[index] = np.mean((_net(W, B, X) - T) ** 2).imag / 1e-30
                a[index] = a[index].real
    return found


def single_precision_throughout(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    W = [w.astype(np.float32) for w in W]
    X, A1, A2, A3, Y, T = (a.astype("float32") for a in (X, A1, A2, A3, Y, T))
    return PIECES["order"]["a loop"](_first_ways())(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T)


def talkative(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    print("exercise1 called with", len(X), "points")
    print("to stderr", file=sys.stderr)
    warnings.warn("a warning of mine", stacklevel=1)
    logging.getLogger("student").warning("a log line")
    np.ones(1) / np.zeros(1)
    return PIECES["order"]["a loop"](_first_ways())(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T)


def torch_imported_inside(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    """It may be imported, and asked what it is, as long as it computes nothing."""
    import torch
    from torch.nn import functional as F  # noqa: F401, N812  as students do

    assert not isinstance(X, torch.Tensor)
    with torch.no_grad():
        return PIECES["order"]["a loop"](_first_ways())(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T)


def ones_beside_the_inputs(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    """A bias is the weight of an input that is always 1."""
    D, DW, DB = 2 * (Y - T) / len(X), [], []
    for k, A in ((3, A3), (2, A2), (1, A1), (0, X)):
        both = np.hstack([A, np.ones((len(A), 1))]).T @ D
        DW, DB = [both[:-1], *DW], [both[-1], *DB]
        D = D @ W[k].T * (A > 0) if k else D
    return DW, DB


def jacobians(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    """From the inputs outward: each point's dY/dZk as a product of Jacobians."""
    DW, DB = [0 * w for w in W], [0 * b for b in B]
    for n in range(len(X)):
        slope = 2 * (Y[n, 0] - T[n, 0]) / len(X)
        J3 = np.diag((Z3[n] > 0) * 1.0) @ W[3]
        J2 = np.diag((Z2[n] > 0) * 1.0) @ W[2] @ J3
        J1 = np.linalg.multi_dot([np.diag((Z1[n] > 0) * 1.0), W[1], J2])
        for k, (A, J) in enumerate(((X, J1), (A1, J2), (A2, J3), (A3, np.eye(1)))):
            DB[k] = DB[k] + slope * J[:, 0]
            DW[k] = DW[k] + slope * np.outer(A[n], J[:, 0])
    return DW, DB


def units_by_points(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    """Everything transposed, as textbooks write it: (units, N)."""
    D = (2 * (Y - T) / len(X)).T
    DW, DB = [], []
    for k, A in reversed(list(enumerate((X.T, A1.T, A2.T, A3.T)))):
        DW.append((D @ A.T).T)
        DB.append(D.sum(axis=1))
        D = (A > 0) * (W[k] @ D)
    return DW[::-1], DB[::-1]


def divided_at_the_end(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    D3 = (DY := 2 * (Y - T)).dot(W[3].T) * (A3 > 0)
    D2 = D3.dot(W[2].T) * (A2 > 0)
    D1 = D2.dot(W[1].T) * (A1 > 0)
    DW = [X.T.dot(D1) / len(X), A1.T.dot(D2) / len(X), A2.T.dot(D3) / len(X), A3.T.dot(DY) / len(X)]
    return DW, [D1.mean(axis=0), D2.mean(axis=0), D3.mean(axis=0), DY.mean(axis=0)]


def matrices(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    """With np.matrix, whose * is the matrix product."""
    D, DW, DB = np.matrix(2 * (Y - T) / len(X)), [], []
    for k, A in ((3, A3), (2, A2), (1, A1), (0, X)):
        DW, DB = [np.matrix(A).T * D, *DW], [np.asarray(D.sum(axis=0)).ravel(), *DB]
        D = np.multiply(D * np.matrix(W[k]).T, A > 0) if k else D
    return DW, DB


def dual_numbers(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    """Forward, one parameter at a time: how the output moves when it does."""
    A, Z, N = (X, A1, A2, A3), (Z1, Z2, Z3), len(X)

    def slope(k, dZ):
        for j in range(k, 3):
            dZ = (dZ * (Z[j] > 0)) @ W[j + 1]
        return float(np.sum(2 * (Y - T) * dZ) / N)

    DW, DB = [], []
    for k in range(4):
        units = np.eye(W[k].shape[1])
        DW.append([[slope(k, np.outer(A[k][:, i], e)) for e in units] for i in range(W[k].shape[0])])
        DB.append([slope(k, np.outer(np.ones(N), e)) for e in units])
    return DW, DB


def _first_ways():
    return {kind: next(iter(ways.values())) for kind, ways in PIECES.items()}


def backward_passes() -> list[Right]:
    """Exercise 1 of assignment 01."""
    found = []
    for chosen in mixed(PIECES, 48):
        pieces = {kind: PIECES[kind][way] for kind, way in chosen.items()}
        found.append(Right(("01", "exercise1"), " | ".join(chosen.values()), pieces["order"](pieces)))
    alone = (
        central_differences,
        complex_steps,
        single_precision_throughout,
        talkative,
        torch_imported_inside,
    )
    alone += (ones_beside_the_inputs, jacobians, units_by_points, divided_at_the_end, matrices, dual_numbers)
    return found + _named(("01", "exercise1"), alone)


def _named(exercise: tuple[str, str], functions: Sequence[Piece]) -> list[Right]:
    return [Right(exercise, function.__name__.replace("_", " "), function) for function in functions]


# Assignment 01, exercise 2: the pieces of a forward pass

ZERO = torch.zeros(1)
FORWARD: dict[str, dict[str, Piece]] = {
    "order": {},  # filled in below
    "layer": {
        "A @ W + B": lambda A, W, B: A @ W + B,
        "matmul": lambda A, W, B: torch.add(torch.matmul(A, W), B),
        "addmm": lambda A, W, B: torch.addmm(B, A, W),
        "functional.linear": lambda A, W, B: functional.linear(A, W.T, B),
        "einsum": lambda A, W, B: torch.einsum("ni,ij->nj", A, W) + B,
        "row by row": lambda A, W, B: torch.stack([a @ W + B for a in A]),
        "(W.T @ A.T).T": lambda A, W, B: (W.T @ A.T).T + B,
        "broadcasting": lambda A, W, B: (A[:, :, None] * W).sum(1) + B[None, :],
        "ones beside the inputs": lambda A, W, B: (
            torch.cat([A, torch.ones_like(A[:, :1])], dim=1) @ torch.vstack([W, B])
        ),
        "tensordot": lambda A, W, B: torch.tensordot(A, W, dims=1) + B.unsqueeze(0),
        "unit by unit": lambda A, W, B: torch.stack([A @ W[:, j] + B[j] for j in range(W.shape[1])], dim=1),
    },
    "relu": {
        "relu": torch.relu,
        "the method": lambda Z: Z.relu(),
        "clamp": lambda Z: torch.clamp(Z, min=0),
        "clip": lambda Z: Z.clip(0),
        "maximum": lambda Z: torch.maximum(Z, torch.zeros_like(Z)),
        "max with a tensor": lambda Z: torch.max(Z, ZERO.to(Z.dtype)),
        "where": lambda Z: torch.where(Z > 0, Z, 0.0),
        "functional.relu": functional.relu,
        "nn.ReLU": nn.ReLU(),
        "Z * (Z > 0)": lambda Z: Z * (Z > 0),
        "(Z + |Z|) / 2": lambda Z: (Z + Z.abs()) / 2,
        "in place": lambda Z: Z.relu_(),
        "threshold": lambda Z: functional.threshold(Z, 0, 0),
        "minus the minimum": lambda Z: -torch.minimum(-Z, torch.zeros(())),
        "masked_fill": lambda Z: Z.masked_fill(Z < 0, 0),
    },
    "error": {
        "mean of the square": lambda Y, T: torch.mean((Y - T) ** 2),
        "the method": lambda Y, T: (Y - T).pow(2).mean(),
        "mse_loss": functional.mse_loss,
        "nn.MSELoss": nn.MSELoss(),
        "a sum over N": lambda Y, T: ((Y - T) ** 2).sum() / len(T),
        "a loop": lambda Y, T: sum((y[0] - t[0]) ** 2 for y, t in zip(Y, T, strict=True)) / len(T),
        "square": lambda Y, T: torch.square(T - Y).mean(),
        "the norm": lambda Y, T: torch.linalg.norm(Y - T) ** 2 / T.shape[0],
        "dot": lambda Y, T: torch.dot((Y - T).flatten(), (Y - T).flatten()) / T.numel(),
        "einsum": lambda Y, T: torch.einsum("nk,nk->", Y - T, Y - T) / len(T),
        "a product of matrices": lambda Y, T: ((Y - T).T @ (Y - T) / len(T)).squeeze(),
        "multiplied out": lambda Y, T: (Y * Y).mean() - 2 * (Y * T).mean() + (T * T).mean(),
        "flattened": lambda Y, T: functional.mse_loss(Y.flatten(), T.flatten(), reduction="sum") / len(T),
    },
}


def _forward_loop(p):
    def exercise2(W, B, X, T):
        A = X
        for k in range(4):
            A = p["layer"](A, W[k], B[k])
            if k < 3:
                A = p["relu"](A)
        return p["error"](A, T)

    return exercise2


def _forward_written_out(p):
    def exercise2(W, B, X, T):
        W1, W2, W3, W4 = W
        B1, B2, B3, B4 = B
        A1 = p["relu"](p["layer"](X, W1, B1))
        A2 = p["relu"](p["layer"](A1, W2, B2))
        A3 = p["relu"](p["layer"](A2, W3, B3))
        return p["error"](p["layer"](A3, W4, B4), T)

    return exercise2


def _forward_recursion(p):
    def exercise2(W, B, X, T):
        def output(k):
            return X if k == 0 else p["layer"](hidden(k - 1), W[k - 1], B[k - 1])

        def hidden(k):
            return p["relu"](output(k)) if k else X

        return p["error"](output(4), T)

    return exercise2


def _forward_fold(p):
    def exercise2(W, B, X, T):
        *hidden, (w, b) = zip(W, B, strict=True)
        A = functools.reduce(lambda A, layer: p["relu"](p["layer"](A, *layer)), hidden, X)
        return p["error"](p["layer"](A, w, b), T)

    return exercise2


def _forward_point_by_point(p):
    def exercise2(W, B, X, T):
        Y = []
        for x in X:
            A = x[None]
            for w, b in zip(W[:-1], B[:-1], strict=True):
                A = p["relu"](p["layer"](A, w, b))
            Y.append(p["layer"](A, W[-1], B[-1]))
        return p["error"](torch.cat(Y), T)

    return exercise2


def _forward_module(p):
    class Net(nn.Module):
        def __init__(self, W, B):
            super().__init__()
            self.W, self.B = nn.ParameterList(W), nn.ParameterList(B)

        def forward(self, X):
            for k, (w, b) in enumerate(zip(self.W, self.B, strict=True)):
                X = p["layer"](p["relu"](X) if k else X, w, b)
            return X

    return lambda W, B, X, T: p["error"](Net(W, B)(X), T)


FORWARD["order"] = {
    "a loop": _forward_loop,
    "written out": _forward_written_out,
    "recursion": _forward_recursion,
    "a fold": _forward_fold,
    "data point by data point": _forward_point_by_point,
    "a module": _forward_module,
}


def _simple(W, B, X, T):
    A = X
    for k in range(4):
        A = A @ W[k] + B[k]
        A = torch.clamp(A, min=0) if k < 3 else A
    return torch.mean((A - T) ** 2)


def double_precision(W, B, X, T):
    return _simple([w.double() for w in W], [b.double() for b in B], X.double(), T.double())


def double_precision_and_back(W, B, X, T):
    return double_precision(W, B, X, T).float()


def backward_already_called(W, B, X, T):
    err = _simple(W, B, X, T)
    err.backward(retain_graph=True)
    return err


def backward_called_twice(W, B, X, T):
    for _ in range(2):
        err = _simple(W, B, X, T)
        err.backward(retain_graph=True)
        W[0].grad = None
    return err


def backward_on_another_graph(W, B, X, T):
    _simple(W, B, X, T).backward()
    return _simple(W, B, X, T)


def gradients_asked_for_inside(W, B, X, T):
    err = _simple(W, B, X, T)
    torch.autograd.grad(err, W[0], retain_graph=True)
    return err


def sequential_and_functional_call(W, B, X, T):
    layers = [
        nn.Linear(4, 6),
        nn.ReLU(),
        nn.Linear(6, 6),
        nn.ReLU(),
        nn.Linear(6, 6),
        nn.ReLU(),
        nn.Linear(6, 1),
    ]
    given = {f"{2 * k}.weight": W[k].T for k in range(4)} | {f"{2 * k}.bias": B[k] for k in range(4)}
    return nn.MSELoss()(torch.func.functional_call(nn.Sequential(*layers), given, (X,)), T)


def new_tensors_of_the_data(W, B, X, T):
    X, T = torch.tensor(X.tolist()), torch.from_numpy(T.numpy().copy())
    return _simple(W, B, X, T)


def data_that_require_gradients(W, B, X, T):
    return _simple(W, B, X.clone().requires_grad_(), T)


def errors_of_the_points_averaged(W, B, X, T):
    return torch.stack([_simple(W, B, x[None], t[None]) for x, t in zip(X, T, strict=True)]).mean()


def all_points_at_once(W, B, X, T):
    return torch.vmap(lambda x, t: _simple(W, B, x[None], t[None]))(X, T).mean()


def batches_of_matrices(W, B, X, T):
    A = X[:, None, :]
    for k in range(4):
        A = torch.baddbmm(B[k].expand(len(X), 1, -1), A, W[k].expand(len(X), -1, -1))
        A = A.relu() if k < 3 else A
    return ((A[:, 0] - T) ** 2).mean()


def prints_and_warns(W, B, X, T):
    err = _simple(W, B, X, T)
    print(f"err = {err}")
    warnings.warn("mind the gap", stacklevel=1)
    print("done", file=sys.stderr)
    return err


def gradients_switched_on(W, B, X, T):
    with torch.no_grad():
        print(_simple(W, B, X, T))
    with torch.enable_grad():
        return _simple(W, B, X, T)


def parameters_cloned(W, B, X, T):
    return _simple([w.clone() for w in W], [1.0 * b for b in B], X.detach(), T)


def own_backward(W, B, X, T):
    class Rectifier(torch.autograd.Function):
        @staticmethod
        def forward(context, Z):
            context.save_for_backward(Z)
            return Z.clamp(min=0)

        @staticmethod
        def backward(context, D):
            (Z,) = context.saved_tensors
            return D * (Z > 0)

    A = X
    for k in range(3):
        A = Rectifier.apply(A @ W[k] + B[k])
    return ((A @ W[3] + B[3] - T) ** 2).mean()


def kept_gradients(W, B, X, T):
    A, kept = X, []
    for k in range(4):
        A = A @ W[k] + B[k]
        A.retain_grad()
        kept.append(A)
        A = A.relu() if k < 3 else A
    return torch.mean((A - T) ** 2)


def forward_passes() -> list[Right]:
    """Exercise 2 of assignment 01."""
    found = []
    for chosen in mixed(FORWARD, 30):
        pieces = {kind: FORWARD[kind][way] for kind, way in chosen.items()}
        found.append(Right(("01", "exercise2"), " | ".join(chosen.values()), pieces["order"](pieces)))
    alone = (double_precision, double_precision_and_back, backward_already_called, backward_called_twice)
    alone += (backward_on_another_graph, gradients_asked_for_inside, sequential_and_functional_call)
    alone += (new_tensors_of_the_data, data_that_require_gradients, errors_of_the_points_averaged)
    alone += (all_points_at_once, batches_of_matrices, prints_and_warns, gradients_switched_on)
    alone += (parameters_cloned, own_backward, kept_gradients)
    return found + _named(("01", "exercise2"), alone)


# Assignment 02: a cubic's gradient, its descent, its largest step


def _residual(theta, x, y):
    return theta[0] + theta[1] * x + theta[2] * x**2 + theta[3] * x**3 - y


def gradients() -> list[Right]:
    """Exercise 1 of assignment 02."""

    def vandermonde(theta, x, y):
        V = np.vander(x, 4, increasing=True)
        return 2 * V.T @ (V @ theta - y)

    def term_by_term(theta, x, y):
        r = _residual(theta, x, y)
        return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]

    def loops(theta, x, y):
        g = [0.0, 0.0, 0.0, 0.0]
        for xi, yi in zip(x, y, strict=True):
            p = sum(theta[k] * xi**k for k in range(4))
            for k in range(4):
                g[k] += 2 * (p - yi) * xi**k
        return tuple(g)

    def plain_floats(theta, x, y):
        return [float(2 * (_residual(theta, x, y) @ x**k)) for k in range(4)]

    def arrays_of_no_axis(theta, x, y):
        return [np.array(2 * (_residual(theta, x, y) * x**k).sum()) for k in range(4)]

    def einsum(theta, x, y):
        V = np.stack([x**k for k in range(4)])
        return np.einsum("kn,n->k", V, 2 * (np.einsum("kn,k->n", V, theta) - y))

    def moments(theta, x, y):
        """From the sums of powers of x alone."""
        H = np.array([[np.sum(x ** (i + j)) for j in range(4)] for i in range(4)])
        return 2 * (H @ theta - np.array([np.sum(y * x**i) for i in range(4)]))

    def polyval(theta, x, y):
        r = np.polyval(theta[::-1], x) - y
        return np.array([2 * np.polyval([1] + [0] * k, x) @ r for k in range(4)])

    def mean_times_n(theta, x, y):
        return np.array([2 * np.mean(_residual(theta, x, y) * x**k) * len(x) for k in range(4)])

    def central_differences(theta, x, y):
        def loss(t):
            return np.sum(_residual(t, x, y) ** 2)

        h = 1e-5
        return [(loss(theta + h * e) - loss(theta - h * e)) / (2 * h) for e in np.eye(4)]

    def single_precision(theta, x, y):
        theta, x, y = np.float32(theta), np.float32(x), np.float32(y)
        return 2 * np.vander(x, 4, increasing=True).T @ _residual(theta, x, y)

    def horner(theta, x, y):
        a, b, c, d = theta
        r = ((d * x + c) * x + b) * x + a - y
        g = []
        for _ in range(4):
            g.append(2 * r.sum())
            r = r * x
        return g

    alone = (vandermonde, term_by_term, loops, plain_floats, arrays_of_no_axis, einsum, moments, polyval)
    alone += (mean_times_n, central_differences, single_precision, horner)
    return _named(("02", "exercise1"), alone)


def descents() -> list[Right]:
    """Exercise 2 of assignment 02."""

    def backward(theta, x, y, learning_rate, steps):
        theta, losses = theta.clone().requires_grad_(), []
        for _ in range(steps):
            loss = torch.sum(_residual(theta, x, y) ** 2)
            losses.append(loss.item())
            loss.backward()
            with torch.no_grad():
                theta -= learning_rate * theta.grad
                theta.grad = None
        return theta.detach(), losses

    def four_parameters(theta, x, y, learning_rate, steps):
        a, b, c, d = parameters = [nn.Parameter(p.clone()) for p in theta]
        losses = torch.zeros(steps)
        for t in range(steps):
            loss = ((a + b * x + c * x**2 + d * x**3 - y) ** 2).sum()
            losses[t] = loss.detach()
            for p in parameters:
                p.grad = None
            loss.backward()
            for p in parameters:
                p.data -= learning_rate * p.grad
        return [p.item() for p in parameters], losses

    def optimizer(theta, x, y, learning_rate, steps):
        theta, losses = nn.Parameter(theta.clone()), []
        sgd = torch.optim.SGD([theta], lr=learning_rate)
        for _ in range(steps):
            sgd.zero_grad()
            loss = functional.mse_loss(_residual(theta, x, 0 * y), y, reduction="sum")
            loss.backward()
            sgd.step()
            losses.append(loss)
        return theta, losses

    def autograd_grad(theta, x, y, learning_rate, steps):
        losses = []
        for _ in range(steps):
            theta = theta.detach().requires_grad_()
            loss = (_residual(theta, x, y) ** 2).sum()
            (g,) = torch.autograd.grad(loss, theta)
            losses += [float(loss)]
            theta = theta - learning_rate * g
        return theta.detach().numpy(), np.array(losses)

    def by_hand(theta, x, y, learning_rate, steps):
        V, losses = torch.stack([x**k for k in range(4)], dim=1), []
        for _ in range(steps):
            r = V @ theta - y
            losses.append((r @ r).item())
            theta = theta - learning_rate * 2 * V.T @ r
        return theta, losses

    def recursion(theta, x, y, learning_rate, steps):
        if steps == 0:
            return theta.detach(), ()
        theta = theta.detach().clone().requires_grad_()
        loss = ((_residual(theta, x, y)) ** 2).sum()
        loss.backward()
        end, losses = recursion(theta - learning_rate * theta.grad, x, y, learning_rate, steps - 1)
        return end, (loss.item(), *losses)

    def double_precision(theta, x, y, learning_rate, steps):
        return backward(theta.double(), x.double(), y.double(), learning_rate, steps)

    def gradients_zeroed(theta, x, y, learning_rate, steps):
        theta, losses, t = torch.tensor(theta.tolist(), requires_grad=True), [], 0
        while t < steps:
            if theta.grad is not None:
                theta.grad.zero_()
            loss = sum(
                torch.sum(_residual(theta, *half) ** 2) for half in ((x[::2], y[::2]), (x[1::2], y[1::2]))
            )
            loss.backward()
            losses.append(loss.item())
            theta.data = theta.data - learning_rate * theta.grad
            t += 1
        return [theta.detach(), losses]

    def func_grad(theta, x, y, learning_rate, steps):
        both = torch.func.grad_and_value(lambda t: (_residual(t, x, y) ** 2).sum())
        losses = []
        for _ in range(steps):
            g, loss = both(theta)
            theta = theta - learning_rate * g
            losses.append(loss)
        return theta, torch.stack(losses)

    def prints_and_warns(theta, x, y, learning_rate, steps):
        warnings.warn("slow", stacklevel=1)
        print("starting", file=sys.stderr)
        theta, losses = by_hand(theta, x, y, learning_rate, steps)
        print(losses[-1])
        return theta.tolist(), losses

    alone = (backward, four_parameters, optimizer, autograd_grad, by_hand, recursion, double_precision)
    alone += (gradients_zeroed, func_grad, prints_and_warns)
    return _named(("02", "exercise2"), alone)


def limits() -> list[Right]:
    """Exercise 3 of assignment 02."""

    def hessian(x):
        V = np.vander(x, 4, increasing=True)
        return 2 * V.T @ V

    def eigvalsh(x):
        return 2 / np.linalg.eigvalsh(hessian(x)).max()

    def eigvals(x):
        return 2 / np.max(np.linalg.eigvals(hessian(x)).real)

    def eigh_of_the_other_order(x):
        V = np.vander(x, 4)
        values, _ = np.linalg.eigh(V.T @ V)
        return 1.0 / values[-1]

    def singular_values(x):
        return 1 / np.linalg.svd(np.vander(x, 4), compute_uv=False)[0] ** 2

    def spectral_norm(x):
        return np.array(2 / np.linalg.norm(hessian(x), 2))

    def power_iteration(x):
        H, v = hessian(x), np.ones(4)
        for _ in range(2000):
            v = H @ v
            v /= np.linalg.norm(v)
        return float(2 / (v @ H @ v))

    def the_dual_matrix(x):
        V = np.vander(x, 4)
        return 1 / np.linalg.eigvalsh(V @ V.T)[-1] if len(x) < 100 else eigvalsh(x)

    def characteristic_polynomial(x):
        return 2 / max(np.roots(np.poly(hessian(x))).real)

    def torch_as_arrays(x):
        V = torch.stack([torch.tensor(x) ** k for k in range(4)], dim=1)
        return 2 / torch.linalg.eigvalsh(2 * V.T @ V).max()

    def hessian_by_autograd(x):
        x = torch.tensor(x)
        H = torch.autograd.functional.hessian(
            lambda t: (_residual(t, x, 0) ** 2).sum(), torch.zeros(4, dtype=torch.float64)
        )
        return 2 / torch.linalg.matrix_norm(H, ord=2).item()

    def entry_by_entry(x):
        H = [[2 * sum(xi ** (i + j) for xi in x) for j in range(4)] for i in range(4)]
        return 2 / max(np.linalg.eigvalsh(H))

    def single_precision(x):
        return np.float32(2) / np.linalg.eigvalsh(hessian(x.astype(np.float32)))[-1]

    alone = (eigvalsh, eigvals, eigh_of_the_other_order, singular_values, spectral_norm, power_iteration)
    alone += (the_dual_matrix, characteristic_polynomial, torch_as_arrays, hessian_by_autograd)
    alone += (entry_by_entry, single_precision)
    return _named(("02", "exercise3"), alone)


def everything() -> list[Right]:
    """All right answers to both assignments."""
    return [*backward_passes(), *forward_passes(), *gradients(), *descents(), *limits()]
