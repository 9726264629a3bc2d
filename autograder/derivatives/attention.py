"""Name what goes wrong on the way back through an attention's softmax: masked, before a product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from autograder.derivatives.operands import Value, square, value
from autograder.derivatives.softmax import softmax as plain_softmax
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array


def softmax(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to scores, with the mistakes of any softmax and of masked ones."""
    (vjp,) = plain_softmax(use)
    return (replace(vjp, mistakes=(*vjp.mistakes, *_more(use, vjp.right))),)


def _more(use: Use, right: Op) -> Iterator[Mistake]:
    probabilities, axis = value(use, use.node.name), use.node.keywords["axis"]

    def summed(array: Array) -> Array:
        total: Array = array.sum(axis=axis, keepdims=True)
        return total

    def twice(e: Env, v: Array) -> Array:
        P = probabilities(e)
        result: Array = P * (v - summed(P**2 * v))
        return result

    def without_diagonal(e: Env, v: Array) -> Array:
        P = probabilities(e)
        result: Array = -P * summed(P * v)
        return result

    yield Mistake("softmax-diagonal-missing", without_diagonal)
    yield Mistake("weighted-twice", twice)
    yield from _of_exponentials(use)
    if len(use.node.operands) > 1:
        mask = value(use, use.node.operands[1])

        def mean_of_seen(e: Env, v: Array) -> Array:
            M = mask(e)
            result: Array = probabilities(e) * (v - summed(M * v) / summed(M * np.ones_like(v)))
            return result

        def triangle(e: Env, v: Array) -> Array:
            visible = np.tril(probabilities(e))
            result: Array = visible * (v - summed(visible * v))
            return result

        yield Mistake("mean-for-weighted-sum", mean_of_seen)
        yield Mistake("missing-softmax-derivative", lambda e, v: v * (mask(e) > 0), rare=True)
        if square(use, use.node.name):
            yield Mistake("triangle-for-mask", lambda e, v: np.tril(right(e, v)), rare=True)
            yield Mistake("triangle-for-mask", triangle, rare=True)
    yield from _of_products(use, probabilities)


def _of_exponentials(use: Use) -> Iterator[Mistake]:
    """Let the exponentials of the scores stand for the probabilities: they are divided by no sum."""
    axis, operands = use.node.keywords["axis"], [value(use, operand) for operand in use.node.operands]

    def powers(e: Env) -> Array:
        scores = np.exp(operands[0](e))
        return scores * (operands[1](e) > 0) if len(operands) > 1 else scores

    def slope(e: Env, v: Array) -> Array:
        result: Array = powers(e) * v
        return result

    def jacobian(e: Env, v: Array) -> Array:
        E = powers(e)
        result: Array = E * (v - (E * v).sum(axis=axis, keepdims=True))
        return result

    for op in (slope, jacobian):
        yield Mistake("missing-normalisation", op, rare=True)


def _of_products(use: Use, probabilities: Value) -> Iterator[Mistake]:
    """Sum over a row through what the probabilities are multiplied with, with another quantity in its place.

    The sum of P ∘ DP over a row is that of O ∘ DO, where O = P @ V.
    """
    for node, place in use.forward.consumers(use.node.name):
        if node.operation.name != "product" or place:
            continue
        shape = use.forward.shapes[node.name]
        for name in (*use.forward.inputs, *use.forward.nodes):
            inner = name in use.forward.nodes and use.forward.nodes[name].is_inner
            if not inner and name != node.name and use.forward.shapes[name] == shape:
                op = _with_sum(f"D{node.name}", value(use, name), probabilities)
                yield Mistake("row-sum-of-another", op, f"{name} where {node.name} belongs", rare=True)


def _with_sum(upstream: str, other: Value, probabilities: Value) -> Op:
    def op(e: Env, v: Array) -> Array:
        total = (e[upstream] * other(e)).sum(axis=-1, keepdims=True)
        result: Array = probabilities(e) * (v - total)
        return result

    return op
