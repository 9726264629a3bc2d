"""Further wrong answers to assignments 01 to 03 as people write them, in our signatures.

From questions of the kind "why does my network not learn?", reviews of libraries written from scratch, and
bug reports on them. What they are told was written down as it came out; where a sentence was not yet the
right one, the diagnosis was changed and not the answer.
"""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import (
    DESCENT,
    LIMIT,
    SLOPE,
    TORCH,
    WHOLE,
    Written,
    back,
    changed,
    error,
    otherwise,
)
from tests.autograder.mutants.people_softmax import ERROR, network, softmax, step, through
from tests.autograder.mutants.people_softmax import PROBABILITIES as NORMALISE
from tests.autograder.mutants.people_softmax import PRODUCT as THROUGH

torch = partial(otherwise, TORCH, WHOLE[TORCH])
cubic = partial(otherwise, SLOPE, WHOLE[SLOPE])
descent = partial(otherwise, DESCENT, WHOLE[DESCENT])
PARAMETERS = tuple(f"{kind}{k}" for kind in "WB" for k in (1, 2, 3, 4))
MEAN, OUTPUT = "torch.mean((Y - T) ** 2)", "Y = A @ W[3] + B[3]"
LAYER = "A = torch.relu(A @ W[k] + B[k])"
LOSS = "loss = torch.sum((a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - y) ** 2)"

