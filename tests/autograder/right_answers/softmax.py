"""Assignment 03: softmax and cross-entropy, the softmax backward, a classifier's backward pass."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import torch
from torch.nn import functional

from tests.autograder.right_answers.right import Right, named


def _softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def probabilities() -> list[Right]:
    """Exercise 1 of assignment 03."""

    def log_softmax(Z, t):
        L = Z - Z.max(1)[:, None]
        L = L - np.log(np.exp(L).sum(1))[:, None]
        return np.exp(L), -L[range(len(t)), t].mean()

    def log_sum_exp(Z, t):
        top = Z.max(axis=-1, keepdims=True)
        lse = np.log(np.exp(Z - top).sum(-1, keepdims=True)) + top
        P = np.exp(Z - lse)
        return P, np.mean(lse[:, 0] - np.take_along_axis(Z, t[:, None], 1)[:, 0])

    def logaddexp_reduce(Z, t):
        lse = np.logaddexp.reduce(Z, axis=1)
        return [np.exp((Z.T - lse).T), float((lse - Z[np.arange(len(Z)), t]).sum() / len(Z))]

    def loops(Z, t):
        N, C = Z.shape
        P, total = np.zeros((N, C)), 0.0
        for n in range(N):
            m = max(Z[n])
            s = sum(math.exp(z - m) for z in Z[n])
            for j in range(C):
                P[n, j] = math.exp(Z[n, j] - m) / s
            total += math.log(s) + m - Z[n, t[n]]
        return P, total / N

    def one_hot(Z, t):
        T = np.eye(Z.shape[1])[t]
        S = Z - np.amax(Z, axis=1, keepdims=True)
        L = S - np.log(np.sum(np.exp(S), axis=1, keepdims=True))
        return _softmax(Z), -(T * L).sum() / len(Z)

    def mask(Z, t):
        right = t.reshape(-1, 1) == np.arange(Z.shape[1])
        S = Z - Z.max(axis=1, keepdims=True)
        return _softmax(Z), (np.log(np.exp(S).sum(axis=1)) - S[right]).mean()

    def torch_as_a_library(Z, t):
        Z, t = torch.tensor(Z), torch.tensor(t)
        return torch.softmax(Z, 1).numpy(), functional.cross_entropy(Z, t).item()

    def transposed_inside(Z, t):
        Z = Z.T
        E = np.exp(Z - Z.max(0))
        return (E / E.sum(0)).T, np.mean(np.log(E.sum(0)) + Z.max(0) - Z[t, np.arange(len(t))])

    def differences_of_scores(Z, t):
        """Every probability as 1 / Σ exp(differences), which may overflow to the right limit."""
        with np.errstate(over="ignore"):
            P = 1 / np.exp(Z[:, None, :] - Z[:, :, None]).sum(axis=2)
        D = Z - Z[np.arange(len(t)), t][:, None]
        m = D.max(axis=1)
        return P, (m + np.log(np.exp(D - m[:, None]).sum(axis=1))).mean()

    def generator(Z, t):
        yield _softmax(Z)
        yield np.array([np.logaddexp.reduce(z) - z[k] for z, k in zip(Z, t, strict=True)]).mean()

    def error_of_one_axis(Z, t):
        P, err = log_softmax(Z, t)
        return P, np.array(err)

    return named(
        ("03", "exercise1"),
        [
            log_softmax,
            log_sum_exp,
            logaddexp_reduce,
            loops,
            one_hot,
            mask,
            torch_as_a_library,
            transposed_inside,
            differences_of_scores,
            generator,
            error_of_one_axis,
        ],
    )


def jacobians() -> list[Right]:
    """Exercise 2 of assignment 03."""

    def row_sums(P, DP):
        return np.diag(P[0]) - np.outer(P[0], P[0]), P * (DP - (P * DP).sum(axis=1, keepdims=True))

    def every_jacobian(P, DP):
        J = np.einsum("ni,ij->nij", P, np.eye(P.shape[1])) - np.einsum("ni,nj->nij", P, P)
        return J[0], np.einsum("nij,ni->nj", J, DP)

    def loops(P, DP):
        N, C = P.shape
        J, DZ = np.zeros((C, C)), np.zeros((N, C))
        for i in range(C):
            for j in range(C):
                J[i, j] = P[0, i] * (1 - P[0, i]) if i == j else -P[0, i] * P[0, j]
                for n in range(N):
                    DZ[n, j] += DP[n, i] * P[n, i] * ((i == j) - P[n, j])
        return J, DZ

    def point_by_point(P, DP):
        Js = [np.diagflat(p) - p[:, None] * p for p in P]
        return Js[0], [J.T @ d for J, d in zip(Js, DP, strict=True)]

    def two_terms(P, DP):
        G = P * DP
        return P[0] * (np.eye(len(P[0])) - P[0][:, None]), G - P * G.sum(1)[:, None]

    def torch_as_a_library(P, DP):
        P, DP = torch.tensor(P), torch.tensor(DP)
        J = torch.diag(P[0]) - P[0, :, None] @ P[0, None]
        DZ = torch.bmm(DP[:, None], torch.diag_embed(P) - P[:, :, None] * P[:, None])[:, 0]
        return J, DZ

    def single_precision(P, DP):
        return row_sums(P.astype(np.float32), DP.astype(np.float32))

    def exact_fractions(P, DP):
        p = [Fraction(float(x)) for x in P[0]]
        J = [[float(p[i] * ((i == j) - p[j])) for j in range(len(p))] for i in range(len(p))]
        return J, row_sums(P, DP)[1]

    return named(
        ("03", "exercise2"),
        [
            row_sums,
            every_jacobian,
            loops,
            point_by_point,
            two_terms,
            torch_as_a_library,
            single_precision,
            exact_fractions,
        ],
    )


def classifiers() -> list[Right]:
    """Exercise 3 of assignment 03."""

    def below(W, X, Z1, A1, D2):
        D1 = (D2 @ W[1].T) * (Z1 > 0)
        return [X.T @ D1, A1.T @ D2], [D1.sum(axis=0), D2.sum(axis=0)]

    def fancy_indexing(W, B, X, Z1, A1, Z2, P, t):
        D2 = P.copy()
        D2[np.arange(len(t)), t] -= 1
        D2 /= len(t)
        return (D2, *below(W, X, Z1, A1, D2))

    def one_hot(W, B, X, Z1, A1, Z2, P, t):
        D2 = (P - np.eye(P.shape[1])[t]) / len(X)
        return [D2, *below(W, X, Z1, A1, D2)]

    def zeros_and_ones(W, B, X, Z1, A1, Z2, P, t):
        T = np.zeros_like(P)
        for n, k in enumerate(t):
            T[n, k] = 1
        D2 = (P - T) / P.shape[0]
        return (D2, *below(W, X, Z1, A1, D2))

    def the_long_way(W, B, X, Z1, A1, Z2, P, t):
        """Through the gradient by P, and the Jacobian of every row."""
        DP = np.zeros_like(P)
        DP[np.arange(len(t)), t] = -1 / P[np.arange(len(t)), t] / len(t)
        D2 = np.stack([d @ (np.diag(p) - np.outer(p, p)) for p, d in zip(P, DP, strict=True)])
        return (D2, *below(W, X, Z1, A1, D2))

    def by_rows_with_row_sums(W, B, X, Z1, A1, Z2, P, t):
        DP = -1.0 * (t[:, None] == np.arange(P.shape[1])) / P / len(t)
        D2 = P * (DP - (DP * P).sum(1, keepdims=True))
        return (D2, *below(W, X, Z1, A1, D2))

    def own_softmax(W, B, X, Z1, A1, Z2, P, t):
        S = _softmax(Z2)
        S[range(len(t)), t] -= 1
        S = S / len(t)
        return (S, *below(W, X, Z1, A1, S))

    def einsum(W, B, X, Z1, A1, Z2, P, t):
        D2 = (P - np.eye(P.shape[1])[t]) / len(t)
        D1 = np.einsum("nc,hc,nh->nh", D2, W[1], (A1 > 0) * 1.0)
        return (
            D2,
            [np.einsum("nd,nh->dh", X, D1), np.einsum("nh,nc->hc", A1, D2)],
            [np.einsum("nh->h", D1), np.einsum("nc->c", D2)],
        )

    def loops_over_points(W, B, X, Z1, A1, Z2, P, t):
        DW, DB = [np.zeros_like(w) for w in W], [np.zeros_like(b) for b in B]
        D = np.zeros_like(P)
        for n in range(len(t)):
            for c in range(P.shape[1]):
                D[n, c] = (P[n, c] - (1.0 if c == t[n] else 0.0)) / len(t)
            D1 = np.where(Z1[n] >= 0, W[1] @ D[n], 0)
            for k, (a, d) in enumerate(((X[n], D1), (A1[n], D[n]))):
                DW[k] += np.outer(a, d)
                DB[k] += d
        return D, tuple(DW), tuple(DB)

    def mean_of_points(W, B, X, Z1, A1, Z2, P, t):
        """The mean taken at the end, but for DZ2, where the sheet has it."""
        D2 = P - np.eye(P.shape[1])[t]
        D1 = np.where(Z1 > 0, D2 @ W[1].T, 0)
        points = len(t)
        return D2 / points, [X.T @ D1 / points, A1.T @ D2 / points], [D1.mean(0), D2.mean(0)]

    def single_precision(W, B, X, Z1, A1, Z2, P, t):
        W, X, Z1, A1, P = [w.astype("f4") for w in W], *(a.astype("f4") for a in (X, Z1, A1, P))
        return fancy_indexing(W, B, X, Z1, A1, Z2, P, t)

    def torch_as_a_library(W, B, X, Z1, A1, Z2, P, t):
        W2, X, Z1, A1, P, t = (torch.from_numpy(a) for a in (W[1], X, Z1, A1, P, t))
        D2 = (P - functional.one_hot(t, P.shape[1])) / len(t)
        D1 = (D2 @ W2.T).masked_fill(Z1 <= 0, 0)
        return D2, [X.T @ D1, A1.T @ D2], [D1.sum(0), D2.sum(0)]

    def plain_lists(W, B, X, Z1, A1, Z2, P, t):
        D, DW, DB = fancy_indexing(W, B, X, Z1, A1, Z2, P, t)
        return D.tolist(), [d.tolist() for d in DW], [d.tolist() for d in DB]

    return named(
        ("03", "exercise3"),
        [
            fancy_indexing,
            one_hot,
            zeros_and_ones,
            the_long_way,
            by_rows_with_row_sums,
            own_softmax,
            einsum,
            loops_over_points,
            mean_of_points,
            single_precision,
            torch_as_a_library,
            plain_lists,
        ],
    )
