"""Wrong answers to assignment 08: backward through a head of attention, and through its projections."""

from __future__ import annotations

from tests.autograder.mutants.planted import Mistake, Planted, Task, mistakes

# Exercise 1: all that flows back through a head

AT_THE_SCALE = {"scale-missing@DR", "multiplied-for-divided@DR", "wrong-scale@DP"}
ELSEWHERE = {
    f"{fault}@{where}" for fault in ("wrong-scale", "wrong-upstream") for where in ("DP", "DQ", "DK")
}


def two_mistakes(one: Mistake, other: Mistake) -> bool:
    """Whether two are neither one nor others: without the scale DS is DR, and it may come in elsewhere."""
    told = {one.told, other.told}
    return one.where != other.where and not (told & AT_THE_SCALE and told <= AT_THE_SCALE | ELSEWHERE)


SUMS = {"sums": lambda rows: rows.sum(axis=1, keepdims=True)}
HEAD = Task(
    """
def exercise1(Q, K, V, M, P, DO):
    (T, d), e = Q.shape, V.shape[1]
    R = Q @ K.T
    S = R / np.sqrt(d)
    O = P @ V
    DV = P.T @ DO
    DP = DO @ V.T
    DS = P * (DP - sums(P * DP))
    DR = DS / np.sqrt(d)
    DQ = DR @ K
    DK = DR.T @ Q
    return DV, DP, DS, DR, DQ, DK
""",
    marks={"DV": 2.0, "DP": 1.0, "DS": 4.0, "DR": 1.0, "DQ": 2.0, "DK": 2.0},
    helpers=SUMS,
    planted=mistakes("""
operand-not-transposed@DV      P @ DO
wrong-operand@DV               S.T @ DO
wrong-operand@DV               R.T @ DO
wrong-sign@DV                  -right
wrong-scale@DV                 right / T
wrong-upstream@DV              P.T @ O
wrong-operand@DP               DO @ O.T
wrong-scale@DP                 right / np.sqrt(d)
masked-too-early@DP            right * M
transposed@DP                  right.T
missing-softmax-derivative@DS  DP
softmax-diagonal-only@DS       P * (1 - P) * DP
softmax-row-sum-missing@DS     P * DP
softmax-wrong-axis@DS          P * (DP - (P * DP).sum(axis=0))
softmax-wrong-axis@DS          P * (DP - (P * DP).sum())
row-sums-for-columns@DS        P * (DP - (P * DP).sum(axis=1))
mean-for-weighted-sum@DS       P * (DP - DP.mean(axis=1, keepdims=True))
softmax-sum-unweighted@DS      P * (DP - sums(DP))
softmax-sum-added@DS           P * (DP + sums(P * DP))
softmax-factor-missing@DS      DP - sums(P * DP)
wrong-sign@DS                  -right
wrong-operand@DS               S * (DP - sums(S * DP))
scale-missing@DR               DS
wrong-scale@DR                 DS / d
wrong-scale@DR                 DS / np.sqrt(e)
wrong-scale@DR                 DS / np.sqrt(T)
multiplied-for-divided@DR      DS * np.sqrt(d)
wrong-operand@DQ               DR @ Q
upstream-transposed@DQ         DR.T @ K
wrong-scale@DQ                 right / np.sqrt(d)
wrong-upstream@DQ              DS @ K
wrong-upstream@DQ              DP @ K
upstream-transposed@DK         DR @ Q
wrong-operand@DK               DR.T @ K
wrong-upstream@DK              DS.T @ Q
zero@DK                        0 * K
unrecognised@DQ                np.cos(right)
unrecognised@DS                np.sin(3 * P) * DP + 0.2
"""),
    both_show=two_mistakes,
    every=2,
)
head, head_single, head_combined = HEAD.function, HEAD.single, HEAD.pairs

# Exercise 2: the projections, of which only the ends are seen

THROUGH_SOFTMAX = [row for row in HEAD.planted if row.where == "DS"]
SEEN = {"DS": "DR", "DQ": "DWq", "DK": "DWk", "DV": "DWv"}
PROJECTIONS = Task(
    """
def exercise2(X, Wq, Wk, Wv, M, Q, K, V, P, DO):
    d, D = Q.shape[1], X.shape[1]
    DV = P.T @ DO
    DP = DO @ V.T
    DS = P * (DP - sums(P * DP))
    DR = DS / np.sqrt(d)
    DQ = DR @ K
    DK = DR.T @ Q
    DWq = X.T @ DQ
    DWk = X.T @ DK
    DWv = X.T @ DV
    DX = DQ @ Wq.T + DK @ Wk.T + DV @ Wv.T
    return DR, DX, DWq, DWk, DWv
""",
    marks={"DR": 1.5, "DX": 3.0, "DWq": 1.5, "DWk": 1.5, "DWv": 1.5},
    lost=SEEN,
    helpers=SUMS,
    planted=[
        *THROUGH_SOFTMAX[:9],
        *mistakes("""
scale-missing@DR           DS
wrong-scale@DR             DS / d
wrong-scale@DR             DS / np.sqrt(D)
operand-not-transposed@DV  P @ DO
wrong-operand@DQ           DR @ Q
upstream-transposed@DK     DR @ Q
wrong-operand@DK           DR.T @ K
path-missing@DX            DK @ Wk.T + DV @ Wv.T
path-missing@DX            DQ @ Wq.T + DV @ Wv.T
path-missing@DX            DQ @ Wq.T + DK @ Wk.T
wrong-weights@DX           DQ @ Wk.T + DK @ Wk.T + DV @ Wv.T
path-wrong-scale@DX        right + DV @ Wv.T
wrong-scale@DX             right / 3
wrong-sign@DX              -right
transposed@DWq             right.T
transposed@DWk             right.T
transposed@DWv             right.T
wrong-sign@DWq             -right
wrong-sign@DWk             -right
wrong-sign@DWv             -right
wrong-upstream@DWq         X.T @ DK
wrong-scale@DWk            right * np.sqrt(d)
unrecognised@DWv           np.cos(right)
"""),
    ],
    both_show=lambda one, other: SEEN.get(one.where, one.where) != SEEN.get(other.where, other.where),
    every=3,
)
projections, projection_single, projection_combined = (
    PROJECTIONS.function,
    PROJECTIONS.single,
    PROJECTIONS.pairs,
)

