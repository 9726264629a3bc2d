"""Wrong answers to assignment 01 that were written down later, again before the grader was asked.

Those that had no name then, or were told something that misleads; the ones without a name now among them.
"""

from __future__ import annotations

from tests.autograder.mutants.people import BACK, TORCH
from tests.autograder.mutants.people_found import wrong

FOUND = (
    wrong(
        BACK,
        "one layer too far in a list of pre-activations",
        "wrong-relu-mask@DZ3 wrong-relu-mask@DZ2 wrong-relu-mask@DZ1",
        5,
        ("(Z3 > 0)", "(Y > 0)"),
        ("(Z2 > 0)", "(Z3 > 0)"),
        ("(Z1 > 0)", "(Z2 > 0)"),
    ),
    wrong(
        BACK,
        "the comparison takes the whole product",
        "product-compared@DZ3",
        15,
        ("DZ3 = DY @ W[3].T * (Z3 > 0)", "DZ3 = (DY @ W[3].T) * A3 > 0"),
    ),
    wrong(
        BACK,
        "only the targets are divided",
        "divided-in-part@DY",
        15,
        ("DY = 2 * (Y - T) / N", "DY = 2*Y - T/N"),
    ),
    wrong(
        BACK,
        "only the outputs are divided",
        "divided-in-part@DY",
        15,
        ("DY = 2 * (Y - T) / N", "DY = 2*Y/N - 2*T"),
    ),
    wrong(
        BACK,
        "all of it brought to a length",
        "brought-to-a-length@answer",
        15,
        (
            "return [DW1, DW2, DW3, DW4], [DB1, DB2, DB3, DB4]",
            "whole = [DW1, DW2, DW3, DW4, DB1, DB2, DB3, DB4]\n"
            "length = np.sqrt(sum(np.sum(G * G) for G in whole))\n"
            "whole = [G / length for G in whole]\n"
            "return whole[:4], whole[4:]",
        ),
    ),
    wrong(
        BACK,
        "pre-activations become masks",
        "mutates-input@Z1 mutates-input@Z2 mutates-input@Z3",
        15,
        (
            "DY = 2 * (Y - T) / N",
            "DY = 2 * (Y - T) / N\nfor Z in (Z1, Z2, Z3):\n    Z[...] = np.where(Z > 0, 1.0, 0.0)",
        ),
    ),
    wrong(
        TORCH,
        "one layer fewer in the loop",
        "layer-left-out@Z3",
        4.5,
        ("range(3)", "range(2)"),
    ),
    wrong(
        TORCH,
        "squares of all weights beside the error",
        "penalty-added@error",
        3,
        (
            "return torch.mean((Y - T) ** 2)",
            "return torch.mean((Y - T) ** 2) + 0.01 * sum(w.square().sum() for w in W)",
        ),
    ),
    wrong(
        TORCH,
        "activations between 0 and 1",
        "wrong-activation@A1 wrong-activation@A2 wrong-activation@A3",
        1.5,
        ("torch.relu(A @ W[k] + B[k])", "torch.clip(A @ W[k] + B[k], 0, 1)"),
    ),
    wrong(
        TORCH,
        "the bias of layer 3 at the output, too",
        "unrecognised@error unrecognised@W1 unrecognised@W2 unrecognised@W3 unrecognised@W4 "
        "unrecognised@B1 unrecognised@B2 unrecognised@B3 detached@B4",
        0,
        ("A @ W[3] + B[3]", "A @ W[3] + B[2]"),
    ),
)
