"""What goes wrong between scores and a cross-entropy, where both probabilities and error are handed in.

    P = softmax(Z)    err = -mean(log P[n, t[n]])

What is wrong in P is seen in P and in the error that follows from it. Students compute the error from P, or
from Z once more; so each mistake may also be in one of the two alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from autograder.diagnosis.steps import Choice, Model
from autograder.exercise import Array, Instance

ERROR = "err"
BOTH, P_ALONE, ERROR_ALONE = "", "P.", "err."
TINY = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)

_Wrong: TypeAlias = Mapping[str, Any]
_Labels: TypeAlias = Any  # (N,) int64
_Error: TypeAlias = Callable[[Array, Array, _Labels], Array]
"""Of P, log P and t."""


def compute(instance: Instance, wrong: _Wrong) -> Mapping[str, Array]:
    """Compute P (N, C) and err () from Z (N, C) and t (N,), with wrong choices if there are any."""
    Z, t = np.asarray(instance.inputs["Z"]), np.asarray(instance.inputs["t"]).astype(np.int64)
    P, _ = _probabilities(Z, wrong, P_ALONE)
    error: _Error = wrong.get(ERROR, _right)
    return {
        "P": wrong.get("P", _same)(P),
        ERROR: np.asarray(error(*_probabilities(Z, wrong, ERROR_ALONE), t)),
    }


def _probabilities(Z: Array, wrong: _Wrong, whose: str) -> tuple[Array, Array]:
    """P and log P, where what is wrong in both or in `whose` is so."""

    def chosen(setting: str, right: Any) -> Any:  # noqa: ANN401  a function or an axis
        return wrong.get(whose + setting, wrong.get(setting, right))

    axis, shift, function = chosen("axis", 1), chosen("shift", None), chosen("function", None)
    if function is not None:
        return function(Z)  # type: ignore[no-any-return]  # a function of this table
    if shift is None:
        return _softmax(Z, axis)
    powers = np.exp(Z - shift(Z))
    P = powers / powers.sum(axis=axis, keepdims=True)
    return P, np.log(P)


def _softmax(Z: Array, axis: int | None = 1) -> tuple[Array, Array]:
    shifted = Z - Z.max(axis=axis, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return np.exp(logarithms), logarithms


def _softmax_twice(Z: Array) -> tuple[Array, Array]:
    return _softmax(_softmax(Z)[0])


def _sigmoid(Z: Array) -> tuple[Array, Array]:
    logarithms = -np.logaddexp(0, -Z)
    return np.exp(logarithms), logarithms


def _powers(Z: Array) -> tuple[Array, Array]:
    return np.exp(Z), Z


def _same(P: Array) -> Array:
    return P


def _nothing(Z: Array) -> Array:
    return np.zeros_like(Z)


def _largest_of_all(Z: Array) -> Array:
    return np.full_like(Z, Z.max())


def _of_truth(array: Array, t: _Labels) -> Array:
    """The entries of the right classes, (N,)."""
    found: Array = array[np.arange(len(t)), t]
    return found


def _right(_: Array, logarithms: Array, t: _Labels) -> Array:
    return np.asarray(-_of_truth(logarithms, t).mean())


def _one_hot(P: Array, t: _Labels) -> Array:
    return np.eye(P.shape[1])[t]


def _binary(P: Array, logarithms: Array, t: _Labels) -> Array:
    T = _one_hot(P, t)
    return -np.where(T > 0, logarithms, np.log1p(-P))


def _plus(tiny: float) -> _Error:
    return lambda P, _, t: np.asarray(-np.log(_of_truth(P, t) + tiny).mean())


def _at_least(tiny: float) -> _Error:
    return lambda P, _, t: np.asarray(-np.log(np.clip(_of_truth(P, t), tiny, 1 - tiny)).mean())


FORMS: tuple[tuple[str, str, _Error], ...] = (
    ("sum-instead-of-mean", "", lambda P, L, t: _right(P, L, t) * len(P)),
    ("averaged-over-classes", "", lambda P, L, t: _right(P, L, t) / P.shape[1]),
    ("targets-as-columns", "", lambda P, L, t: np.asarray(-L[:, t].mean())),
    ("missing-logarithm", "", lambda P, L, t: np.asarray(-_of_truth(P, t).mean())),
    ("logarithm-of-zero", "", lambda P, L, t: np.asarray(-np.log(_of_truth(P, t)).mean())),
    ("wrong-logarithm", "2", lambda P, L, t: _right(P, L, t) / np.log(2)),
    ("wrong-logarithm", "10", lambda P, L, t: _right(P, L, t) / np.log(10)),
)
OTHER_ERRORS: tuple[tuple[str, _Error], ...] = (
    (
        "the squares of P - T, summed over the classes",
        lambda P, L, t: ((P - _one_hot(P, t)) ** 2).sum(1).mean(),
    ),
    ("the mean of the squares of P - T", lambda P, L, t: ((P - _one_hot(P, t)) ** 2).mean()),
    ("a binary cross-entropy of every class", lambda P, L, t: _binary(P, L, t).sum(axis=1).mean()),
    ("the mean of a binary cross-entropy of every class", lambda P, L, t: _binary(P, L, t).mean()),
    ("the logarithms of all classes, whatever the right one is", lambda P, L, t: -L.sum(axis=1).mean()),
    ("the mean of all logarithms, whatever the right class is", lambda P, L, t: -L.mean()),
    ("the entropy of P, in which the targets have no part", lambda P, L, t: -(P * L).sum(axis=1).mean()),
    ("the likeliest class, not the right one", lambda P, L, t: -L.max(axis=1).mean()),
    ("1 - P of the right class", lambda P, L, t: (1 - _of_truth(P, t)).mean()),
    ("the logarithm of a mean, not the mean of logarithms", lambda P, L, t: -np.log(_of_truth(P, t).mean())),
    ("the last data point alone", lambda P, L, t: -L[-1, t[-1]]),
    ("the first data point alone", lambda P, L, t: -L[0, t[0]]),
)


def _choices() -> Iterator[Choice]:
    """Give what goes wrong, in P and the error that follows from it, then in one of the two alone."""
    for whose, where in ((BOTH, "P"), (P_ALONE, "P"), (ERROR_ALONE, ERROR)):
        for fault, setting, value, hint in (
            ("softmax-wrong-axis", "axis", 0, "each column"),
            ("softmax-wrong-axis", "axis", None, "the whole array"),
            ("overflow", "shift", _nothing, ""),
            ("maximum-over-everything", "shift", _largest_of_all, ""),
            ("sigmoid-for-softmax", "function", _sigmoid, ""),
            ("double-softmax", "function", _softmax_twice, ""),
            ("missing-normalisation", "function", _powers, ""),
        ):
            # nothing follows from what is no number
            costs = ("P", ERROR) if setting == "shift" and whose == BOTH else (where,)
            yield Choice(fault, where, costs, (whose + setting, value), hint, rare=whose != BOTH)
    yield Choice("log-probabilities-for-probabilities", "P", ("P",), ("P", np.log))
    for fault, hint, form in FORMS:
        yield Choice(fault, ERROR, (ERROR,), (ERROR, form), hint)
    for tiny in TINY:
        for form in (_plus(tiny), _at_least(tiny)):
            yield Choice("clipped-probabilities", ERROR, (ERROR,), (ERROR, form), f"{tiny:.0e}", rare=True)
    for hint, form in OTHER_ERRORS:
        yield Choice("wrong-error", ERROR, (ERROR,), (ERROR, form), hint, rare=True)


PROBABILITIES = Model(compute, tuple(_choices()), scaled=(ERROR,))
"""Of exercises that are given Z and t, and hand in P and err."""
