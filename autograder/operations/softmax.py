"""Define softmax and log-sum-exp along axes, over all entries or those that a mask leaves."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.operations.arithmetic import broadcast
from autograder.operations.axes import Axes, reduced
from autograder.operations.conditions import NOT_TOO_LARGE, PARTLY_MASKED, PROBABILITIES
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation, Shape


def _masked(z: Any, where: Any) -> Any:  # noqa: ANN401  an array or a tensor
    return z if where is None else namespace(z).where(where > 0, z, -np.inf)


def _softmax(z: Any, where: Any = None, *, axis: Axes) -> Any:  # noqa: ANN401
    xp = namespace(z)
    z = _masked(z, where)
    powers = xp.exp(z - xp.amax(z, axis=axis, keepdims=True))  # or exp overflows
    return powers / powers.sum(axis=axis, keepdims=True)


def _log_sum_exp(z: Any, where: Any = None, *, axis: Axes, keepdims: bool) -> Any:  # noqa: ANN401
    xp = namespace(z)
    z = _masked(z, where)
    largest = xp.amax(z, axis=axis, keepdims=True)
    result = largest + xp.log(xp.exp(z - largest).sum(axis=axis, keepdims=True))
    return result if keepdims else result.sum(axis=axis)  # over axes of length 1


def _softmax_shape(scores: Shape, where: Shape = (), *, axis: Axes) -> Shape:
    if not axis:
        raise ValueError("softmax needs an axis, and this has none")
    if broadcast(scores, where) != scores:
        raise ValueError(f"a mask of another shape than what it masks: {where}, {scores}")
    return scores


def _log_sum_exp_shape(scores: Shape, where: Shape = (), *, axis: Axes, keepdims: bool) -> Shape:
    return reduced(_softmax_shape(scores, where, axis=axis), axis=axis, keepdims=keepdims)


SOFTMAX = Operation(
    "softmax",
    _softmax,
    _softmax_shape,
    "softmax({0}{over})",
    masked="softmax({0}{over}, where {1})",
    broadcasts=True,
    keywords={"axis": -1},
    conditions=(PROBABILITIES, PARTLY_MASKED),
    questions=(
        "When one entry of {0} grows a little, what becomes of the other entries of {value} beside it?",
        "Along which axis does {value} sum to 1, and what does that say of a gradient that is the same "
        "in all entries along it?",
    ),
)
LOG_SUM_EXP = Operation(
    "log_sum_exp",
    _log_sum_exp,
    _log_sum_exp_shape,
    "log Σ exp({0}{over})",
    masked="log Σ exp({0}{over}, where {1})",
    broadcasts=True,
    keywords={"axis": -1, "keepdims": False},
    conditions=(NOT_TOO_LARGE, PARTLY_MASKED),
    questions=(
        "When all entries of {0} along the axis grow by the same amount, by how much does {value} grow?",
        "Which entry of {0} has the largest share in that?",
    ),
)
