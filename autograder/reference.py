"""The truth: values and gradients by `torch.autograd`, in double precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import torch

from autograder.exercise import Array, Instance, Opaque, Value
from autograder.forward_pass import ForwardPass

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


def values(forward: ForwardPass, inputs: Mapping[str, Array]) -> dict[str, Array]:
    """Compute every quantity of a forward pass from float64 arrays by name."""
    given = {name: torch.tensor(inputs[name], dtype=torch.float64) for name in forward.inputs}
    return {name: value.numpy() for name, value in forward.run(given).items()}


def truth(
    forward: ForwardPass,
    inputs: Mapping[str, Array],
    by: Sequence[str],
    wrong: Mapping[str, Callable[..., Any]] | None = None,
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Compute a forward pass and differentiate its output.

    Parameters
    ----------
    forward : the forward pass.
    inputs : arrays by name, whole numbers and masks as such; what the pass computes itself may be among
        them and is not used. Where the output O is no single number, DO, its upstream gradient, is there.
    by : the quantities to differentiate by, intermediate ones included.
    wrong : computations in place of the pass's own, by the quantity they compute.

    Returns
    -------
    values : of every quantity, by name.
    gradients : of `by`, by name, each in its quantity's shape; zeros where the output does not depend on it.
    """
    given = {name: _tensor(inputs[name], leaf=name in by) for name in forward.inputs}
    values = forward.run(given, wrong)
    output = values[forward.output]
    upstream = torch.tensor(inputs[f"D{forward.output}"], dtype=torch.float64) if output.ndim else None
    found = torch.autograd.grad(
        output, [values[name] for name in by], upstream, allow_unused=True, materialize_grads=True
    )
    return (
        {name: value.detach().numpy() for name, value in values.items()},
        {name: gradient.numpy() for name, gradient in zip(by, found, strict=True)},
    )


def _tensor(array: Array, *, leaf: bool) -> torch.Tensor:
    """Float64, but for whole numbers and masks that nothing is differentiated by."""
    whole = np.asarray(array).dtype.kind in "iub" and not leaf
    return torch.tensor(array, dtype=None if whole else torch.float64, requires_grad=leaf)
