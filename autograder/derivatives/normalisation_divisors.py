"""Name other numbers in the deviation's place: eps twice or not at all, a root too many, a length.

Some put them into the last division alone; others make what comes out anew with them, and its gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from autograder.derivatives.operands import Value, value
from autograder.derivatives.statistics import Statistics
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Env, Mistake
from autograder.exercise import Array

CENTRED = {"normalise": True, "rms_normalise": False}
GIVEN_AGAIN = "eps-added-again"


class _Divisor(NamedTuple):
    """What stands in the deviation's place."""

    fault: str
    hint: str
    of: Callable[[Statistics, Env], Array]
    in_results: bool = True
    """Whether there is a name for it where what comes out meets another gradient."""


def _without_eps(s: Statistics, e: Env) -> Array:
    result: Array = np.sqrt(s.mean(s.divided(e) ** 2))
    return result


def _length(s: Statistics, e: Env) -> Array:
    result: Array = np.sqrt((s.divided(e) ** 2).sum(axis=s.axis, keepdims=True))
    return result


def _length_with_eps(s: Statistics, e: Env) -> Array:
    return np.sqrt(_length(s, e) ** 2 + s.eps(e))


DIVISORS = (
    _Divisor(
        "deviation-again",
        "the root of the deviation",
        lambda s, e: np.sqrt(s.deviation(e) + s.eps(e)),
        in_results=False,
    ),
    _Divisor(
        "deviation-again",
        "a root with eps in it twice",
        lambda s, e: np.sqrt(s.deviation(e) ** 2 + s.eps(e)),
    ),
    _Divisor("eps-left-out", "", _without_eps),
)
LENGTHS = (
    _Divisor("length-for-deviation", "", _length),
    _Divisor("length-for-deviation", "", _length_with_eps),
)


def other_divisors(s: Statistics) -> Iterator[Mistake]:
    """Another divisor, in the last division alone or in what comes out as well."""
    for divisor in DIVISORS:
        for again in (False, True):
            yield Mistake(divisor.fault, partial(_divided, s, divisor, again, False), divisor.hint)
    for divisor in LENGTHS:  # by which the sum is the right one for the mean
        for again, summed in ((False, False), (True, False), (True, True)):
            op = partial(_divided, s, divisor, again, summed)
            yield Mistake(divisor.fault, op, divisor.hint, rare=True)


def _divided(s: Statistics, divisor: _Divisor, again: bool, summed: bool, e: Env, p: Array) -> Array:
    """Compute the gradient times S with another divisor."""
    S = divisor.of(s, e)
    H = s.divided(e) / S if again else s.result(e)
    count = s.count(p[0]) if summed else 1
    result: Array = (p[1] - count * H * s.mean(p[0] * H)) * s.deviation(e) / S
    return result


def made_anew(use: Use) -> Iterator[tuple[str, str, Value]]:
    """Yield what is normalised with another divisor, if it is the other factor: each with fault and hint."""
    node = use.forward.nodes.get(use.other)
    if node is None:
        return
    if node.operation.name in CENTRED:
        s = Statistics(Use(use.forward, node, 0, use.parameters), CENTRED[node.operation.name])
        for divisor in (*DIVISORS, *LENGTHS):
            if divisor.in_results:
                yield divisor.fault, divisor.hint, partial(_result, s, divisor)
    if node.operation.name == "normalise_with":
        X, mean = (value(use, operand) for operand in node.operands[:2])
        for fault, hint, root in given_again(Use(use.forward, node, 0, use.parameters)):
            yield fault, hint, partial(_with_given, X, mean, root)


def _result(s: Statistics, divisor: _Divisor, e: Env) -> Array:
    result: Array = s.divided(e) / divisor.of(s, e)
    return result


def _with_given(X: Value, mean: Value, root: Value, e: Env) -> Array:
    result: Array = (X(e) - mean(e)) / root(e)
    return result


def given_again(use: Use) -> Iterator[tuple[str, str, Value]]:
    """Yield a given deviation with the eps added that it has in it already, or taken for a variance."""
    name = use.node.operands[2]
    deviation = value(use, name)
    for node in use.forward.nodes.values():
        if node.operation.name in CENTRED and node.operands[0] == use.node.operands[0]:
            eps = value(use, node.operands[1])
            yield GIVEN_AGAIN, name, partial(_rooted, deviation, eps, 2)
            yield "deviation-again", f"the root of {name}", partial(_rooted, deviation, eps, 1)


def _rooted(deviation: Value, eps: Value, power: int, e: Env) -> Array:
    result: Array = np.sqrt(deviation(e) ** power + eps(e))
    return result
