"""Wrong answers to assignment 03 that were written down before the grader was asked.

They come from questions, bug reports and reviews that had not been looked at before. Those that had no name
then are all here, the ones that have none now among them, and those with two mistakes at once.
"""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import one_of
from tests.autograder.mutants.people_softmax import FORWARD, JACOBIAN, NETWORK, PASS, SOFTMAX, THROUGH

RIGHT = {SOFTMAX: FORWARD, JACOBIAN: THROUGH, NETWORK: PASS}


wrong = partial(one_of, RIGHT)

FOUND = (
    # 03
    wrong(
        SOFTMAX,
        "the predicted class",
        "wrong-function@P",
        3,
        ("return P, err", "return np.eye(Z.shape[1])[Z.argmax(axis=1)], err"),
    ),
    wrong(SOFTMAX, "maximum forgotten in the log", "wrong-error@err", 3, ("logP = S -", "logP = Z -")),
    wrong(
        SOFTMAX,
        "no logarithm in the normaliser",
        "unrecognised@err",
        3,
        ("np.log(E.sum(axis=1, keepdims=True))", "E.sum(axis=1, keepdims=True)"),
    ),
    wrong(
        SOFTMAX,
        "length one",
        "wrong-function@P",
        3,
        ("P = E / E.sum(axis=1, keepdims=True)", "P = E / np.linalg.norm(E, axis=1, keepdims=True)"),
    ),
    wrong(
        SOFTMAX,
        "minus in the exponent",
        "wrong-function@P",
        3,
        ("S = Z - Z.max(axis=1, keepdims=True)", "S = -(Z - Z.min(axis=1, keepdims=True))"),
    ),
    wrong(SOFTMAX, "powers of two", "wrong-function@P unrecognised@err", 0, ("E = np.exp(S)", "E = 2.0**S")),
    wrong(SOFTMAX, "rounded", "rounded@P", 3, ("return P, err", "return np.round(P, 2), err")),
    wrong(
        SOFTMAX,
        "the sum and the wrong sign",
        "wrong-sign@err sum-instead-of-mean@err",
        3,
        ("err = -logP[np.arange(len(t)), t].mean()", "err = logP[np.arange(len(t)), t].sum()"),
    ),
    wrong(
        JACOBIAN,
        "p times p transposed",
        "outer-product-missing@J",
        4,
        ("J = np.diag(p) - np.outer(p, p)", "J = np.diag(p) - p * p.T"),
    ),
    wrong(
        JACOBIAN,
        "outer of p and 1-p",
        "softmax-diagonal-everywhere@J",
        4,
        ("J = np.diag(p) - np.outer(p, p)", "J = np.outer(p, 1 - p)"),
    ),
    wrong(
        JACOBIAN,
        "P minus DP",
        "cross-entropy-assumed@DZ",
        2,
        ("DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))", "DZ = P - DP"),
    ),
    wrong(
        JACOBIAN,
        "i and j of the same sign",
        "softmax-plus-for-minus@J softmax-plus-for-minus@DZ",
        0,
        ("J = np.diag(p) - np.outer(p, p)", "J = np.outer(p, p)\nnp.fill_diagonal(J, p * (1 - p))"),
        (
            "DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))",
            ("DZ = np.stack([(np.outer(q, q) + np.diag(q * (1 - q) - q * q)) @ g for q, g in zip(P, DP)])"),
        ),
    ),
    wrong(
        JACOBIAN,
        "squares of p",
        "outer-product-missing@DZ",
        2,
        (
            "DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))",
            "DZ = P * DP - P**2 * DP.sum(axis=1, keepdims=True)",
        ),
    ),
    wrong(
        JACOBIAN,
        "P lost at the sum",
        "softmax-factor-missing@DZ",
        2,
        (
            "DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))",
            "DZ = P * DP - (P * DP).sum(axis=1, keepdims=True)",
        ),
    ),
    wrong(
        JACOBIAN,
        "minus and batch mean",
        "wrong-sign@DZ mean-twice@DZ",
        2,
        (
            "DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))",
            "DZ = -P * (DP - (DP * P).sum(axis=1, keepdims=True)) / len(P)",
        ),
    ),
    wrong(
        JACOBIAN,
        "J wrong way and DZ by P alone",
        "wrong-sign@J softmax-row-sum-missing@DZ",
        0,
        ("J = np.diag(p) - np.outer(p, p)", "J = np.outer(p, p) - np.diag(p)"),
        ("DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))", "DZ = P * DP"),
    ),
    wrong(
        NETWORK,
        "the predicted class for the label",
        "wrong-targets@DZ2",
        14,
        ("T = np.eye(P.shape[1])[t]", "T = np.eye(P.shape[1])[P.argmax(axis=1)]"),
    ),
    wrong(
        NETWORK,
        "sum, and no mask",
        "sum-instead-of-mean@DZ2 missing-relu-mask@DZ1",
        7,
        ("DZ2 = (P - T) / N", "DZ2 = P - T"),
        (" * (Z1 > 0)", ""),
    ),
    wrong(
        NETWORK,
        "a rectifier on the logits",
        "output-masked@DZ2",
        14,
        ("DZ2 = (P - T) / N", "DZ2 = (P - T) / N * (Z2 > 0)"),
    ),
    wrong(
        NETWORK,
        "sums for weights, means for biases",
        "sum-instead-of-mean@DZ2",
        14,
        ("DZ2 = (P - T) / N", "DZ2 = P - T"),
        ("DZ2.sum(axis=0)", "DZ2.mean(axis=0)"),
        ("DZ1.sum(axis=0)", "DZ1.mean(axis=0)"),
    ),
    wrong(NETWORK, "gradient of W2 for W2", "gradient-for-weights@DZ1", 11, ("DZ2 @ W[1].T", "DZ2 @ DW2.T")),
    wrong(
        NETWORK,
        "labels minus one and a sum",
        "wrong-targets@DZ2 sum-instead-of-mean@DZ2",
        14,
        ("DZ2 = (P - T) / N", "DZ2 = P.copy()\nDZ2[np.arange(N), t - 1] -= 1"),
    ),
    wrong(
        NETWORK,
        "DB1 from DW1",
        "weights-gradient-summed@DB1",
        14.5,
        ("X.T @ DZ1, DZ1.sum(axis=0)", "X.T @ DZ1, (X.T @ DZ1).sum(axis=0)"),
    ),
    wrong(
        NETWORK,
        "T over P, no softmax",
        "missing-softmax-derivative@DZ2 wrong-sign@DZ2",
        14,
        ("DZ2 = (P - T) / N", "DZ2 = T / P / N"),
    ),
)
