"""What goes wrong between scores and a cross-entropy, where both probabilities and error are handed in.

    P = softmax(Z)    err = -mean(log P[n, t[n]])

What is wrong in P is seen in P and in the error that follows from it. Students compute the error from P, or
from Z once more; so each mistake may also be in one of the two alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from autograder.diagnosis.steps import Choice, Model
from autograder.exercise import Array, Instance, Whole

ERROR = "err"
TINY = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)

_Way: TypeAlias = Callable[[Array], tuple[Array, Array]]
"""From scores to P and log P."""
_Error: TypeAlias = Callable[[Array, Array, Whole], Array]
"""Of P, log P and t."""


@dataclass(frozen=True)
class _Probabilities:
    """How P is computed."""

    way: _Way
    of_error: bool = True
    """Whether the error is computed from the same."""


@dataclass(frozen=True)
class _Form:
    """How the error is computed: in a form of its own, or in a way of its own."""

    form: _Error | None = None
    way: _Way | None = None


def compute(instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
    """Compute P (N, C) and err () from Z (N, C) and t (N,), with wrong choices if there are any.

    Choices are of one `_Probabilities` for P, and of one `_Form` for err.
    """
    Z, t = np.asarray(instance.inputs["Z"]), np.asarray(instance.inputs["t"])
    own, error = wrong.get("P", _Probabilities(_softmax)), wrong.get(ERROR, _Form())
    way: _Way = error.way or (own.way if own.of_error else _softmax)
    form: _Error = error.form or _right
    return {"P": _no_nan(own.way(Z)[0]), ERROR: _no_nan(form(*way(Z), t))}


def _no_nan(array: Array) -> Array:
    """Put infinity for nan, which in a model means that a student may have anything."""
    return np.nan_to_num(array, nan=np.inf, posinf=np.inf, neginf=-np.inf)


def _softmax(Z: Array) -> tuple[Array, Array]:
    return _normalised(Z, 1)


def _normalised(Z: Array, axis: int | None) -> tuple[Array, Array]:
    shifted = Z - Z.max(axis=axis, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return np.exp(logarithms), logarithms


def _beyond_the_row(axis: int | None) -> _Way:
    """Take each row's maximum away, as is right, and divide by a sum over other entries."""

    def way(Z: Array) -> tuple[Array, Array]:
        shifted = Z - Z.max(axis=1, keepdims=True)
        logarithms = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
        return np.exp(logarithms), logarithms

    return way


def _shifted(shift: Callable[[Array], Array]) -> _Way:
    def way(Z: Array) -> tuple[Array, Array]:
        powers = np.exp(Z - shift(Z))
        P = powers / powers.sum(axis=1, keepdims=True)
        return P, np.log(P)

    return way


def _sigmoid(Z: Array) -> tuple[Array, Array]:
    logarithms = -np.logaddexp(0, -Z)
    return np.exp(logarithms), logarithms


def _of_truth(array: Array, t: Whole) -> Array:
    """The entries of the right classes, (N,)."""
    found: Array = array[np.arange(len(t)), t]
    return found


def _right(_: Array, logarithms: Array, t: Whole) -> Array:
    return np.asarray(-_of_truth(logarithms, t).mean())


def _one_hot(P: Array, t: Whole) -> Array:
    return np.eye(P.shape[1])[t]


def _binary(P: Array, logarithms: Array, t: Whole) -> Array:
    T = _one_hot(P, t)
    return -np.where(T > 0, logarithms, np.log1p(-P))


def _plus(tiny: float) -> _Error:
    return lambda P, _, t: np.asarray(-np.log(_of_truth(P, t) + tiny).mean())


def _at_least(tiny: float) -> _Error:
    return lambda P, _, t: np.asarray(-np.log(np.clip(_of_truth(P, t), tiny, 1 - tiny)).mean())


FORMS: tuple[tuple[str, str, _Error], ...] = (
    ("sum-instead-of-mean", "", lambda P, L, t: _right(P, L, t) * len(P)),
    ("mean-twice", "", lambda P, L, t: _right(P, L, t) / len(P)),
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


WAYS: tuple[tuple[str, str, _Way], ...] = (
    ("softmax-wrong-axis", "each column", lambda Z: _normalised(Z, 0)),
    ("softmax-wrong-axis", "the whole array", lambda Z: _normalised(Z, None)),
    ("softmax-wrong-axis", "each column", _beyond_the_row(0)),
    ("softmax-wrong-axis", "the whole array", _beyond_the_row(None)),
    ("sigmoid-for-softmax", "", _sigmoid),
    ("double-softmax", "", lambda Z: _softmax(_softmax(Z)[0])),
    ("missing-normalisation", "", lambda Z: (np.exp(Z), np.log(np.exp(Z)))),
    ("missing-normalisation", "", lambda Z: (np.exp(Z), Z)),
)
UNSTABLE: tuple[tuple[str, _Way], ...] = (
    ("overflow", _shifted(np.zeros_like)),
    ("maximum-over-everything", _shifted(lambda Z: np.full_like(Z, Z.max()))),
    ("maximum-over-everything", _shifted(lambda Z: np.asarray(Z.max(axis=0)))),
    ("maximum-over-everything", _shifted(lambda Z: np.maximum(Z.max(axis=1, keepdims=True), 0))),
)


def _choices() -> Iterator[Choice]:
    """Give what goes wrong in P and the error that follows from it, then in one of the two alone."""
    unstable = tuple((fault, "", way) for fault, way in UNSTABLE)
    for fault, hint, way in (*WAYS, *unstable):
        costs = ("P", ERROR) if (fault, "", way) in unstable else ("P",)  # nothing follows from no numbers
        yield Choice(fault, "P", costs, ("P", _Probabilities(way)), hint)
        yield Choice(fault, "P", ("P",), ("P", _Probabilities(way, of_error=False)), hint, rare=True)
        yield Choice(fault, ERROR, (ERROR,), (ERROR, _Form(way=way)), hint, rare=True)
    for logarithms in (lambda Z: _softmax(Z)[1], lambda Z: np.log(_softmax(Z)[0])):
        only = _Probabilities(lambda Z, own=logarithms: (own(Z), own(Z)), of_error=False)  # type: ignore[misc]
        yield Choice("log-probabilities-for-probabilities", "P", ("P",), ("P", only))
    for fault, hint, form in FORMS:
        yield Choice(fault, ERROR, (ERROR,), (ERROR, _Form(form)), hint)
    for tiny in TINY:
        for form in (_plus(tiny), _at_least(tiny)):
            yield Choice(
                "clipped-probabilities", ERROR, (ERROR,), (ERROR, _Form(form)), f"{tiny:.0e}", rare=True
            )
    for hint, form in OTHER_ERRORS:
        yield Choice("wrong-error", ERROR, (ERROR,), (ERROR, _Form(form)), hint, rare=True)


PROBABILITIES = Model(compute, tuple(_choices()), scaled=(ERROR,), averaged=(ERROR,))
"""Of exercises that are given Z and t, and hand in P and err."""
