"""Compute true values and gradients by `torch.autograd`, in double precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import torch

from autograder.calling.drivers import graph
from autograder.calling.drivers.leaves import in_order
from autograder.dtypes import dtype_of
from autograder.exercise import Array, Instance, Opaque, Value
from autograder.forward_pass import ForwardPass

Inputs: TypeAlias = Mapping[str, Any]
"""Tensors, or lists of them, by parameter name, as `tensors` makes them."""

torch.set_num_threads(1)  # in networks as small as these, threads only wait for each other


def tensors(value: Value) -> Any:  # noqa: ANN401  a tensor, a plain number, lists and tuples of them
    """Make tensors that share no memory with `value`, in the same lists and tuples.

    Returns
    -------
    Arrays as float64, int64 or bool tensors, floats as () float64 tensors; ints, bools and strings
    stay as they are: they are shapes, axes, numbers of steps.
    """
    if isinstance(value, (list, tuple)):
        items = [tensors(item) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, Opaque):
        raise TypeError(f"an instance holds numbers only, not {value.description}")
    if isinstance(value, (int, str)):
        return value
    array = np.asarray(value)
    return torch.tensor(array.astype(dtype_of(array)))


def value_and_gradients(
    scalar: Callable[[Inputs], torch.Tensor], instance: Instance, leaves: Sequence[str]
) -> tuple[Array, list[list[Array]]]:
    """Differentiate a scalar function of an instance's inputs.

    Parameters
    ----------
    scalar : computes a () float64 tensor from float64 tensors by name.
    instance : the inputs.
    leaves : the inputs to differentiate with respect to; each a list of arrays, or one array.

    Returns
    -------
    value : () float64.
    gradients : for each leaf a list of float64 arrays in the shapes of its own arrays, in sequence.
    """
    inputs = {name: tensors(value) for name, value in instance.inputs.items()}
    groups = [in_order(inputs[name]) for name in leaves]
    flat = [leaf.requires_grad_() for group in groups for leaf in group]
    value = scalar(inputs)
    # a leaf that the scalar does not depend on has gradient zero
    gradients = iter(torch.autograd.grad(value, flat, allow_unused=True, materialize_grads=True))
    return value.detach().numpy(), [[next(gradients).numpy() for _ in group] for group in groups]


def values(forward: ForwardPass, inputs: Mapping[str, Array]) -> dict[str, Array]:
    """Compute every quantity of a forward pass from arrays by name."""
    given = {name: tensors(inputs[name]) for name in forward.inputs}
    return {name: value.numpy() for name, value in forward.run(given, sizes=_sizes(inputs)).items()}


def _sizes(inputs: Mapping[str, Any]) -> Mapping[str, int]:
    """Return the sizes of named dimensions, if they are among what is known."""
    result: Mapping[str, int] = inputs.get("sizes", {})
    return result


def graph_truth(instance: Instance) -> tuple[list[Array], list[Array]]:
    """Run an instance's graph (`drivers.graph`) on PyTorch's tensors, and differentiate its last node.

    Returns
    -------
    values, gradients : float64 arrays of every node, leaves first, as `drivers.run_graph` reads them from a
        student's class; zeros where no path leads from a node to the last one.
    """
    inputs = {name: tensors(value) for name, value in instance.inputs.items()}
    nodes = [leaf.requires_grad_() for leaf in inputs["leaves"]]
    for operation in inputs["operations"]:
        nodes.append(graph.apply(operation, nodes))
    result = torch.autograd.grad(
        nodes[-1], nodes, inputs.get("upstream"), allow_unused=True, materialize_grads=True
    )
    return [node.detach().numpy() for node in nodes], [gradient.numpy() for gradient in result]


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
    inputs : arrays by name, int64 and bool ones for labels and masks; quantities that the pass computes
        itself
        may be among them and are ignored. If the output O is not a single number, DO, its upstream gradient,
        is among them, and if the arrays do not reveal all dimensions, so are their `sizes`.
    by : the quantities to differentiate with respect to, intermediate ones included.
    wrong : computations in place of the pass's own, by the quantity they compute.

    Returns
    -------
    values : of every quantity, by name, float64 (int64 or bool for labels and masks).
    gradients : for `by`, by name, float64 in each quantity's shape; zeros if the output does not depend on
        it.
    """
    given = {name: tensors(inputs[name]).requires_grad_(name in by) for name in forward.inputs}
    values = forward.run(given, wrong, _sizes(inputs))
    output = values[forward.output]
    upstream = torch.tensor(inputs[f"D{forward.output}"], dtype=torch.float64) if output.ndim else None
    result = torch.autograd.grad(
        output, [values[name] for name in by], upstream, allow_unused=True, materialize_grads=True
    )
    return (
        {name: value.detach().numpy() for name, value in values.items()},
        {name: gradient.numpy() for name, gradient in zip(by, result, strict=True)},
    )