MORE = [
    # 01, by hand
    error(
        "delta of a sigmoid output",
        "output-activated@DY",
        15,
        "DY = 2 * (Y - T) * (1 / (1 + np.exp(-Y))) * (1 - 1 / (1 + np.exp(-Y))) / N",
    ),
    back("only the first layer unmasked", "missing-relu-mask@DZ1", 15, ("W[1].T * (Z1 > 0)", "W[1].T")),
    back("masks after one another", "wrong-relu-mask@DZ1", 15, ("W[1].T * (Z1 > 0)", "W[1].T * (Z2 > 0)")),
    back(
        "the weights of the output skipped",
        "weights-left-out@DZ3",
        15,
        ("DY @ W[3].T * (Z3 > 0)", "DY * (Z3 > 0)"),
    ),
    back("the sign of the mask", "wrong-slope@DZ2", 15, ("(Z2 > 0)", "np.sign(Z2)")),
    back("mask by heaviside at one half", "wrong-slope@DZ3", 15, ("(Z3 > 0)", "(Z3 > 0.5)")),
    error(
        "a mean that leaves one number",
        "averaged@DY",
        17.5,
        "DY = 2 * np.mean(Y - T, keepdims=True) / N * np.ones((N, 1))",
    ),
    back("biases from activations", "values-summed@DB2", 17.5, ("DZ2.sum(axis=0)\n", "A2.sum(axis=0)\n")),
    back(
        "a learning rate in every product",
        "wrong-scale@DW4 wrong-scale@DW3 wrong-scale@DW2 wrong-scale@DW1",
        10,
        ("A3.T @ DY,", "0.01 * A3.T @ DY,"),
        ("A2.T @ DZ3,", "0.01 * A2.T @ DZ3,"),
        ("A1.T @ DZ2,", "0.01 * A1.T @ DZ2,"),
        ("X.T @ DZ1,", "0.01 * X.T @ DZ1,"),
    ),
    # 01, with PyTorch
    torch(
        "no activation at all",
        "missing-relu@A1 missing-relu@A2 missing-relu@A3",
        1.5,
        (LAYER, "A = A @ W[k] + B[k]"),
    ),
    torch(
        "a leaky slope of 0.01 everywhere",
        "wrong-activation@A1 wrong-activation@A2 wrong-activation@A3",
        1.5,
        (LAYER, "A = torch.nn.functional.leaky_relu(A @ W[k] + B[k], 0.01)"),
    ),
    torch(
        "transposed hidden weights",
        "operand-transposed@Z2 operand-transposed@Z3",
        4.5,
        (LAYER, "A = torch.relu(A @ (W[k].T if k else W[k]) + B[k])"),
    ),
    torch(
        "no bias anywhere, and a sum",
        "missing-bias@B1 missing-bias@B2 missing-bias@B3 missing-bias@B4 sum-instead-of-mean@error",
        3.0,
        (LAYER, "A = torch.relu(A @ W[k])"),
        (OUTPUT, "Y = A @ W[3]"),
        (MEAN, "torch.sum((Y - T) ** 2)"),
    ),
    torch("half of the mean", "missing-factor-two@error", 6.0, (MEAN, "0.5 * torch.mean((Y - T) ** 2)")),
    torch("smooth L1", "unknown-error@error", 6.0, (MEAN, "torch.nn.functional.smooth_l1_loss(Y, T)")),
    torch(
        "a sine",
        " ".join(f"unrecognised@{p}" for p in ("error", *PARAMETERS)),
        0,
        (LAYER, "A = torch.sin(A @ W[k] + B[k])"),
    ),
    # 02
    cubic(
        "the chain rule's inner derivative by x",
        "unrecognised@b",
        7.5,
        ("2 * np.sum(r * x),", "2 * np.sum(r * (b + 2 * c * x)),"),
    ),
    cubic(
        "powers one too high",
        "wrong-powers@a wrong-powers@b wrong-powers@c wrong-powers@d",
        0,
        (
            "[2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]",
            "[2 * np.sum(r * x**k) for k in (1, 2, 3, 4)]",
        ),
    ),
    cubic(
        "means",
        "mean-instead-of-sum@residual",
        0,
        ("c * x**2 + d * x**3 - y", "c * x**2 + d * x**3 - y\nr = r / len(x)"),
    ),
    descent("gradients never cleared", "gradients-accumulated@theta", 7, ("    a.grad = None\n", "")),
    descent(
        "a mean for the loss",
        "mean-instead-of-sum@losses",
        8,
        (LOSS, LOSS.replace("torch.sum", "torch.mean")),
    ),
    descent("plus for minus", "wrong-direction@theta", 7, ("a -= learning_rate", "a += learning_rate")),
    descent(
        "one step too many",
        "too-many-steps@theta",
        7,
        ("range(steps)", "range(steps + 1)"),
    ),
    descent(
        "normalised gradients",
        "another-descent@theta",
        7,
        ("learning_rate * a.grad", "learning_rate * a.grad / a.grad.norm()"),
    ),
    Written(
        "the eigenvalue of V without the two",
        LIMIT,
        changed(LIMIT, ("H = 2 * V.T @ V", "H = V.T @ V")),
        "wrong-scale@learning_rate",
        0,
    ),
    # 03
    softmax(
        "divided by the maximum", "wrong-function@P", 3, (NORMALISE, "P = E / E.max(axis=1, keepdims=True)")
    ),
    softmax(
        "the maximum of the columns",
        "maximum-over-everything@P",
        0,
        ("Z.max(axis=1, keepdims=True)", "Z.max(axis=0)"),
    ),
    softmax(
        "a temperature",
        "wrong-function@P",
        3,
        (NORMALISE, "Q = np.exp(S / 2)\nP = Q / Q.sum(axis=1, keepdims=True)"),
    ),
    softmax(
        "perplexity for entropy",
        "wrong-error@err",
        3,
        (ERROR, "err = np.exp(-logP[np.arange(len(t)), t].mean())"),
    ),
    softmax(
        "labels one too high", "wrong-targets@err", 3, (ERROR, "err = -logP[np.arange(len(t)), t - 1].mean()")
    ),
    softmax(
        "squares of logarithms",
        "wrong-error@err",
        3,
        (ERROR, "err = (logP[np.arange(len(t)), t] ** 2).mean()"),
    ),
    softmax(
        "columns and the sum",
        "softmax-wrong-axis@P sum-instead-of-mean@err",
        0,
        (
            "return P, err",
            "Q = np.exp(Z - Z.max(axis=0))\nP = Q / Q.sum(axis=0)\n"
            "L = Z - Z.max(axis=0) - np.log(Q.sum(axis=0))\n"
            "return P, -L[np.arange(len(t)), t].sum()",
        ),
    ),
    through(
        "the sum over the batch of P times DP",
        "softmax-wrong-axis@DZ",
        2,
        (THROUGH, "DZ = P * DP - P * (P * DP).sum(axis=0)"),
    ),
    through(
        "the logistic slope with a minus",
        "softmax-diagonal-only@DZ wrong-sign@DZ",
        2,
        (THROUGH, "DZ = -DP * P * (1 - P)"),
    ),
    step(
        "both terms of a binary cross-entropy",
        "binary-cross-entropy@DZ2",
        14,
        "DZ2 = (-(T / P) + (1 - T) / (1 - P)) / N",
    ),
    step(
        "the mean over the batch in each class",
        "unrecognised@DZ2",
        14,
        "DZ2 = (P - T).mean(axis=0) * np.ones_like(P) / N",
    ),
    step("label smoothing", "wrong-targets@DZ2", 14, "DZ2 = (P - 0.9 * T - 0.1 / P.shape[1]) / N"),
    network(
        "divided by N in every weight once more",
        "mean-twice@DW2 mean-twice@DW1",
        11,
        ("A1.T @ DZ2, DZ2", "A1.T @ DZ2 / N, DZ2"),
        ("X.T @ DZ1, DZ1", "X.T @ DZ1 / N, DZ1"),
    ),
    network(
        "the weights' transpose forgotten behind the softmax",
        "missing-relu-mask@DZ1 wrong-scale@DZ1",
        11,
        ("DZ2 @ W[1].T * (Z1 > 0)", "2 * DZ2 @ W[1].T"),
    ),
]
"""None of these is in the other lists."""
