"""What is graded in `03-softmax-and-cross-entropy`: the two lines, softmax backward, a classifier."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.declare import backward
from autograder.derivatives.backward_pass import backward_pass
from autograder.derivatives.jacobian import jacobian_of_softmax
from autograder.diagnosis.by_choices import by_choices
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.probabilities import PROBABILITIES
from autograder.diagnosis.steps import environment
from autograder.exercise import Array, Assignment, Convention, Exercise, Instance, Part
from autograder.forward_pass import ForwardPass
from autograder.reference import truth

from .instances import networks, scores, upstream

SCORES = ForwardPass(
    """
    P = softmax(Z, axis="C")
    err = cross_entropy(Z, t)
    """,
    Z=("N", "C"), t=("N",),
)  # fmt: skip
SOFTMAX = ForwardPass('P = softmax(Z, axis="C")', Z=("N", "C"), upstream="P")
CLASSIFIER = ForwardPass(
    """
    Z1 = X @ W1 + B1
    A1 = relu(Z1)
    Z2 = A1 @ W2 + B2
    P = softmax(Z2, axis="C")
    err = cross_entropy(Z2, t)
    """,
    X=("N", "D"), t=("N",), W1=("D", "H"), W2=("H", "C"), B1=("H",), B2=("C",),
)  # fmt: skip


def jacobian_and_gradient(instance: Instance) -> dict[str, Array]:
    """J (C, C) of the first row, and DZ (N, C): of any scores with these probabilities, such as log P."""
    given = environment(instance)
    Z, DP = np.log(given["P"]), given["DP"]
    C = Z.shape[1]
    _, rows = truth(SOFTMAX, {"Z": np.repeat(Z[:1], C, axis=0), "DP": np.eye(C)}, ["Z"])
    _, gradient = truth(SOFTMAX, {"Z": Z, "DP": DP}, ["Z"])
    return {"J": rows["Z"], "DZ": gradient["Z"]}


CHAIN = backward_pass(SOFTMAX, ["DZ"])
JACOBIAN = jacobian_of_softmax("J", "P", SOFTMAX.formula("P"))

ASSIGNMENT = Assignment(
    name="03-softmax-and-cross-entropy",
    title="Softmax and cross-entropy",
    exercises=(
        backward(
            "exercise1", SCORES, title="Softmax and cross-entropy", given="Z, t", hand_in="P, err", marks=3,
            instances=scores, explain=by_choices(PROBABILITIES),
        ),
        Exercise(
            "exercise2", "The softmax backward", ("P", "DP"), Convention(by_hand=True),
            (Part("J", 2.0, (0,)), Part("DZ", 4.0, (1,))), upstream, jacobian_and_gradient,
            by_steps(replace(CHAIN, steps=(JACOBIAN, *CHAIN.steps))), {(): "the answer (J, DZ)"},
        ),
        backward(
            "exercise3", CLASSIFIER, title="The backward pass of a classifier", lists="W, B",
            given="W, B, X, Z1, A1, Z2, P, t", hand_in="DZ2, DW, DB", marks={"DZ2": 4, "DW": 3.5, "DB": 3.5},
            instances=networks,
        ),
    ),
)  # fmt: skip
