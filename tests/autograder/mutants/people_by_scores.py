"""Wrong answers to assignment 03 that were written before the grader was asked, once more.

Two mistakes at once in a softmax, one of them of stability alone; other errors; other targets; and answers in
which some arrays are right though they do not follow from those in front of them.
"""

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

NAIVE = ("S = Z - Z.max(axis=1, keepdims=True)", "S = Z")
ONE_MAXIMUM = ("S = Z - Z.max(axis=1, keepdims=True)", "S = Z - Z.max()")
OF_P = (ERROR, "err = -np.mean(np.log(P[np.arange(len(t)), t]))")
ONE_HOT = "T = np.eye(Z.shape[1])[t]\n"
BINARY = "T * np.log(P + 1e-8) + (1 - T) * np.log(1 - P + 1e-8)"

FOUND = [
    # a softmax that is wrong, and not stable besides
    softmax(
        "Python's own sum, no maximum",
        "softmax-wrong-axis@P overflow@P",
        0,
        NAIVE,
        (PROBABILITIES, "P = E / sum(E)"),
        OF_P,
    ),
    softmax(
        "the sum of everything, no maximum, an error of its own",
        "softmax-wrong-axis@P overflow@P",
        3,
        (PROBABILITIES, "P = np.exp(Z) / np.sum(np.exp(Z))"),
    ),
    softmax(
        "Python's own sum, one maximum",
        "softmax-wrong-axis@P no-number-for-far-scores@P logarithm-of-zero@err",
        0,
        ONE_MAXIMUM,
        (PROBABILITIES, "P = E / sum(E)"),
        OF_P,
    ),
    softmax(
        "0 for what is no number",
        "wrong-for-far-scores@P",
        3,
        (PROBABILITIES, "P = np.nan_to_num(np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))"),
    ),
    softmax(
        "columns of all targets, and a logarithm of 0",
        "targets-as-columns@err logarithm-of-zero@err",
        3,
        (ERROR, "err = -np.mean(np.log(P[:, t]))"),
    ),
    softmax(
        "the class before, a sum, and a logarithm of 0",
        "wrong-targets@err sum-instead-of-mean@err logarithm-of-zero@err",
        3,
        (ERROR, "err = 0\nfor n in range(len(Z)):\n    err -= np.log(P[n][t[n] - 1])"),
    ),
    softmax(
        "what is infinite left out",
        "large-error-not-seen@err",
        3,
        (ERROR, "losses = -np.log(P[np.arange(len(t)), t])\nerr = losses[np.isfinite(losses)].mean()"),
    ),
    softmax(
        "both terms of a binary cross-entropy, a small number in each",
        "wrong-error@err large-error-not-seen@err",
        3,
        (ERROR, f"{ONE_HOT}err = -np.mean(np.sum({BINARY}, axis=1))"),
    ),
    softmax(
        "the same over all entries",
        "wrong-error@err large-error-not-seen@err",
        3,
        (ERROR, f"{ONE_HOT}err = -np.mean({BINARY})"),
    ),
    # another sum, or another place for the maximum
    softmax(
        "the maximum above alone",
        "wrong-function@P",
        3,
        (PROBABILITIES, "P = E / np.exp(Z).sum(axis=1, keepdims=True)"),
    ),
    softmax(
        "the mean below", "wrong-function@P", 3, (PROBABILITIES, "P = E / E.mean(axis=1, keepdims=True)")
    ),
    softmax(
        "a sum that is never begun anew",
        "wrong-function@P",
        3,
        (
            PROBABILITIES,
            "P, total = np.zeros(Z.shape), 0.0\n"
            "for n in range(len(Z)):\n    for power in E[n]:\n        total += power\n"
            "    P[n] = E[n] / total",
        ),
    ),
    # the error's terms
    softmax(
        "the maximum not added back",
        "wrong-error@err",
        3,
        (ERROR, "err = np.mean(np.log(E.sum(axis=1)) - Z[np.arange(len(t)), t])"),
    ),
    softmax(
        "the maximum added to what is shifted",
        "wrong-error@err",
        3,
        (ERROR, "err = np.mean(Z.max(axis=1) + np.log(E.sum(axis=1)) - S[np.arange(len(t)), t])"),
    ),
    softmax(
        "the logarithm of the sum alone",
        "wrong-error@err",
        3,
        (ERROR, "err = np.mean(Z.max(axis=1) + np.log(E.sum(axis=1)))"),
    ),
    softmax("less the logarithm of C", "wrong-error@err", 3, (ERROR, f"{ERROR} - np.log(Z.shape[1])")),
    softmax(
        "a sigmoid of each score",
        "wrong-error@err",
        3,
        (ERROR, f"{ONE_HOT}err = np.mean(np.logaddexp(0, Z) - T * Z)"),
    ),
    softmax("taken from a long row", "first-row-for-all@err", 3, (ERROR, "err = -np.take(logP, t).mean()")),
    softmax("the diagonal", "wrong-error@err", 3, (ERROR, "err = -np.diagonal(logP).mean()")),
    softmax("the largest", "wrong-error@err", 3, (ERROR, "err = np.max(-logP[np.arange(len(t)), t])")),
    # the derivative of the softmax
    through(
        "probabilities on the diagonal",
        "diagonal-without-square@J diagonal-without-square@DZ",
        0,
        (FIRST_ROW, "J = -np.outer(p, p)\nnp.fill_diagonal(J, p)"),
        (PRODUCT, "DZ = np.array([g @ (np.diag(q + q * q) - np.outer(q, q)) for q, g in zip(P, DP)])"),
    ),
    through(
        "one probability taken away",
        "softmax-sum-unweighted@J softmax-sum-unweighted@DZ",
        0,
        (FIRST_ROW, "J = np.diag(p) - p"),
        (PRODUCT, "DZ = np.stack([g @ (np.diag(q) - q) for q, g in zip(P, DP)])"),
    ),
    through(
        "the diagonal's form everywhere",
        "softmax-diagonal-everywhere@J softmax-diagonal-everywhere@DZ",
        0,
        (FIRST_ROW, "J = p[:, None] * (1 - p)"),
        (PRODUCT, "DZ = np.array([(q[:, None] * (1 - q)).T @ g for q, g in zip(P, DP)])"),
    ),
    through(
        "each class assigned over the last",
        "one-class-alone@DZ",
        2,
        (
            PRODUCT,
            "DZ = np.zeros(P.shape)\nfor n in range(len(P)):\n    for i in range(P.shape[1]):\n"
            "        DZ[n] = DP[n, i] * P[n, i] * ((np.arange(P.shape[1]) == i) - P[n])",
        ),
    ),
    through(
        "rows of the Jacobian that sum to 0",
        "zero@DZ",
        2,
        (
            PRODUCT,
            "DZ = np.array([(np.diag(q) - np.outer(q, q)).sum(axis=1) * g.sum() for q, g in zip(P, DP)])",
        ),
    ),
    # the classifier's targets
    step("labels as numbers", "wrong-targets@DZ2", 14, "DZ2 = (P - t.reshape(-1, 1)) / N"),
    step("ones everywhere", "wrong-targets@DZ2", 14, "DZ2 = (P - 1) / N"),
    step("the row's maximum", "wrong-targets@DZ2", 14, "DZ2 = (P - P.max(axis=1, keepdims=True)) / N"),
    step("smoothed targets", "wrong-targets@DZ2", 14, "DZ2 = (P - 0.9 * T - 0.1 / P.shape[1]) / N"),
    step(
        "the likeliest class", "wrong-targets@DZ2", 14, "DZ2 = (P - np.eye(P.shape[1])[P.argmax(axis=1)]) / N"
    ),
    step("set, not subtracted", "target-not-subtracted-from@DZ2", 14, "DZ2 = np.where(T == 1, -1, P) / N"),
    step(
        "turned round at the target", "wrong-sign-at-target@DZ2", 14, "DZ2 = np.where(T == 1, 1 - P, P) / N"
    ),
    step(
        "a binary cross-entropy through the softmax",
        "binary-cross-entropy@DZ2",
        14,
        "D = ((1 - T) / (1 - P) - T / P) / N\nDZ2 = P * (D - (D * P).sum(axis=1, keepdims=True))",
    ),
    # what is right though it does not follow
    network(
        "weights divided later, biases not",
        "sum-instead-of-mean@DZ2",
        14,
        ("DZ2 = (P - T) / N", "DZ2 = P - T"),
        ("A1.T @ DZ2, DZ2", "A1.T @ DZ2 / N, DZ2"),
        ("X.T @ DZ1, DZ1", "X.T @ DZ1 / N, DZ1"),
    ),
    network(
        "the last layer divided later",
        "sum-instead-of-mean@DZ2",
        14,
        ("DZ2 = (P - T) / N", "DZ2 = P - T"),
        ("A1.T @ DZ2, DZ2.sum(axis=0)", "A1.T @ DZ2 / N, DZ2.sum(axis=0) / N"),
    ),
    network(
        "weights after a step",
        "returns-updated-parameters@DW2 returns-updated-parameters@DW1",
        11,
        ("[DW1, DW2]", "[W[0] - 0.1 * DW1, W[1] - 0.1 * DW2]"),
    ),
    network(
        "everything divided once more",
        "mean-twice@DW2 mean-twice@DB2 mean-twice@DW1 mean-twice@DB1",
        4,
        ("A1.T @ DZ2, DZ2.sum(axis=0)", "A1.T @ DZ2 / N, DZ2.mean(axis=0)"),
        ("X.T @ DZ1, DZ1.sum(axis=0)", "X.T @ DZ1 / N, DZ1.mean(axis=0)"),
    ),
]
