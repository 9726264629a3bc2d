"""Assignment 03: softmax and cross-entropy, the softmax backward, a classifier's backward pass."""

from __future__ import annotations

import math

import numpy as np

from tests.autograder.right_answers.right import Right, named, written

PROBABILITIES = """
log softmax         S = Z - Z.max(1)[:, None]; S = S - np.log(np.exp(S).sum(1))[:, None]; P = np.exp(S);
    err = -S[range(len(t)), t].mean()
log sum exp         top = Z.max(axis=-1, keepdims=True);
    lse = np.log(np.exp(Z - top).sum(-1, keepdims=True)) + top;
    P = np.exp(Z - lse); err = np.mean(lse[:, 0] - np.take_along_axis(Z, t[:, None], 1)[:, 0])
logaddexp reduce    lse = np.logaddexp.reduce(Z, axis=1); P = np.exp((Z.T - lse).T);
    err = float((lse - Z[n, t]).sum() / len(Z)); answer = [P, err]
one hot             S = Z - np.amax(Z, axis=1, keepdims=True);
    L = S - np.log(np.sum(np.exp(S), axis=1, keepdims=True)); err = -(T * L).sum() / len(Z)
mask                own = t.reshape(-1, 1) == np.arange(Z.shape[1]); S = Z - Z.max(axis=1, keepdims=True);
    err = (np.log(np.exp(S).sum(axis=1)) - S[own]).mean()
torch as a library  A, b = torch.tensor(Z), torch.tensor(t);
    answer = torch.softmax(A, 1).numpy(), functional.cross_entropy(A, b).item()
transposed inside   A = Z.T; E = np.exp(A - A.max(0)); P = (E / E.sum(0)).T;
    err = np.mean(np.log(E.sum(0)) + A.max(0) - A[t, n])
error of one axis   P, np.array(err)
"""
JACOBIANS = """
row sums            right
every jacobian      Js = np.einsum("ni,ij->nij", P, np.eye(P.shape[1])) - np.einsum("ni,nj->nij", P, P);
    answer = Js[0], np.einsum("nij,ni->nj", Js, DP)
point by point      Js = [np.diagflat(p) - p[:, None] * p for p in P];
    answer = Js[0], [J.T @ d for J, d in zip(Js, DP)]
two terms           J = p * (np.eye(len(p)) - p[:, None]); DZ = P * DP - P * (P * DP).sum(1)[:, None]
torch as a library  A, D = torch.tensor(P), torch.tensor(DP);
    J = torch.diag(A[0]) - A[0, :, None] @ A[0, None];
    DZ = torch.bmm(D[:, None], torch.diag_embed(A) - A[:, :, None] * A[:, None])[:, 0]
single precision    P, DP = P.astype(np.float32), DP.astype(np.float32)
exact fractions     from fractions import Fraction; f = [Fraction(float(x)) for x in p];
    J = [[float(f[i] * ((i == j) - f[j])) for j in range(len(f))] for i in range(len(f))]
"""
CLASSIFIERS = """
fancy indexing         DZ2 = P.copy(); DZ2[np.arange(len(t)), t] -= 1; DZ2 /= len(t)
one hot                DZ2 = (P - np.eye(P.shape[1])[t]) / len(X); answer = list(right)
zeros and ones         T = np.zeros_like(P); for n, k in enumerate(t): T[n, k] = 1
# through the gradient by P, and the Jacobian of every row
the long way           DP = np.zeros_like(P); DP[np.arange(N), t] = -1 / P[np.arange(N), t] / N;
    DZ2 = np.stack([d @ (np.diag(p) - np.outer(p, p)) for p, d in zip(P, DP)])
by rows with row sums  DP = -1.0 * (t[:, None] == np.arange(P.shape[1])) / P / N;
    DZ2 = P * (DP - (DP * P).sum(1, keepdims=True))
own softmax            S = softmax(Z2); S[range(N), t] -= 1; DZ2 = S / N
einsum                 DW2 = np.einsum("nh,nc->hc", A1, DZ2); DB2 = np.einsum("nc->c", DZ2);
    DZ1 = np.einsum("nc,hc,nh->nh", DZ2, W2, (A1 > 0) * 1.0);
    DW1 = np.einsum("nd,nh->dh", X, DZ1); DB1 = np.einsum("nh->h", DZ1)
# the mean taken at the end, but for DZ2, where the sheet has it
mean of points         D = P - T; DZ2 = D / N; DW2 = A1.T @ D / N; DB2 = D.mean(0);
    DZ1 = np.where(Z1 > 0, D @ W2.T, 0); DW1 = X.T @ DZ1 / N; DB1 = DZ1.mean(0)
single precision       W1, W2 = (w.astype("f4") for w in W); T = np.eye(P.shape[1], dtype="f4")[t];
    X, Z1, A1, P = (a.astype("f4") for a in (X, Z1, A1, P))
torch as a library     W1, W2 = map(torch.from_numpy, W);
    X, Z1, A1, P, t = map(torch.from_numpy, (X, Z1, A1, P, t));
    T = functional.one_hot(t, P.shape[1]); DZ1 = (DZ2 @ W2.T).masked_fill(Z1 <= 0, 0)
plain lists            DZ2.tolist(), [DW1.tolist(), DW2.tolist()], [DB1.tolist(), DB2.tolist()]
"""


def probabilities() -> list[Right]:
    """Exercise 1 of assignment 03."""

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

    def differences_of_scores(Z, t):
        """Every probability as 1 / Σ exp(differences), which may overflow to the right limit."""
        with np.errstate(over="ignore"):
            P = 1 / np.exp(Z[:, None, :] - Z[:, :, None]).sum(axis=2)
        D = Z - Z[np.arange(len(t)), t][:, None]
        m = D.max(axis=1)
        return P, (m + np.log(np.exp(D - m[:, None]).sum(axis=1))).mean()

    def generator(Z, t):
        yield np.array([np.exp(z - np.logaddexp.reduce(z)) for z in Z])
        yield np.array([np.logaddexp.reduce(z) - z[k] for z, k in zip(Z, t, strict=True)]).mean()

    return named(("03", "exercise1"), locals().values()) + written(("03", "exercise1"), PROBABILITIES)


def jacobians() -> list[Right]:
    """Exercise 2 of assignment 03."""

    def loops(P, DP):
        N, C = P.shape
        J, DZ = np.zeros((C, C)), np.zeros((N, C))
        for i in range(C):
            for j in range(C):
                J[i, j] = P[0, i] * (1 - P[0, i]) if i == j else -P[0, i] * P[0, j]
                for n in range(N):
                    DZ[n, j] += DP[n, i] * P[n, i] * ((i == j) - P[n, j])
        return J, DZ

    return named(("03", "exercise2"), locals().values()) + written(("03", "exercise2"), JACOBIANS)


def classifiers() -> list[Right]:
    """Exercise 3 of assignment 03."""

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

    return named(("03", "exercise3"), locals().values()) + written(("03", "exercise3"), CLASSIFIERS)
