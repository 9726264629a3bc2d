"""What is graded in `03-softmax-and-cross-entropy`: the two lines, softmax backward, a classifier."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import numpy as np

import utils
from autograder.declare import backward
from autograder.derivatives.backward_pass import backward_pass
from autograder.derivatives.jacobian import jacobian_of_softmax
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import environment
from autograder.exercise import Array, Assignment, Instance, Part
from autograder.forward_pass import ForwardPass
from autograder.instances.draw import draw
from autograder.instances.scores import any_size
from autograder.invariants import across_relu, sums_to_zero
from autograder.reference import truth

SCORES = ForwardPass(
    'P = softmax(Z, axis="C")\nerr = cross_entropy(Z, t)',
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

EXAMPLE = partial(Instance, description="the sheet's example", public=True)
LABELLED = EXAMPLE({"Z": np.log([[1, 2, 5], [2, 7, 3]]), "t": np.array([1, 2])})
UPSTREAM = EXAMPLE({"Z": np.log([[1, 2, 5], [2, 1, 5]]), "DP": np.array([[0, -4, 0], [1.5, 0.5, -2]])})
PROBABLE = ((1, 4), (3, 5), (7, 4), (9, 6))  # N, C
NETWORKS = ((1, 3, 5, 4), (6, 4, 7, 3), (9, 3, 5, 4), (14, 4, 6, 5))  # N, D, H, C
SHOWN = 20  # digits that the notebook shows


def scores(seed: int) -> list[Instance]:
    """Return the notebook's example, then scores of any size."""
    return [LABELLED, *any_size(seed)]


def upstream(seed: int) -> list[Instance]:
    """Return the notebook's example with one more row, then others."""
    hidden = draw(SOFTMAX, seed, by=["Z"], sizes=[dict(zip("NC", each, strict=True)) for each in PROBABLE])
    return [UPSTREAM, *hidden]


def networks(seed: int) -> list[Instance]:
    """Return the first digits with the notebook's network, then other data and networks."""
    sizes = [dict(zip("NDHC", each, strict=True)) for each in NETWORKS]
    return [_digits(), *draw(CLASSIFIER, seed, by=["W1", "W2", "B1", "B2"], sizes=sizes)]


@cache
def _digits() -> Instance:
    (X, t), rng = utils.getdigits(), np.random.default_rng(0)
    W1, W2 = (rng.standard_normal(shape) * np.sqrt(2 / shape[0]) for shape in ((64, 32), (32, 10)))
    inputs = {"X": X[:SHOWN], "t": t[:SHOWN], "W1": W1, "W2": W2, "B1": np.zeros(32), "B2": np.zeros(10)}
    return Instance(inputs, "the first 20 digits", public=True)


def jacobian_and_gradient(instance: Instance) -> dict[str, Array]:
    """J (C, C) of the first row, and DZ (N, C): of any scores with these probabilities, such as log P."""
    given = environment(instance)
    Z, C = np.log(given["P"]), given["P"].shape[1]
    _, rows = truth(SOFTMAX, {"Z": np.repeat(Z[:1], C, axis=0), "DP": np.eye(C)}, ["Z"])
    _, gradient = truth(SOFTMAX, {"Z": Z, "DP": given["DP"]}, ["Z"])
    return {"J": rows["Z"], "DZ": gradient["Z"]}


CHAIN = backward_pass(SOFTMAX, ["DZ"])
JACOBIAN = jacobian_of_softmax("J", "P", SOFTMAX.formula("P"))
SOFTMAX_BACKWARD = replace(
    backward(
        "exercise2", SOFTMAX, title="The softmax backward", given="P, DP", hand_in="DZ", marks=4.0,
        instances=upstream, explain=by_steps(replace(CHAIN, steps=(JACOBIAN, *CHAIN.steps))),
    ),
    parts=(Part("J", 2.0, (0,)), Part("DZ", 4.0, (1,))),
    lists={(): "the answer (J, DZ)"},
    reference=jacobian_and_gradient,
    invariants=tuple(map(sums_to_zero, ("J", "DZ"))),
)  # fmt: skip

ASSIGNMENT = Assignment(
    name="03-softmax-and-cross-entropy",
    title="Softmax and cross-entropy",
    exercises=(
        backward(
            "exercise1", SCORES, title="Softmax and cross-entropy", given="Z, t", hand_in="P, err", marks=3.0,
            instances=scores,
        ),
        SOFTMAX_BACKWARD,
        backward(
            "exercise3", CLASSIFIER, title="The backward pass of a classifier", lists="W, B",
            given="W, B, X, Z1, A1, Z2, P, t", hand_in="DZ2, DW, DB",
            marks={"DZ2": 4.0, "DW": 3.5, "DB": 3.5}, instances=networks,
            invariants=[sums_to_zero("DZ2"), sums_to_zero("DB2"), across_relu(1)],
        ),
    ),
)  # fmt: skip
