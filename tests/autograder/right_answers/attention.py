"""Assignment 08: backward through a head of attention, through its projections, several heads."""

from __future__ import annotations

import numpy as np
import torch

from tests.autograder.right_answers.right import Right, named, written


def heads() -> list[Right]:
    """Exercise 1 of assignment 08."""

    def loops(Q, K, V, M, P, DO):
        (T, d), e = Q.shape, V.shape[1]
        DV, DP, DS = np.zeros((T, e)), np.zeros((T, T)), np.zeros((T, T))
        DR, DQ, DK = np.zeros((T, T)), np.zeros((T, d)), np.zeros((T, d))
        for t in range(T):
            for s in range(T):
                for j in range(e):
                    DP[t, s] += DO[t, j] * V[s, j]
                    DV[s, j] += P[t, s] * DO[t, j]
            for s in range(T):
                for r in range(T):
                    DS[t, s] += DP[t, r] * P[t, r] * ((r == s) - P[t, s])
                DR[t, s] = DS[t, s] / np.sqrt(d)
                DQ[t] += DR[t, s] * K[s]
                DK[s] += DR[t, s] * Q[t]
        return DV, DP, DS, DR, DQ, DK

    table = """
row sums                   right
sums of outputs            DS = P * (DP - (O * DO).sum(axis=1)[:, None]); DR = DS * d**-0.5;
    DK = (Q.T @ DR).T; answer = list(right)
jacobians                  J = np.einsum("ts,sr->tsr", P, np.eye(T)) - np.einsum("ts,tr->tsr", P, P);
    DV = np.einsum("ts,te->se", P, DO); DP = np.einsum("te,se->ts", DO, V);
    DS = np.einsum("ts,tsr->tr", DP, J);
    DR = DS / d**0.5; DQ = np.einsum("ts,sd->td", DR, K); DK = np.einsum("ts,td->sd", DR, Q)
softmax of ones own        S = np.where(M, right, -1e9); E = np.exp(S - S.max(axis=1, keepdims=True));
    P = E / sums(E)
mask once more             DS = right * M; DR = np.where(M, right, 0.0)
scale at queries and keys  root = d**0.25; DR = DS / root / root; DQ = DS @ (K / root) / root;
    DK = DS.T @ (Q / root) / root
torch as a library         Q, K, V, P, DO = map(torch.tensor, (Q, K, V, P, DO))
single precision           Q, K, V, P, DO = (a.astype(np.float32) for a in (Q, K, V, P, DO))
plain lists                [array.tolist() for array in right]
"""
    return named(("08", "exercise1"), locals().values()) + written(("08", "exercise1"), table)


PROJECTIONS = """
three paths            right
side by side           D, W = np.hstack([DQ, DK, DV]), np.hstack([Wq, Wk, Wv]);
    answer = DR, D @ W.T, *np.hsplit(X.T @ D, [d, 2 * d])
added up in a loop     DX = np.zeros_like(X);
    for W, D in zip((Wq, Wk, Wv), (DQ, DK, DV)): DX += D @ W.T;
    answer = [DR, DX, *(sum(map(np.outer, X, D)) for D in (DQ, DK, DV))]
# everything from X: the gradient of R = X·Wq·Wkᵀ·Xᵀ
without keys and queries  B = Wq @ Wk.T; DX = DR @ X @ B.T + DR.T @ X @ B + P.T @ DO @ Wv.T;
    answer = DR, DX, X.T @ DR @ X @ Wk, X.T @ DR.T @ X @ Wq, X.T @ P.T @ DO
einsum  DX = sum(np.einsum("ti,di->td", D, W) for D, W in ((DQ, Wq), (DK, Wk), (DV, Wv)));
    answer = DR, DX, *(np.einsum("td,ti->di", X, D) for D in (DQ, DK, DV))
single precision       X, Wq, Wk, Wv = (a.astype(np.float32) for a in (X, Wq, Wk, Wv));
    Q, K, V, P, DO = (a.astype(np.float32) for a in (Q, K, V, P, DO))
"""
SEVERAL = """
transposed  Q = (X @ Wq).view(len(X), H, -1).transpose(0, 1);
    K = (X @ Wk).view(len(X), H, -1).transpose(0, 1); V = (X @ Wv).view(len(X), H, -1).transpose(0, 1);
    S = Q @ K.mT / d**0.5;
    O = A.transpose(0, 1).reshape(len(X), -1); error = functional.mse_loss(O @ Wo, G)
library     A = functional.scaled_dot_product_attention(Q, K, V, attn_mask=M); O = torch.cat(tuple(A), dim=1);
    error = functional.mse_loss(O @ Wo, G)
"""


def projections() -> list[Right]:
    """Exercise 2 of assignment 08."""
    return written(("08", "exercise2"), PROJECTIONS)


def several_heads() -> list[Right]:
    """Exercise 3 of assignment 08."""

    def head_by_head(Wq, Wk, Wv, Wo, X, M, H, G):
        d, e, result = Wq.shape[1] // H, Wv.shape[1] // H, []
        for h in range(H):
            q, k = X @ Wq[:, h * d : (h + 1) * d], X @ Wk[:, h * d : (h + 1) * d]
            s = torch.where(M, q @ k.T / d**0.5, -1e9)
            result.append(torch.softmax(s, dim=1) @ X @ Wv[:, h * e : (h + 1) * e])
        return ((torch.cat(result, dim=1) @ Wo - G) ** 2).mean()

    def outputs_added_up(Wq, Wk, Wv, Wo, X, M, H, G):
        """Each head with its own rows of Wo."""
        heads = zip(*(W.chunk(H, dim=1) for W in (Wq, Wk, Wv)), Wo.chunk(H), strict=True)
        Y = torch.zeros_like(X)
        for wq, wk, wv, wo in heads:
            s = (X @ wq) @ (X @ wk).T / wq.shape[1] ** 0.5 + torch.zeros(M.shape).masked_fill(~M, -1e9)
            Y = Y + s.softmax(1) @ (X @ wv) @ wo
        return (Y - G).square().mean()

    def einsum(Wq, Wk, Wv, Wo, X, M, H, G):
        D = X.shape[1]
        Q, K, V = (torch.einsum("td,dhi->thi", X, W.reshape(D, H, -1)) for W in (Wq, Wk, Wv))
        S = torch.einsum("thi,shi->hts", Q * Q.shape[-1] ** -0.5, K)
        P = torch.exp(S) * M
        P = P / P.sum(-1, keepdim=True)
        return (torch.einsum("hts,shi,hid->td", P, V, Wo.reshape(H, -1, D)) - G).pow(2).mean()

    def with_a_batch(Wq, Wk, Wv, Wo, X, M, H, G):
        def split(A):
            return A.unflatten(-1, (H, A.shape[-1] // H)).permute(0, 2, 1, 3)

        Q, K, V = (split(X[None] @ W) for W in (Wq, Wk, Wv))
        S = Q @ K.transpose(-2, -1) / torch.tensor(Q.shape[-1]).sqrt()
        P = torch.log_softmax(S.masked_fill(M.logical_not(), float("-inf")), dim=-1).exp()
        Y = (P @ V).permute(0, 2, 1, 3).flatten(-2) @ Wo
        return torch.nn.MSELoss()(Y[0], G)

    return named(("08", "exercise3"), locals().values()) + written(("08", "exercise3"), SEVERAL)
