"""Define vector-Jacobian products of functions of numbers: upstream gradient times slope, and wrong ones.

The slope is written with z for what goes in and a for what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from autograder.derivatives.basic import sigmoid
from autograder.derivatives.operands import value, written
from autograder.derivatives.use import Rule, Use
from autograder.diagnosis.steps import VJP, Mistake, Op
from autograder.exercise import Array

Slope: TypeAlias = Callable[[Array, Array], Array]
"""Of z and a."""


@dataclass(frozen=True)
class Form:
    """The slope of a function, and what is taken for it."""

    slope: Slope
    wrong: tuple[tuple[str, Slope, str], ...] = ()
    """Faults of this function's own, each with a hint."""
    products: tuple[tuple[str, Callable[[Array, Array, Array], Array], str], ...] = ()
    """The same where they are no slopes: of the upstream gradient, z and a."""
    again: Slope | None = None
    """The slope at a in place of z, if that is another number wherever there is one."""
    value_is_wrong: bool = True
    """Whether the upstream gradient times a is another: exp is its own slope."""


def rule(form: Form | Callable[[Use], Form]) -> Rule:
    """Make a rule of a slope, and with it the mistakes that every function has."""

    def derived(use: Use) -> tuple[VJP, ...]:
        known = form(use) if callable(form) else form
        mistakes = tuple(_mistakes(use, known))
        return (VJP(_times(use, known.slope, use.operand), mistakes),)

    return derived


def _mistakes(use: Use, form: Form) -> Iterator[Mistake]:
    function = written_function(use)
    yield Mistake("derivative-missing", lambda _, v: v, function)
    for fault, slope, hint in form.wrong:
        yield Mistake(fault, _times(use, slope, use.operand), hint)
    for fault, product, hint in form.products:
        yield Mistake(fault, _of_all(use, product), hint, rare=True)
    if form.again is not None:
        yield Mistake("derivative-of-output", _times(use, form.again, use.operand), function)
    if form.value_is_wrong:
        hint = written(use, use.node.name)
        yield Mistake("value-instead-of-derivative", _times(use, lambda z, a: a, use.operand), hint)
    yield Mistake("upstream-ignored", _alone(use, form.slope), function, rare=True)
    for other in use.alike(use.operand):
        yield Mistake("derivative-elsewhere", _times_at(use, form.slope, other), other)


def written_function(use: Use) -> str:
    """Write the function down, of its operand."""
    node = use.node
    return node.operation.written([written(use, use.operand)], node.keywords)


def _times(use: Use, slope: Slope, operand: str) -> Op:
    z, a = value(use, operand), value(use, use.node.name)
    return lambda e, v: v * slope(z(e), a(e))


def _of_all(use: Use, product: Callable[[Array, Array, Array], Array]) -> Op:
    z, a = value(use, use.operand), value(use, use.node.name)
    return lambda e, v: product(v, z(e), a(e))


def _alone(use: Use, slope: Slope) -> Op:
    z, a = value(use, use.operand), value(use, use.node.name)
    return lambda e, v: slope(z(e), a(e)) * np.ones_like(v)


def _times_at(use: Use, slope: Slope, other: str) -> Op:
    """Take the slope where another quantity stands in the operand's place."""
    z, compute, keywords = value(use, other), use.node.operation.compute, dict(use.node.keywords)
    return lambda e, v: v * slope(z(e), compute(z(e), **keywords))


ANOTHER = "slope-of-another-function"
INSIDE = "input-for-output"
OUTSIDE = "output-for-input"


def _leaky(use: Use) -> Form:
    slope = use.node.keywords["slope"]
    return Form(
        lambda z, a: np.where(z > 0, 1.0, slope),
        (
            ("leaky-slope-missing", lambda z, a: np.where(z > 0, 1.0, 0.0), f"{slope:g}"),
            ("sides-exchanged", lambda z, a: np.where(z > 0, slope, 1.0), ""),
        ),
    )


