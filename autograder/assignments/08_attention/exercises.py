"""What is graded in `08-attention`: a head's backward pass, that of its projections, several heads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from autograder.declare import backward, differentiate
from autograder.exercise import Array, Assignment, Instance, Mask
from autograder.forward_pass import ForwardPass
from autograder.instances.draw import draw
from autograder.instances.masks import causal, padding, scattered
from autograder.instances.samplers import Sampler
from autograder.invariants import equal_sums, masked_sums_to_zero

HEAD = """
    R = Q @ K.T
    S = R / sqrt(d)
    P = softmax(S, axis=1, where=M)
    O = P @ V
"""
ATTENTION = ForwardPass(
    HEAD, Q=("T", "d"), K=("T", "d"), V=("T", "e"), M=("T", "T"), upstream="O",
)  # fmt: skip
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

Sizes: TypeAlias = "Mapping[Sampler, Sequence[tuple[int, ...]]]"
"""Of the instances, by the kind of their masks."""
HEADS: Sizes = {causal: ((3, 5, 2), (6, 2, 5)), scattered: ((5, 3, 2),), padding: ((7, 4, 3),)}  # T, d, e
WIDTHS: Sizes = {  # T, D, d, e
    causal: ((3, 6, 5, 2), (6, 4, 2, 5)), scattered: ((5, 4, 3, 2),), padding: ((7, 5, 4, 3),),
}  # fmt: skip
NUMBERS: Sizes = {  # T, D, H, d, e; two alike, by which an error is told from another up to a factor
    causal: ((5, 7, 2, 3, 4), (5, 7, 2, 3, 4)), scattered: ((7, 5, 3, 4, 2),), padding: ((8, 4, 3, 2, 5),),
}  # fmt: skip
WORDS = "the notebook's five words"
T = 5  # of them


def drawn(forward: ForwardPass, seed: int, by: str, names: str, sizes: Sizes) -> Iterator[Instance]:
    """Draw instances with masks of every kind."""
    for mask, each in sizes.items():
        named = [dict(zip(names, lengths, strict=True)) for lengths in each]
        yield from draw(forward, seed, by=by.split(), sizes=named, samplers={"M": mask})


def words(**shapes: tuple[int, ...]) -> dict[str, Array | Mask]:
    """Draw what the notebook draws for its five words, and a causal mask."""
    rng = np.random.default_rng(0)
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()} | {"M": np.tri(T, dtype=bool)}


def heads(seed: int) -> list[Instance]:
    """Give the notebook's five words, then others, for exercise 1."""
    inputs = words(Q=(T, 4), K=(T, 4), V=(T, 3), DO=(T, 3))
    return [Instance(inputs, WORDS, public=True), *drawn(ATTENTION, seed, "Q K V", "Tde", HEADS)]


def projections(seed: int) -> list[Instance]:
    """Give the notebook's five words, then others, for exercise 2."""
    inputs = words(X=(T, 6), Wq=(6, 4), Wk=(6, 4), Wv=(6, 3), DO=(T, 3))
    inputs |= {name: inputs[name] / np.sqrt(6) for name in ("Wq", "Wk", "Wv")}
    return [Instance(inputs, WORDS, public=True), *drawn(PROJECTED, seed, "X Wq Wk Wv", "TDde", WIDTHS)]


def several(seed: int) -> list[Instance]:
    """Give the notebook's five words, then others, for exercise 3."""
    inputs = words(X=(T, 6), Wq=(6, 8), Wk=(6, 8), Wv=(6, 4), Wo=(4, 6), G=(T, 6))
    return [
        Instance(inputs, WORDS, public=True, sizes={"H": 2}),
        *drawn(SEVERAL, seed, "Wq Wk Wv Wo", "TDHde", NUMBERS),
    ]


ASSIGNMENT = Assignment(
    name="08-attention",
    title="Attention",
    exercises=(
        backward(
            "exercise1", ATTENTION, title="Backward through a head", given="Q, K, V, M, P, DO",
            hand_in="DV, DP, DS, DR, DQ, DK", instances=heads,
            marks={"DV": 2.0, "DP": 1.0, "DS": 4.0, "DR": 1.0, "DQ": 2.0, "DK": 2.0},
            invariants=[
                masked_sums_to_zero("DS", "M"),
                equal_sums("P∘DP", "V∘DV", "P and V come into O as a product"),
                equal_sums("Q∘DQ", "K∘DK", "Q and K come into R as a product"),
            ],
        ),
        backward(
            "exercise2", PROJECTED, title="Backward through its projections",
            given="X, Wq, Wk, Wv, M, Q, K, V, P, DO", hand_in="DR, DX, DWq, DWk, DWv",
            marks={"DR": 1.0, "DX": 3.0, "DWq": 1.5, "DWk": 1.5, "DWv": 1.5}, instances=projections,
            invariants=[equal_sums("Wq∘DWq", "Wk∘DWk", "Wq and Wk come into the scores as a product")],
        ),
        differentiate(
            "exercise3", SEVERAL, title="Several heads with PyTorch", given="Wq, Wk, Wv, Wo, X, M, H, G",
            leaves="Wq, Wk, Wv, Wo", instances=several,
            marks={"error": 1.5, "Wq": 2.0, "Wk": 2.0, "Wv": 2.0, "Wo": 2.0},
        ),
    ),
)  # fmt: skip
