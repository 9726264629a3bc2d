"""What is graded in `08-attention`: a head's backward pass, that of its projections, several heads."""

from __future__ import annotations

import numpy as np

from autograder.declare import Draw, backward, differentiate
from autograder.exercise import Assignment, Instance
from autograder.forward_pass import ForwardPass
from autograder.instances.masks import Sizes, causal, draw_masked, padding, scattered
from autograder.invariants import equal_sums, masked_sums_to_zero, nothing_outside

HEAD = """
    R = Q @ K.T
    S = R / sqrt(d)
    P = softmax(S, axis=1, where=M)
    O = P @ V
"""
ATTENTION = ForwardPass(HEAD, Q=("T", "d"), K=("T", "d"), V=("T", "e"), M=("T", "T"), upstream="O")
PROJECTED = ForwardPass(
    f"""
    Q = X @ Wq
    K = X @ Wk
    V = X @ Wv
    {HEAD.strip()}
    """,
    X=("T", "D"), Wq=("D", "d"), Wk=("D", "d"), Wv=("D", "e"), M=("T", "T"), upstream="O",
)  # fmt: skip
SEVERAL = ForwardPass(
    """
    Q = split_heads(X @ Wq)
    K = split_heads(X @ Wk)
    V = split_heads(X @ Wv)
    R = Q @ K.T
    S = R / sqrt(d)
    P = softmax(S, axis=2, where=M)
    O = join_heads(P @ V)
    Y = O @ Wo
    err = mean_squared_error(Y, G)
    """,
    X=("T", "D"), Wq=("D", "H*d"), Wk=("D", "H*d"), Wv=("D", "H*e"), Wo=("H*e", "D"), M=("T", "T"),
    G=("T", "D"),
)  # fmt: skip

HEADS: Sizes = {causal: ((3, 5, 2), (6, 2, 5)), scattered: ((5, 3, 2),), padding: ((7, 4, 3),)}  # T, d, e
WIDTHS: Sizes = {  # T, D, d, e
    causal: ((3, 6, 5, 2), (6, 4, 2, 5)), scattered: ((5, 4, 3, 2),), padding: ((7, 5, 4, 3),),
}  # fmt: skip
NUMBERS: Sizes = {  # T, D, H, d, e; two alike, by which an error is told from another up to a factor
    causal: ((5, 7, 2, 3, 4), (5, 7, 2, 3, 4)), scattered: ((7, 5, 3, 4, 2),), padding: ((8, 4, 3, 2, 5),),
}  # fmt: skip


def instances(
    forward: ForwardPass, names: str, sizes: Sizes, by: str, H: int = 0, **shapes: tuple[int, ...]
) -> Draw:
    """Return the notebook's five words, with arrays as it draws them, then other data.

    names, sizes : of the other data's dimensions.
    by : the quantities whose gradients must show mistakes.
    H : how many heads the five words have, where there are several.
    shapes : of what they begin with, in the order in which it is drawn.
    """
    rng = np.random.default_rng(0)
    drawn = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    drawn = {name: a / np.sqrt(len(a)) if name.startswith("W") else a for name, a in drawn.items()}
    inputs, known = {**drawn, "M": np.tri(5, dtype=bool)}, {"H": H} if H else {}
    words = Instance(inputs, "the notebook's five words", public=True, sizes=known)
    return lambda seed: [words, *draw_masked(forward, seed, by=by.split(), names=names, sizes=sizes)]


ASSIGNMENT = Assignment(
    name="08-attention",
    title="Attention",
    exercises=(
        backward(
            "exercise1", ATTENTION, title="Backward through a head", given="Q, K, V, M, P, DO",
            hand_in="DV, DP, DS, DR, DQ, DK",
            instances=instances(ATTENTION, "Tde", HEADS, "Q K V", Q=(5, 4), K=(5, 4), V=(5, 3), DO=(5, 3)),
            marks={"DV": 2.0, "DP": 1.0, "DS": 4.0, "DR": 1.0, "DQ": 2.0, "DK": 2.0},
            invariants=[
                masked_sums_to_zero("DS", "M"), nothing_outside("DS", "M"),
                equal_sums("P∘DP", "V∘DV", "P and V come into O as a product"),
                equal_sums("Q∘DQ", "K∘DK", "Q and K come into R as a product"),
            ],
        ),
        backward(
            "exercise2", PROJECTED, title="Backward through its projections",
            given="X, Wq, Wk, Wv, M, Q, K, V, P, DO", hand_in="DR, DX, DWq, DWk, DWv",
            marks={"DR": 1.5, "DX": 3.0, "DWq": 1.5, "DWk": 1.5, "DWv": 1.5},
            instances=instances(
                PROJECTED, "TDde", WIDTHS, "X Wq Wk Wv", X=(5, 6), Wq=(6, 4), Wk=(6, 4), Wv=(6, 3), DO=(5, 3)
            ),
            invariants=[equal_sums("Wq∘DWq", "Wk∘DWk", "Wq and Wk come into the scores as a product")],
        ),
        differentiate(
            "exercise3", SEVERAL, title="Several heads with PyTorch", given="Wq, Wk, Wv, Wo, X, M, H, G",
            leaves="Wq, Wk, Wv, Wo",
            instances=instances(
                SEVERAL, "TDHde", NUMBERS, "Wq Wk Wv Wo", H=2,
                X=(5, 6), Wq=(6, 8), Wk=(6, 8), Wv=(6, 4), Wo=(4, 6), G=(5, 6),
            ),
            marks={"error": 1.0, "Wq": 2.0, "Wk": 2.0, "Wv": 2.0, "Wo": 2.0},
        ),
    ),
)  # fmt: skip
