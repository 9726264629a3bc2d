"""Define vector-Jacobian products of softmax and log-sum-exp, for any upstream gradient, and wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.derivatives.operands import Value, mistaken_for_value, value
from autograder.derivatives.reductions import spread
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array
from autograder.operations.axes import Axes
from autograder.operations.table import OPERATIONS

ALL_ROWS = "the sum of all rows of the gradient that arrives"
TARGETS = "targets that are made from what arrives"
OF_UPSTREAM = "the softmax of the gradient"


def softmax(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to scores: P ∘ (D - the sum of D ∘ P along the axis)."""
    probabilities, axis = value(use, use.node.name), use.node.keywords["axis"]
    dimensions, line = len(use.forward.shapes[use.node.name]), use.forward.right_side(use.node.name)
    compute, right = OPERATIONS["softmax"].compute, _jacobian(probabilities, axis)
    others = [(k,) for k in range(-dimensions, 0) if (k,) != axis]

    def weighted(e: Env, v: Array) -> Array:
        total: Array = (v * probabilities(e)).sum(axis=axis, keepdims=True)
        return total

    def summed(e: Env, v: Array) -> Array:
        """Return the products p² that stand in a row where p·pᵀ was meant, times the gradient."""
        total: Array = probabilities(e) ** 2 * v.sum(axis=axis, keepdims=True)
        return total

    def plus_beside_the_diagonal(e: Env, v: Array) -> Array:
        P = probabilities(e)
        result: Array = P * (v * (1 - 2 * P) + weighted(e, v))
        return result

    def minus_on_the_diagonal(e: Env, v: Array) -> Array:
        P = probabilities(e)
        result: Array = P * (v * (2 * P - 1) - weighted(e, v))
        return result

    def again(e: Env) -> Array:
        twice: Array = compute(probabilities(e), axis=axis)
        return twice

    def of_upstream(e: Env, v: Array) -> Array:
        return _jacobian(lambda _: compute(v, axis=axis), axis)(e, v)

    mistakes = (
        Mistake("missing-softmax-derivative", lambda _, v: v),
        Mistake("softmax-diagonal-only", lambda e, v: probabilities(e) * (1 - probabilities(e)) * v),
        Mistake("softmax-diagonal-only", lambda e, v: (1 - probabilities(e)) * v, rare=True),
        Mistake("softmax-row-sum-missing", lambda e, v: probabilities(e) * v),
        *(Mistake("softmax-wrong-axis", _jacobian(probabilities, along)) for along in others),
        *(
            [Mistake("softmax-wrong-axis", _jacobian(probabilities, tuple(range(-dimensions, 0))))]
            if others
            else []
        ),
        *(
            [
                Mistake("another-row", _of_first_row(probabilities), "the Jacobian of the first row"),
                Mistake(
                    "another-row",
                    _of_all_rows(probabilities),
                    "the products of the probabilities of all rows",
                    rare=True,
                ),
                Mistake("another-row", _of_mean(probabilities), "the mean over all rows", rare=True),
                Mistake("wrong-upstream", _of_summed(right), ALL_ROWS, rare=True),
            ]
            if dimensions == 2 and axis == (-1,)
            else []
        ),
        *(
            [
                Mistake(
                    "row-sums-for-columns", lambda e, v: probabilities(e) * (v - weighted(e, v).squeeze(axis))
                )
            ]
            if axis == (-1,) and len(set(use.forward.shapes[use.node.name][-2:])) < min(dimensions, 2)
            else []
        ),
        Mistake(
            "mean-for-weighted-sum",
            lambda e, v: probabilities(e) * (v - v.mean(axis=axis, keepdims=True)),
        ),
        Mistake(
            "mean-for-weighted-sum",
            lambda e, v: probabilities(e) * (v - (v * probabilities(e)).mean(axis=axis, keepdims=True)),
        ),
        Mistake(
            "softmax-sum-unweighted",
            lambda e, v: probabilities(e) * (v - v.sum(axis=axis, keepdims=True)),
        ),
        Mistake("softmax-sum-added", lambda e, v: probabilities(e) * (v + weighted(e, v))),
        Mistake("softmax-plus-for-minus", plus_beside_the_diagonal),
        Mistake("softmax-plus-for-minus", minus_on_the_diagonal, "the diagonal", rare=True),
        Mistake(
            "square-taken-away-twice",
            lambda e, v: probabilities(e) * (v * (1 - probabilities(e)) - weighted(e, v)),
        ),
        Mistake(
            "diagonal-without-square",
            lambda e, v: probabilities(e) * (v * (1 + probabilities(e)) - weighted(e, v)),
        ),
        Mistake(
            "softmax-diagonal-twice",
            lambda e, v: probabilities(e) * (v * (2 - probabilities(e)) - weighted(e, v)),
            rare=True,
        ),
        Mistake(
            "softmax-diagonal-everywhere", lambda e, v: (1 - probabilities(e)) * weighted(e, v), rare=True
        ),
        Mistake(
            "softmax-diagonal-everywhere",
            lambda e, v: probabilities(e) * (v.sum(axis=axis, keepdims=True) - weighted(e, v)),
            rare=True,
        ),
        *([_one_term(probabilities, which) for which in (-1, 0)] if axis == (-1,) else []),
        Mistake("double-softmax", _jacobian(again, axis)),
        Mistake(
            "log-softmax-assumed", lambda e, v: v - probabilities(e) * v.sum(axis=axis, keepdims=True), line
        ),
        Mistake("outer-product-missing", lambda e, v: probabilities(e) * v - summed(e, v)),
        Mistake(
            "outer-product-missing", lambda e, v: probabilities(e) * v - weighted(e, v * probabilities(e))
        ),
        Mistake(
            "outer-product-missing",
            lambda e, v: probabilities(e) * v - summed(e, v).sum(axis=axis, keepdims=True),
            "the sum of all p²",
            rare=True,
        ),
        Mistake(
            "outer-product-missing",
            lambda e, v: v * (probabilities(e) - (probabilities(e) ** 2).sum(axis=axis, keepdims=True)),
            "the sum of all p²",
            rare=True,
        ),
        Mistake("softmax-factor-missing", lambda e, v: v - weighted(e, v)),
        Mistake("softmax-factor-missing", lambda e, v: probabilities(e) * v - weighted(e, v)),
        Mistake("cross-entropy-assumed", lambda e, v: probabilities(e) - v, "what arrives", rare=True),
        Mistake("cross-entropy-assumed", lambda e, v: probabilities(e) * (1 + v), TARGETS, rare=True),
        Mistake("upstream-twice", lambda e, v: right(e, v) * v, rare=True),
        Mistake("wrong-operand", of_upstream, OF_UPSTREAM, rare=True),
        Mistake("applied-to-gradient", lambda _, v: compute(v, axis=axis), line, rare=True),
        Mistake("upstream-ignored", lambda e, _: probabilities(e) * (1 - probabilities(e)), line, rare=True),
        *(Mistake("wrong-operand", _jacobian(other, axis), hint) for hint, other in mistaken_for_value(use)),
    )
    return (VJP(right, mistakes),)


