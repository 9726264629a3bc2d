"""What is graded in `05-normalisation`: layernorm, batchnorm in training and evaluation, rmsnorm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autograder.declare import Draw, backward
from autograder.exercise import Assignment, Instance
from autograder.forward_pass import ForwardPass
from autograder.instances.draw import draw
from autograder.instances.features import factors, number, unequal
from autograder.instances.samplers import normal
from autograder.invariants import across_factor, same_sum, shifted_alike, size_taken_away

LAYERNORM = ForwardPass(
    """
    M = mean(X, axis="D", keepdims=True)
    S = sqrt(mean((X - M) ** 2, axis="D", keepdims=True) + eps)
    H = normalise(X, eps, axis="D")
    Y = H * G + B
    """,
    upstream="Y", X=("N", "D"), G=("D",), B=("D",), eps=(),
)  # fmt: skip
BATCHNORM = ForwardPass(
    """
    M = mean(X, axis="N", keepdims=True)
    S = sqrt(mean((X - M) ** 2, axis="N", keepdims=True) + eps)
    H = normalise(X, eps, axis="N")
    Y = H * G + B
    RH = normalise_with(X, RM, RS)
    """,
    upstream="Y", X=("N", "D"), G=("D",), B=("D",), eps=(), RM=(1, "D"), RS=(1, "D"),
)  # fmt: skip
EVALUATION = ForwardPass(
    """
    M = mean(X, axis="N", keepdims=True)
    S = sqrt(mean((X - M) ** 2, axis="N", keepdims=True) + eps)
    BH = normalise(X, eps, axis="N")
    H = normalise_with(X, RM, RS)
    Y = H * G + B
    """,
    upstream="Y", X=("N", "D"), G=("D",), B=("D",), eps=(), RM=(1, "D"), RS=(1, "D"),
)  # fmt: skip
RMSNORM = ForwardPass(
    """
    S = sqrt(mean(X ** 2, axis="D", keepdims=True) + eps)
    H = rms_normalise(X, eps, axis="D")
    Y = H * G
    """,
    upstream="Y", X=("N", "D"), G=("D",), eps=(),
)  # fmt: skip

ROWS = ((1, 5), (3, 5), (5, 4), (7, 4))  # N, D: each row is normalised by itself
COLUMNS = ((3, 5), (5, 4), (8, 3), (6, 4))  # of two entries there are only 1 and -1
ROW = {"X": [[10, 2, 6, 13, 4]], "G": [1.5, 0.5, 2.5, 1.6, 0.8], "B": 5 * [0.3], "DY": [[4, -2, 2, 5, 2.5]]}
SQUARES = {**ROW, "X": [[3, 5, -1, 6, -3]], "DY": [[4, 2, 2, 5, 2.5]]}
BATCH = {
    "X": [[10, 3], [2, -8], [6, 1], [13, -1], [4, -5]], "G": [0.5, 1.5], "B": [0.4, -1.2],
    "DY": [[12, 1], [-2, -4], [10, 3], [16, 2], [4, -1]], "RM": [[6, -1]], "RS": [[5, 2.5]],
}  # fmt: skip

OF_SIZE = (size_taken_away("H"), across_factor("G", "H"))
SAMPLERS = {"X": unequal, "G": factors, "B": normal, "RS": factors}
SMALL, LARGE = ({**SAMPLERS, "eps": number(eps)} for eps in (1e-5, 0.1))


def instances(forward: ForwardPass, sizes: Sequence[tuple[int, int]], example: Mapping[str, object]) -> Draw:
    """Return the sheet's example without eps, then others: with a tiny one, the last with one that shows."""
    by = [name for name in ("X", "G", "B") if name in forward.inputs]
    given = {name: np.array(example.get(name, 0.0), dtype=float) for name in (*forward.inputs, "DY")}

    def drawn(seed: int) -> list[Instance]:
        each = [dict(zip("ND", size, strict=True)) for size in sizes]
        small = draw(forward, seed, by=by, sizes=each[:-1], samplers=SMALL)
        large = draw(forward, seed, by=by, sizes=each[-1:], samplers=LARGE, description="eps = 0.1")
        return [Instance(given, "the sheet's example", public=True), *small, *large]

    return drawn


ASSIGNMENT = Assignment(
    name="05-normalisation",
    title="Normalisation",
    exercises=(
        backward(
            "exercise1", LAYERNORM, title="Layer normalisation", given="X, G, B, eps, M, S, H, DY",
            hand_in="DH, DX, DG, DB", marks={"DH": 1, "DX": 6, "DG": 2, "DB": 1},
            instances=instances(LAYERNORM, ROWS, ROW),
            invariants=[shifted_alike("DX", "a row"), *OF_SIZE, same_sum("DB", "DY")],
        ),
        backward(
            "exercise2", BATCHNORM, title="Batch normalisation in training",
            given="X, G, B, eps, M, S, H, RM, RS, DY", hand_in="DH, DX, DG, DB",
            marks={"DH": 1, "DX": 5, "DG": 2, "DB": 1}, instances=instances(BATCHNORM, COLUMNS, BATCH),
            invariants=[shifted_alike("DX", "a column"), *OF_SIZE, same_sum("DB", "DY")],
        ),
        backward(
            "exercise3", EVALUATION, title="Batch normalisation in evaluation",
            given="X, G, B, eps, M, S, RM, RS, DY", hand_in="DX, DG", marks={"DX": 2, "DG": 1},
            instances=instances(EVALUATION, COLUMNS, BATCH),
        ),
        backward(
            "exercise4", RMSNORM, title="Normalisation by the root of the mean of squares",
            given="X, G, eps, S, H, DY", hand_in="DH, DX, DG", marks={"DH": 1, "DX": 5, "DG": 2},
            instances=instances(RMSNORM, ROWS, SQUARES), invariants=OF_SIZE,
        ),
    ),
)  # fmt: skip
