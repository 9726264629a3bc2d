"""Wrong answers to assignment 08, as people write them in public code, questions and bug reports."""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import Written, otherwise

HEAD, PROJECTED, SEVERAL = ("08", "exercise1"), ("08", "exercise2"), ("08", "exercise3")
HEADS = {
    HEAD: "def exercise1(Q, K, V, M, P, DO):",
    PROJECTED: "def exercise2(X, Wq, Wk, Wv, M, Q, K, V, P, DO):",
    SEVERAL: "def exercise3(Wq, Wk, Wv, Wo, X, M, H, G):",
}
BACK = """
DV = P.T @ DO
DP = DO @ V.T
DS = P * (DP - (P * DP).sum(axis=1, keepdims=True))
DR = DS / np.sqrt(Q.shape[1])
DQ = DR @ K
DK = DR.T @ Q
"""
ONE = BACK + "return DV, DP, DS, DR, DQ, DK\n"
TWO = (
    BACK
    + """
DX = DQ @ Wq.T + DK @ Wk.T + DV @ Wv.T
DWq, DWk, DWv = X.T @ DQ, X.T @ DK, X.T @ DV
return DR, DX, DWq, DWk, DWv
"""
)
THREE = """
T = len(X)
Q = (X @ Wq).view(T, H, -1).transpose(0, 1)
K = (X @ Wk).view(T, H, -1).transpose(0, 1)
V = (X @ Wv).view(T, H, -1).transpose(0, 1)
S = Q @ K.transpose(1, 2) / Q.shape[-1] ** 0.5
P = S.masked_fill(~M, float("-inf")).softmax(dim=-1)
O = (P @ V).transpose(0, 1).reshape(T, -1)
return torch.nn.functional.mse_loss(O @ Wo, G)
"""
SOFTMAX = "DS = P * (DP - (P * DP).sum(axis=1, keepdims=True))"
SCALED = "DR = DS / np.sqrt(Q.shape[1])"
SUM = "DX = DQ @ Wq.T + DK @ Wk.T + DV @ Wv.T"
SCORES = "S = Q @ K.transpose(1, 2) / Q.shape[-1] ** 0.5"
MASKED = 'P = S.masked_fill(~M, float("-inf")).softmax(dim=-1)'
JOINED = "O = (P @ V).transpose(0, 1).reshape(T, -1)"
HIDDEN = """
Q = (X @ Wq).view(T, H, -1).transpose(0, 1)
K = (X @ Wk).view(T, H, -1).transpose(0, 1)
V = (X @ Wv).view(T, H, -1).transpose(0, 1)
"""
MIXED = " ".join(f"heads-mixed-with-positions@{name}" for name in "QKV")