# Exercise 3: several heads, of which only an error and its gradients are seen


def split(A, H):
    return A.reshape(len(A), H, -1).transpose(0, 1)


def join(A):
    return A.transpose(0, 1).reshape(A.shape[1], -1)


def both_show(one: Mistake, other: Mistake) -> bool:
    """Whether both show: scores that are too large leave one probability, whatever the rest is."""
    names = {one.fault, other.fault}
    return one.where != other.where and len(names) == 2 and "scale-inverted" not in names


SEVERAL = Task(
    """
def exercise3(Wq, Wk, Wv, Wo, X, M, H, G):
    Q = split(X @ Wq, H)
    K = split(X @ Wk, H)
    V = split(X @ Wv, H)
    d = Q.shape[-1]
    S = Q @ K.transpose(1, 2) / d**0.5
    P = S.masked_fill(~M, -torch.inf).softmax(-1)
    A = P @ V
    O = join(A)
    error = ((O @ Wo - G) ** 2).mean()
    return error
""",
    marks={"error": 1.0, "Wq": 2.0, "Wk": 2.0, "Wv": 2.0, "Wo": 2.0},
    lost={
        **dict.fromkeys("PS", "error Wq Wk"),
        **{"O": "error Wq Wk Wv", "Q": "error Wq", "K": "error Wk", "V": "error Wv"},
    },
    helpers={"split": split, "join": join},
    planted=mistakes("""
missing-factor-two@error      right / 2
wrong-scale@error             right * len(X)
wrong-sign@error              -right
heads-mixed-with-positions@O  A.reshape(len(X), -1)
heads-averaged@O              join(A.mean(0, keepdim=True).expand(A.shape))
last-head-only@O              join(torch.cat([torch.zeros_like(A[:-1]), A[-1:]]))
mask-left-out@P               S.softmax(-1)
mask-after-softmax@P          S.softmax(-1) * M
masked-scores-zero@P          (S * M).softmax(-1)
masked-scores-zero@P          S.masked_fill(~M, 1e-9).softmax(-1)
mask-inverted@P               S.masked_fill(M, -1e9).softmax(-1)
mask-transposed@P             S.masked_fill(~M.T, -1e9).softmax(-1)
mask-added@P                  (S + M).softmax(-1)
another-mask@P                S.masked_fill(torch.ones_like(M).tril(0) == 0, -1e9).softmax(-1)
another-mask@P                S.masked_fill(torch.ones_like(M).tril(1) == 0, -1e9).softmax(-1)
another-mask@P                S.masked_fill(torch.ones_like(M).tril(-1) == 0, -1e9).softmax(-1)
softmax-wrong-axis@P          S.masked_fill(~M, -1e9).softmax(1)
double-softmax@P              right.softmax(-1)
sigmoid-for-softmax@P         S.masked_fill(~M, -torch.inf).sigmoid()
softmax-left-out@P            S * M
scale-left-out@S              Q @ K.transpose(1, 2)
scale-squared@S               Q @ K.transpose(1, 2) / d
scale-inverted@S              Q @ K.transpose(1, 2) * d**0.5
scale-of-wrong-width@S        Q @ K.transpose(1, 2) / X.shape[1] ** 0.5
scale-of-wrong-width@S        Q @ K.transpose(1, 2) / (H * d) ** 0.5
scale-of-wrong-width@S        Q @ K.transpose(1, 2) / len(X) ** 0.5
heads-mixed-with-positions@V  (X @ Wv).reshape(H, len(X), -1)
heads-interleaved@V           (X @ Wv).reshape(len(X), -1, H).permute(2, 0, 1)
heads-mixed-with-positions@K  (X @ Wk).reshape(H, len(X), -1)
heads-interleaved@K           (X @ Wk).reshape(len(X), -1, H).permute(2, 0, 1)
heads-mixed-with-positions@Q  (X @ Wq).reshape(H, len(X), -1)
heads-interleaved@Q           (X @ Wq).reshape(len(X), -1, H).permute(2, 0, 1)
"""),
    both_show=both_show,
    every=5,
)
several, several_combined = SEVERAL.function, SEVERAL.pairs
SCALED_BEHIND = mistakes("scale-after-softmax@P  S = Q @ K.transpose(1, 2); P = right / d**0.5")


def several_single() -> list[Planted]:
    """Every mistake alone; scores that are scaled behind the softmax; heads that are mixed up everywhere."""
    *_, by_V, other_V, by_K, other_K, by_Q, other_Q = SEVERAL.planted
    mixed = [SEVERAL.wrong(by_Q, by_K, by_V), SEVERAL.wrong(other_Q, other_K, other_V)]
    return SEVERAL.single() + SEVERAL.each(SCALED_BEHIND) + mixed
