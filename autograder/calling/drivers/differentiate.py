"""Differentiate the scalar that a function returns with respect to its leaves, with PyTorch.

The answer is the scalar and, for each leaf, its gradients in the same lists; in a list of one if the leaf
is a tensor. torch is imported only if an answer needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.calling.call_faults import call_fault
from autograder.calling.drivers.leaves import in_order
from autograder.exercise import Convention, Fault, Opaque, Value
from utils.reading import plain, type_name


def differentiate(
    function: Callable[..., object], arguments: Mapping[str, Any], convention: Convention, name: str
) -> tuple[Value, list[Fault]]:
    """Call a function, and differentiate its result with respect to each leaf; no `.grad` is touched."""
    returned = function(*arguments.values())
    gradients, faults = _gradients(returned, [arguments[leaf] for leaf in convention.leaves], name)
    value = plain(returned)
    if isinstance(value, np.ndarray) and value.size == 1 and not faults:
        value = value.reshape(())  # `backward` works on a single number, whatever its axes
    if not faults and _gradients_behind([arguments[leaf] for leaf in convention.leaves]):
        faults = [call_fault("gradients-left", "error", name)]
    return [value, *gradients], faults


def _gradients(scalar: object, leaves: list[Any], name: str) -> tuple[list[Value], list[Fault]]:
    import torch

    groups = [leaf if isinstance(leaf, (list, tuple)) else [leaf] for leaf in leaves]
    problem = None
    if scalar is None:
        problem = call_fault("returns-nothing", "answer", name)
    elif not isinstance(scalar, torch.Tensor):
        problem = call_fault("not-a-tensor", "error", name, (_kind(scalar),))
    elif not scalar.requires_grad:
        problem = call_fault("detached", "error", name)
    elif scalar.numel() != 1:
        problem = call_fault("not-scalar", "error", name, (str(tuple(scalar.shape)),))
    flat = in_order(groups)
    nothing: list[Any] = [None for _ in flat]
    if problem is not None:
        return _like(groups, iter(nothing)), [problem]
    assert isinstance(scalar, torch.Tensor)
    try:
        result = torch.autograd.grad(scalar.sum(), flat, allow_unused=True)
    except RuntimeError as error:
        spoilt = _spoilt(str(error))
        if not spoilt:
            raise
        return _like(groups, iter(nothing)), [call_fault(spoilt, "error", name)]
    return _like(groups, iter(result)), []


def _gradients_behind(leaves: Sequence[Any]) -> bool:
    """Return whether a function has left gradients in the leaves that it was given."""
    return any(
        _gradients_behind(leaf) if isinstance(leaf, (list, tuple)) else leaf.grad is not None
        for leaf in leaves
    )


def _like(leaves: Sequence[Any], gradients: Iterator[Any]) -> list[Value]:
    """Return gradients in lists like those of their leaves."""
    result: list[Value] = []
    for leaf in leaves:
        if isinstance(leaf, (list, tuple)):
            result.append(_like(leaf, gradients))
        else:
            gradient = next(gradients)
            result.append(Opaque("no gradient") if gradient is None else plain(gradient))
    return result


def _spoilt(message: str) -> str:
    """Name the reason why PyTorch cannot differentiate an error, by its message; empty if unknown."""
    if "a second time" in message:
        return "backward-called"
    return "changed-in-place" if "modified by an inplace operation" in message else ""


def _kind(returned: object) -> str:
    value = plain(returned)
    return value.description if isinstance(value, Opaque) else f"a {type_name(returned)}"
