"""Define functions of numbers: activations, powers, roots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.operations.arithmetic import same
from autograder.operations.conditions import (
    AWAY_FROM_KINKS,
    BOTH_SIGNS,
    DIVISOR,
    NOT_SATURATED,
    NOT_TOO_LARGE,
    POSITIVE_OPERAND,
    Condition,
)
from autograder.operations.namespace import namespace
from autograder.operations.operation import Operation

SLOPE = "How steep is the curve of {value} at the value that {0} has there?"
SIDES = "What does {value} do when {0} moves a little while it is positive, and what while it is negative?"


def _relu(z: Any) -> Any:  # noqa: ANN401  an array or a tensor
    xp = namespace(z)
    return xp.relu(z) if hasattr(xp, "relu") else xp.maximum(z, 0)


def _leaky_relu(z: Any, *, slope: float) -> Any:  # noqa: ANN401
    return namespace(z).where(z > 0, z, slope * z)


def _elu(z: Any) -> Any:  # noqa: ANN401
    xp = namespace(z)
    return xp.where(z > 0, z, xp.expm1(z.clip(max=0)))  # large ones would overflow, and spoil the gradient


def _sigmoid(z: Any) -> Any:  # noqa: ANN401
    xp = namespace(z)
    return xp.exp(-xp.logaddexp(0 * z, -z))  # exact at both ends


def _softplus(z: Any) -> Any:  # noqa: ANN401
    xp = namespace(z)
    return xp.logaddexp(z, 0 * z)


def _of(name: str) -> Callable[[Any], Any]:
    """Call a function by the name that both libraries know it by."""
    return lambda z: getattr(namespace(z), name)(z)


def _power(z: Any, *, exponent: float) -> Any:  # noqa: ANN401
    return z**exponent


def _function(
    name: str,
    compute: Callable[..., Any],
    formula: str,
    *conditions: Condition,
    binds: int = 0,
    questions: tuple[str, ...] = (SLOPE,),
    **keywords: float | None,
) -> Operation:
    return Operation(
        name,
        compute,
        same,
        formula,
        binds=binds,
        elementwise=True,
        keywords=keywords,
        conditions=conditions,
        questions=questions,
    )


KINKED = (AWAY_FROM_KINKS, BOTH_SIGNS)

RELU = _function("relu", _relu, "max(0, {0})", *KINKED, questions=(SIDES, SLOPE))
LEAKY_RELU = _function(
    "leaky_relu",
    _leaky_relu,
    "leaky_relu({0}, slope {slope:g})",
    *KINKED,
    questions=(SIDES, SLOPE),
    slope=0.01,
)
ELU = _function("elu", _elu, "elu({0})", *KINKED, NOT_TOO_LARGE, questions=(SIDES, SLOPE))
ABS = _function("abs", _of("abs"), "|{0}|", *KINKED, questions=(SIDES, SLOPE))
SIGMOID = _function("sigmoid", _sigmoid, "σ({0})", NOT_SATURATED)
TANH = _function("tanh", _of("tanh"), "tanh({0})", NOT_SATURATED)
SOFTPLUS = _function("softplus", _softplus, "log(1 + exp({0}))", NOT_SATURATED)
EXP = _function("exp", _of("exp"), "exp({0})", NOT_TOO_LARGE)
LOG = _function("log", _of("log"), "log({0})", POSITIVE_OPERAND)
SQRT = _function("sqrt", _of("sqrt"), "√({0})", POSITIVE_OPERAND)
SQUARE = _function("square", _of("square"), "{0}²", DIVISOR, binds=4)
POWER = _function("power", _power, "{0}^{exponent:g}", POSITIVE_OPERAND, binds=4, exponent=None)
RECIPROCAL = _function("reciprocal", lambda z: 1 / z, "1/{0}", DIVISOR, binds=2)

ELEMENTWISE = (
    RELU,
    LEAKY_RELU,
    ELU,
    ABS,
    SIGMOID,
    TANH,
    SOFTPLUS,
    EXP,
    LOG,
    SQRT,
    SQUARE,
    POWER,
    RECIPROCAL,
)
