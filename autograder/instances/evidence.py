"""Check that mistakes show in a candidate's gradients: no entry near zero, none lost to rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.compare import RELATIVE
from autograder.exercise import Array
from autograder.forward_pass import ForwardPass

Mask: TypeAlias = NDArray[np.bool_]

ENTRY = 1e-2  # smallest entry of a gradient, in units of its array's largest
SINGLE = 0.1  # of the tolerance, which rounding in single precision may use up at most


def recorded(array: Array, *, single: bool = False, leaf: bool = False) -> torch.Tensor:
    """Return an input (K, …) as a tensor: integers and masks as they are, everything else in one precision.

    leaf : whether the output will be differentiated with respect to it.
    """
    whole = array.dtype.kind in "iub"
    tensor = torch.tensor(array, dtype=None if whole else torch.float32 if single else torch.float64)
    return tensor.requires_grad_(leaf)


def differentiated(
    output: torch.Tensor, by: Mapping[str, torch.Tensor], upstream: Array | None = None
) -> dict[str, Array]:
    """Differentiate an output that was computed for K candidates at once.

    Parameters
    ----------
    output : (K,) numbers, or (K, …) if there is an upstream gradient.
    by : the quantities that it was computed from, by name.
    upstream : of the output's shape.

    Returns
    -------
    For each quantity in `by` its gradient (K, …), float64; zeros if the output does not depend on it.
    """
    factors = torch.ones_like(output) if upstream is None else torch.tensor(upstream, dtype=output.dtype)
    result = torch.autograd.grad(output, [*by.values()], factors, allow_unused=True, materialize_grads=True)
    return {name: gradient.double().numpy() for name, gradient in zip(by, result, strict=True)}


def gradients(
    forward: ForwardPass,
    known: Mapping[str, Array],
    by: Sequence[str],
    *,
    single: bool = False,
    sizes: Mapping[str, int] | None = None,
) -> dict[str, Array]:
    """Compute a forward pass for K candidates at once, and differentiate its output.

    known : its inputs, each (K, …); also DO, if its output O is not a single number.
    by : the quantities to differentiate with respect to.
    single : whether to compute in single precision.
    sizes : of dimensions that no input reveals.
    """
    given = {name: recorded(known[name], single=single, leaf=name in by) for name in forward.inputs}
    values = forward.run(given, sizes=sizes)
    output = forward.output
    return differentiated(values[output], {name: values[name] for name in by}, known.get(f"D{output}"))


def entries_stand_out(result: Mapping[str, Array], *, alone: bool = False) -> Mask:
    """Return whether no entry of a gradient is near zero, (K,).

    Entries that are 0 for all candidates have to be 0, and are allowed. So are those that a unit that is off
    makes 0, if there is a single data point.

    alone : whether there is a single data point.
    """
    good: Mask = np.ones(len(next(iter(result.values()))), dtype=bool)
    for gradient in result.values():
        size = np.abs(_flat(gradient))
        largest = size.max(axis=1)
        zero = size == 0
        if zero.any():
            may_be_zero = zero if alone else zero & (zero.all(axis=0) & (len(zero) > 1))
            size = np.where(may_be_zero, largest[:, None], size)
        good &= (size.min(axis=1) > ENTRY * largest) & (largest > 0)
    return good


def single_precision_will_do(exact: Mapping[str, Array], short: Mapping[str, Array]) -> Mask:
    """Return whether no entry is a difference that single precision loses, (K,)."""
    good: Mask = np.ones(len(next(iter(exact.values()))), dtype=bool)
    for name, array in exact.items():
        rounding = np.abs(_flat(short[name] - array))
        good &= (rounding <= SINGLE * RELATIVE * _sizes(array)).all(axis=1)
    return good


def _flat(array: Array) -> Array:
    return array.reshape(len(array), -1)


def _sizes(gradient: Array) -> Array:
    """Return absolute values (K, entries); those that are 0 because a unit is off count as the largest."""
    size = np.abs(_flat(gradient))
    return np.where(size == 0, size.max(axis=1, keepdims=True), size)
