"""Wrong answers to assignment 03 as people write them.

What stands in public questions, bug reports, and reviews of softmax and cross-entropy, in our signatures.
"""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import Written, otherwise

SOFTMAX, JACOBIAN, NETWORK = ("03", "exercise1"), ("03", "exercise2"), ("03", "exercise3")
HEADS = {
    SOFTMAX: "def exercise1(Z, t):",
    JACOBIAN: "def exercise2(P, DP):",
    NETWORK: "def exercise3(W, B, X, Z1, A1, Z2, P, t):",
}

FORWARD = """
S = Z - Z.max(axis=1, keepdims=True)
E = np.exp(S)
P = E / E.sum(axis=1, keepdims=True)
logP = S - np.log(E.sum(axis=1, keepdims=True))
err = -logP[np.arange(len(t)), t].mean()
return P, err
"""
THROUGH = """
p = P[0]
J = np.diag(p) - np.outer(p, p)
DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))
return J, DZ
"""
PASS = """
N = len(X)
T = np.eye(P.shape[1])[t]
DZ2 = (P - T) / N
DW2, DB2 = A1.T @ DZ2, DZ2.sum(axis=0)
DZ1 = DZ2 @ W[1].T * (Z1 > 0)
DW1, DB1 = X.T @ DZ1, DZ1.sum(axis=0)
return DZ2, [DW1, DW2], [DB1, DB2]
"""
PROBABILITIES = "P = E / E.sum(axis=1, keepdims=True)"
ERROR = "err = -logP[np.arange(len(t)), t].mean()"
STEP = "DZ2 = (P - T) / N"
PRODUCT = "DZ = P * (DP - (DP * P).sum(axis=1, keepdims=True))"
FIRST_ROW = "J = np.diag(p) - np.outer(p, p)"


softmax = partial(otherwise, SOFTMAX, FORWARD)
through = partial(otherwise, JACOBIAN, THROUGH)
network = partial(otherwise, NETWORK, PASS)


def step(title: str, message: str, score: float, line: str) -> Written:
    """A backward pass that begins with another DZ2."""
    return network(title, message, score, (STEP, line))


