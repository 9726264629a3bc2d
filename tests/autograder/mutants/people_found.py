"""Wrong answers to assignment 01 that were written down before the grader was asked.

They come from questions, bug reports and reviews that had not been looked at before. Those that had no name
then are all here, the ones that have none now among them, and those with two mistakes at once.
"""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import BACK, WHOLE, one_of

RIGHT = WHOLE


wrong = partial(one_of, RIGHT)

FOUND = (
    # 01
    wrong(
        BACK,
        "gradients for weights on the way back",
        ("gradient-for-weights@DZ3 gradient-for-weights@DZ2 gradient-for-weights@DZ1"),
        5,
        ("DY @ W[3].T", "DY @ DW4.T"),
        ("DZ3 @ W[2].T", "DZ3 @ DW3.T"),
        ("DZ2 @ W[1].T", "DZ2 @ DW2.T"),
    ),
    wrong(
        BACK,
        "no two, and no mask in layer 1",
        "missing-factor-two@DY missing-relu-mask@DZ1",
        10,
        ("DY = 2 * (Y - T) / N", "DY = (Y - T) / N"),
        ("W[1].T * (Z1 > 0)", "W[1].T"),
    ),
    wrong(
        BACK,
        "DW2 transposed, DB3 a mean",
        "mean-twice@DB3 transposed@DW2",
        15,
        ("A1.T @ DZ2", "DZ2.T @ A1"),
        ("DZ3.sum(axis=0)", "DZ3.mean(axis=0)"),
    ),
    wrong(
        BACK,
        "sign, a mask, and keepdims",
        ("wrong-sign@DY extra-axis@DB4 missing-relu-mask@DZ3 extra-axis@DB3 extra-axis@DB2 extra-axis@DB1"),
        5,
        ("DY = 2 * (Y - T) / N", "DY = 2 * (T - Y) / N"),
        (" * (Z3 > 0)", ""),
        (".sum(axis=0)", ".sum(axis=0, keepdims=True)"),
    ),
    wrong(
        BACK,
        "rounded to two places",
        ("rounded@DW4 rounded@DB4 rounded@DW3 rounded@DB3 rounded@DW2 rounded@DB2 rounded@DW1 rounded@DB1"),
        0,
        (
            "return [DW1",
            (
                "DW1, DW2, DW3, DW4, DB1, DB2, DB3, DB4 = (np.round(D, 2) for D in (DW1, DW2, DW3"
                ", DW4, DB1, DB2, DB3, DB4))\n"
                "return [DW1"
            ),
        ),
    ),
    wrong(
        BACK,
        "the sheet's parameters read again",
        "unrecognised@DZ3 unrecognised@DZ2 unrecognised@DZ1",
        5,
        ("N = len(X)", "import utils\nW, B = utils.getparams()\nN = len(X)"),
    ),
    wrong(BACK, "the output's sign masks layer 3", "wrong-relu-mask@DZ3", 15, ("(Z3 > 0)", "(Y > 0)")),
    wrong(
        BACK,
        "weight decay everywhere",
        "itself-added@DW4 itself-added@DW3 itself-added@DW2 itself-added@DW1",
        10,
        (
            "return [DW1",
            ("DW1, DW2, DW3, DW4 = (D + 0.01 * w for D, w in zip((DW1, DW2, DW3, DW4), W))\nreturn [DW1"),
        ),
    ),
    wrong(
        BACK,
        "masked after collecting, everywhere",
        (
            "missing-relu-mask@DW3 missing-relu-mask@DB3 missing-relu-mask@DW2 missing-relu-m"
            "ask@DB2 missing-relu-mask@DZ1"
        ),
        5,
        ("DZ3 = DY @ W[3].T * (Z3 > 0)", "DZ3 = DY @ W[3].T"),
        ("DZ2 = DZ3 @ W[2].T * (Z2 > 0)", "DZ3 = DZ3 * (Z3 > 0)\nDZ2 = DZ3 @ W[2].T"),
        ("DZ1 = DZ2 @ W[1].T * (Z1 > 0)", "DZ2 = DZ2 * (Z2 > 0)\nDZ1 = DZ2 @ W[1].T"),
    ),
    wrong(
        BACK,
        "the wrong way round and a sum",
        "wrong-sign@DY sum-instead-of-mean@DY",
        15,
        ("DY = 2 * (Y - T) / N", "DY = 2 * (T - Y)"),
    ),
    wrong(
        BACK,
        "copied line: DW3 of DZ2",
        "unrecognised@DW3",
        17.5,
        ("A2.T @ DZ3,", "A2.T @ DZ2_,"),
        (
            "N = len(X)",
            ("N = len(X)\nD3_ = 2 * (Y - T) / N @ W[3].T * (Z3 > 0)\nDZ2_ = D3_ @ W[2].T * (Z2 > 0)"),
        ),
    ),
    wrong(
        BACK,
        "half precision",
        ("rounded@DW4 rounded@DB4 rounded@DW3 rounded@DB3 rounded@DW2 rounded@DB2 rounded@DW1 rounded@DB1"),
        0,
        (
            "N = len(X)",
            (
                "W = [w.astype(np.float16) for w in W]\n"
                "X, A1, A2, A3, Y, T = (q.astype(np.float16) for q in (X, A1, A2, A3, Y, T))\n"
                "N = len(X)"
            ),
        ),
    ),
)
