"""Define the mean cross-entropy of probabilities that a softmax or a sigmoid has already produced."""

from __future__ import annotations

from typing import Any

from autograder.operations.conditions import PROBABLE
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation
from autograder.operations.targets import mean_of_chosen, mean_over_points, one_hot


def _cross_entropy(P: Any, t: Any) -> Any:  # noqa: ANN401
    xp, T = namespace(P), one_hot(t, P)
    return mean_of_chosen(xp.log(xp.where(T > 0, P, 1.0)), T)


CROSS_ENTROPY_OF_PROBABILITIES = Operation(
    "cross_entropy_of_probabilities",
    _cross_entropy,
    mean_over_points,
    "-mean(log of {0} at {1})",
    conditions=(PROBABLE,),
    questions=(
        "Which entries of {0} does {value} depend on at all?",
        "How much does {value} change with an entry of {0} that is small, and with one that is near 1?",
        "Over what is the mean in {value} taken: over data points, or over data points and classes?",
    ),
)
