"""Define the gradient of the cross-entropy with respect to scores, (P - T)/N, and the wrong ones.

T is an array of zeros and ones; the sheet gives labels.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from autograder.derivatives.basic import sigmoid
from autograder.derivatives.errors import only, times_upstream
from autograder.derivatives.operands import but_for, value
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array
from autograder.operations.table import OPERATIONS
from autograder.operations.targets import one_hot

SMOOTHED = (0.1, 0.2, 0.05)  # how much of a target people share out among the classes
SMOOTH = "one that is smoothed, with a part of it shared out among all classes,"


def cross_entropy(use: Use) -> tuple[VJP, ...]:
    """Gradient (N, C) by the scores: what the softmax leaves of each target, then its part in the mean."""
    scores, targets = value(use, use.operand), value(use, use.other)

    def ones(e: Env) -> Array:
        return np.asarray(one_hot(np.asarray(targets(e)), scores(e)), dtype=np.float64)

    def made(of: Callable[[Array, Array, Array], Array]) -> Op:
        """Compute something of Z, P and T."""

        def op(e: Env, _: Array) -> Array:
            Z = scores(e)
            return of(Z, softmax(Z), ones(e))

        return op

    def columns(e: Env, _: Array) -> Array:
        P = softmax(scores(e))
        P[:, ones(e).argmax(axis=1)] -= 1
        return P

    def rows(number: Callable[[Array, int], Array]) -> Op:
        """Take 1 away from all of some rows."""

        def op(e: Env, _: Array) -> Array:
            P = softmax(scores(e))
            P[number(ones(e).argmax(axis=1), len(P))] -= 1
            return P

        return op

    wrong: list[tuple[str, Callable[[Array, Array, Array], Array], str]] = [
        ("missing-softmax-derivative", lambda Z, P, T: -T / P, ""),
        ("softmax-diagonal-only", lambda Z, P, T: -T * (1 - P), ""),
        ("softmax-row-sum-missing", lambda Z, P, T: -T, ""),
        ("softmax-wrong-axis", lambda Z, P, T: P * T.sum(axis=0) - T, ""),
        ("softmax-wrong-axis", lambda Z, P, T: P * len(P) - T, ""),
        ("softmax-wrong-axis", lambda Z, P, T: softmax(Z, 0) - T, ""),
        ("softmax-wrong-axis", lambda Z, P, T: softmax(Z, (0, 1)) - T, ""),
        ("double-softmax", lambda Z, P, T: softmax(P) - T, ""),
        ("double-softmax", lambda Z, P, T: _through(P, softmax(P) - T), ""),
        ("double-softmax-derivative", lambda Z, P, T: _through(P, P - T), ""),
        ("double-softmax-derivative", lambda Z, P, T: P * (1 - P) * (P - T), ""),
        ("double-softmax-derivative", lambda Z, P, T: P * (P - T), ""),
        ("targets-not-subtracted", lambda Z, P, T: P, ""),
        ("logits-for-probabilities", lambda Z, P, T: Z - T, ""),
        ("log-probabilities-for-probabilities", lambda Z, P, T: np.log(P) - T, ""),
        ("sigmoid-for-softmax", lambda Z, P, T: sigmoid(Z) - T, ""),
        ("wrong-error", lambda Z, P, T: _through(P, 2 * (P - T)), "a sum of squares of P - T"),
    ]
    rare: list[tuple[str, Callable[[Array, Array, Array], Array], str]] = [
        ("wrong-targets", lambda Z, P, T: P - np.roll(T, 1, axis=1), "the class after the right one"),
        ("wrong-targets", lambda Z, P, T: P - np.roll(T, -1, axis=1), "the class before the right one"),
        ("wrong-targets", lambda Z, P, T: P - (P.max(axis=1, keepdims=True) == P), "the most probable class"),
        (
            "wrong-targets",
            lambda Z, P, T: P - T.argmax(1)[:, None],
            "the number of its class in every column",
        ),
        ("wrong-targets", lambda Z, P, T: P - 1, "1 in every column"),
        ("wrong-targets", lambda Z, P, T: P - P.max(1, keepdims=True), "the row's largest probability"),
        *(("wrong-targets", partial(_smoothed, share), SMOOTH) for share in SMOOTHED),
        ("target-not-subtracted-from", lambda Z, P, T: np.where(T > 0, -T, P), ""),
        ("wrong-sign-at-target", lambda Z, P, T: np.where(T > 0, T - P, P), ""),
        ("binary-cross-entropy", lambda Z, P, T: _binary(P, T), ""),
        ("binary-cross-entropy", lambda Z, P, T: _through(P, _binary(P, T)), ""),
        ("output-masked", lambda Z, P, T: (P - T) * (Z > 0), ""),
        ("weighted-by-class", lambda Z, P, T: (P - T) * _rarity(T), ""),
        ("one-data-point", lambda Z, P, T: only(P - T, -1), "the last"),
        ("one-data-point", lambda Z, P, T: only(P - T, 0), "the first"),
        ("data-point-left-out", lambda Z, P, T: but_for(P - T, -1), "the last"),
        ("data-point-left-out", lambda Z, P, T: but_for(P - T, 0), "the first"),
    ]
    subtracted = VJP(
        made(lambda Z, P, T: P - T),
        (
            *(Mistake(fault, made(of), hint) for fault, of, hint in wrong),
            Mistake("targets-as-columns", columns),
            Mistake("targets-as-rows", rows(lambda t, _: t)),
            Mistake("targets-as-rows", rows(lambda t, N: t % N)),
            *(Mistake(fault, made(of), hint, rare=True) for fault, of, hint in rare),
        ),
    )
    averaged = Mistake("averaged-over-classes", lambda e, v: v / v.size)
    return (times_upstream(subtracted), VJP(lambda e, v: v / len(v), (averaged,)))


def softmax(Z: Array, axis: int | tuple[int, ...] = 1) -> Array:
    """P of scores of moderate size."""
    result: Array = OPERATIONS["softmax"].compute(Z, axis=axis)
    return result


def _smoothed(share: float, _: Array, P: Array, T: Array) -> Array:
    """Subtract targets of which a part is shared out among all classes."""
    result: Array = P - (1 - share) * T - share / T.shape[1]
    return result


def _binary(P: Array, T: Array) -> Array:
    """Return the gradient by the probabilities of an error for each class by itself."""
    result: Array = (1 - T) / (1 - P) - T / P
    return result


def _rarity(T: Array) -> Array:
    """Return the weights (N, 1) with which all classes count alike, however many data points each has."""
    weights: Array = len(T) / T.shape[1] / (T @ T.sum(axis=0))
    return weights[:, None]


def _through(P: Array, D: Array) -> Array:
    """Put a gradient with respect to probabilities through their softmax."""
    result: Array = P * (D - (P * D).sum(axis=1, keepdims=True))
    return result
