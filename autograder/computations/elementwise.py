"""Name functions of numbers that are left out, or confused with each other."""

from __future__ import annotations

import torch
from torch.nn import functional

from autograder.computations.operation_mistakes import Compute, Numbered, OperationMistakes, Replacement


def identity(Z: torch.Tensor, *_: object, **__: object) -> torch.Tensor:
    """Compute what an operation that was left out does with its first operand: nothing."""
    return Z


AS_SIGMOID = Replacement("wrong-activation", torch.sigmoid, "the sigmoid", rare=True)
AS_TANH = Replacement("wrong-activation", torch.tanh, "the hyperbolic tangent", rare=True)
AS_SOFTPLUS = Replacement("wrong-activation", functional.softplus, "softplus", rare=True)


def _leaky(Z: torch.Tensor, slope: torch.Tensor) -> torch.Tensor:
    return torch.where(Z > 0, Z, slope * Z)


def _cut_off(Z: torch.Tensor) -> torch.Tensor:
    return Z.clamp(0, 1)


def _negative(Z: torch.Tensor) -> torch.Tensor:
    return Z.clamp(max=0)


def _largest_of_points(Z: torch.Tensor) -> torch.Tensor:
    return torch.max(Z, -2).values if Z.ndim > 1 else Z


def _step(Z: torch.Tensor) -> torch.Tensor:
    return (Z > 0).to(Z.dtype)


RELU = OperationMistakes(
    replaced=(
        Replacement("missing-relu", identity),
        AS_SIGMOID,
        AS_TANH,
        Replacement("wrong-activation", functional.elu, "ELU", rare=True),
        AS_SOFTPLUS,
        Replacement("wrong-activation", functional.gelu, "GELU", rare=True),
        Replacement("wrong-activation", _cut_off, "a ReLU cut off at 1", rare=True),
        Replacement("wrong-activation", torch.abs, "the absolute value", rare=True),
        Replacement("wrong-activation", _negative, "min(0, Z)", rare=True),
        Replacement("wrong-activation", _largest_of_points, "the maximum over the data points", rare=True),
        Replacement("wrong-activation", _step, "a step, 1 where Z is positive and 0 elsewhere", rare=True),
    ),
    numbered=(Numbered("wrong-activation", _leaky, "a leaky ReLU with slope {:.3g}", (0.002, 0.998)),),
)


def _is(hint: str, compute: Compute) -> Replacement:
    """Take another function for the right one."""
    return Replacement("wrong-function", lambda Z, **_: compute(Z), hint, rare=True)


def _function(
    name: str, *others: tuple[str, Compute], numbered: tuple[Numbered, ...] = ()
) -> OperationMistakes:
    """Leave a function out, or take others for it."""
    left_out = Replacement("function-left-out", identity, name)
    return OperationMistakes(replaced=(left_out, *(_is(*other) for other in others)), numbered=numbered)


def _other_slope(Z: torch.Tensor, number: torch.Tensor, **_: float) -> torch.Tensor:
    return _leaky(Z, number)


A_RELU = ("a ReLU", torch.relu)
A_SIGMOID = ("the sigmoid", torch.sigmoid)
A_TANH = ("the hyperbolic tangent", torch.tanh)
A_SOFTPLUS = ("softplus", functional.softplus)

LEAKY_RELU = _function(
    "the leaky ReLU",
    A_RELU,
    A_SIGMOID,
    A_TANH,
    numbered=(Numbered("wrong-function", _other_slope, "a leaky ReLU with slope {:.3g}", (0.002, 0.998)),),
)
ELU = _function("the ELU", A_RELU, A_SOFTPLUS, ("a leaky ReLU with slope 0.01", functional.leaky_relu))
ABS = _function("the absolute value", A_RELU, ("the square", torch.square))
SIGMOID = _function(
    "the sigmoid",
    A_RELU,
    A_TANH,
    ("a sigmoid of -Z", lambda Z: torch.sigmoid(-Z)),
    ("the hard sigmoid", functional.hardsigmoid),
)
TANH = _function("the hyperbolic tangent", A_RELU, A_SIGMOID, ("the sine", torch.sin))
SOFTPLUS = _function(
    "softplus", A_RELU, ("an exponential", torch.exp), ("the logarithm of a sigmoid", functional.logsigmoid)
)
EXP = _function(
    "the exponential",
    ("a power of 2", torch.exp2),
    ("an exponential of the opposite sign", lambda Z: torch.exp(-Z)),
    ("an exponential less 1", torch.expm1),
)
LOG = _function(
    "the logarithm",
    ("a logarithm to the base 2", torch.log2),
    ("a logarithm to the base 10", torch.log10),
    ("the logarithm of 1 + what goes in", torch.log1p),
    ("minus the logarithm", lambda Z: -torch.log(Z)),
)
SQRT = _function("the root", ("the square", torch.square), ("half of what goes in", lambda Z: Z / 2))
SQUARE = _function(
    "the square",
    ("the absolute value", torch.abs),
    ("twice what goes in", lambda Z: 2 * Z),
    ("the root", torch.sqrt),
)
POWER = _function("the power", ("the square", torch.square), ("the root", torch.sqrt))
RECIPROCAL = _function("the reciprocal", ("minus the reciprocal", lambda Z: -1 / Z))
