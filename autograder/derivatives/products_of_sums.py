"""Name wrong matrix products: operands summed before they are multiplied, or one term alone.

An entry of a product is a sum over an index that both factors have.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from autograder.derivatives.operands import ONE_POINT, Value
from autograder.diagnosis.steps import Env, Mistake, Op
from autograder.exercise import Array


def summed_weights(weights: Value, name: str) -> Iterator[Mistake]:
    """Take a sum over the units above for the product with weights that lead to them: square ones."""
    for axis, line in ((1, "row"), (0, "column")):
        hint = f"each {line} of {name}"
        yield Mistake("weights-summed", _entry_by_entry(weights, axis), hint, rare=True)
        yield Mistake("weights-summed", _both_summed(weights, axis), hint, rare=True)
    for which, at in ONE_POINT:
        yield Mistake("one-unit-above", _one_unit(weights, at), which.removeprefix("the "), rare=True)


def normalised_weights(weights: Value, name: str) -> Iterator[Mistake]:
    """Share out what arrives at a unit by the weights that lead to it, as if they had to sum to 1."""

    def op(e: Env, v: Array, signed: bool) -> Array:
        w = weights(e)
        total = (w if signed else np.abs(w)).sum(axis=-2, keepdims=True)
        result: Array = v @ np.swapaxes(w / total, -1, -2)
        return result

    for signed, total in ((True, "their sum"), (False, "the sum of their sizes")):
        hint = f"{name} are divided by {total}"
        yield Mistake("weights-normalised", partial(op, signed=signed), hint, rare=True)


def of_sums(inputs: Value) -> Iterator[Mistake]:
    """Sum inputs and gradients over the data points, or average them, before they are multiplied."""
    yield Mistake("product-of-sums", lambda e, v: np.outer(inputs(e).mean(axis=0), v.sum(axis=0)), rare=True)
    yield Mistake("product-of-sums", lambda e, v: np.outer(inputs(e).sum(axis=0), v.sum(axis=0)), rare=True)


def _entry_by_entry(weights: Value, axis: int) -> Op:
    return lambda e, v: v * weights(e).sum(axis=axis)


def _both_summed(weights: Value, axis: int) -> Op:
    return lambda e, v: v.sum(axis=-1, keepdims=True) * weights(e).sum(axis=axis)


def _one_unit(weights: Value, at: int) -> Op:
    def op(e: Env, v: Array) -> Array:
        result: Array = v[..., [at]] * weights(e)[:, at]
        return result

    return op