CLASSIFIERS = [
    # the probabilities
    softmax(
        "the maximum of the whole batch",
        "maximum-over-everything@P",
        0,
        ("Z.max(axis=1, keepdims=True)", "np.max(Z)"),
    ),
    softmax("no maximum", "overflow@P", 0, ("S = Z - Z.max(axis=1, keepdims=True)", "S = Z")),
    softmax("normalised over the batch", "softmax-wrong-axis@P", 3, (PROBABILITIES, "P = E / E.sum(axis=0)")),
    softmax(
        "normalised by the sum of everything", "softmax-wrong-axis@P", 3, (PROBABILITIES, "P = E / np.sum(E)")
    ),
    softmax(
        "a sigmoid for each class",
        "sigmoid-for-softmax@P",
        3,
        (PROBABILITIES, "P = np.exp(-np.logaddexp(0, -Z))"),
    ),
    softmax(
        "softmax of the softmax",
        "double-softmax@P",
        3,
        (PROBABILITIES, f"{PROBABILITIES}\nP = np.exp(P) / np.exp(P).sum(axis=1, keepdims=True)"),
    ),
    softmax(
        "log-probabilities returned",
        "log-probabilities-for-probabilities@P",
        3,
        ("return P, err", "return logP, err"),
    ),
    # the error
    softmax("the sum", "sum-instead-of-mean@err", 3, (ERROR, ERROR.replace(".mean()", ".sum()"))),
    softmax("the minus forgotten", "wrong-sign@err", 3, (ERROR, ERROR.replace("-logP", "logP"))),
    softmax(
        "the mean of everything",
        "averaged-over-classes@err",
        3,
        (ERROR, "err = -(np.eye(Z.shape[1])[t] * logP).mean()"),
    ),
    softmax("columns for labels", "targets-as-columns@err", 3, (ERROR, "err = -logP[:, t].mean()")),
    softmax(
        "an epsilon of 1e-8 in the logarithm",
        "clipped-probabilities@err",
        3,
        (ERROR, "err = -np.log(P[np.arange(len(t)), t] + 1e-8).mean()"),
    ),
    softmax(
        "an epsilon of 0.001 in the logarithm",
        "clipped-probabilities@err",
        3,
        (ERROR, "err = -np.log(P[np.arange(len(t)), t] + 0.001).mean()"),
    ),
    softmax(
        "clipped at 1e-12",
        "clipped-probabilities@err",
        3,
        (ERROR, "err = -np.log(np.clip(P, 1e-12, 1.0)[np.arange(len(t)), t]).mean()"),
    ),
    softmax(
        "clipped on both sides",
        "clipped-probabilities@err",
        3,
        (ERROR, "err = -np.log(np.clip(P, 1e-7, 1 - 1e-7)[np.arange(len(t)), t]).mean()"),
    ),
    softmax(
        "the logarithm of 0",
        "logarithm-of-zero@err",
        3,
        (ERROR, "with np.errstate(all='ignore'):\n    err = -np.log(P[np.arange(len(t)), t]).mean()"),
    ),
    softmax(
        "the logits picked",
        "missing-normalisation@err",
        3,
        (ERROR, "err = -Z[np.arange(len(t)), t].mean()"),
    ),
    softmax(
        "the probabilities picked, no logarithm",
        "missing-logarithm@err",
        3,
        (ERROR, "err = -P[np.arange(len(t)), t].mean()"),
    ),
    softmax(
        "binary cross-entropy of every class",
        "wrong-error@err large-error-not-seen@err",
        3,
        (
            ERROR,
            "T = np.eye(Z.shape[1])[t]\nQ, R = np.clip(P, 1e-300, 1), np.clip(1 - P, 1e-300, 1)\n"
            "err = -(T * np.log(Q) + (1 - T) * np.log(R)).sum(axis=1).mean()",
        ),
    ),
    softmax("base two", "wrong-logarithm@err", 3, (ERROR, ERROR.replace(".mean()", ".mean() / np.log(2)"))),
    # the derivative of the softmax
    through(
        "a sigmoid's slope",
        "softmax-diagonal-only@J softmax-diagonal-only@DZ",
        0,
        (FIRST_ROW, "J = np.diag(p * (1 - p))"),
        (PRODUCT, "DZ = DP * P * (1 - P)"),
    ),
    through(
        "a sigmoid's slope for the batch alone",
        "softmax-diagonal-only@DZ",
        2,
        (PRODUCT, "DZ = DP * P * (1 - P)"),
    ),
    through(
        "the sign of mantasu's question",
        "softmax-diagonal-only@DZ wrong-sign@DZ",
        2,
        (PRODUCT, "DZ = DP * P * (P - 1)"),
    ),
    through("handed through", "missing-softmax-derivative@DZ", 2, (PRODUCT, "DZ = DP")),
    through("times P alone", "softmax-row-sum-missing@DZ", 2, (PRODUCT, "DZ = P * DP")),
    through(
        "the sum down the batch",
        "softmax-wrong-axis@DZ",
        2,
        (PRODUCT, "DZ = P * (DP - (DP * P).sum(axis=0, keepdims=True))"),
    ),
    through(
        "the sum of DP, unweighted",
        "softmax-sum-unweighted@DZ",
        2,
        (PRODUCT, "DZ = P * (DP - DP.sum(axis=1, keepdims=True))"),
    ),
    through(
        "the mean of DP",
        "mean-for-weighted-sum@DZ",
        2,
        (PRODUCT, "DZ = P * (DP - DP.mean(axis=1, keepdims=True))"),
    ),
    through(
        "a mean for the sum",
        "mean-for-weighted-sum@DZ",
        2,
        (PRODUCT, "DZ = P * (DP - (DP * P).mean(axis=1, keepdims=True))"),
    ),
    through(
        "no P in front",
        "softmax-factor-missing@DZ",
        2,
        (PRODUCT, "DZ = DP - (DP * P).sum(axis=1, keepdims=True)"),
    ),
    through("divided by N", "mean-twice@DZ", 2, (PRODUCT, f"{PRODUCT} / len(P)")),
    through("plus for minus", "softmax-sum-added@DZ", 2, (PRODUCT, PRODUCT.replace("DP - (", "DP + ("))),
    through("the first row's Jacobian for all", "another-row@DZ", 2, (PRODUCT, "DZ = DP @ J")),
    through("the upstream gradient ignored", "upstream-ignored@DZ", 2, (PRODUCT, "DZ = P * (1 - P)")),
    through("twice", "wrong-scale@DZ", 2, (PRODUCT, f"{PRODUCT} * 2")),
    through(
        "only minus the outer product", "softmax-diagonal-missing@J", 4, (FIRST_ROW, "J = -np.outer(p, p)")
    ),
    through(
        "the outer product added",
        "softmax-plus-for-minus@J",
        4,
        (FIRST_ROW, "J = np.diag(p) + np.outer(p, p)"),
    ),
    through("the Jacobian of the last row", "another-row@J", 4, ("p = P[0]", "p = P[-1]")),
    through("minus the Jacobian", "wrong-sign@J", 4, (FIRST_ROW, "J = np.outer(p, p) - np.diag(p)")),
    through("1 - P for P", "unrecognised@J", 4, (FIRST_ROW, "J = np.diag(p) - np.outer(p, 1 - p)")),
    # the classifier's backward pass
    step("the sum", "sum-instead-of-mean@DZ2", 14, "DZ2 = P - T"),
    step("the wrong way round", "wrong-sign@DZ2", 14, "DZ2 = (T - P) / N"),
    step("divided twice", "mean-twice@DZ2", 14, "DZ2 = (P - T) / N / N"),
    step("the mean of everything", "averaged-over-classes@DZ2", 14, "DZ2 = (P - T) / P.size"),
    step("divided by the classes", "wrong-scale@DZ2", 14, "DZ2 = (P - T) / P.shape[1]"),
    step("the derivative by P handed through", "missing-softmax-derivative@DZ2", 14, "DZ2 = -T / P / N"),
    step("a sigmoid's slope", "softmax-diagonal-only@DZ2", 14, "DZ2 = -T / P / N * P * (1 - P)"),
    step(
        "P - T, and a sigmoid's slope once more",
        "double-softmax-derivative@DZ2",
        14,
        "DZ2 = (P - T) * P * (1 - P) / N",
    ),
    step("the true class alone", "softmax-row-sum-missing@DZ2", 14, "DZ2 = np.where(T > 0, -1.0, 0.0) / N"),
    step(
        "the probabilities of the true class alone", "softmax-diagonal-only@DZ2", 14, "DZ2 = T * (P - T) / N"
    ),
    step("one not subtracted", "targets-not-subtracted@DZ2", 14, "DZ2 = P / N"),
    step("the logits", "logits-for-probabilities@DZ2", 14, "DZ2 = (Z2 - T) / N"),
    step("the logarithm of P", "log-probabilities-for-probabilities@DZ2", 14, "DZ2 = (np.log(P) - T) / N"),
    step(
        "softmax once more",
        "double-softmax@DZ2",
        14,
        "Q = np.exp(P) / np.exp(P).sum(axis=1, keepdims=True)\nDZ2 = (Q - T) / N",
    ),
    step("a squared error's two", "wrong-scale@DZ2", 14, "DZ2 = 2 * (P - T) / N"),
    step(
        "a squared error's gradient",
        "double-softmax-derivative@DZ2 wrong-scale@DZ2",
        14,
        "DZ2 = 2 * (P - T) * P * (1 - P) / N",
    ),
    step("the label's number subtracted", "wrong-targets@DZ2", 14, "DZ2 = (P - t[:, None]) / N"),
    step(
        "one subtracted in the label's columns",
        "targets-as-columns@DZ2",
        14,
        "DZ2 = P.copy()\nDZ2[:, t] -= 1\nDZ2 = DZ2 / N",
    ),
    step(
        "labels from 1",
        "wrong-targets@DZ2",
        14,
        "DZ2 = P.copy()\nDZ2[np.arange(N), t - 1] -= 1\nDZ2 = DZ2 / N",
    ),
    step("the sheet's own number of data points", "hard-coded-size@DZ2", 14, "DZ2 = (P - T) / 20"),
    network(
        "regularised",
        "itself-added@DW2 itself-added@DW1",
        11,
        ("return DZ2", "DW1 = DW1 + 0.01 * W[0]\nDW2 = DW2 + 0.01 * W[1]\nreturn DZ2"),
    ),
    network(
        "divided by N in the weights again",
        "mean-twice@DW2 mean-twice@DW1",
        11,
        ("return DZ2", "DW1, DW2 = DW1 / N, DW2 / N\nreturn DZ2"),
    ),
    network(
        "DZ2 undivided, the weights divided",
        "sum-instead-of-mean@DZ2",
        14,
        (STEP, "DZ2 = P - T"),
        ("return DZ2", "DW1, DW2, DB1, DB2 = DW1 / N, DW2 / N, DB1 / N, DB2 / N\nreturn DZ2"),
    ),
    network("no mask", "missing-relu-mask@DZ1", 11, (" * (Z1 > 0)", "")),
    network("the value for the mask", "activation-instead-of-derivative@DZ1", 11, ("(Z1 > 0)", "A1")),
    network(
        "a mask of the gradient",
        "relu-of-gradient@DZ1",
        11,
        ("DZ2 @ W[1].T * (Z1 > 0)", "np.maximum(0, DZ2 @ W[1].T)"),
    ),
    network("a sigmoid's slope in the hidden layer", "wrong-slope@DZ1", 11, ("(Z1 > 0)", "A1 * (1 - A1)")),
    network("tanh's slope in the hidden layer", "wrong-slope@DZ1", 11, ("(Z1 > 0)", "(1 - A1**2)")),
    network(
        "the pre-activation for the input", "pre-activation-as-input@DW2", 14.5, ("A1.T @ DZ2", "Z1.T @ DZ2")
    ),
    network(
        "the mean for the bias",
        "mean-twice@DB2 mean-twice@DB1",
        11,
        ("DZ2.sum(axis=0)", "DZ2.mean(axis=0)"),
        ("DZ1.sum(axis=0)", "DZ1.mean(axis=0)"),
    ),
    network(
        "the bias summed along the classes", "wrong-axis@DB2", 14.5, ("DZ2.sum(axis=0)", "DZ2.sum(axis=1)")
    ),
    network(
        "a row for the bias",
        "extra-axis@DB2 extra-axis@DB1",
        11,
        ("DZ2.sum(axis=0)", "DZ2.sum(axis=0, keepdims=True)"),
        ("DZ1.sum(axis=0)", "DZ1.sum(axis=0, keepdims=True)"),
    ),
    network("transposed", "transposed@DW2", 14.5, ("A1.T @ DZ2", "DZ2.T @ A1")),
    network(
        "P changed in place, and used again",
        "unrecognised@DZ2",
        14,
        (STEP, "P = P.copy()\nP[np.arange(N), t] -= 1\nP[np.arange(N), t] -= 1\nDZ2 = P / N"),
    ),
]
