"""Wrong answers to assignment 08 that had no name when they were first tried, and have one now.

They were written down before the grader was asked, as the others are. Heads, masks and scales are those of
questions and bug reports about attentions in PyTorch; the rest is arithmetic by hand.
"""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import one_of
from tests.autograder.mutants.people_attention import HEAD, ONE, PROJECTED, SEVERAL, THREE, TWO

RIGHT = {HEAD: ONE, PROJECTED: TWO, SEVERAL: THREE}
SCORES = "S = Q @ K.transpose(1, 2) / Q.shape[-1] ** 0.5"
MASKED = 'P = S.masked_fill(~M, float("-inf")).softmax(dim=-1)'
JOINED = "O = (P @ V).transpose(0, 1).reshape(T, -1)"
LAST = "return torch.nn.functional.mse_loss(O @ Wo, G)"
Q, K, V = (f"{name} = (X @ W{name.lower()}).view(T, H, -1).transpose(0, 1)" for name in "QKV")
SUM = "DX = DQ @ Wq.T + DK @ Wk.T + DV @ Wv.T"
SOFTMAX = "DS = P * (DP - (P * DP).sum(axis=1, keepdims=True))"


wrong = partial(one_of, RIGHT)

FOUND = (
    wrong(
        SEVERAL,
        "the model's width over the number of heads",
        "scale-of-wrong-width@S",
        4,
        (SCORES, "S = Q @ K.transpose(1, 2) * (X.shape[1] / H) ** -0.5"),
    ),
    wrong(
        SEVERAL,
        "a whole number of the model's columns to each head",
        "scale-of-wrong-width@S",
        4,
        (SCORES, "S = Q @ K.transpose(1, 2) / (X.shape[1] // H) ** 0.5"),
    ),
    wrong(
        SEVERAL,
        "softmax over the heads",
        "softmax-wrong-axis@P",
        4,
        (MASKED, "P = S.masked_fill(M == 0, -1e9).softmax(0)"),
    ),
    wrong(
        SEVERAL,
        "minus one where the mask is",
        "masked-scores-finite@P",
        4,
        (MASKED, "P = torch.where(M, S, -torch.ones_like(S)).softmax(dim=-1)"),
    ),
    wrong(
        SEVERAL,
        "minus five where the mask is",
        "masked-scores-finite@P",
        4,
        (MASKED, "P = S.masked_fill(~M, -5).softmax(dim=-1)"),
    ),
    wrong(
        SEVERAL,
        "the first head's keys for every query",
        "one-head-for-all@K",
        6,
        (SCORES, "S = torch.einsum('hid,jd->hij', Q, K[0]) / Q.shape[-1] ** 0.5"),
    ),
    wrong(
        SEVERAL,
        "the last head's values for every head",
        "one-head-for-all@V",
        6,
        (JOINED, "O = (P @ V[-1]).transpose(0, 1).reshape(T, -1)"),
    ),
    wrong(SEVERAL, "a residual connection", "input-added@Y", 6, (LAST, LAST.replace("O @ Wo", "X + O @ Wo"))),
    wrong(
        SEVERAL,
        "a residual connection, and a sum of squares",
        "input-added@Y wrong-scale@error",
        6,
        (LAST, "return ((X + O @ Wo - G) ** 2).sum()"),
    ),
    wrong(
        SEVERAL,
        "masked behind the softmax, columns brought to 1",
        "normalised-again-elsewhere@P",
        4,
        (MASKED, "P = S.softmax(-1) * M\nP = P / P.sum(1)[:, None, :]"),
    ),
    wrong(
        SEVERAL,
        "heads from right to left",
        "heads-in-reverse@O",
        2,
        (JOINED, "O = torch.cat([P[h] @ V[h] for h in reversed(range(H))], 1)"),
    ),
    wrong(
        SEVERAL,
        "every head meets the first rows of Wo",
        "heads-added-up@O",
        2,
        (JOINED, "O = (P @ V).sum(0)"),
        (LAST, LAST.replace("O @ Wo", "O @ Wo[: O.shape[1]]")),
    ),
    wrong(
        SEVERAL,
        "queries and keys cut as wide as the values",
        "heads-of-wrong-width@Q heads-of-wrong-width@K scale-of-wrong-width@S",
        4,
        (
            Q,
            "e = Wv.shape[1] // H\nq = X @ Wq\nk = X @ Wk\n"
            "scores = [q[:, n : n + e] @ k[:, n : n + e].T for n in range(0, H * e, e)]",
        ),
        (K, ""),
        (SCORES, "S = torch.stack(scores) * e**-0.5"),
    ),
    wrong(
        SEVERAL,
        "each head's last column lost",
        "heads-cut-short@K",
        6,
        (SCORES, "S = Q[..., :-1] @ K[..., :-1].transpose(1, 2) / Q.shape[-1] ** 0.5"),
    ),
    wrong(
        SEVERAL,
        "a row's sum without its axis",
        "sums-of-other-rows@P",
        4,
        (MASKED, "P = torch.stack([p / p.sum(1) for p in M * torch.exp(S)])"),
    ),
    wrong(
        HEAD,
        "the Jacobian without its diagonal",
        "softmax-diagonal-missing@DS",
        8,
        (SOFTMAX, "DS = np.stack([-p * (p @ d) for p, d in zip(P, DP)])"),
    ),
    wrong(
        HEAD,
        "probabilities twice in the row sum",
        "weighted-twice@DS",
        8,
        (SOFTMAX, "W = P * DP\nDS = W - P * (P * W).sum(axis=1)[:, None]"),
    ),
    wrong(
        HEAD,
        "the plain mean of what is seen",
        "mean-for-weighted-sum@DS",
        8,
        (SOFTMAX, "DS = P * (DP - np.where(M, DP, 0).sum(1, keepdims=True) / M.sum(1, keepdims=True))"),
    ),
    wrong(
        HEAD,
        "the values for the output in a fused kernel's row sum",
        "row-sum-of-another@DS",
        8,
        (SOFTMAX, "DS = P * (DP - np.einsum('te,te->t', V, DO)[:, None])"),
    ),
    wrong(
        HEAD,
        "a triangle where the mask is meant",
        "triangle-for-mask@DS",
        8,
        (SOFTMAX, SOFTMAX + "\nDS = DS * np.tri(len(DS))"),
    ),
    wrong(
        HEAD,
        "past the softmax, masked",
        "missing-softmax-derivative@DS",
        8,
        (SOFTMAX, "DS = np.where(M, DP, 0)"),
    ),
    wrong(
        HEAD,
        "exponentials for probabilities",
        "missing-normalisation@DS",
        8,
        (SOFTMAX, "DS = DP * np.where(M, np.exp(Q @ K.T / np.sqrt(K.shape[1])), 0)"),
    ),
    wrong(
        HEAD,
        "exponentials in the Jacobian",
        "missing-normalisation@DS",
        8,
        (
            SOFTMAX,
            "E = np.exp(Q @ K.T / np.sqrt(K.shape[1])) * M\n" + SOFTMAX.replace("P", "E").replace("DE", "DP"),
        ),
    ),
    wrong(
        HEAD,
        "a diagonal of zeros",
        "unrecognised@DS",
        8,
        (SOFTMAX, "DS = DP - np.diag(np.diag(DP))"),
    ),
    wrong(
        HEAD,
        "P less the position of the smallest gradient",
        "unrecognised@DS",
        8,
        (SOFTMAX, "DS = (P - np.eye(len(P))[DP.argmin(axis=1)]) * M / len(P)"),
    ),
    wrong(
        HEAD,
        "DQ where Q is meant",
        "gradient-for-operand@DK",
        10,
        ("DK = DR.T @ Q", "DK = DR.T @ DQ"),
    ),
    wrong(
        HEAD,
        "DK where K is meant",
        "gradient-for-operand@DQ",
        10,
        ("DQ = DR @ K\nDK = DR.T @ Q", "DK = DR.T @ Q\nDQ = DR @ DK"),
    ),
    wrong(
        HEAD,
        "DV where V is meant",
        "gradient-for-operand@DP",
        11,
        ("DP = DO @ V.T", "DP = np.inner(DO, DV)"),
    ),
    wrong(
        HEAD,
        "DV and DK on their sides",
        "transposed@DV transpose-forgotten@DK",
        8,
        ("return DV, DP, DS, DR, DQ, DK", "return DV.T, DP, DS, DR, DQ, DK.T"),
    ),
    wrong(
        PROJECTED,
        "the values' gradient without the probabilities",
        "operation-skipped@DV",
        7.5,
        ("DV = P.T @ DO", "DV = DO"),
    ),
    wrong(
        PROJECTED,
        "a triangle where the mask is meant",
        "triangle-for-mask@DS",
        7.5,
        (SOFTMAX, SOFTMAX.replace("DS = ", "DS = np.tril(") + ")"),
    ),
    wrong(
        PROJECTED,
        "sums up to the diagonal, whatever the mask",
        "triangle-for-mask@DS",
        7.5,
        (SOFTMAX, "p = np.tril(P)\nDS = p * (DP - (p * DP).sum(axis=1, keepdims=True))"),
    ),
    wrong(
        PROJECTED,
        "a product of three at the keys' weights",
        "not-transposed-on-the-way@DWk",
        7.5,
        ("X.T @ DK", "X.T @ (DR @ Q)"),
    ),
    wrong(
        PROJECTED,
        "a product of three at the values' weights",
        "not-transposed-on-the-way@DWv",
        7.5,
        ("X.T @ DV", "X.T @ (P @ DO)"),
    ),
    wrong(
        PROJECTED,
        "a product of three in the sum, on the keys' way",
        "not-transposed-on-the-way@DX",
        6,
        (SUM, SUM.replace("DK @", "(DR @ Q) @")),
    ),
)