def _jacobian(probabilities: Value, axis: Axes) -> Op:
    """Multiply a gradient with the Jacobian of softmax along an axis."""

    def op(e: Env, v: Array) -> Array:
        P = probabilities(e)
        result: Array = P * (v - (v * P).sum(axis=axis, keepdims=True))
        return result

    return op


def _one_term(probabilities: Value, which: int) -> Mistake:
    """Return what comes back through the last class alone, or the first: a sum that each term overwrites."""

    def op(e: Env, v: Array) -> Array:
        only = np.zeros_like(v)
        only[..., which] = v[..., which]
        P = probabilities(e)
        result: Array = P * (only - (only * P).sum(axis=-1, keepdims=True))
        return result

    return Mistake("one-class-alone", op, "the last class" if which else "the first class", rare=True)


def _of_first_row(probabilities: Value) -> Op:
    """Multiply every row of a gradient with the Jacobian of the first."""

    def op(e: Env, v: Array) -> Array:
        p = probabilities(e)[0]
        result: Array = p * v - (v @ p)[:, None] * p
        return result

    return op


def _of_all_rows(probabilities: Value) -> Op:
    """Take the products of the probabilities of all rows away, summed up, where each row has its own."""

    def op(e: Env, v: Array) -> Array:
        P = probabilities(e)
        result: Array = P * v - v @ P.T @ P
        return result

    return op


def _of_mean(probabilities: Value) -> Op:
    """Multiply every row of a gradient with the mean of all Jacobians."""

    def op(e: Env, v: Array) -> Array:
        P = probabilities(e)
        result: Array = P.mean(axis=0) * v - v @ P.T @ P / len(P)
        return result

    return op


def _of_summed(right: Op) -> Op:
    """Add the gradients of all rows up before each of them meets its Jacobian."""
    return lambda e, v: right(e, np.broadcast_to(v.sum(axis=0), v.shape))


def log_sum_exp(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to scores: the upstream one, in the proportions of the softmax."""
    operands, axis = [value(use, operand) for operand in use.node.operands], use.node.keywords["axis"]
    compute = OPERATIONS["softmax"].compute

    def shares(e: Env) -> Array:
        result: Array = compute(*(operand(e) for operand in operands), axis=axis)
        return result

    def powers(e: Env) -> Array:
        scores = np.exp(operands[0](e))
        return scores * operands[1](e) if len(operands) > 1 else scores

    def shared(e: Env, v: Array) -> Array:
        return spread(v, axis, operands[0](e).shape, keepdims=use.node.keywords["keepdims"])

    return (
        VJP(
            lambda e, v: shared(e, v) * shares(e),
            (
                Mistake("missing-softmax", shared),
                Mistake("reduce-not-expanded", lambda _, v: v),
                Mistake("softmax-not-normalised", lambda e, v: shared(e, v) * powers(e)),
            ),
        ),
    )
