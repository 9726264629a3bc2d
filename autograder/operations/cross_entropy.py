"""Cross-entropy of scores and labels, through a softmax that stays exact for scores of any size."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.operations.conditions import SATURATED, Condition, Evaluated, Mask
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape


def _cross_entropy(Z: Any, t: Any) -> Any:  # noqa: ANN401  arrays or tensors
    xp = namespace(Z)
    shifted = Z - xp.amax(Z, axis=-1, keepdims=True)
    logarithms = shifted - xp.log(xp.exp(shifted).sum(axis=-1, keepdims=True))
    right = t[..., None] == xp.arange(Z.shape[-1])
    return -(logarithms * right).sum(axis=-1).mean(axis=-1)


def _shape(scores: Shape, labels: Shape) -> Shape:
    if len(scores) != 2 or labels != scores[:1]:
        raise ValueError(f"scores are (N, C) and labels (N,), and not {scores}, {labels}")
    return ()


def _no_probability_near_zero(use: Evaluated) -> Mask:
    scores = use.operands[0]
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: Mask = (powers / powers.sum(axis=-1, keepdims=True)).min(axis=(-2, -1)) > SATURATED
    return found


def _several_classes(use: Evaluated) -> Mask:
    """Unless there is one data point, not all have one class, and of more than two one is never right."""
    labels, classes = use.operands[1], use.operands[0].shape[-1]
    different = np.array([len(np.unique(row)) for row in labels])
    found: Mask = ((different > 1) & (different < max(classes, 3))) | (labels.shape[-1] == 1)
    return found


CROSS_ENTROPY = Operation(
    "cross_entropy",
    _cross_entropy,
    _shape,
    "-mean(log softmax({0})[n, {1}[n]])",
    conditions=(
        Condition("no probability near zero", _no_probability_near_zero),
        Condition("several classes are right, and one never", _several_classes),
    ),
    questions=(
        "When one entry of {0} grows a little, which probabilities of its row grow, and which shrink?",
        "In each row one class is right. Where does that come in?",
    ),
)
"""Z (N, C), t (N,) whole numbers: the mean over the data points."""