one = partial(otherwise, HEAD, ONE)
two = partial(otherwise, PROJECTED, TWO)
three = partial(otherwise, SEVERAL, THREE)
ATTENTION: tuple[Written, ...] = (
    # the softmax on the way back
    one("a graph cut at the probabilities", "missing-softmax-derivative@DS", 8, (SOFTMAX, "DS = DP")),
    one("elementwise, as for a sigmoid", "softmax-diagonal-only@DS", 8, (SOFTMAX, "DS = P * (1 - P) * DP")),
    one(
        "the diagonal of each Jacobian alone, in a loop",
        "softmax-diagonal-only@DS",
        8,
        (SOFTMAX, "DS = np.stack([np.diag(p * (1 - p)) @ d for p, d in zip(P, DP, strict=True)])"),
    ),
    one("gradient times probability", "softmax-row-sum-missing@DS", 8, (SOFTMAX, "DS = P * DP")),
    one(
        "a kernel that reduces over the wrong axis",
        "softmax-wrong-axis@DS",
        8,
        (SOFTMAX, "DS = P * (DP - (P * DP).sum(axis=0, keepdims=True))"),
    ),
    one(
        "keepdims forgotten, and it broadcasts",
        "softmax-wrong-axis@DS",
        8,
        (SOFTMAX, "DS = P * (DP - (P * DP).sum(axis=0))"),
    ),
    one(
        "one sum for the whole matrix",
        "softmax-wrong-axis@DS",
        8,
        (SOFTMAX, "DS = P * (DP - np.sum(P * DP))"),
    ),
    one(
        "the mean of the gradients, as in a normalisation",
        "mean-for-weighted-sum@DS",
        8,
        (SOFTMAX, "DS = P * (DP - DP.mean(axis=-1, keepdims=True))"),
    ),
    one(
        "the plain sum of a row",
        "softmax-sum-unweighted@DS",
        8,
        (SOFTMAX, "DS = P * (DP - DP.sum(axis=1, keepdims=True))"),
    ),
    one(
        "the last factor lost",
        "softmax-factor-missing@DS",
        8,
        (SOFTMAX, "DS = DP - (P * DP).sum(axis=1, keepdims=True)"),
    ),
    one(
        "a plus", "softmax-sum-added@DS", 8, (SOFTMAX, "DS = P * (DP + (P * DP).sum(axis=1, keepdims=True))")
    ),
    one(
        "the Jacobian with the wrong sign",
        "wrong-sign@DS",
        8,
        (SOFTMAX, "DS = np.stack([(np.outer(p, p) - np.diag(p)) @ d for p, d in zip(P, DP, strict=True)])"),
    ),
    # the scale
    one("no scale on the way back", "scale-missing@DR", 11, (SCALED, "DR = DS")),
    one("d for its root", "wrong-scale@DR", 11, (SCALED, "DR = DS / Q.shape[1]")),
    one("the width of the values", "wrong-scale@DR", 11, (SCALED, "DR = DS / np.sqrt(V.shape[1])")),
    one("the length of the sequence", "wrong-scale@DR", 11, (SCALED, "DR = DS / np.sqrt(len(Q))")),
    one("multiplied back", "multiplied-for-divided@DR", 11, (SCALED, "DR = DS * np.sqrt(Q.shape[1])")),
    one("the scale at the keys alone", "wrong-upstream@DK", 10, ("DK = DR.T @ Q", "DK = DS.T @ Q")),
    one(
        "the scale once more at the queries",
        "wrong-scale@DQ",
        10,
        ("DQ = DR @ K", "DQ = DR @ K / np.sqrt(Q.shape[1])"),
    ),
    # transposes and operands
    one("P as it is", "operand-not-transposed@DV", 10, ("DV = P.T @ DO", "DV = P @ DO")),
    one(
        "the scores for the probabilities",
        "wrong-operand@DV",
        10,
        ("DV = P.T @ DO", "DV = (Q @ K.T / np.sqrt(Q.shape[1])).T @ DO"),
    ),
    one("a transpose too few at the keys", "upstream-transposed@DK", 10, ("DK = DR.T @ Q", "DK = DR @ Q")),
    one(
        "a transpose too many at the queries", "upstream-transposed@DQ", 10, ("DQ = DR @ K", "DQ = DR.T @ K")
    ),
    one(
        "queries and keys swapped",
        "wrong-operand@DQ wrong-operand@DK",
        8,
        ("DQ = DR @ K", "DQ = DR @ Q"),
        ("DK = DR.T @ Q", "DK = DR.T @ K"),
    ),
    one(
        "DP the wrong way round",
        "transposed@DP",
        11,
        ("DP = DO @ V.T", "DP = (V @ DO.T)"),
        (SOFTMAX, SOFTMAX),
    ),
    one("outputs for values", "wrong-operand@DP", 11, ("DP = DO @ V.T", "DP = DO @ (P @ V).T")),
    one(
        "the mask as soon as possible",
        "masked-too-early@DP",
        11,
        ("DP = DO @ V.T", "DP = np.where(M, DO @ V.T, 0)"),
    ),
    one("queries from the gradient by P", "wrong-upstream@DQ", 10, ("DQ = DR @ K", "DQ = DP @ K")),
    # three paths
    two("the values' path forgotten", "path-missing@DX", 6, (SUM, "DX = DQ @ Wq.T + DK @ Wk.T")),
    two("the keys' path forgotten", "path-missing@DX", 6, (SUM, "DX = DQ @ Wq.T + DV @ Wv.T")),
    two("through the queries alone", "path-missing@DX", 6, (SUM, "DX = DQ @ Wq.T")),
    two(
        "= for += in a loop",
        "path-missing@DX",
        6,
        (SUM, "for W, D in ((Wq, DQ), (Wk, DK), (Wv, DV)):\n    DX = D @ W.T"),
    ),
    two("a mean of three", "wrong-scale@DX", 6, (SUM, "DX = (DQ @ Wq.T + DK @ Wk.T + DV @ Wv.T) / 3")),
    two("Wq for Wk", "wrong-weights@DX", 6, (SUM, "DX = DQ @ Wk.T + DK @ Wk.T + DV @ Wv.T")),
    two(
        "Wq and Wk exchanged",
        "wrong-weights@DX",
        6,
        (SUM, "DX = DQ @ Wk.T + DK @ Wq.T + DV @ Wv.T"),
    ),
    two("DWq of the keys", "wrong-upstream@DWq", 7.5, ("X.T @ DQ, X.T @ DK,", "X.T @ DK, X.T @ DK,")),
    two(
        "weights' gradients transposed",
        "transposed@DWq transposed@DWk transposed@DWv",
        4.5,
        ("X.T @ DQ, X.T @ DK, X.T @ DV", "DQ.T @ X, DK.T @ X, DV.T @ X"),
    ),
    two("row sum missing, all else follows", "softmax-row-sum-missing@DS", 7.5, (SOFTMAX, "DS = P * DP")),
    two("no scale, all else follows", "scale-missing@DR", 7.5, (SCALED, "DR = DS")),
    # several heads: masks
    three("no mask", "mask-left-out@P", 4, (MASKED, "P = S.softmax(dim=-1)")),
    three("the mask on the probabilities", "mask-after-softmax@P", 4, (MASKED, "P = S.softmax(dim=-1) * M")),
    three("zero for minus infinity", "masked-scores-zero@P", 4, (MASKED, "P = (S * M).softmax(dim=-1)")),
    three(
        "1e-9 for -1e9", "masked-scores-zero@P", 4, (MASKED, "P = S.masked_fill(~M, 1e-9).softmax(dim=-1)")
    ),
    three(
        "true taken for hidden", "mask-inverted@P", 4, (MASKED, "P = S.masked_fill(M, -1e9).softmax(dim=-1)")
    ),
    three(
        "rows and columns of the mask",
        "mask-transposed@P",
        4,
        (MASKED, "P = S.masked_fill(~M.T, -1e9).softmax(dim=-1)"),
    ),
    three(
        "a triangle of one's own",
        "another-mask@P",
        4,
        (MASKED, "P = S.masked_fill(torch.triu(torch.ones(T, T), 1).bool(), -1e9).softmax(dim=-1)"),
    ),
    three(
        "a triangle that is off by one",
        "another-mask@P",
        4,
        (MASKED, "P = S.masked_fill(torch.triu(torch.ones(T, T), 2).bool(), -1e9).softmax(dim=-1)"),
    ),
    three("the mask added to the scores", "mask-added@P", 4, (MASKED, "P = (S + M).softmax(dim=-1)")),
    # several heads: scale and softmax
    three("no scale", "scale-left-out@S", 4, (SCORES, "S = Q @ K.transpose(1, 2)")),
    three("d for its root", "scale-squared@S", 4, (SCORES, "S = Q @ K.transpose(1, 2) / Q.shape[-1]")),
    three(
        "the model's width",
        "scale-of-wrong-width@S",
        4,
        (SCORES, "S = Q @ K.transpose(1, 2) / X.shape[1] ** 0.5"),
    ),
    three(
        "the width of all heads",
        "scale-of-wrong-width@S",
        4,
        (SCORES, "S = Q @ K.transpose(1, 2) / Wq.shape[1] ** 0.5"),
    ),
    three(
        "scaled after the softmax",
        "scale-after-softmax@P",
        4,
        (SCORES, "S = Q @ K.transpose(1, 2)"),
        (MASKED, MASKED + " / Q.shape[-1] ** 0.5"),
    ),
    three(
        "the softmax over queries",
        "softmax-wrong-axis@P",
        4,
        (MASKED, "P = S.masked_fill(~M, -1e9).softmax(dim=-2)"),
    ),
    three(
        "keys ask queries",
        "product-transposed@R",
        4,
        (SCORES, "S = K @ Q.transpose(1, 2) / Q.shape[-1] ** 0.5"),
    ),
    # several heads: heads
    three("view alone", MIXED, 2, (HIDDEN, "\nQ, K, V = ((X @ W).view(H, T, -1) for W in (Wq, Wk, Wv))\n")),
    three(
        "joined without transposing",
        "heads-mixed-with-positions@O",
        2,
        (JOINED, "O = (P @ V).reshape(T, -1)"),
    ),
    three(
        "values split otherwise than queries",
        "heads-mixed-with-positions@V",
        6,
        ("V = (X @ Wv).view(T, H, -1).transpose(0, 1)", "V = (X @ Wv).view(H, T, -1)"),
    ),
    three(
        "columns dealt out in turn",
        " ".join(f"heads-interleaved@{n}" for n in "QKV"),
        2,
        (HIDDEN, "\nQ, K, V = ((X @ W).view(T, -1, H).permute(2, 0, 1) for W in (Wq, Wk, Wv))\n"),
    ),
    three(
        "the mean of all heads, in every head's place",
        "heads-averaged@O",
        2,
        (JOINED, "O = (P @ V).mean(0).repeat(1, H)"),
    ),
    three(
        "half the error",
        "missing-factor-two@error",
        8,
        ("return torch.nn.functional.mse_loss(O @ Wo, G)", "return 0.5 * ((O @ Wo - G) ** 2).mean()"),
    ),
    three(
        "summed over features",
        "wrong-scale@error",
        8,
        ("return torch.nn.functional.mse_loss(O @ Wo, G)", "return ((O @ Wo - G) ** 2).sum(dim=1).mean()"),
    ),
    three(
        "dropout's scale left in",
        "unrecognised@error unrecognised@Wq unrecognised@Wk unrecognised@Wv unrecognised@Wo",
        0,
        (MASKED, MASKED + " / 0.9 + 0.01"),
    ),
)
