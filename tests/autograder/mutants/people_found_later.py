"""Wrong answers to assignments 05 and 08 that were written down before the grader was asked.

They come from questions, bug reports and reviews that had not been looked at before. Those that had no name
then are all here, the ones that have none now among them, and those with two mistakes at once.
"""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import one_of
from tests.autograder.mutants.people_attention import HEAD, ONE, PROJECTED, TWO
from tests.autograder.mutants.people_normalisation import (
    BATCH,
    EVALUATED,
    EVALUATION,
    LAYER,
    ROOT,
    ROWS,
    SQUARES,
    STAGES,
)

RIGHT = {LAYER: ROWS, BATCH: STAGES, EVALUATION: EVALUATED, ROOT: SQUARES, HEAD: ONE, PROJECTED: TWO}


wrong = partial(one_of, RIGHT)

FOUND = (
    # 05
    wrong(
        LAYER,
        "G forgotten in the first term",
        "weight-missing@DX",
        4,
        ("DX = (DH - a - H * b) / S", "DX = (DY - a - H * b) / S"),
    ),
    wrong(
        LAYER,
        "DG and DB exchanged",
        "exchanged-arrays@answer",
        7,
        ("return DH, DX, DG, DB", "return DH, DX, DB, DG"),
    ),
    wrong(
        LAYER, "DX first", "exchanged-arrays@answer", 0, ("return DH, DX, DG, DB", "return DX, DG, DB, DH")
    ),
    wrong(
        LAYER,
        "eps once more",
        "deviation-again@DX",
        4,
        ("DH = DY * G", "S = np.sqrt(S**2 + eps)\nDH = DY * G"),
    ),
    wrong(
        LAYER,
        "G forgotten, DG keepdims",
        "extra-axis@DG factor-missing@DH",
        7,
        ("DH = DY * G", "DH = DY"),
        ("DG = (DY * H).sum(axis=0)", "DG = (DY * H).sum(axis=0, keepdims=True)"),
    ),
    wrong(
        LAYER,
        "Y for H",
        "wrong-operand@DX",
        4,
        (
            "DX = (DH - a - H * b) / S",
            ("Yy = H * G + B\nDX = (DH - a - Yy * (DH * Yy).mean(axis=1, keepdims=True)) / S"),
        ),
    ),
    wrong(
        BATCH,
        "running statistics",
        "running-statistics-in-training@DX",
        4,
        ("xmu = X - M", "xmu = X - RM"),
        ("ivar = 1 / S", "ivar = 1 / RS"),
        ("1 / S**2", "1 / RS**2"),
        ("0.5 / S", "0.5 / RS"),
    ),
    wrong(
        BATCH, "scale lost on two paths", "weight-missing@DX", 4, ("dxmu1 = DH * ivar", "dxmu1 = DY * ivar")
    ),
    wrong(
        BATCH,
        "S taken for the variance",
        "deviation-again@DX",
        4,
        ("ivar = 1 / S", "S = np.sqrt(S + eps)\nivar = 1 / S"),
    ),
    wrong(
        EVALUATION,
        "root of RS",
        "deviation-again@DG deviation-again@DX",
        0,
        ("DX = DY * G / RS", "DX = DY * G / np.sqrt(RS + eps)"),
        ("/ RS\nDX", "/ np.sqrt(RS + eps)\nDX"),
    ),
    wrong(EVALUATION, "not divided in H", "deviation-not-divided@H", 2, ("H = (X - RM) / RS", "H = X - RM")),
    wrong(
        EVALUATION,
        "the batch mean with running deviation",
        "unrecognised@DG",
        2,
        ("H = (X - RM) / RS", "H = (X - M) / RS"),
    ),
    wrong(
        ROOT,
        "weight twice in the second term",
        "weight-twice@DX",
        3,
        ("DX = (DH - H * c) / S", "DX = (DH - G * H * c) / S"),
    ),
    wrong(
        ROOT,
        "DG by DH and no G in DX's first",
        "output-for-operand@DG weight-missing@DX",
        1,
        ("DG = (DY * H).sum(axis=0)", "DG = (DH * H).sum(axis=0)"),
        ("DX = (DH - H * c) / S", "DX = (DY - H * c) / S"),
    ),
    # 08
    wrong(
        HEAD,
        "masked entries minus a billion",
        "unrecognised@DS",
        8,
        ("DR = DS / np.sqrt(Q.shape[1])", "DS = np.where(M, DS, -1e9)\nDR = DS / np.sqrt(Q.shape[1])"),
    ),
    wrong(HEAD, "P in DP already", "unrecognised@DP", 11, ("DP = DO @ V.T", "DP = P * (DO @ V.T)")),
    wrong(
        HEAD,
        "queries first",
        "exchanged-arrays@answer",
        0,
        ("return DV, DP, DS, DR, DQ, DK", "return DQ, DK, DV, DP, DS, DR"),
    ),
    wrong(
        HEAD,
        "P computed again without the mask",
        "mask-left-out@P",
        8,
        (
            "DV = P.T @ DO",
            (
                "S = Q @ K.T / np.sqrt(Q.shape[1])\n"
                "E = np.exp(S - S.max(axis=1, keepdims=True))\n"
                "P = E / E.sum(axis=1, keepdims=True)\n"
                "DV = P.T @ DO"
            ),
        ),
    ),
    wrong(
        HEAD,
        "no scale and no row sum",
        "softmax-row-sum-missing@DS scale-missing@DR",
        7,
        ("DS = P * (DP - (P * DP).sum(axis=1, keepdims=True))", "DS = P * DP"),
        ("DR = DS / np.sqrt(Q.shape[1])", "DR = DS"),
    ),
    wrong(HEAD, "DQ and DK exchanged", "exchanged-arrays@answer", 8, ("DR, DQ, DK", "DR, DK, DQ")),
    wrong(
        HEAD,
        "in place",
        "same-as-another@DP",
        11,
        (
            "DS = P * (DP - (P * DP).sum(axis=1, keepdims=True))",
            "DS = DP\nDS -= (P * DP).sum(axis=1, keepdims=True)\nDS *= P",
        ),
    ),
    wrong(
        HEAD,
        "mask transposed",
        "unrecognised@DS",
        8,
        ("DR = DS / np.sqrt(Q.shape[1])", "DS = DS * M.T\nDR = DS / np.sqrt(Q.shape[1])"),
    ),
    wrong(
        HEAD,
        "transposed in DP and untransposed in DV",
        "operand-not-transposed@DV transposed@DP",
        9,
        ("DV = P.T @ DO", "DV = P @ DO"),
        ("DP = DO @ V.T", "DP = V @ DO.T"),
    ),
    wrong(
        HEAD,
        "DS from outputs summed over keys",
        "row-sums-for-columns@DS",
        8,
        ("DS = P * (DP - (P * DP).sum(axis=1, keepdims=True))", "DS = P * (DP - ((P @ V) * DO).sum(axis=1))"),
    ),
    wrong(
        HEAD,
        "keys with DR untransposed, queries transposed",
        "upstream-transposed@DQ upstream-transposed@DK",
        8,
        ("DQ = DR @ K", "DQ = DR.T @ K"),
        ("DK = DR.T @ Q", "DK = DR @ Q"),
    ),
    wrong(
        HEAD,
        "softmax of the gradient",
        "applied-to-gradient@DS",
        8,
        (
            "DS = P * (DP - (P * DP).sum(axis=1, keepdims=True))",
            "E = np.exp(DP)\nDS = E / E.sum(axis=1, keepdims=True)",
        ),
    ),
    wrong(
        HEAD,
        "row sum without P, scale by width of values",
        "softmax-sum-unweighted@DS wrong-scale@DR",
        7,
        (
            "DS = P * (DP - (P * DP).sum(axis=1, keepdims=True))",
            "DS = P * (DP - DP.sum(axis=1, keepdims=True))",
        ),
        ("DR = DS / np.sqrt(Q.shape[1])", "DR = DS / np.sqrt(V.shape[1])"),
    ),
    wrong(
        PROJECTED,
        "DWq and DWk exchanged",
        "exchanged-arrays@answer",
        6,
        ("X.T @ DQ, X.T @ DK, X.T @ DV", "X.T @ DK, X.T @ DQ, X.T @ DV"),
    ),
    wrong(
        PROJECTED,
        "keys untransposed, then all follows",
        "upstream-transposed@DK",
        7.5,
        ("DK = DR.T @ Q", "DK = DR @ Q"),
    ),
    wrong(
        PROJECTED,
        "DS handed in for DR, scale elsewhere",
        "scale-missing@DR",
        7.5,
        ("return DR,", "return DS,"),
    ),
    wrong(
        PROJECTED,
        "no scale and the values forgotten",
        "scale-missing@DR path-missing@DX",
        4.5,
        ("DR = DS / np.sqrt(Q.shape[1])", "DR = DS"),
        ("DX = DQ @ Wq.T + DK @ Wk.T + DV @ Wv.T", "DX = DQ @ Wq.T + DK @ Wk.T"),
    ),
    wrong(
        PROJECTED,
        "X added (residual)",
        "itself-added@DX",
        6,
        ("DX = DQ @ Wq.T + DK @ Wk.T + DV @ Wv.T", "DX = DQ @ Wq.T + DK @ Wk.T + DV @ Wv.T + X"),
    ),
)
