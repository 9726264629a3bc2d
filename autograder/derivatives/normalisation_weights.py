"""Name mistakes with a normalisation's factor: elsewhere on the way back, twice, or missing on a path."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.derivatives.operands import value
from autograder.derivatives.statistics import Statistics, Term
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Env, Mistake
from autograder.exercise import Array

BOTH = "both means"
WEIGHTS = (("weight-missing", -1), ("weight-twice", 1))


def weighted(s: Statistics, path: str, right: Term) -> Iterator[Mistake]:
    """Yield the factor after a normalisation elsewhere on the way back, twice, or missing on a path."""
    weight = factor_behind(s.use)
    if weight is None:
        return
    name, varies = weight
    G = value(s.use, name)
    outside = "gamma-outside-the-means" if varies else "weight-twice"
    yield Mistake(outside, lambda e, p: G(e) * s.gradient(e, p[0]), name)
    if varies:
        yield Mistake(outside, lambda e, p: G(e) * s.gradient(e, p[0] / G(e)), name)
    for fault, power in WEIGHTS:

        def through(e: Env, p: Array, power: int = power) -> Array:
            result: Array = p[1] - right(e, p[0] * G(e) ** power)
            return result

        def both(e: Env, p: Array, power: int = power) -> Array:
            v = p[0] * G(e) ** power
            result: Array = p[0] - s.mean(v) - right(e, v)
            return result

        def direct(e: Env, p: Array, power: int = power) -> Array:
            result: Array = p[1] - right(e, p[0]) + p[0] * (G(e) ** power - 1)
            return result

        def beside(e: Env, p: Array, power: int = power) -> Array:
            v = p[0] * G(e) ** power
            result: Array = (v - s.mean(v) if s.centred else v) - right(e, p[0])
            return result

        def behind(e: Env, p: Array, power: int = power) -> Array:
            result: Array = p[1] - G(e) ** power * right(e, p[0])
            return result

        yield Mistake(fault, through, f"{name} in {path}")
        yield Mistake(fault, direct, f"{name} on the direct path")
        if s.centred:
            yield Mistake(fault, beside, f"{name} everywhere but in {path}")
        if varies:
            yield Mistake(fault, behind, f"{name} behind {path}")
        if s.centred:
            yield Mistake(fault, both, f"{name} in {BOTH}")


def factor_behind(use: Use) -> tuple[str, bool] | None:
    """Return the input that multiplies the normalised array, and whether it varies along those axes."""
    for node, place in use.forward.consumers(use.node.name):
        if node.operation.name == "elementwise_product":
            other = node.operands[1 - place]
            if other in use.forward.inputs:
                own, whole = use.forward.shapes[other], use.forward.shapes[use.operand]
                padded = (1,) * (len(whole) - len(own)) + own
                return other, any(padded[axis] != 1 for axis in use.node.keywords["axis"])
    return None
