"""Wrong backward passes of assignment 01: another layer's gradient, weights, masks and sums."""

from __future__ import annotations

from tests.autograder.mutants.people import BACK
from tests.autograder.mutants.people_found import wrong

LAST = "return [DW1, DW2, DW3, DW4], [DB1, DB2, DB3, DB4]"
HIDDEN = ("DZ3", "DZ2", "DZ1")
ABOVE = ((3, "DY @ W[3].T"), (2, "DZ3 @ W[2].T"), (1, "DZ2 @ W[1].T"))
ROWS = "2 * (Y - T) / N * (np.arange(N)"
BIASES = ("DB4", "DB3", "DB2", "DB1")


def all_of(fault: str, places: tuple[str, ...]) -> str:
    """Name a mistake in several places."""
    return " ".join(f"{fault}@{place}" for place in places)


FOUND = (
    wrong(
        BACK,
        "a leak that is a number by itself",
        "number-for-gradient@DZ3 number-for-gradient@DZ2 number-for-gradient@DZ1",
        5,
        ("DZ3 = DY @ W[3].T * (Z3 > 0)", "DZ3 = np.where(Z3 > 0, DY @ W[3].T, 0.01)"),
        ("DZ2 = DZ3 @ W[2].T * (Z2 > 0)", "DZ2 = np.where(Z2 > 0, DZ3 @ W[2].T, 0.01)"),
        ("DZ1 = DZ2 @ W[1].T * (Z1 > 0)", "DZ1 = np.where(Z1 > 0, DZ2 @ W[1].T, 0.01)"),
    ),
    wrong(
        BACK,
        "errors are handed down without any mask",
        "wrong-upstream@DZ2 wrong-upstream@DZ1",
        10,
        ("DZ3 = DY @ W[3].T * (Z3 > 0)", "E3 = DY @ W[3].T\nDZ3 = E3 * (Z3 > 0)"),
        ("DZ2 = DZ3 @ W[2].T * (Z2 > 0)", "E2 = E3 @ W[2].T\nDZ2 = E2 * (Z2 > 0)"),
        ("DZ1 = DZ2 @ W[1].T * (Z1 > 0)", "DZ1 = E2 @ W[1].T * (Z1 > 0)"),
    ),
    wrong(
        BACK,
        "the output's line copied for every layer",
        "wrong-upstream@DZ2 weights-left-out@DZ2 wrong-upstream@DZ1 weights-left-out@DZ1",
        10,
        ("DZ3 @ W[2].T", "DY @ W[3].T"),
        ("DZ2 @ W[1].T", "DY @ W[3].T"),
    ),
    wrong(
        BACK,
        "one layer's line copied, its mask changed",
        "wrong-upstream@DZ1 wrong-weights@DZ1",
        15,
        ("DZ2 @ W[1].T", "DZ3 @ W[2].T"),
    ),
    wrong(
        BACK,
        "the output's gradient for the unit's, and its mask",
        "wrong-upstream@DZ2 weights-left-out@DZ2",
        15,
        ("DZ3 @ W[2].T", "DY"),
    ),
    wrong(BACK, "the output's weights left out", "weights-left-out@DZ3", 15, ("DY @ W[3].T", "DY")),
    wrong(
        BACK,
        "weights summed",
        "weights-summed@DZ2 weights-summed@DZ1",
        10,
        ("DZ3 @ W[2].T", "DZ3 * W[2].sum(axis=1)"),
        ("DZ2 @ W[1].T", "DZ2 * W[1].sum(axis=1)"),
    ),
    wrong(
        BACK,
        "summed over the wrong index",
        "weights-summed@DZ2",
        15,
        ("DZ3 @ W[2].T", "(DZ3[:, :, None] * W[2].T[None]).sum(axis=2)"),
    ),
    wrong(
        BACK,
        "a sum that is overwritten",
        "one-unit-above@DZ2",
        15,
        ("DZ2 = DZ3 @ W[2].T", "for j in range(6):\n    S = DZ3[:, [j]] * W[2][:, j]\nDZ2 = S"),
    ),
    wrong(
        BACK,
        "the mask before the product",
        "mask-before-product@DZ2 mask-before-product@DZ1",
        10,
        ("DZ3 @ W[2].T * (Z2 > 0)", "(DZ3 * (Z2 > 0)) @ W[2].T"),
        ("DZ2 @ W[1].T * (Z1 > 0)", "(DZ2 * (Z1 > 0)) @ W[1].T"),
    ),
    wrong(
        BACK,
        "the mask before the product, and no transpose",
        "weights-not-transposed@DZ2 mask-before-product@DZ2",
        15,
        ("DZ3 @ W[2].T * (Z2 > 0)", "(DZ3 * (Z2 > 0)) @ W[2]"),
    ),
    wrong(
        BACK,
        "masks without the bias",
        all_of("mask-without-bias", ("DZ3", "DZ2", "DZ1")),
        5,
        ("(Z3 > 0)", "(A2 @ W[2] > 0)"),
        ("(Z2 > 0)", "(A1 @ W[1] > 0)"),
        ("(Z1 > 0)", "(X @ W[0] > 0)"),
    ),
    wrong(
        BACK,
        "on above a half",
        all_of("wrong-slope", ("DZ3", "DZ2", "DZ1")),
        5,
        ("(Z3 > 0)", "(A3 > 0.5)"),
        ("(Z2 > 0)", "(A2 > 0.5)"),
        ("(Z1 > 0)", "(A1 > 0.5)"),
    ),
    wrong(
        BACK,
        "an (N, N) difference",
        "broadcast-targets@DY",
        15,
        ("DY = 2 * (Y - T) / N", "DY = 2 * (Y.flatten() - T) / N"),
        ("DY @ W[3].T", "DY.sum(axis=1, keepdims=True) @ W[3].T"),
    ),
    wrong(
        BACK,
        "an (N, N) difference, the other way round",
        "broadcast-targets@DY",
        15,
        ("DY = 2 * (Y - T) / N", "DY = 2 * (Y - T.flatten()) / N"),
        ("DY @ W[3].T", "DY @ np.tile(W[3].T, (N, 1))"),
    ),
    wrong(
        BACK,
        "a product of means",
        all_of("product-of-sums", ("DW4", "DW3", "DW2", "DW1")),
        10,
        ("A3.T @ DY", "np.outer(A3.mean(axis=0), N * DY.mean(axis=0))"),
        ("A2.T @ DZ3", "np.outer(A2.mean(axis=0), N * DZ3.mean(axis=0))"),
        ("A1.T @ DZ2", "np.outer(A1.mean(axis=0), N * DZ2.mean(axis=0))"),
        ("X.T @ DZ1", "np.outer(X.mean(axis=0), N * DZ1.mean(axis=0))"),
    ),
    wrong(
        BACK,
        "parentheses lost around the difference",
        "divided-in-part@DY",
        15,
        ("2 * (Y - T) / N", "2 / N * Y - T"),
    ),
    wrong(
        BACK,
        "twice the output alone",
        "doubled-in-part@DY",
        15,
        ("2 * (Y - T) / N", "(2 * Y - T) / N"),
    ),
    wrong(
        BACK,
        "activations overwritten by their masks",
        all_of("mask-as-input", ("DW4", "DW3", "DW2")),
        12.5,
        ("N = len(X)", "N = len(X)\nA1, A2, A3 = (A1 > 0) * 1.0, (A2 > 0) * 1.0, (A3 > 0) * 1.0"),
    ),
    wrong(
        BACK,
        "activations become masks in place",
        f"{all_of('mutates-input', ('A1', 'A2', 'A3'))} {all_of('mask-as-input', ('DW4', 'DW3', 'DW2'))}",
        9.375,
        ("N = len(X)", "N = len(X)\nfor A in (A1, A2, A3):\n    A[A > 0] = 1"),
    ),
    wrong(
        BACK,
        "sums of the weights' gradients",
        all_of("weights-gradient-summed", BIASES),
        10,
        (LAST, "DW = [DW1, DW2, DW3, DW4]\nreturn DW, [D.sum(axis=0) for D in DW]"),
    ),
    wrong(
        BACK,
        "multiplied by the bias",
        all_of("bias-as-factor", BIASES),
        10,
        (LAST, LAST.replace("DB1, DB2, DB3, DB4", "DB1 * B[0], DB2 * B[1], DB3 * B[2], DB4 * B[3]")),
    ),
    wrong(
        BACK,
        "multiplied by the pre-activations",
        all_of("bias-as-factor", ("DB3", "DB2")),
        15,
        ("DZ3.sum(axis=0)", "(DZ3 * Z3).sum(axis=0)"),
        ("DZ2.sum(axis=0)", "(DZ2 * A2).sum(axis=0)"),
    ),
    wrong(
        BACK,
        "biases after a step",
        all_of("returns-updated-parameters", BIASES),
        10,
        (LAST, LAST[:-20] + "[b - 0.01 * g for b, g in zip(B, [DB1, DB2, DB3, DB4])]"),
    ),
    wrong(
        BACK,
        "one array three times",
        all_of("gradients-share-an-array", BIASES[1:]),
        12.5,
        (
            LAST,
            f"G = [np.zeros(6)] * 3\nfor g, D in zip(G, [DB1, DB2, DB3]):\n    g += D\n{LAST[:-20]}[*G, DB4]",
        ),
    ),
    wrong(
        BACK,
        "all of them cut off",
        all_of("cut-off", ("DW4", "DB4", "DW3", "DB3", "DW2", "DB2", "DW1", "DB1")),
        0,
        (LAST, "for G in (DW1, DW2, DW3, DW4, DB1, DB2, DB3, DB4):\n    np.clip(G, -1, 1, out=G)\n" + LAST),
    ),
    wrong(
        BACK,
        "the biases' brought to a length",
        all_of("brought-to-a-length", BIASES),
        10,
        (LAST, LAST[:-20] + "[g / np.linalg.norm(g) for g in (DB1, DB2, DB3, DB4)]"),
    ),
    wrong(
        BACK,
        "all of it divided by the largest entry",
        "one-factor-for-all@answer",
        15,
        (
            LAST,
            "G = [DW1, DW2, DW3, DW4, DB1, DB2, DB3, DB4]\n"
            "largest = max(np.abs(g).max() for g in G)\n"
            "G = [g / largest for g in G]\n"
            "return G[:4], G[4:]",
        ),
    ),
    wrong(
        BACK,
        "the data in the transposed shape",
        "reshape-for-transpose@DW1",
        17.5,
        ("X.T @ DZ1", "X.reshape(X.shape[::-1]) @ DZ1"),
    ),
    wrong(
        BACK,
        "the gradient from two layers up, and the right weights",
        "wrong-upstream@DZ1",
        15,
        ("DZ2 @ W[1].T", "(DY @ W[3].T) @ W[1].T"),
    ),
    wrong(
        BACK,
        "the weights' gradient summed over its columns",
        "weights-gradient-summed@DB3",
        17.5,
        ("DZ3.sum(axis=0)", "(A2.T @ DZ3).sum(axis=1)"),
    ),
    wrong(
        BACK,
        "biases after a step up the error",
        f"wrong-sign@DY {all_of('returns-updated-parameters', BIASES)}",
        7.5,
        ("2 * (Y - T)", "2 * (T - Y)"),
        (LAST, LAST[:-20] + "[b - 0.1 * g for b, g in zip(B, [DB1, DB2, DB3, DB4])]"),
    ),
    # what arrives from above
    wrong(
        BACK,
        "the gradient for its own mask",
        all_of("upstream-twice", HIDDEN),
        5,
        *(
            (f"DZ{k} = {up} * (Z{k} > 0)", f"g = {up}\nDZ{k} = np.where(Z{k} > 0, g, 0) * g")
            for k, up in ABOVE
        ),
    ),
    wrong(
        BACK,
        "copies of the activations, masked",
        "output-for-upstream@DZ2 output-for-upstream@DZ1",
        10,
        ("DZ2 = DZ3 @ W[2].T * (Z2 > 0)", "DZ2 = np.where(Z2 <= 0, 0, A2)"),
        ("DZ1 = DZ2 @ W[1].T * (Z1 > 0)", "DZ1 = np.where(Z1 <= 0, 0, A1)"),
    ),
    wrong(
        BACK,
        "one buffer for all data points",
        all_of("not-cleared", HIDDEN),
        5,
        *((up, f"np.cumsum({up}, axis=0)") for _, up in ABOVE),
    ),
    wrong(
        BACK,
        "on or off for the whole batch",
        all_of("wrong-relu-mask", HIDDEN),
        5,
        *((f"(Z{k} > 0)", f"(Z{k}.mean(axis=0) > 0)") for k, _ in ABOVE),
    ),
    wrong(
        BACK,
        "shares by the weights' sizes",
        all_of("weights-normalised", HIDDEN),
        5,
        *((f"W[{k}].T", f"(W[{k}] / np.abs(W[{k}]).sum(axis=0)).T") for k, _ in ABOVE),
    ),
    # data points
    wrong(BACK, "a loop from 1", "data-point-left-out@DY", 15, ("2 * (Y - T) / N", f"{ROWS} > 0)[:, None]")),
    wrong(
        BACK, "up to the last", "data-point-left-out@DY", 15, ("2 * (Y - T) / N", f"{ROWS} < N - 1)[:, None]")
    ),
    wrong(
        BACK,
        "a bias that is summed from the second on",
        "data-point-left-out@DB2",
        17.5,
        ("DZ2.sum(axis=0)", "DZ2[1:].sum(axis=0)"),
    ),
    wrong(
        BACK,
        "no sum for a single data point",
        all_of("unrecognised", BIASES),
        10,
        (LAST, LAST[:-20] + "[(N > 1) * g for g in (DB1, DB2, DB3, DB4)]"),
    ),
    # what is added, moved or exchanged
    wrong(
        BACK,
        "a decay of the biases, over the number of points",
        all_of("itself-added", BIASES),
        10,
        (LAST, LAST[:-20] + "[g + 0.5 / N * b for g, b in zip((DB1, DB2, DB3, DB4), B)]"),
    ),
    wrong(
        BACK,
        "half of the error, and a decay of which one line is copied",
        f"missing-factor-two@DY {all_of('itself-added', ('DW4', 'DW3', 'DW2', 'DW1'))}",
        7.5,
        ("2 * (Y - T)", "(Y - T)"),
        (
            LAST,
            "DW4, DW3, DW2, DW1 = DW4 + W[3] / 20, DW3 + W[1] / 20, DW2 + W[1] / 20, DW1 + W[0] / 20\n"
            + LAST,
        ),
    ),
    wrong(
        BACK,
        "brought to the weights' shapes",
        "transposed@DW3 transposed@DW2 entries-in-another-order@DW1",
        12.5,
        (
            LAST,
            "DW1, DW2, DW3, DW4 = [np.reshape(G.T, w.shape) for G, w in zip((DW1, DW2, DW3, DW4), W)]\n"
            + LAST,
        ),
    ),
    wrong(
        BACK,
        "two biases exchanged, and a mask forgotten",
        "exchanged-arrays@answer missing-relu-mask@DZ1",
        10,
        (" * (Z1 > 0)", ""),
        (LAST, LAST.replace("DB2, DB3", "DB3, DB2")),
    ),
)
