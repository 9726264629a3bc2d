"""List slopes of functions that students know, of z and a, a function's operand and value.

Any of them is tried in place of a function's own slope, up to a factor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.derivatives.basic import sigmoid
from autograder.exercise import Array

SLOPES: tuple[tuple[str, Callable[[Array, Array], Any]], ...] = (
    ("{a}·(1 - {a}), a sigmoid's slope", lambda z, a: a * (1 - a)),
    ("σ({z})·(1 - σ({z})), a sigmoid's slope", lambda z, a: sigmoid(z) * (1 - sigmoid(z))),
    ("1 - {a}², the slope of a hyperbolic tangent", lambda z, a: 1 - a**2),
    ("1 - tanh({z})², the slope of a hyperbolic tangent", lambda z, a: 1 - np.tanh(z) ** 2),
    ("σ({a})·(1 - σ({a})), a sigmoid's slope at another place", lambda z, a: sigmoid(a) * (1 - sigmoid(a))),
    ("1 - tanh({a})², a hyperbolic tangent's slope at another place", lambda z, a: 1 - np.tanh(a) ** 2),
    ("{z}·(1 - {z}), a sigmoid's slope with its operand for its value", lambda z, a: z * (1 - z)),
    ("1 - {a}", lambda z, a: 1 - a),
    ("(1 - {a})²", lambda z, a: (1 - a) ** 2),
    ("1 - 2·{a}", lambda z, a: 1 - 2 * a),
    ("1 + {a}²", lambda z, a: 1 + a**2),
    ("1/cosh({z})", lambda z, a: 1 / np.cosh(z)),
    (
        "1 where {z} is positive and exp({z}) elsewhere, the slope of ELU",
        lambda z, a: np.exp(np.minimum(z, 0)),
    ),
    ("σ({z}), the slope of softplus", lambda z, a: sigmoid(z)),
    ("σ({z})·(1 + {z}·(1 - σ({z}))), the slope of swish", lambda z, a: sigmoid(z) * (1 + z * sigmoid(-z))),
    ("the sign of {z}, the slope of the absolute value", lambda z, a: np.sign(z)),
    ("1 where 0 < {z} < 1", lambda z, a: ((z > 0) & (z < 1)) * 1.0),
    ("1 where -1 < {z} < 1", lambda z, a: (np.abs(z) < 1) * 1.0),
    ("1 where {z} is positive, the slope of ReLU", lambda z, a: (z > 0) * 1.0),
    ("1 where {z} is positive and {z} itself elsewhere", lambda z, a: np.where(z > 0, 1.0, z)),
    ("the square of {a}", lambda z, a: a**2),
    ("exp({z})", lambda z, a: np.exp(z)),
    ("exp(-{z})", lambda z, a: np.exp(-z)),
    ("1/{z}", lambda z, a: 1 / z),
)
