"""The truth: values and gradients by `torch.autograd`, in double precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import torch

from autograder.exercise import Array, Instance, Opaque, Value

Inputs: TypeAlias = Mapping[str, Any]
"""Float64 tensors, or lists of them, by parameter name."""

torch.set_num_threads(1)  # in networks as small as these, threads only wait for each other


def tensors(value: Value) -> torch.Tensor | list[torch.Tensor]:
    """Float64 tensors, sharing no memory with `value`, in the same lists."""
    if isinstance(value, list):
        return [torch.tensor(item, dtype=torch.float64) for item in value]
    if isinstance(value, Opaque):
        raise TypeError(f"an instance holds numbers only, not {value.description}")
    return torch.tensor(value, dtype=torch.float64)


def value_and_gradients(
    scalar: Callable[[Inputs], torch.Tensor], instance: Instance, leaves: Sequence[str]
) -> tuple[Array, list[list[Array]]]:
    """Differentiate a scalar function of an instance's inputs.

    Parameters
    ----------
    scalar : computes a () float64 tensor from float64 tensors by name.
    instance : the inputs.
    leaves : the inputs to differentiate by; each a list of arrays, or one array.

    Returns
    -------
    value : () float64.
    gradients : for each leaf a list of float64 arrays in the shapes of its own arrays.
    """
    inputs = {name: tensors(value) for name, value in instance.inputs.items()}
    groups = [leaf if isinstance(leaf, list) else [leaf] for leaf in (inputs[n] for n in leaves)]
    flat = [leaf.requires_grad_() for group in groups for leaf in group]
    value = scalar(inputs)
    # a leaf that the scalar does not depend on has gradient zero
    gradients = iter(torch.autograd.grad(value, flat, allow_unused=True, materialize_grads=True))
    return value.detach().numpy(), [[next(gradients).numpy() for _ in group] for group in groups]
