"""Activations that are left out, or taken for each other."""

from __future__ import annotations

import torch
from torch.nn import functional

from autograder.alternatives.alternative import Alternatives, Numbered, Replacement


def identity(Z: torch.Tensor) -> torch.Tensor:
    """Compute what an operation that was left out does: nothing."""
    return Z


SIGMOID = Replacement("wrong-activation", torch.sigmoid, "the sigmoid", rare=True)
TANH = Replacement("wrong-activation", torch.tanh, "the hyperbolic tangent", rare=True)
SOFTPLUS = Replacement("wrong-activation", functional.softplus, "softplus", rare=True)


def _leaky(Z: torch.Tensor, slope: torch.Tensor) -> torch.Tensor:
    return torch.where(Z > 0, Z, slope * Z)


RELU = Alternatives(
    replaced=(
        Replacement("missing-relu", identity),
        SIGMOID,
        TANH,
        Replacement("wrong-activation", functional.elu, "ELU", rare=True),
        SOFTPLUS,
        Replacement("wrong-activation", functional.gelu, "GELU", rare=True),
        Replacement("wrong-activation", torch.abs, "the absolute value", rare=True),
    ),
    numbered=(Numbered("wrong-activation", _leaky, "a leaky ReLU with slope {:.3g}", (0.002, 0.998)),),
)
