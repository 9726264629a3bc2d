"""Handle classes of data points: integers t (N,), or T (N, C), 1 for the right class and 0 for others."""

from __future__ import annotations

from typing import Any

from autograder.operations.namespace import namespace
from autograder.operations.operation import Shape


def one_hot(t: Any, like: Any) -> Any:  # noqa: ANN401  arrays or tensors
    """Return True for each data point's class and False for all others, (N, C) as `like`; or T as it is."""
    return t if t.ndim == like.ndim else t[..., None] == namespace(like).arange(like.shape[-1])


def mean_over_points(outputs: Shape, targets: Shape) -> Shape:
    """Return the shape of a mean over data points, whose classes may be given in two ways.

    Raises
    ------
    ValueError
        Outputs and targets do not match.
    """
    if len(outputs) != 2 or targets not in (outputs, outputs[:1]):
        raise ValueError(
            "probabilities or scores are (N, C), their targets whole numbers (N,), or (N, C), and not "
            f"{outputs} and {targets}"
        )
    return ()


def mean_of_chosen(logarithms: Any, T: Any) -> Any:  # noqa: ANN401
    """Average minus the logarithms of the right classes over the data points."""
    chosen = namespace(logarithms).where(T > 0, logarithms, 0.0)  # 0 · log 0 would not be a number
    return -(T * chosen).sum(axis=-1).mean(axis=-1)
