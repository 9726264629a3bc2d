"""The mean cross-entropy of probabilities, or of the scores that softmax makes them from.

Targets are whole numbers t (N,), the class of each data point, or T (N, C), 1 for it and 0 for all others.
"""

from __future__ import annotations

from typing import Any

from autograder.operations.conditions import PROBABLE, SCORES_ALIKE
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape


def one_hot(t: Any, like: Any) -> Any:  # noqa: ANN401  arrays or tensors
    """Give true for each data point's class and false for all others, (N, C) as `like`; or T as it is."""
    return t if t.ndim == like.ndim else t[..., None] == namespace(like).arange(like.shape[-1])


def _mean_of_chosen(logarithms: Any, T: Any) -> Any:  # noqa: ANN401
    chosen = namespace(logarithms).where(T > 0, logarithms, 0.0)  # 0 · log 0 would be no number
    return -(T * chosen).sum(axis=-1).mean(axis=-1)


def _cross_entropy(P: Any, t: Any) -> Any:  # noqa: ANN401
    xp, T = namespace(P), one_hot(t, P)
    return _mean_of_chosen(xp.log(xp.where(T > 0, P, 1.0)), T)


def _with_logits(Z: Any, t: Any) -> Any:  # noqa: ANN401
    xp = namespace(Z)
    shifted = Z - xp.amax(Z, axis=-1, keepdims=True)  # or exp overflows
    return _mean_of_chosen(shifted - xp.log(xp.exp(shifted).sum(axis=-1, keepdims=True)), one_hot(t, Z))


def _scalar(output: Shape, targets: Shape) -> Shape:
    if len(output) != 2 or targets not in (output, output[:1]):
        raise ValueError(
            "probabilities or scores are (N, C), their targets whole numbers (N,), or (N, C), and not "
            f"{output} and {targets}"
        )
    return ()


CROSS_ENTROPY = Operation(
    "cross_entropy",
    _cross_entropy,
    _scalar,
    "-mean(log of {0} at {1})",
    conditions=(PROBABLE,),
    questions=(
        "Which entries of {0} does {value} depend on at all?",
        "How much does {value} change with an entry of {0} that is small, and with one that is near 1?",
        "Over what is the mean in {value} taken: over data points, or over data points and classes?",
    ),
)
CROSS_ENTROPY_WITH_LOGITS = Operation(
    "cross_entropy_with_logits",
    _with_logits,
    _scalar,
    "-mean(log softmax({0}) at {1})",
    conditions=(SCORES_ALIKE,),
    questions=(
        "When the score of the right class grows, does {value} grow or shrink, and when another one does?",
        "When all scores of a data point in {0} grow by the same amount, what becomes of {value}?",
        "Over what is the mean in {value} taken: over data points, or over data points and classes?",
    ),
)

CROSS_ENTROPIES = (CROSS_ENTROPY, CROSS_ENTROPY_WITH_LOGITS)