def _power(use: Use) -> Form:
    n = use.node.keywords["exponent"]
    return Form(
        lambda z, a: n * z ** (n - 1),
        (
            ("exponent-not-reduced", lambda z, a: n * a, f"{n:g}"),
            ("integrated", lambda z, a: z * a / (n + 1), ""),
        ),
        (
            ("reduced-behind-the-power", lambda v, z, a: v * n * a - 1, f"{n:g}"),
            ("reduced-behind-the-power", lambda v, z, a: v * (n * a - 1), f"{n:g}"),
        ),
        value_is_wrong=False,
    )


def _over_more(more: float) -> Callable[[Array, Array, Array], Array]:
    """Divide by the operand and a number that is to keep it away from 0."""
    return lambda v, z, a: v / (z + more)


SIGMOID = Form(
    lambda z, a: a * (1 - a),
    (
        (INSIDE, lambda z, a: z * (1 - z), ""),
        (ANOTHER, lambda z, a: 1 - a**2, "the hyperbolic tangent"),
        ("factor-of-slope-missing", lambda z, a: 1 - a, ""),
    ),
    again=lambda z, a: sigmoid(a) * (1 - sigmoid(a)),
)
TANH = Form(
    lambda z, a: 1 - a**2,
    (
        (INSIDE, lambda z, a: 1 - z**2, ""),
        (ANOTHER, lambda z, a: a * (1 - a), "the sigmoid"),
        ("square-missing", lambda z, a: 1 - a, ""),
    ),
    again=lambda z, a: 1 - np.tanh(a) ** 2,
)
ELU = Form(
    lambda z, a: np.where(z > 0, 1.0, a + 1),
    (
        (ANOTHER, lambda z, a: np.where(z > 0, 1.0, 0.0), "max(0, z)"),
        (INSIDE, lambda z, a: np.where(z > 0, 1.0, z + 1), ""),
    ),
    again=lambda z, a: np.where(a > 0, 1.0, np.exp(np.minimum(a, 0))),
)
ABS = Form(lambda z, a: np.sign(z), ((ANOTHER, lambda z, a: np.where(z > 0, 1.0, 0.0), "max(0, z)"),))
SOFTPLUS = Form(
    lambda z, a: sigmoid(z),
    ((ANOTHER, lambda z, a: np.where(z > 0, 1.0, 0.0), "max(0, z)"),),
    again=lambda z, a: sigmoid(a),
)
EXP = Form(
    lambda z, a: a,
    (
        (INSIDE, lambda z, a: z, ""),
        ("exponent-reduced", lambda z, a: z * np.exp(z - 1), ""),
        ("exponent-as-factor", lambda z, a: z * a, ""),
    ),
    again=lambda z, a: np.exp(a),
    value_is_wrong=False,
)
LOG = Form(
    lambda z, a: 1 / z,
    (("multiplied-for-divided", lambda z, a: z, "its operand"),),
    tuple(("divisor-shifted", _over_more(more), "") for more in (1.0, 0.5, 0.1, 0.05, 0.01)),
    again=lambda z, a: 1 / a,
)
SQRT = Form(
    lambda z, a: 0.5 / a,
    (
        (OUTSIDE, lambda z, a: 0.5 / z, ""),
        ("multiplied-for-divided", lambda z, a: 2 * a, "twice the root"),
        ("exponent-not-reduced", lambda z, a: 0.5 * a, "½"),
    ),
    value_is_wrong=False,
)
SQUARE = Form(
    lambda z, a: 2 * z,
    (("exponent-not-reduced", lambda z, a: 2 * a, "2"),),
    value_is_wrong=False,
)
RECIPROCAL = Form(
    lambda z, a: -(a**2),
    (
        ("denominator-not-squared", lambda z, a: -a, ""),
        ("sign-of-second-operand", lambda z, a: a**2, ""),
    ),
    value_is_wrong=False,
)

RULES: dict[str, Rule] = {
    "leaky_relu": rule(_leaky),
    "power": rule(_power),
    "sigmoid": rule(SIGMOID),
    "tanh": rule(TANH),
    "elu": rule(ELU),
    "abs": rule(ABS),
    "softplus": rule(SOFTPLUS),
    "exp": rule(EXP),
    "log": rule(LOG),
    "sqrt": rule(SQRT),
    "square": rule(SQUARE),
    "reciprocal": rule(RECIPROCAL),
}
