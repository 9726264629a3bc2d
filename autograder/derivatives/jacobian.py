"""Define the Jacobian of a softmax as an array that is handed in, and what is written in its place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.derivatives.softmax import OF_UPSTREAM
from autograder.diagnosis.steps import VJP, Env, Mistake, Op, Step
from autograder.exercise import Array
from autograder.operations.table import OPERATIONS


def jacobian_of_softmax(name: str, probabilities: str, forward: str) -> Step:
    """Return the step that computes J (C, C), J[i, j] = ∂p_i/∂z_j, of the first row of probabilities (N, C).

    name, probabilities : of the two arrays.
    forward : the formula of the probabilities.
    """

    def of_first(made: Callable[[Array], Array]) -> Op:
        return lambda e, _: made(e[probabilities][0])

    def of_all(made: Callable[[Array], Array]) -> Op:
        return lambda e, _: made(np.stack([_jacobian(p) for p in e[probabilities]]))

    def of_upstream(e: Env, _: Array) -> Array:
        return _jacobian(softmax(e[f"D{probabilities}"][0], axis=(-1,)))

    softmax = OPERATIONS["softmax"].compute
    mistakes = (
        Mistake("softmax-diagonal-only", of_first(lambda p: np.diag(p * (1 - p)))),
        Mistake("softmax-diagonal-only", of_first(np.diag)),
        Mistake("softmax-diagonal-missing", of_first(lambda p: -np.outer(p, p))),
        Mistake("softmax-diagonal-missing", of_first(lambda p: np.diag(p**2) - np.outer(p, p))),
        Mistake("softmax-plus-for-minus", of_first(lambda p: np.diag(p) + np.outer(p, p))),
        Mistake("softmax-plus-for-minus", of_first(lambda p: np.diag(p - 2 * p**2) + np.outer(p, p))),
        Mistake(
            "softmax-plus-for-minus",
            of_first(lambda p: np.diag(2 * p**2 - p) - np.outer(p, p)),
            "the diagonal",
        ),
        Mistake("square-taken-away-twice", of_first(lambda p: np.diag(p - p**2) - np.outer(p, p))),
        Mistake("double-softmax", of_first(lambda p: _jacobian(softmax(p, axis=(-1,))))),
        Mistake("outer-product-missing", of_first(lambda p: np.diag(p) - p**2)),
        Mistake("outer-product-missing", of_first(lambda p: np.diag(p) - (p**2)[:, None])),
        Mistake("outer-product-missing", of_first(lambda p: np.diag(p) - p @ p), "the sum of all p²"),
        Mistake("softmax-diagonal-everywhere", of_first(lambda p: np.outer(p, 1 - p))),
        Mistake("softmax-diagonal-everywhere", of_first(lambda p: np.outer(1 - p, p))),
        Mistake("diagonal-without-square", of_first(lambda p: np.diag(p + p**2) - np.outer(p, p))),
        Mistake("softmax-sum-unweighted", of_first(lambda p: np.diag(p) - p)),
        Mistake("softmax-sum-unweighted", of_first(lambda p: np.diag(p) - p[:, None])),
        Mistake("softmax-factor-missing", of_first(lambda p: np.eye(len(p)) - p)),
        Mistake("softmax-factor-missing", of_first(lambda p: np.eye(len(p)) - p[:, None])),
        Mistake("another-row", lambda e, _: _jacobian(e[probabilities][-1]), "the last row"),
        Mistake("another-row", of_all(lambda J: np.asarray(J.mean(axis=0))), "the mean over all rows"),
        Mistake("another-row", of_all(lambda J: np.asarray(J.sum(axis=0))), "the sum over all rows"),
        Mistake(
            "another-row",
            lambda e, _: np.diag(e[probabilities][0]) - e[probabilities].T @ e[probabilities],
            "the products of the probabilities of all rows",
        ),
        Mistake("wrong-operand", of_upstream, OF_UPSTREAM),
        Mistake("every-row", of_all(lambda J: J)),
    )
    return Step(name, (VJP(of_first(_jacobian), mistakes),), forward)


def _jacobian(p: Array) -> Array:
    result: Array = np.diag(p) - np.outer(p, p)
    return result
