"""What is graded in `01-error-backpropagation`: the gradient of a 4-6-6-6-1 network's error, twice."""

from __future__ import annotations

from functools import cache

import utils
from autograder.declare import backward, differentiate
from autograder.exercise import Assignment, Instance
from autograder.instances.draw import draw
from autograder.invariants import across_relu

from .network import NETWORK

PARAMETERS = [f"{kind}{layer}" for kind in "WB" for layer in (1, 2, 3, 4)]
SIZES = (1, 1, 5, 9, 17)  # data points of the hidden instances; 1 among them, never 4 or 6


@cache
def sheet() -> Instance:
    """Return the sheet's own data and parameters."""
    (X, T), (W, B) = utils.getdata(), utils.getparams()
    arrays = {"X": X, "T": T, **dict(zip(PARAMETERS, (*W, *B), strict=True))}
    return Instance(arrays, "the sheet's own data", public=True)


def instances(seed: int) -> list[Instance]:
    """Return the sheet's own data, then hidden ones."""
    return [sheet(), *draw(NETWORK, seed, by=PARAMETERS, sizes=[{"N": N} for N in SIZES])]


ASSIGNMENT = Assignment(
    name="01-error-backpropagation",
    title="Error backpropagation",
    practice={"measured_slope": "exercise1"},
    exercises=(
        backward(
            "exercise1",
            NETWORK,
            title="Implementing backpropagation",
            lists="W, B",
            given="W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T",
            hand_in="DW, DB",
            marks=2.5,
            instances=instances,
            invariants=[across_relu(layer) for layer in (3, 2, 1)],
        ),
        differentiate(
            "exercise2",
            NETWORK,
            title="Using automatic differentiation",
            lists="W, B",
            given="W, B, X, T",
            leaves="W, B",
            marks={"error": 4.0, "W": 0.75, "B": 0.75},
            instances=instances,
        ),
    ),
)
