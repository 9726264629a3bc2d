"""Assignment 08: backward through a head of attention, through its projections, several heads."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from tests.autograder.right_answers.right import Right, named


def _back(Q, K, V, P, DO):
    DP = DO @ V.T
    DS = P * (DP - (P * DP).sum(axis=1, keepdims=True))
    DR = DS / np.sqrt(Q.shape[1])
    return P.T @ DO, DP, DS, DR, DR @ K, DR.T @ Q


def heads() -> list[Right]:
    """Exercise 1 of assignment 08."""

    def row_sums(Q, K, V, M, P, DO):
        return _back(Q, K, V, P, DO)

    def sums_of_outputs(Q, K, V, M, P, DO):
        """The row sum from O and DO, as programs do that never store P."""
        DV, DP, *_ = _back(Q, K, V, P, DO)
        DS = P * (DP - ((P @ V) * DO).sum(axis=1)[:, None])
        DR = DS * Q.shape[1] ** -0.5
        return [DV, DP, DS, DR, DR @ K, (Q.T @ DR).T]

    def jacobians(Q, K, V, M, P, DO):
        J = np.einsum("ts,sr->tsr", P, np.eye(len(P))) - np.einsum("ts,tr->tsr", P, P)
        DP = np.einsum("te,se->ts", DO, V)
        DS = np.einsum("ts,tsr->tr", DP, J)
        DR = DS / Q.shape[1] ** 0.5
        return (
            np.einsum("ts,te->se", P, DO),
            *(DP, DS, DR),
            np.einsum("ts,sd->td", DR, K),
            np.einsum("ts,td->sd", DR, Q),
        )

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

    def softmax_of_ones_own(Q, K, V, M, P, DO):
        S = np.where(M, Q @ K.T / np.sqrt(Q.shape[1]), -1e9)
        E = np.exp(S - S.max(axis=1, keepdims=True))
        return _back(Q, K, V, E / E.sum(axis=1, keepdims=True), DO)

    def mask_once_more(Q, K, V, M, P, DO):
        DV, DP, DS, DR, DQ, DK = _back(Q, K, V, P, DO)
        return DV, DP, DS * M, np.where(M, DR, 0.0), DQ, DK

    def scale_at_queries_and_keys(Q, K, V, M, P, DO):
        """The root of d shared out between queries and keys."""
        DV, DP, DS, *_ = _back(Q, K, V, P, DO)
        root = Q.shape[1] ** 0.25
        return DV, DP, DS, DS / root / root, DS @ (K / root) / root, DS.T @ (Q / root) / root

    def torch_as_a_library(Q, K, V, M, P, DO):
        return _back(*(torch.tensor(a) for a in (Q, K, V)), torch.tensor(P), torch.tensor(DO))

    def single_precision(Q, K, V, M, P, DO):
        return _back(*(a.astype(np.float32) for a in (Q, K, V, P, DO)))

    def plain_lists(Q, K, V, M, P, DO):
        return [array.tolist() for array in _back(Q, K, V, P, DO)]

    return named(
        ("08", "exercise1"),
        [
            row_sums,
            sums_of_outputs,
            jacobians,
            loops,
            softmax_of_ones_own,
            mask_once_more,
            scale_at_queries_and_keys,
            torch_as_a_library,
            single_precision,
            plain_lists,
        ],
    )


def projections() -> list[Right]:
    """Exercise 2 of assignment 08."""

    def three_paths(X, Wq, Wk, Wv, M, Q, K, V, P, DO):
        DV, _, _, DR, DQ, DK = _back(Q, K, V, P, DO)
        return DR, DQ @ Wq.T + DK @ Wk.T + DV @ Wv.T, X.T @ DQ, X.T @ DK, X.T @ DV

    def side_by_side(X, Wq, Wk, Wv, M, Q, K, V, P, DO):
        DV, _, _, DR, DQ, DK = _back(Q, K, V, P, DO)
        D, W = np.hstack([DQ, DK, DV]), np.hstack([Wq, Wk, Wv])
        d = Q.shape[1]
        return DR, D @ W.T, *np.hsplit(X.T @ D, [d, 2 * d])

    def added_up_in_a_loop(X, Wq, Wk, Wv, M, Q, K, V, P, DO):
        DV, _, _, DR, DQ, DK = _back(Q, K, V, P, DO)
        DX, result = np.zeros_like(X), []
        for W, D in zip((Wq, Wk, Wv), (DQ, DK, DV), strict=True):
            DX += D @ W.T
            result.append(sum(np.outer(x, row) for x, row in zip(X, D, strict=True)))
        return [DR, DX, *result]

    def without_keys_and_queries(X, Wq, Wk, Wv, M, Q, K, V, P, DO):
        """Everything from X: the gradient of R = X·Wq·Wkᵀ·Xᵀ."""
        DR = _back(Q, K, V, P, DO)[3]
        B = Wq @ Wk.T
        DX = DR @ X @ B.T + DR.T @ X @ B + P.T @ DO @ Wv.T
        return DR, DX, X.T @ DR @ X @ Wk, X.T @ DR.T @ X @ Wq, X.T @ P.T @ DO

    def einsum(X, Wq, Wk, Wv, M, Q, K, V, P, DO):
        DV, _, _, DR, DQ, DK = _back(Q, K, V, P, DO)
        pairs = ((DQ, Wq), (DK, Wk), (DV, Wv))
        return (
            DR,
            sum(np.einsum("ti,di->td", D, W) for D, W in pairs),
            *(np.einsum("td,ti->di", X, D) for D, _ in pairs),
        )

    def single_precision(X, Wq, Wk, Wv, M, Q, K, V, P, DO):
        given = [a.astype(np.float32) for a in (X, Wq, Wk, Wv)]
        return three_paths(*given, M, *(a.astype(np.float32) for a in (Q, K, V, P, DO)))

    return named(
        ("08", "exercise2"),
        [
            three_paths,
            side_by_side,
            added_up_in_a_loop,
            without_keys_and_queries,
            einsum,
            single_precision,
        ],
    )


def several_heads() -> list[Right]:
    """Exercise 3 of assignment 08."""

    def transposed(Wq, Wk, Wv, Wo, X, M, H, G):
        T = len(X)
        Q, K, V = ((X @ W).view(T, H, -1).transpose(0, 1) for W in (Wq, Wk, Wv))
        S = (Q @ K.mT / Q.shape[-1] ** 0.5).masked_fill(~M, -torch.inf)
        return functional.mse_loss((S.softmax(-1) @ V).transpose(0, 1).reshape(T, -1) @ Wo, G)

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

    def library(Wq, Wk, Wv, Wo, X, M, H, G):
        Q, K, V = (torch.stack((X @ W).chunk(H, dim=1)) for W in (Wq, Wk, Wv))
        result = functional.scaled_dot_product_attention(Q, K, V, attn_mask=M)
        return functional.mse_loss(torch.cat(tuple(result), dim=1) @ Wo, G)

    def with_a_batch(Wq, Wk, Wv, Wo, X, M, H, G):
        def split(A):
            return A.unflatten(-1, (H, A.shape[-1] // H)).permute(0, 2, 1, 3)

        Q, K, V = (split(X[None] @ W) for W in (Wq, Wk, Wv))
        S = Q @ K.transpose(-2, -1) / torch.tensor(Q.shape[-1]).sqrt()
        P = torch.log_softmax(S.masked_fill(M.logical_not(), float("-inf")), dim=-1).exp()
        Y = (P @ V).permute(0, 2, 1, 3).flatten(-2) @ Wo
        return torch.nn.MSELoss()(Y[0], G)

    return named(
        ("08", "exercise3"),
        [transposed, head_by_head, outputs_added_up, einsum, library, with_a_batch],
    )
