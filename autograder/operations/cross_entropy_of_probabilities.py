"""The mean cross-entropy of probabilities: of what a softmax or a sigmoid has made already.

Targets are whole numbers t (N,), the class of each data point, or T (N, C), 1 for it and 0 for all others.
"""

from __future__ import annotations

from typing import Any

from autograder.operations.conditions import PROBABLE
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


def _scalar(output: Shape, targets: Shape) -> Shape:
    if len(output) != 2 or targets not in (output, output[:1]):
        raise ValueError(
            "probabilities are (N, C), their targets whole numbers (N,), or (N, C), and not "
            f"{output} and {targets}"
        )
    return ()


CROSS_ENTROPY_OF_PROBABILITIES = Operation(
    "cross_entropy_of_probabilities",
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
