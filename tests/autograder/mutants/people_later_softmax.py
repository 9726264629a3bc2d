"""Wrong answers to assignment 03 that people write, found later: none had a name, or the right one."""

from __future__ import annotations

from tests.autograder.mutants.people_softmax import (
    ERROR,
    FIRST_ROW,
    PROBABILITIES,
    PRODUCT,
    network,
    softmax,
    step,
    through,
)

LAST = "return DZ2, [DW1, DW2], [DB1, DB2]"

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
    softmax(
        "the sum of the scores themselves",
        "wrong-function@P",
        3,
        (PROBABILITIES, "P = E / S.sum(axis=1, keepdims=True)"),
    ),
    # the error
    softmax(
        "one number from all labels",
        "wrong-error@err",
        3,
        (ERROR, "err = -logP[:, min(np.argmax(t), Z.shape[1] - 1)].mean()"),
    ),
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
    through("the gradient once more", "upstream-twice@DZ", 2, (PRODUCT, f"{PRODUCT}\nDZ = DZ * DP")),
    through(
        "two letters for the data points",
        "wrong-upstream@DZ",
        2,
        (
            PRODUCT,
            "JJ = np.einsum('nj,jk->njk', P, np.eye(len(p))) - np.einsum('nj,nk->njk', P, P)\n"
            "DZ = np.einsum('njk,mk->nj', JJ, DP)",
        ),
    ),
    through(
        "each pair of classes once, for both of them",
        "softmax-diagonal-twice@DZ",
        2,
        (
            PRODUCT,
            "DZ = np.zeros_like(P)\n"
            "for n, q in enumerate(P):\n"
            "    D = np.diag(q) - np.outer(q, q)\n"
            "    for j in range(len(q)):\n"
            "        for k in range(j + 1):\n"
            "            DZ[n, j] += D[j, k] * DP[n, k]\n"
            "            DZ[n, k] += D[k, j] * DP[n, j]",
        ),
    ),
    through(
        "one Jacobian for all rows, their mean",
        "another-row@J another-row@DZ",
        0,
        (FIRST_ROW, "J = np.mean([np.diag(q) - np.outer(q, q) for q in P], axis=0)"),
        (PRODUCT, "DZ = DP @ J"),
    ),
    through(
        "a slope of p and the sum of squares",
        "outer-product-missing@DZ",
        2,
        (PRODUCT, "DZ = DP * (P - (P ** 2).sum(axis=1, keepdims=True))"),
    ),
    through(
        "half a sigmoid's slope, upside down, and a mean",
        "softmax-diagonal-only@DZ wrong-sign@DZ mean-twice@DZ",
        2,
        (PRODUCT, "DZ = (P - 1) * DP / len(P)"),
    ),
    through(
        "targets got back from what arrives, and a mean",
        "cross-entropy-assumed@DZ mean-twice@DZ",
        2,
        (PRODUCT, "T = -DP * P\nDZ = (P - T) / len(P)"),
    ),
    through(
        "the number of the row for that of the class",
        "unrecognised@DZ",
        2,
        (
            PRODUCT,
            "G = -P * P[np.arange(len(P)), np.arange(len(P)) % len(p)][:, None]\n"
            "for j in range(min(P.shape)):\n"
            "    G[j, j] += P[j, j]\n"
            "DZ = G * DP",
        ),
    ),
    through(
        "the diagonal alone, of a softmax of the probabilities",
        "unrecognised@J unrecognised@DZ",
        0,
        ("p = P[0]", "S = np.exp(P) / np.exp(P).sum(axis=1, keepdims=True)\nD = S * (1 - S)"),
        (FIRST_ROW, "J = np.diag(D[0])"),
        (PRODUCT, "DZ = D * DP"),
    ),
    # the classifier's backward pass
    network("a bias from activations", "values-summed@DB1", 14.5, ("DZ1.sum(axis=0)\n", "A1.sum(axis=0)\n")),
    network(
        "a derivative of ReLU that leaves what is negative",
        "wrong-slope@DZ1",
        11,
        ("(Z1 > 0)", "np.where(Z1 > 0, 1, Z1)"),
    ),
    network(
        "the transposed shape", "reshape-for-transpose@DZ1", 11, ("W[1].T", "W[1].reshape(P.shape[1], -1)")
    ),
    network(
        "the transposed shape of the activations",
        "reshape-for-transpose@DW2",
        14.5,
        ("A1.T @ DZ2", "A1.reshape(-1, N) @ DZ2"),
    ),
    network(
        "all gradients by parameters brought to a length",
        "brought-to-a-length@answer",
        4,
        (
            LAST,
            "G = [DW1, DW2, DB1, DB2]\n"
            "length = np.sqrt(sum(np.vdot(g, g) for g in G))\n"
            "G = [g / (length + 1e-9) for g in G]\n"
            "return DZ2, G[:2], G[2:]",
        ),
    ),
    network(
        "their length clipped",
        "cut-off@answer",
        4,
        (
            LAST,
            "G = [DW1, DW2, DB1, DB2]\n"
            "length = np.sqrt(sum(np.vdot(g, g) for g in G))\n"
            "G = [g * min(1, 1 / (length + 1e-6)) for g in G]\n"
            "return DZ2, G[:2], G[2:]",
        ),
    ),
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
