"""The cubic and its loss: the forward pass from which all else in this assignment follows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.alternatives.descent import Descent, hessian
from autograder.exercise import Array, Instance
from autograder.forward_pass import ForwardPass

CURVE = ForwardPass(
    """
    p = powers(x, 3) @ theta
    r = p - y
    L = sum(r ** 2)
    """,
    theta=(4,), x=("N",), y=("N",),
)  # fmt: skip
DESCENT = Descent(CURVE)


def largest_learning_rate(instance: Instance) -> Mapping[str, Array]:
    """Give 2/λ, with λ the largest eigenvalue of the Hessian of L, which is the same for all theta and y."""
    return {"learning_rate": np.asarray(2 / curvatures(instance)[-1])}


def curvatures(instance: Instance) -> Array:
    """Give the eigenvalues (4,) of the Hessian, the smallest first."""
    x = instance.inputs["x"]
    anywhere = Instance({"x": x, "y": np.zeros_like(x), "theta": np.zeros(4)}, "")
    return np.asarray(np.linalg.eigvalsh(hessian(CURVE, anywhere, "theta", np.zeros(4))))
