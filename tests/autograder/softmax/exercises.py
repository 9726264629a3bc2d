"""A third assignment, for the tests alone: a classifier with one hidden layer, softmax and cross-entropy.

    X (N,3)  T (N,4), one-hot   W = [W1 (3,5), W2 (5,4)]   B = [B1 (5,), B2 (4,)]
    Z1 = X·W1 + B1   A1 = max(0, Z1)   Z2 = A1·W2 + B2   P = softmax(Z2)   err = -mean(Σ T · log P)

All that is particular to it stands here; the grader knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from autograder.derivatives.backward_pass import backward_pass
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import Alternative, Slot, Step
from autograder.exercise import Array, Assignment, Convention, Exercise, Instance, Part
from autograder.forward_pass import ForwardPass
from autograder.reference import Inputs, value_and_gradients

SIZES = (1, 3, 9, 14)  # data points of the hidden instances
MARGIN = 2e-2  # smallest |Z1| and smallest entry of a gradient, in units of the array's largest


def cross_entropy(inputs: Inputs) -> torch.Tensor:
    """The mean cross-entropy of the classifier: a () tensor."""
    (W1, W2), (B1, B2) = inputs["W"], inputs["B"]
    logits = torch.relu(inputs["X"] @ W1 + B1) @ W2 + B2
    return -(inputs["T"] * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()


def gradient(instance: Instance) -> Mapping[str, Array]:
    """The true DW1, DW2, DB1, DB2."""
    leaves = Instance({name: instance.inputs[name] for name in ("W", "B", "X", "T")}, instance.description)
    _, (DW, DB) = value_and_gradients(cross_entropy, leaves, ("W", "B"))
    return {"DW1": DW[0], "DW2": DW[1], "DB1": DB[0], "DB2": DB[1]}


def instances(seed: int) -> list[Instance]:
    """The public data, then hidden ones."""
    public, hidden = np.random.default_rng(0), np.random.default_rng(seed)
    return [
        _draw(public, 8, "the sheet's own data", public=True),
        *(_draw(hidden, N, f"other data and parameters (N = {N})") for N in SIZES),
    ]


def _draw(rng: np.random.Generator, N: int, description: str, *, public: bool = False) -> Instance:
    """Draw until units are on and off, no pre-activation is near 0, and no gradient's entry is lost."""
    while True:
        W, B = (
            [rng.standard_normal((3, 5)), rng.standard_normal((5, 4))],
            [rng.standard_normal(n) for n in (5, 4)],
        )
        X, T = rng.standard_normal((N, 3)), np.eye(4)[rng.integers(0, 4, N)]
        Z1 = X @ W[0] + B[0]
        A1 = np.maximum(0, Z1)
        Z2 = A1 @ W[1] + B[1]
        P = np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)
        inputs = {"W": W, "B": B, "X": X, "Z1": Z1, "A1": A1, "Z2": Z2, "P": P, "T": T}
        drawn = Instance(inputs, description, public)
        on = (Z1 > 0).any(axis=0).sum()
        if on != (5 if N > 1 else 3) or not (Z1 < 0).any() or P.min() < 1e-3:
            continue
        sizes = [np.abs(entries) for entries in (Z1, *gradient(drawn).values())]
        if all(size[size > 0].min() > MARGIN / np.sqrt(N) * size.max() for size in sizes):
            return drawn


NO_SOFTMAX = "`DZ2` stops at the probabilities. How does each of them change with every entry of Z2?"

NETWORK = ForwardPass(
    """
    Z1 = X @ W1 + B1
    A1 = relu(Z1)
    Z2 = A1 @ W2 + B2
    """,
    X=("N", 3), W1=(3, 5), W2=(5, 4), B1=(5,), B2=(4,),
)  # fmt: skip
ERROR = Step(
    "DZ2",
    (
        Slot(
            lambda e, _: e["P"] - e["T"],
            (
                Alternative("missing-softmax-derivative", lambda e, _: -e["T"] / e["P"], NO_SOFTMAX),
                Alternative("missing-softmax-derivative", lambda e, _: -e["T"] * (1 - e["P"]), NO_SOFTMAX),
                Alternative("targets-not-subtracted", lambda e, _: e["P"]),
                Alternative("logits-for-probabilities", lambda e, _: e["Z2"] - e["T"]),
                Alternative("wrong-error", lambda e, _: 2 * (e["P"] - e["T"]) * e["P"] * (1 - e["P"])),
            ),
        ),
        Slot(lambda e, v: v / e["N"]),
    ),
    forward="P = softmax(Z2), err = -mean(Σ T · log P)",
)
CHAIN = backward_pass(NETWORK, ["DW1", "DW2", "DB1", "DB2"], own={"Z2": ERROR})

ASSIGNMENT = Assignment(
    name="03-softmax",
    title="Softmax and cross-entropy",
    exercises=(
        Exercise(
            name="exercise1",
            title="Backpropagation through a classifier",
            parameters=("W", "B", "X", "Z1", "A1", "Z2", "P", "T"),
            convention=Convention(),
            parts=tuple(Part(f"D{kind}{k}", 2.5, ("WB".index(kind), k - 1)) for kind in "WB" for k in (1, 2)),
            lists={(): "the answer (DW, DB)", (0,): "DW", (1,): "DB"},
            instances=instances,
            reference=gradient,
            explain=by_steps(CHAIN),
        ),
    ),
)
