"""Assignment 05: layer normalisation, batch normalisation in both modes, and that without a mean."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import torch

from tests.autograder.right_answers.right import Right, named


def layers() -> list[Right]:
    """Exercise 1 of assignment 05."""

    def one_expression(X, G, B, eps, M, S, H, DY):
        DH = DY * G
        inner = (DH * H).mean(axis=1, keepdims=True)
        return DH, (DH - DH.mean(axis=1, keepdims=True) - H * inner) / S, (DY * H).sum(0), DY.sum(0)

    def over_n_times_s(X, G, B, eps, M, S, H, DY):
        D = X.shape[-1]
        DH = G[None, :] * DY
        DX = 1 / (D * S) * (D * DH - DH.sum(-1, keepdims=True) - H * (DH * H).sum(-1, keepdims=True))
        return [DH, DX, np.sum(DY * H, axis=0), np.sum(DY, axis=0)]

    def variance_and_mean_as_steps(X, G, B, eps, M, S, H, DY):
        D, DH = X.shape[1], DY * G
        Dvar = -0.5 * np.sum(DH * (X - M), axis=1, keepdims=True) / S**3
        DM = -np.sum(DH, axis=1, keepdims=True) / S
        return DH, DH / S + 2 * (X - M) / D * Dvar + DM / D, (DY * H).sum(0), DY.sum(0)

    def the_way_that_is_zero_taken_along(X, G, B, eps, M, S, H, DY):
        D, DH = X.shape[1], DY * G
        Dvar = np.sum(DH * (X - M) * -0.5 * (S**2) ** -1.5, axis=1, keepdims=True)
        DM = np.sum(-DH / S, axis=1, keepdims=True) + Dvar * np.mean(-2 * (X - M), axis=1, keepdims=True)
        return DH, DH / S + Dvar * 2 * (X - M) / D + DM / D, (DY * H).sum(0), DY.sum(0)

    def whole_jacobians(X, G, B, eps, M, S, H, DY):
        D, DH = X.shape[1], DY * G
        J = (np.eye(D) - 1 / D - np.einsum("ni,nj->nij", H, H) / D) / S[:, :, None]
        return DH, np.einsum("ni,nij->nj", DH, J), np.einsum("nd,nd->d", DY, H), np.einsum("nd->d", DY)

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

    def statistics_of_its_own(X, G, B, eps, M, S, H, DY):
        mean, var = X.mean(1)[:, None], X.var(1)[:, None]
        rstd = 1 / np.sqrt(var + eps)
        x_hat = (X - mean) * rstd
        DH = DY * G
        DX = rstd * (DH - DH.mean(1)[:, None] - x_hat * (DH * x_hat).mean(1)[:, None])
        return DH, DX, (DY * x_hat).sum(0), DY.sum(0)

    def single_precision(X, G, B, eps, M, S, H, DY):
        X, G, M, S, H, DY = (a.astype(np.float32) for a in (X, G, M, S, H, DY))
        return one_expression(X, G, B, eps, M, S, H, DY)

    def torch_as_a_library(X, G, B, eps, M, S, H, DY):
        G, S, H, DY = (torch.from_numpy(a) for a in (G, S, H, DY))
        DH = DY * G
        DX = (DH - DH.mean(-1, keepdim=True) - H * (DH * H).mean(-1, keepdim=True)) / S
        return DH, DX, (DY * H).sum(0), DY.sum(0)

    def exact_fractions_for_the_mean(X, G, B, eps, M, S, H, DY):
        DH, DX, DG, _ = one_expression(X, G, B, eps, M, S, H, DY)
        return DH, DX, DG, [sum(map(Fraction, column)) for column in DY.T.tolist()]

    return named(
        ("05", "exercise1"),
        [
            one_expression,
            over_n_times_s,
            variance_and_mean_as_steps,
            the_way_that_is_zero_taken_along,
            whole_jacobians,
            loops,
            statistics_of_its_own,
            single_precision,
            torch_as_a_library,
            exact_fractions_for_the_mean,
        ],
    )


def batches() -> list[Right]:
    """Exercise 2 of assignment 05."""

    def one_expression(X, G, B, eps, M, S, H, RM, RS, DY):
        DH = DY * G
        return DH, (DH - DH.mean(0) - H * (DH * H).mean(0)) / S, (DY * H).sum(0), DY.sum(0)

    def gamma_at_the_end(X, G, B, eps, M, S, H, RM, RS, DY):
        N, DG, DB = len(X), (DY * H).sum(axis=0), DY.sum(axis=0)
        return DY * G, G / (N * S) * (N * DY - DB - H * DG), DG, DB

    def gamma_in_the_middle(X, G, B, eps, M, S, H, RM, RS, DY):
        projected = DY - DY.mean(0) - H * (DY * H).mean(0)
        return DY * G, projected * (G / S), np.sum(DY * H, 0), np.sum(DY, 0)

    def stage_by_stage(X, G, B, eps, M, S, H, RM, RS, DY):
        """Every line of the forward pass for itself, the squares of the differences among them."""
        N, xmu, ivar = len(X), X - M, 1 / S
        DH = DY * G
        divar = (DH * xmu).sum(0)
        dxmu1 = DH * ivar
        dsqrtvar = -1 / S**2 * divar
        dvar = 0.5 / S * dsqrtvar
        dsq = np.ones(X.shape) / N * dvar
        dxmu2 = 2 * xmu * dsq
        dx1 = dxmu1 + dxmu2
        dmu = -dx1.sum(0)
        return DH, dx1 + np.ones(X.shape) / N * dmu, (DY * H).sum(0), DY.sum(0)

    def transposed_rows(X, G, B, eps, M, S, H, RM, RS, DY):
        DH = (DY * G).T
        T = H.T
        DX = (DH - DH.mean(1, keepdims=True) - T * (DH * T).mean(1, keepdims=True)) / S.T
        return DH.T, DX.T, (DY * H).sum(0), DY.sum(0)

    def feature_by_feature(X, G, B, eps, M, S, H, RM, RS, DY):
        N = len(X)
        columns = [
            (np.eye(N) - 1 / N - np.outer(H[:, j], H[:, j]) / N) @ (DY[:, j] * G[j]) / S[0, j]
            for j in range(len(G))
        ]
        return DY * G, np.array(columns).T, np.diag(DY.T @ H), np.ones(N) @ DY

    return named(
        ("05", "exercise2"),
        [
            one_expression,
            gamma_at_the_end,
            gamma_in_the_middle,
            stage_by_stage,
            transposed_rows,
            feature_by_feature,
        ],
    )


def evaluations() -> list[Right]:
    """Exercise 3 of assignment 05."""

    def in_one_line(X, G, B, eps, M, S, RM, RS, DY):
        return DY * G / RS, (DY * (X - RM) / RS).sum(axis=0)

    def slope_first(X, G, B, eps, M, S, RM, RS, DY):
        slope = (G / RS).reshape(-1)
        return DY @ np.diag(slope), np.einsum("nd,nd->d", DY, (X - RM) / RS)

    def point_by_point(X, G, B, eps, M, S, RM, RS, DY):
        DG = np.zeros(len(G))
        for x, d in zip(X, DY, strict=True):
            DG += d * (x - RM[0]) / RS[0]
        return [d * G / RS[0] for d in DY], DG

    return named(("05", "exercise3"), [in_one_line, slope_first, point_by_point])


def roots() -> list[Right]:
    """Exercise 4 of assignment 05."""

    def one_expression(X, G, eps, S, H, DY):
        DH = DY * G
        return DH, (DH - H * (DH * H).mean(axis=1, keepdims=True)) / S, (DY * H).sum(axis=0)

    def from_raw_rows(X, G, eps, S, H, DY):
        DH = DY * G
        inner = np.sum(DH * X, axis=-1, keepdims=True)
        return DH, DH / S - X * inner / (X.shape[-1] * S**3), np.sum(DY * X / S, axis=0)

    def divisor_as_a_step(X, G, eps, S, H, DY):
        DH = DY * G
        DS = -(DH * H / S).sum(1)
        return DH, DH / S + DS[:, None] * H / X.shape[1], (DY * H).sum(0)

    def whole_jacobians(X, G, eps, S, H, DY):
        D = X.shape[1]
        rows = [(DY[n] * G) @ (np.eye(D) - np.outer(H[n], H[n]) / D) / S[n] for n in range(len(X))]
        return DY * G, rows, np.einsum("nd,nd->d", DY, H)

    def reciprocal_root(X, G, eps, S, H, DY):
        r = (np.mean(X**2, axis=1, keepdims=True) + eps) ** -0.5
        DH = DY * G
        return DH, r * DH - r**3 * X * np.mean(DH * X, axis=1, keepdims=True), (DY * X * r).sum(0)

    return named(
        ("05", "exercise4"),
        [one_expression, from_raw_rows, divisor_as_a_step, whole_jacobians, reciprocal_root],
    )
