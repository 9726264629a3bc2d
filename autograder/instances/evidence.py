"""Whether mistakes show in a candidate's gradients: no entry near zero, none that single precision loses."""

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


def gradients(
    forward: ForwardPass, known: Mapping[str, Array], by: Sequence[str], *, single: bool = False
) -> dict[str, Array]:
    """Differentiate the output for K candidates at once.

    Parameters
    ----------
    forward : the forward pass.
    known : its inputs, each (K, …); also DO, where its output O is no single number.
    by : the quantities to differentiate by.
    single : whether to compute in single precision.

    Returns
    -------
    Of each quantity in `by` its gradient (K, …), float64.
    """
    precision = torch.float32 if single else torch.float64
    given = {}
    for name in forward.inputs:
        whole = known[name].dtype.kind in "iub"
        given[name] = torch.tensor(known[name], dtype=None if whole else precision)
        given[name].requires_grad_(name in by)
    values = forward.run(given)
    output = values[forward.output]
    upstream = torch.tensor(known[f"D{forward.output}"], dtype=precision) if output.ndim > 1 else None
    total = output.sum() if upstream is None else (output * upstream).sum()
    found = torch.autograd.grad(total, [values[n] for n in by], allow_unused=True, materialize_grads=True)
    return {name: gradient.double().numpy() for name, gradient in zip(by, found, strict=True)}


def entries_stand_out(found: Mapping[str, Array]) -> Mask:
    """Whether no entry of a gradient is near zero, (K,); what has to be 0 may be 0."""
    good: Mask = np.ones(len(next(iter(found.values()))), dtype=bool)
    for gradient in found.values():
        size = _sizes(gradient)
        good &= (size.min(axis=1) > ENTRY * size.max(axis=1)) & (size.max(axis=1) > 0)
    return good


def single_precision_will_do(exact: Mapping[str, Array], short: Mapping[str, Array]) -> Mask:
    """Whether no entry is a difference that single precision loses, (K,)."""
    good: Mask = np.ones(len(next(iter(exact.values()))), dtype=bool)
    for name, array in exact.items():
        rounding = np.abs(_flat(short[name] - array))
        good &= (rounding <= SINGLE * RELATIVE * _sizes(array)).all(axis=1)
    return good


def _flat(array: Array) -> Array:
    return array.reshape(len(array), -1)


def _sizes(gradient: Array) -> Array:
    """Absolute values (K, entries); what is 0, behind a unit that is off, counts as the largest."""
    size = np.abs(_flat(gradient))
    return np.where(size == 0, size.max(axis=1, keepdims=True), size)
