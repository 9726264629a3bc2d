"""Define the vector-Jacobian product of the mean cross-entropy of probabilities, and the wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.derivatives.errors import only, times_upstream
from autograder.derivatives.operands import Value, value, written
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Mistake
from autograder.operations.targets import one_hot


def cross_entropy_of_probabilities(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to P of -mean(Σ T ∘ log P): -T/P over the number of data points."""
    P, T = value(use, use.operand), _targets(use)
    name = f"log({written(use, use.operand)})"
    mistakes = (
        Mistake("derivative-missing", lambda e, _: -T(e), name),
        Mistake("value-instead-of-derivative", lambda e, _: -T(e) * np.log(P(e)), name),
        Mistake("multiplied-for-divided", lambda e, _: -T(e) * P(e), written(use, use.operand)),
        Mistake("targets-left-out", lambda e, _: -1 / P(e)),
        Mistake("binary-cross-entropy", lambda e, _: -T(e) / P(e) + (1 - T(e)) / (1 - P(e))),
        Mistake("softmax-included", lambda e, _: P(e) - T(e)),
        Mistake("one-data-point", lambda e, _: only(-T(e) / P(e), -1), "the last", rare=True),
        Mistake("one-data-point", lambda e, _: only(-T(e) / P(e), 0), "the first", rare=True),
    )
    return (times_upstream(VJP(lambda e, _: -T(e) / P(e), mistakes)), _mean(use))


def _mean(use: Use) -> VJP:
    """Divide by the number of data points."""
    scores = value(use, use.operand)
    return VJP(
        lambda e, v: v / len(scores(e)),
        (Mistake("averaged-over-classes", lambda e, v: v / scores(e).size),),
    )


def _targets(use: Use) -> Value:
    """Return T (N, C), whichever way the targets are given."""
    t, scores = value(use, use.other), value(use, use.operand)
    return lambda e: np.asarray(one_hot(np.asarray(t(e)), scores(e)), dtype=np.float64)
