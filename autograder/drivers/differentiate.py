"""Differentiate the scalar that a function returns by its leaves, with PyTorch.

The answer is the scalar and, for each leaf, a list of gradients, one for each of its tensors in their order.
torch is imported only where an answer needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.call_faults import seen
from autograder.exercise import Convention, Fault, Opaque, Value
from autograder.quotation import type_name
from autograder.reading import plain


def differentiate(
    function: Callable[..., object], arguments: Mapping[str, Any], convention: Convention, name: str
) -> tuple[Value, list[Fault]]:
    """Call a function, and differentiate what it returns by every leaf, without touching any `.grad`."""
    returned = function(*arguments.values())
    gradients, faults = _gradients(returned, [arguments[leaf] for leaf in convention.leaves], name)
    value = plain(returned)
    if isinstance(value, np.ndarray) and value.size == 1 and not faults:
        value = value.reshape(())  # what `backward` works on is a single number, whatever its axes
    return [value, *gradients], faults


def _gradients(scalar: object, leaves: list[Any], name: str) -> tuple[list[Value], list[Fault]]:
    import torch

    groups = [_in_order(leaf) for leaf in leaves]
    problem = None
    if scalar is None:
        problem = seen("returns-nothing", "answer", name)
    elif not isinstance(scalar, torch.Tensor):
        problem = seen("not-a-tensor", "error", name, (_kind(scalar),))
    elif not scalar.requires_grad:
        problem = seen("detached", "error", name)
    elif scalar.numel() != 1:
        problem = seen("not-scalar", "error", name, (str(tuple(scalar.shape)),))
    nothing: list[Value] = [[Opaque("no gradient") for _ in group] for group in groups]
    if problem is not None:
        return nothing, [problem]
    assert isinstance(scalar, torch.Tensor)
    flat = [leaf for group in groups for leaf in group]
    try:
        found = iter(torch.autograd.grad(scalar.sum(), flat, allow_unused=True))
    except RuntimeError as error:
        spoilt = _spoilt(str(error))
        if not spoilt:
            raise
        return nothing, [seen(spoilt, "error", name)]
    gradients = [[next(found) for _ in group] for group in groups]
    return [[Opaque("no gradient") if g is None else plain(g) for g in gs] for gs in gradients], []


def _in_order(leaf: Any) -> list[Any]:  # noqa: ANN401  a tensor, or lists of them
    """The tensors of a leaf, which may be lists in lists, one after the other."""
    return [each for item in leaf for each in _in_order(item)] if isinstance(leaf, (list, tuple)) else [leaf]


def _spoilt(message: str) -> str:
    """Name why PyTorch can no longer go back from an error, by its message; empty if it is another."""
    if "a second time" in message:
        return "backward-called"
    return "changed-in-place" if "modified by an inplace operation" in message else ""


def _kind(returned: object) -> str:
    value = plain(returned)
    return value.description if isinstance(value, Opaque) else f"a {type_name(returned)}"
