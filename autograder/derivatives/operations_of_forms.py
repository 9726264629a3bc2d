"""Make operations that begin with a gradient, or are a whole form of a step."""

from __future__ import annotations

from collections.abc import Callable

from autograder.diagnosis.steps import Env, Form, Op
from autograder.exercise import Array


def of(gradient: str) -> Op:
    """Begin with a gradient; where a student's is no array, the operation raises LookupError."""

    def op(e: Env, _: Array) -> Array:
        array: Array | None = e[gradient]
        if array is None:
            raise LookupError(gradient)
        return array

    return op


def run(form: Form) -> Op:
    """Make one operation of a form.

    Raises (when run)
    -----------------
    LookupError
        Shapes do not fit, or an array is not there.
    """

    def op(e: Env, _: Array) -> Array:
        result = form.value(e)
        if result is None:
            raise LookupError
        return result

    return op


def with_gradient(gradient: str, weights: str, right: Op) -> Op:
    """Return the right form of a product's factor with the weights' gradient in the weights' place."""
    return lambda e, v: right({**e, weights: e[gradient]}, v)


def with_later_gradient(gradient: Callable[[Env], Array | None], factor: str, right: Op) -> Op:
    """Return the right form with the factor's own gradient in its place, computed for this purpose.

    Raises (when run)
    -----------------
    LookupError
        It cannot be made yet.
    """

    def op(e: Env, v: Array) -> Array:
        made = gradient(e)
        if made is None:
            raise LookupError(factor)
        return right({**e, factor: made}, v)

    return op
