"""Define the cross-entropy of scores and labels, through a softmax that is exact for any scores."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.operations.conditions import SATURATED, Condition, Evaluated, Mask
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation
from autograder.operations.targets import mean_of_chosen, mean_over_points, one_hot


def _cross_entropy(Z: Any, t: Any) -> Any:  # noqa: ANN401  arrays or tensors
    xp = namespace(Z)
    shifted = Z - xp.amax(Z, axis=-1, keepdims=True)
    logarithms = shifted - xp.log(xp.exp(shifted).sum(axis=-1, keepdims=True))
    return mean_of_chosen(logarithms, one_hot(t, Z))


def _no_probability_near_zero(use: Evaluated) -> Mask:
    scores = use.operands[0]
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Mask = (powers / powers.sum(axis=-1, keepdims=True)).min(axis=(-2, -1)) > SATURATED
    return result


def _several_classes(use: Evaluated) -> Mask:
    """Require, of several data points, several classes, and of more than two one that never occurs."""
    scores, targets = use.operands
    labels = targets if targets.ndim < scores.ndim else targets.argmax(axis=-1)
    different = np.array([len(np.unique(row)) for row in labels])
    result: Mask = ((different > 1) & (different < max(scores.shape[-1], 3))) | (labels.shape[-1] == 1)
    return result


CROSS_ENTROPY = Operation(
    "cross_entropy",
    _cross_entropy,
    mean_over_points,
    "-mean(log softmax({0})[n, {1}[n]])",
    conditions=(
        Condition("no probability near zero", _no_probability_near_zero),
        Condition("several classes are right, and one never", _several_classes),
    ),
    questions=(
        "When one entry of {0} grows a little, which probabilities of its row grow, and which shrink?",
        "In each row of {0} one class is right. Where does that come in?",
    ),
)
"""Z (N, C), t (N,) integers or T (N, C): the mean over the data points."""
