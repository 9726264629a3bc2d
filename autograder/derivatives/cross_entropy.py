"""Vector-Jacobian products of the mean cross-entropy, of probabilities and of scores, and the wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.derivatives.basic import sigmoid
from autograder.derivatives.errors import only, times_upstream
from autograder.derivatives.operands import Value, value, written
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Alternative, Env, Op, Slot
from autograder.exercise import Array
from autograder.operations.cross_entropy import one_hot
from autograder.operations.table import OPERATIONS


def of_probabilities(use: Use) -> tuple[Slot, ...]:
    """Gradient by P of -mean(Σ T ∘ log P): -T/P over the number of data points."""
    P, T = value(use, use.operand), _targets(use)
    name = f"log({written(use, use.operand)})"
    alternatives = (
        Alternative("derivative-missing", lambda e, _: -T(e), name),
        Alternative("activation-instead-of-derivative", lambda e, _: -T(e) * np.log(P(e)), name),
        Alternative("multiplied-for-divided", lambda e, _: -T(e) * P(e), written(use, use.operand)),
        Alternative("targets-left-out", lambda e, _: -1 / P(e)),
        Alternative("binary-cross-entropy", lambda e, _: -T(e) / P(e) + (1 - T(e)) / (1 - P(e))),
        Alternative("softmax-included", lambda e, _: P(e) - T(e)),
        Alternative("one-data-point", lambda e, _: only(-T(e) / P(e), -1), "the last", rare=True),
        Alternative("one-data-point", lambda e, _: only(-T(e) / P(e), 0), "the first", rare=True),
    )
    return (times_upstream(Slot(lambda e, _: -T(e) / P(e), alternatives)), _mean(use))


def of_scores(use: Use) -> tuple[Slot, ...]:
    """Gradient by Z of the cross-entropy of softmax(Z): P - T over the number of data points."""
    Z, T = value(use, use.operand), _targets(use)

    def P(e: Env, axis: int = -1) -> Array:  # noqa: N802  as the sheet calls it
        return _softmax(Z(e), axis)

    alternatives = tuple(_mistaken_scores(Z, T, P, written(use, use.operand)))
    return (times_upstream(Slot(lambda e, _: P(e) - T(e), alternatives)), _mean(use))


def _mistaken_scores(Z: Value, T: Value, P: Callable[..., Array], name: str) -> Iterator[Alternative]:
    """What stands in the place of P - T."""
    yield Alternative("missing-softmax-derivative", lambda e, _: -T(e) / P(e))
    yield Alternative("softmax-diagonal-only", lambda e, _: -T(e) * (1 - P(e)))
    yield Alternative("softmax-row-sum-missing", lambda e, _: -T(e))
    yield Alternative("targets-not-subtracted", lambda e, _: P(e))
    yield Alternative("one-subtracted-everywhere", lambda e, _: P(e) - 1)
    yield Alternative("logits-for-probabilities", lambda e, _: Z(e) - T(e), name)
    yield Alternative("log-probabilities-for-probabilities", lambda e, _: np.log(P(e)) - T(e))
    yield Alternative("sigmoid-for-softmax", lambda e, _: sigmoid(Z(e)) - T(e))
    yield Alternative("softmax-not-normalised", lambda e, _: np.exp(Z(e)) - T(e))
    yield Alternative("softmax-wrong-axis", lambda e, _: P(e, 0) - T(e))
    yield Alternative("double-softmax", lambda e, _: _softmax(P(e)) - T(e))
    yield Alternative("softmax-derivative-twice", lambda e, _: (P(e) - T(e)) * P(e) * (1 - P(e)))
    yield Alternative("softmax-derivative-twice", _through_softmax(P, T))
    for which, row in (("the last", -1), ("the first", 0)):
        yield Alternative("one-data-point", _row_of(P, T, row), which, rare=True)


def _mean(use: Use) -> Slot:
    """Divide by the number of data points."""
    scores = value(use, use.operand)
    return Slot(
        lambda e, v: v / len(scores(e)),
        (Alternative("averaged-over-classes", lambda e, v: v / scores(e).size),),
    )


def _targets(use: Use) -> Value:
    """Give T (N, C), whichever way the targets are given."""
    t, scores = value(use, use.other), value(use, use.operand)
    return lambda e: np.asarray(one_hot(np.asarray(t(e)), scores(e)), dtype=np.float64)


def _softmax(Z: Array, axis: int = -1) -> Array:
    found: Array = OPERATIONS["softmax"].compute(Z, axis=(axis,))
    return found


def _through_softmax(P: Callable[..., Array], T: Value) -> Op:
    def op(e: Env, _: Array) -> Array:
        p, off = P(e), P(e) - T(e)
        found: Array = p * (off - (off * p).sum(axis=-1, keepdims=True))
        return found

    return op


def _row_of(P: Callable[..., Array], T: Value, row: int) -> Op:
    return lambda e, _: only(P(e) - T(e), row)
