"""Wrong answers to assignment 03 that people write, found later: none had a name, or the right one."""

from __future__ import annotations

from tests.autograder.mutants.people_softmax import softmax, step, through

FOUND = [
    # the probabilities
    softmax(
        "the mean of the row taken away, not the maximum",
        "overflow@P",
        0,
        ("S = Z - Z.max(axis=1, keepdims=True)", "S = Z - np.average(Z, axis=1)[:, None]"),
    ),
    softmax(
        "large scores cut off, a logarithm of 0 behind them",
        "clipped-scores@P logarithm-of-zero@err",
        0,
        ("S = Z - Z.max(axis=1, keepdims=True)", "S = np.minimum(np.maximum(Z, -500), 500)"),
        ("logP = S - np.log(E.sum(axis=1, keepdims=True))", "logP = np.log(P)"),
    ),
    softmax(
        "scores cut off at 50",
        "clipped-scores@P",
        3,
        ("S = Z - Z.max(axis=1, keepdims=True)", "S = Z.clip(-50, 50)"),
    ),
    softmax(
        "scores cut off from above",
        "clipped-scores@P",
        3,
        (
            "S = Z - Z.max(axis=1, keepdims=True)",
            "Z = np.minimum(Z, 100)\nS = Z - Z.max(axis=1, keepdims=True)",
        ),
    ),
    softmax(
        "differences of scores cut off",
        "clipped-scores@err",
        3,
        ("E = np.exp(S)", "S = np.maximum(S, -20)\nE = np.exp(S)"),
    ),
    # the error
    softmax(
        "a tenth of each target for all classes",
        "wrong-error@err",
        3,
        (
            "err = -logP[np.arange(len(t)), t].mean()",
            "err = -0.9 * logP[np.arange(len(t)), t].mean() - 0.1 * logP.mean()",
        ),
    ),
    softmax(
        "a twentieth of each target for the other classes",
        "wrong-error@err",
        3,
        (
            "err = -logP[np.arange(len(t)), t].mean()",
            "T = np.where(np.arange(Z.shape[1]) == t[:, None], 0.95, 0.05 / (Z.shape[1] - 1))\n"
            "err = -np.einsum('nc,nc->n', T, logP).mean()",
        ),
    ),
    softmax(
        "one added to the sum",
        "wrong-error@err",
        3,
        (
            "logP = S - np.log(E.sum(axis=1, keepdims=True))",
            "logP = S - np.log1p(E.sum(axis=1, keepdims=True))",
        ),
    ),
    softmax(
        "easy data points count less",
        "wrong-error@err",
        3,
        (
            "err = -logP[np.arange(len(t)), t].mean()",
            "right = np.arange(len(t)), t\nerr = np.mean(-logP[right] * np.square(1 - P[right]))",
        ),
    ),
    softmax(
        "labels multiplied with, as if they were one-hot",
        "wrong-error@err",
        3,
        ("err = -logP[np.arange(len(t)), t].mean()", "err = -(t.reshape(-1, 1) * logP).sum() / len(t)"),
    ),
    # the derivative of the softmax
    through(
        "a sigmoid's slope on the diagonal, and the products",
        "square-taken-away-twice@J square-taken-away-twice@DZ",
        0,
        ("J = np.diag(p) - np.outer(p, p)", "J = np.diag(p - p * p) - p[:, None] * p"),
        (
            "DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))",
            "DZ = DP * P * (1 - P) - P * (DP * P).sum(axis=1, keepdims=True)",
        ),
    ),
    through(
        "probabilities taken for scores",
        "double-softmax@J double-softmax@DZ",
        0,
        ("p = P[0]", "P = np.exp(P)\nP = P / P.sum(axis=1)[:, None]\np = P[0]"),
    ),
    through(
        "the derivative of a log-softmax",
        "log-softmax-assumed@DZ",
        2,
        (
            "DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))",
            "DZ = DP - np.sum(DP, axis=1)[:, None] * P",
        ),
    ),
    # the classifier's backward pass
    step(
        "whole rows by label", "targets-as-rows@DZ2", 14, "DZ2 = P.copy()\nDZ2[t % N, :] -= 1\nDZ2 = DZ2 / N"
    ),
    step(
        "rare classes count more",
        "weighted-by-class@DZ2",
        14,
        "weight = 1 / np.bincount(t)[t] / P.shape[1]\nDZ2 = weight[:, None] * (P - T)",
    ),
]
