"""Wrong answers to assignments 05 and 08 in which entries, results or rows were taken for others."""

from __future__ import annotations

from tests.autograder.mutants.people_attention import one
from tests.autograder.mutants.people_normalisation import (
    BETA,
    DX_ROWS,
    DX_STAGES,
    GAMMA,
    rows,
    stages,
)

FOUND = [
    rows(
        "the closed formula without any sums",
        "diagonal-alone@DX",
        4,
        (DX_ROWS, "DX = (DH / S - H / S * DH * H) / D"),
    ),
    stages(
        "the derivative of one entry by itself",
        "diagonal-alone@DX",
        4,
        (DX_STAGES, "DX = (1 - 1 / N) * (1 / S - xmu**2 / S**3 / N) * G * DY"),
    ),
    stages(
        "the mean's path is not summed, and means for the factors",
        "diagonal-alone@DX mean-twice@DG mean-twice@DB",
        1,
        ("dmu = -(dxmu1 + dxmu2).sum(axis=0)", "dmu = -dxmu1 - dxmu2.sum(axis=0)"),
        (BETA, "DB = DY.mean(axis=0)"),
        (GAMMA, "DG = (DY * H).mean(axis=0)"),
    ),
    stages(
        "a published formula that calls the normalised array Y",
        "wrong-operand@DX",
        4,
        (
            DX_STAGES,
            "Y = H * G + B\nDX = (DH - DH.mean(axis=0) - (DH * Y).mean(axis=0) * Y) / S",
        ),
    ),
    one(
        "the rows' sums without an axis of their own",
        "row-sums-for-columns@DS",
        8,
        ("(P * DP).sum(axis=1, keepdims=True)", "(P * DP).sum(axis=1)"),
    ),
]
