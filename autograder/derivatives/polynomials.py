"""Define the vector-Jacobian product of powers side by side, and the wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.derivatives.operands import value
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake
from autograder.exercise import Array


def powers(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to x of 1, x, x², …: the sum of k·xᵏ⁻¹ times each upstream gradient."""
    x = value(use, use.operand)
    k = np.arange(1, use.node.keywords["degree"] + 1)

    def columns(e: Env) -> Array:
        """Return x for each power, (…, 1)."""
        return np.asarray(x(e))[..., None]

    return (
        VJP(
            lambda e, v: (k * columns(e) ** (k - 1) * v[..., 1:]).sum(axis=-1),
            (
                Mistake(
                    "exponent-not-reduced", lambda e, v: (k * columns(e) ** k * v[..., 1:]).sum(axis=-1), "k"
                ),
                Mistake(
                    "exponent-not-in-front", lambda e, v: (columns(e) ** (k - 1) * v[..., 1:]).sum(axis=-1)
                ),
                Mistake("not-summed", lambda e, v: k * columns(e) ** (k - 1) * v[..., 1:]),
            ),
        ),
    )
