"""Exercise 1 of assignment 01: backward passes put together from pieces, and some written in one go."""

from __future__ import annotations

import numpy as np

from tests.autograder.mutants.calls import RIGHT
from tests.autograder.right_answers.backward_pieces import PIECES
from tests.autograder.right_answers.right import Right, named, put_together, written

LINE_BY_LINE = """
talkative                    import logging, sys, warnings; print("exercise1 called with", len(X), "points");
    print("to stderr", file=sys.stderr); warnings.warn("a warning of mine", stacklevel=1);
    logging.getLogger("student").warning("a log line"); np.ones(1) / np.zeros(1); answer = right
single precision throughout  W = [w.astype(np.float32) for w in W];
    X, A1, A2, A3, Y, T = (a.astype("float32") for a in (X, A1, A2, A3, Y, T))
divided at the end           N = len(X); DY = 2 * (Y - T); DZ3 = DY.dot(W4.T) * (A3 > 0);
    DZ2 = DZ3.dot(W3.T) * (A2 > 0); DZ1 = DZ2.dot(W2.T) * (A1 > 0); DB1 = DZ1.mean(axis=0);
    DB2 = DZ2.mean(axis=0); DB3 = DZ3.mean(axis=0); DB4 = DY.mean(axis=0); DW1 = X.T.dot(DZ1) / N;
    DW2 = A1.T.dot(DZ2) / N; DW3 = A2.T.dot(DZ3) / N; DW4 = A3.T.dot(DY) / N
"""


def _net(W, B, X):
    for k, (w, b) in enumerate(zip(W, B, strict=True)):
        X = X @ w + b
        X = X * (X.real > 0) if k < 3 else X
    return X


def _entry_by_entry(W, B, slope):
    return [
        [np.reshape([slope(a, index) for index in np.ndindex(a.shape)], a.shape) for a in arrays]
        for arrays in (W, B)
    ]


def central_differences(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    h = 1e-6

    def error():
        return np.mean((_net(W, B, X) - T) ** 2)

    def slope(a, index):
        before = a[index]
        a[index] = before + h
        more = error()
        a[index] = before - h
        less = error()
        a[index] = before
        return (more - less) / (2 * h)

    W, B = [w.copy() for w in W], [b.copy() for b in B]
    return _entry_by_entry(W, B, slope)


def complex_steps(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    def slope(a, index):
        a[index] += 1e-30j
        error = np.mean((_net(W, B, X) - T) ** 2)
        a[index] = a[index].real
        return error.imag / 1e-30

    W, B = [w.astype(complex) for w in W], [b.astype(complex) for b in B]
    return _entry_by_entry(W, B, slope)


def torch_imported_inside(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    """It may be imported, and asked what it is, as long as it computes nothing."""
    import torch
    from torch.nn import functional as F  # noqa: F401, N812  as students do

    assert not isinstance(X, torch.Tensor)
    with torch.no_grad():
        return RIGHT["01", "exercise1"](W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T)


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


def backward_passes() -> list[Right]:
    """Exercise 1 of assignment 01."""
    alone = (central_differences, complex_steps, torch_imported_inside, ones_beside_the_inputs)
    alone += (jacobians, units_by_points, matrices, dual_numbers)
    exercise = ("01", "exercise1")
    return put_together(exercise, PIECES, 48) + named(exercise, alone) + written(exercise, LINE_BY_LINE)
