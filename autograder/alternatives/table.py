"""What is computed in the operations' places, by their names."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.alternatives import elementwise, errors
from autograder.alternatives.alternative import Alternatives

ALTERNATIVES: Mapping[str, Alternatives] = {
    "relu": elementwise.RELU,
    "mean_squared_error": errors.MEAN_SQUARED_ERROR,
}
