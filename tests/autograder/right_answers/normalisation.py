"""Assignment 05: layer normalisation, batch normalisation in both modes, and that without a mean."""

from __future__ import annotations

import numpy as np

from tests.autograder.right_answers.right import Right, named, written

LAYERS = """
one expression                    DX = (DH - mean(DH) - H * mean(DH * H)) / S
over n times s                    DX = 1 / (n * S) * (n * DH - total(DH) - H * total(DH * H));
    answer = list(right)
variance and mean as steps        Dvar = -0.5 * total(DH * (X - M)) / S**3; DM = -total(DH) / S;
    DX = DH / S + 2 * (X - M) / n * Dvar + DM / n
the way that is zero taken along  Dvar = total(DH * (X - M) * -0.5 * (S**2) ** -1.5);
    DM = total(-DH / S) + Dvar * mean(-2 * (X - M)); DX = DH / S + Dvar * 2 * (X - M) / n + DM / n
whole jacobians                   J = (np.eye(n) - 1 / n - np.einsum("ni,nj->nij", H, H) / n) / S[:, :, None];
    DX = np.einsum("ni,nij->nj", DH, J); DG = np.einsum("nd,nd->d", DY, H); DB = np.einsum("nd->d", DY)
statistics of its own             m, v = mean(X), X.var(1)[:, None]; r = 1 / np.sqrt(v + eps);
    x = (X - m) * r; DX = r * (DH - mean(DH) - x * mean(DH * x)); DG = (DY * x).sum(0)
single precision                  X, G, M, S, H, DY = (a.astype(np.float32) for a in (X, G, M, S, H, DY))
torch as a library                G, S, H, DY = map(torch.from_numpy, (G, S, H, DY))
exact fractions for the mean      from fractions import Fraction;
    answer = DH, DX, DG, [sum(map(Fraction, column)) for column in DY.T.tolist()]
"""
BATCHES = """
one expression       right
gamma at the end     DX = G / (n * S) * (n * DY - DY.sum(axis=0) - H * (DY * H).sum(axis=0))
gamma in the middle  DX = (DY - DY.mean(0) - H * (DY * H).mean(0)) * (G / S)
# every line of the forward pass for itself, the squares of the differences among them
stage by stage       xmu, ivar = X - M, 1 / S; divar = (DH * xmu).sum(0); dxmu1 = DH * ivar;
    dsqrtvar = -1 / S**2 * divar; dvar = 0.5 / S * dsqrtvar; dsq = np.ones(X.shape) / n * dvar;
    dxmu2 = 2 * xmu * dsq; dx1 = dxmu1 + dxmu2; dmu = -dx1.sum(0); DX = dx1 + np.ones(X.shape) / n * dmu
transposed rows      D, T = DH.T, H.T;
    DX = ((D - D.mean(1, keepdims=True) - T * (D * T).mean(1, keepdims=True)) / S.T).T
feature by feature   J = [(np.eye(n) - 1 / n - np.outer(h, h) / n) / s for h, s in zip(H.T, S[0])];
    DX = np.array([j @ d for j, d in zip(J, DH.T)]).T; DG = np.diag(DY.T @ H); DB = np.ones(n) @ DY
"""
EVALUATIONS = """
in one line     right
slope first     DX = DY @ np.diag((G / RS).reshape(-1)); DG = np.einsum("nd,nd->d", DY, H)
point by point  [d * G / RS[0] for d in DY], sum(d * (x - RM[0]) / RS[0] for x, d in zip(X, DY))
"""
ROOTS = """
one expression     right
from raw rows      DX = DH / S - X * total(DH * X) / (n * S**3); DG = np.sum(DY * X / S, axis=0)
divisor as a step  DS = -(DH * H / S).sum(1); DX = DH / S + DS[:, None] * H / n
whole jacobians    J = [(np.eye(n) - np.outer(h, h) / n) / s for h, s in zip(H, S)];
    DX = [d @ j for d, j in zip(DH, J)]; DG = np.einsum("nd,nd->d", DY, H)
reciprocal root    r = (np.mean(X**2, axis=1, keepdims=True) + eps) ** -0.5;
    DX = r * DH - r**3 * X * np.mean(DH * X, axis=1, keepdims=True); DG = (DY * X * r).sum(0)
"""


def layers() -> list[Right]:
    """Exercise 1 of assignment 05."""

    def loops(X, G, B, eps, M, S, H, DY):
        N, D = X.shape
        DH, DX, DG, DB = np.zeros((N, D)), np.zeros((N, D)), [0.0] * D, [0.0] * D
        for n in range(N):
            for j in range(D):
                DH[n, j] = DY[n, j] * G[j]
                DG[j] += DY[n, j] * H[n, j]
                DB[j] += DY[n, j]
            a, b = sum(DH[n]) / D, sum(DH[n] * H[n]) / D
            for j in range(D):
                DX[n, j] = (DH[n, j] - a - b * H[n, j]) / S[n, 0]
        return DH, DX, DG, DB

    return named(("05", "exercise1"), locals().values()) + written(("05", "exercise1"), LAYERS)


def batches() -> list[Right]:
    """Exercise 2 of assignment 05."""
    return written(("05", "exercise2"), BATCHES)


def evaluations() -> list[Right]:
    """Exercise 3 of assignment 05."""
    return written(("05", "exercise3"), EVALUATIONS)


def roots() -> list[Right]:
    """Exercise 4 of assignment 05."""
    return written(("05", "exercise4"), ROOTS)
