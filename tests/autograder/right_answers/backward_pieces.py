"""Exercise 1 of assignment 01: the pieces of a backward pass in many ways, and in what order to go."""

from __future__ import annotations

import functools
import math

import numpy as np

from tests.autograder.right_answers.right import Piece, ways


def _loops(A, D):
    DW = np.zeros((A.shape[1], D.shape[1]))
    for n in range(A.shape[0]):
        for i in range(A.shape[1]):
            for j in range(D.shape[1]):
                DW[i, j] += A[n, i] * D[n, j]
    return DW


def _switched_off(G, Z, A):
    G = G.copy()
    G[Z <= 0] = 0
    return G


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


def objects(arrays):
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


def _written_out(p, W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    _, W2, W3, W4 = W
    DY = p.error(Y, T)
    DZ3 = p.mask(p.back(DY, W4), Z3, A3)
    DZ2 = p.mask(p.back(DZ3, W3), Z2, A2)
    DZ1 = p.mask(p.back(DZ2, W2), Z1, A1)
    DW = [p.weights(X, DZ1), p.weights(A1, DZ2), p.weights(A2, DZ3), p.weights(A3, DY)]
    DB = [p.bias(DZ1), p.bias(DZ2), p.bias(DZ3), p.bias(DY)]
    return p.form(DW, DB)


def _backward_loop(p, W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    D, DW, DB = p.error(Y, T), [], []
    for k, A in ((3, A3), (2, A2), (1, A1), (0, X)):
        DW.insert(0, p.weights(A, D))
        DB.insert(0, p.bias(D))
        if k > 0:
            D = p.mask(p.back(D, W[k]), (Z1, Z2, Z3)[k - 1], A)
    return p.form(DW, DB)


def _slots_to_fill(p, *given):
    W, _, X, Z1, A1, Z2, A2, Z3, A3, Y, T = given
    Z, A = [None, Z1, Z2, Z3], [X, A1, A2, A3]
    DZ = [None, None, None, None, p.error(Y, T)]
    DW, DB = [None] * 4, [None] * 4
    for k in range(4, 0, -1):
        DW[k - 1], DB[k - 1] = p.weights(A[k - 1], DZ[k]), p.bias(DZ[k])
        if k > 1:
            DZ[k - 1] = p.mask(p.back(DZ[k], W[k - 1]), Z[k - 1], A[k - 1])
    return p.form(DW, DB)


def _recursion(p, W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    Z, A = (Z1, Z2, Z3), (X, A1, A2, A3)

    def below(k, D):
        here = [p.weights(A[k], D)], [p.bias(D)]
        if k == 0:
            return here
        DW, DB = below(k - 1, p.mask(p.back(D, W[k]), Z[k - 1], A[k]))
        return DW + here[0], DB + here[1]

    return p.form(*below(3, p.error(Y, T)))


def _classes(p, W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    class Linear:
        def __init__(self, weights, inputs):
            self.weights, self.inputs = weights, inputs

        def backward(self, D):
            self.DW, self.DB = p.weights(self.inputs, D), p.bias(D)
            return p.back(D, self.weights)

    class Relu:
        def __init__(self, Z, A):
            self.Z, self.A = Z, A

        def backward(self, D):
            return p.mask(D, self.Z, self.A)

    linear = [Linear(w, a) for w, a in zip(W, (X, A1, A2, A3), strict=True)]
    first, second, third, last = linear
    layers = [first, Relu(Z1, A1), second, Relu(Z2, A2), third, Relu(Z3, A3), last]
    D = p.error(Y, T)
    for layer in reversed(layers):
        D = layer.backward(D)
    return p.form([layer.DW for layer in linear], [layer.DB for layer in linear])


def _fold(p, W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    def step(Ds, layer):
        weights, Z, A = layer
        return [p.mask(p.back(Ds[0], weights), Z, A), *Ds]

    layers = [(W[3], Z3, A3), (W[2], Z2, A2), (W[1], Z1, A1)]
    Ds = functools.reduce(step, layers, [p.error(Y, T)])
    return p.form(list(map(p.weights, (X, A1, A2, A3), Ds)), list(map(p.bias, Ds)))


def _point_by_point(p, W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    DW, DB = [np.zeros(w.shape) for w in W], [np.zeros(b.shape) for b in B]
    DY = p.error(Y, T)
    for n in range(len(X)):
        one = slice(n, n + 1)
        D = DY[one]
        for k in (3, 2, 1, 0):
            A = (X, A1, A2, A3)[k][one]
            DW[k] += p.weights(A, D)
            DB[k] += p.bias(D)
            if k:
                D = p.mask(p.back(D, W[k]), (Z1, Z2, Z3)[k - 1][one], A)
    return p.form(DW, DB)


def _own_forward_pass(p, W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    A, Z = [X], []
    for w, b in zip(W, B, strict=True):
        Z.append(A[-1] @ w + b)
        A.append(np.maximum(0, Z[-1]))
    D, result = p.error(Z[-1], T), []
    while Z:
        Z.pop()
        A.pop()
        result.append((p.weights(A[-1], D), p.bias(D)))
        if Z:
            D = p.mask(p.back(D, W[len(Z)]), Z[-1], A[-1])
    DW, DB = zip(*reversed(result), strict=True)
    return p.form(list(DW), list(DB))


def _by_name(p, W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    q = {"A0": X, "Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "Z3": Z3, "A3": A3, "D4": p.error(Y, T)}
    for k in "321":
        above = str(int(k) + 1)
        q["D" + k] = p.mask(p.back(q["D" + above], W[int(k)]), q["Z" + k], q["A" + k])
    DW = [p.weights(q[f"A{k}"], q[f"D{k + 1}"]) for k in range(4)]
    return p.form(DW, [p.bias(q[f"D{k + 1}"]) for k in range(4)])


PIECES: dict[str, dict[str, Piece]] = {
    "order": {
        **{"written out": _written_out, "a loop": _backward_loop, "lists to fill": _slots_to_fill},
        **{"recursion": _recursion, "classes": _classes, "a fold": _fold, "by name": _by_name},
        **{"data point by data point": _point_by_point, "own forward pass": _own_forward_pass},
    },
    "error": ways(
        "Y, T",
        """
2 * (Y - T) / len(Y) | (Y - T) * (2 / Y.shape[0]) | np.subtract(Y, T) / (0.5 * Y.size)
-2.0 / T.shape[0] * (T - Y)
np.diag(np.full(len(Y), 2 / len(Y))) @ (Y - T) | (2 * (Y.ravel() - T.ravel()) / T.size).reshape(-1, 1)
np.array([[2 * (y[0] - t[0]) / len(Y)] for y, t in zip(Y, T)])
""",
    ),
    "weights": {
        **ways(
            "A, D",
            """
A.T @ D | np.dot(A.T, D) | np.matmul(A.transpose(), D) | np.inner(A.T, D.T) | (D.T @ A).T
np.einsum("ni,nj->ij", A, D) | np.tensordot(A, D, axes=(0, 0)) | (A[:, :, None] * D[:, None, :]).sum(axis=0)
sum(map(np.outer, A, D)) | len(A) * np.mean([np.outer(a, d) for a, d in zip(A, D)], 0)
np.column_stack([A.T @ d for d in D.T]) | np.array([[a @ d for d in D.T] for a in A.T])
""",
        ),
        "three loops": _loops,
    },
    "bias": ways(
        "D",
        """
D.sum(axis=0) | np.sum(D, 0) | np.ones(len(D)) @ D | np.einsum("nj->j", D) | sum(D) | np.add.reduce(D)
D.mean(axis=0) * len(D) | np.cumsum(D, axis=0)[-1] | D.sum(axis=0, keepdims=True)[0]
functools.reduce(np.add, D) | np.array([column.sum() for column in D.T])
np.array([math.fsum(column) for column in D.T])
""",
        functools=functools,
        math=math,
    ),
    "back": ways(
        "D, W",
        """
D @ W.T | np.dot(D, W.T) | (W @ D.T).T | np.inner(D, W) | np.tensordot(D, W, axes=(1, 1))
np.einsum("nj,ij->ni", D, W) | (D[:, None, :] * W[None, :, :]).sum(axis=2) | np.array([W @ d for d in D])
np.array([[sum(d[j] * w[j] for j in range(len(w))) for w in W] for d in D])
""",
    ),
    "mask": {
        **ways(
            "G, Z, A",
            """
G * (Z > 0) | G * (Z >= 0) | G * (A > 0) | (A != 0) * G | G * ~(Z < 0) | G * (1 + np.sign(Z)) / 2
G * (A / Z) | np.where(Z > 0, G, 0) | np.where(A > 0, 1.0, 0.0) * G | G * np.heaviside(Z, 0)
G * np.heaviside(Z, 0.5) | G * np.sign(A) | np.multiply(G, 1.0, where=Z > 0, out=np.zeros_like(G))
np.array([[g if z > 0 else 0.0 for g, z in zip(*row)] for row in zip(G, Z)])
""",
        ),
        **{"boolean indexing": _switched_off, "putmask": _put},
    },
    "form": {
        **ways(
            "DW, DB",
            """
(DW, DB) | [DW, DB] | (tuple(DW), tuple(DB)) | ([w.tolist() for w in DW], [b.tolist() for b in DB])
([np.matrix(w) for w in DW], DB) | (objects(DW), objects(DB)) | tuple({"DW": DW, "DB": DB}.values())
""",
            objects=objects,
        ),
        **{"single precision": each(np.float32), "long double": each(np.longdouble)},
        **{"Fortran order": each(np.asfortranarray), "big-endian": each(lambda a: a.astype(">f8"))},
        **{"an own subclass": each(lambda a: np.asarray(a).view(Kept)), "masked arrays": each(np.ma.array)},
        **{"views with strides": each(_strided), "read-only": each(_read_only)},
    },
}
