"""All derivatives, by operation and operand."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.derivatives import basic, errors
from autograder.derivatives.use import Rule

DERIVATIVES: Mapping[tuple[str, int], Rule] = {
    ("product", 0): basic.left_of_product,
    ("product", 1): basic.right_of_product,
    ("addition", 0): basic.term_of_sum,
    ("addition", 1): basic.term_of_sum,
    ("relu", 0): basic.relu,
    ("mean_squared_error", 0): errors.mean_squared_error,
}
