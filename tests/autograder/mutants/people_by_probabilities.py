"""Wrong answers to assignment 03 that were written before the grader was asked, a third time.

Two mistakes of which one is a factor, loops that end too early, products of vectors that are numbers, and
sums that cancel out to rounding. Those that still have no name are here, too.
"""

from __future__ import annotations

from tests.autograder.mutants.people_softmax import (
    ERROR,
    FIRST_ROW,
    PROBABILITIES,
    PRODUCT,
    STEP,
    network,
    softmax,
    step,
    through,
)

TERMS = "losses = -logP[np.arange(len(t)), t]\n"

FOUND = [
    # a factor beside a mistake of stability
    softmax(
        "the mean of all products, a small number in the logarithm",
        "averaged-over-classes@err clipped-probabilities@err",
        3,
        (ERROR, "T = np.zeros(Z.shape)\nT[np.arange(len(t)), t] = 1\nerr = np.mean(-T * np.log(P + 1e-9))"),
    ),
    softmax(
        "the mean of all products, 0 times the logarithm of 0 among them",
        "averaged-over-classes@err logarithm-of-zero@err",
        3,
        (ERROR, "T = np.eye(Z.shape[1])[t]\nerr = -np.mean(T * np.log(P))"),
    ),
    softmax(
        "decimal logarithms of P",
        "wrong-logarithm@err logarithm-of-zero@err",
        3,
        (ERROR, "err = -np.log10(P[np.arange(len(t)), t]).mean()"),
    ),
    # loops
    softmax(
        "a return inside the loop",
        "wrong-error@err mean-twice@err",
        3,
        (ERROR, f"{TERMS}err = 0\nfor loss in losses:\n    err += loss\n    return P, err / len(t)"),
    ),
    softmax(
        "each term set over the one before",
        "wrong-error@err mean-twice@err",
        3,
        (ERROR, f"{TERMS}for loss in losses:\n    err = loss\nerr = err / len(t)"),
    ),
    softmax(
        "divided in the loop, each time",
        "unrecognised@err",
        3,
        (ERROR, f"{TERMS}err = 0\nfor loss in losses:\n    err = (err + loss) / len(t)"),
    ),
    # other functions, and another order of logarithms
    softmax(
        "sigmoids over their sum, which is 0 for small scores",
        "wrong-function@P no-number-for-far-scores@P",
        3,
        (PROBABILITIES, "G = 1 / (1 + np.exp(-Z))\nP = G / G.sum(axis=1, keepdims=True)"),
    ),
    softmax(
        "the logarithm first, without a maximum",
        "overflow@P",
        0,
        ("S = Z - Z.max(axis=1, keepdims=True)", "S = Z"),
        (PROBABILITIES, "P = np.exp(S - np.log(E.sum(axis=1, keepdims=True)))"),
    ),
    # the derivative of the softmax
    through(
        "minus everywhere, on the diagonal, too",
        "softmax-plus-for-minus@J softmax-plus-for-minus@DZ",
        0,
        (FIRST_ROW, "J = -np.outer(p, p)\nnp.fill_diagonal(J, p**2 - p)"),
        (
            PRODUCT,
            "DZ = np.zeros(P.shape)\nfor n, (q, g) in enumerate(zip(P, DP)):\n"
            "    K = -np.outer(q, q)\n    np.fill_diagonal(K, q**2 - q)\n    DZ[n] = K @ g",
        ),
    ),
    through(
        "a vector times itself, transposed",
        "outer-product-missing@J outer-product-missing@DZ",
        0,
        (FIRST_ROW, "J = np.diag(p) - np.dot(p, p.T)"),
        (PRODUCT, "DZ = np.array([(np.diag(q) - np.dot(q, q.T)) @ g for q, g in zip(P, DP)])"),
    ),
    through("all rows in one product", "another-row@J", 4, (FIRST_ROW, "J = np.diagflat(p) - P.T @ P")),
    through(
        "all rows in one product, behind DP", "another-row@DZ", 2, (PRODUCT, "DZ = DP * P - DP @ (P.T @ P)")
    ),
    through("the first Jacobian's diagonal", "unrecognised@DZ", 2, (PRODUCT, "DZ = DP * np.diagonal(J)")),
    through(
        "a quotient for p (1 - p)",
        "unrecognised@J unrecognised@DZ",
        0,
        (FIRST_ROW, "J = np.diag(p / (1 - p))"),
        (PRODUCT, "DZ = DP * P / (1 - P)"),
    ),
    through(
        "the softmax of what arrives",
        "wrong-operand@J wrong-operand@DZ",
        0,
        ("p = P[0]", "P = np.exp(DP) / np.exp(DP).sum(axis=1, keepdims=True)\np = P[0]"),
    ),
    through(
        "one taken away where the gradient is largest",
        "unrecognised@DZ",
        2,
        (PRODUCT, "DZ = P.copy()\nDZ[np.arange(len(P)), DP.argmax(axis=1)] -= 1"),
    ),
    # the classifier's backward pass
    network(
        "weights divided later, biases summed over everything and divided",
        "sum-instead-of-mean@DZ2 summed-over-all-axes@DB2 summed-over-all-axes@DB1",
        7,
        (STEP, "DZ2 = P - T"),
        ("A1.T @ DZ2, DZ2.sum(axis=0)", "1 / N * A1.T.dot(DZ2), 1 / N * np.sum(DZ2)"),
        ("X.T @ DZ1, DZ1.sum(axis=0)", "1 / N * X.T.dot(DZ1), 1 / N * np.sum(DZ1)"),
    ),
    network(
        "a bias summed over everything, which is rounding alone",
        "summed-over-all-axes@DB2",
        14.5,
        ("DZ2.sum(axis=0)", "np.sum(DZ2)"),
    ),
    step(
        "the gradient of a hinge loss",
        "unrecognised@DZ2",
        14,
        "right = np.take_along_axis(Z2, t[:, None], axis=1)\n"
        "M = np.where((Z2 - right + 1 > 0) & (T == 0), 1.0, 0.0)\n"
        "DZ2 = (M - T * M.sum(axis=1, keepdims=True)) / N",
    ),
]
