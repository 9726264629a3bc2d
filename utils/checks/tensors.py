"""Handle PyTorch's side of a check. torch is imported only for tasks that need it: others start faster."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from utils.reading import real_torch

ERROR = "error"  # where these faults are, in the grader's words


@dataclass(frozen=True)
class Undifferentiated:
    """Raised, with the grader's name for it, if PyTorch cannot differentiate what was returned."""

    name: str
    where: str = ERROR
    gaps: Mapping[str, str] = field(default_factory=dict)


def is_tensor(value: object) -> bool:
    """Return whether this is a tensor, by its type: a student's object may do anything when asked."""
    torch = real_torch()
    return torch is not None and issubclass(type(value), torch.Tensor)


def is_parameter(value: object) -> bool:
    """Return whether this is a `torch.nn.Parameter`."""
    torch = real_torch()
    return torch is not None and isinstance(value, torch.nn.Parameter)


def is_watched(value: object) -> bool:
    """Return whether PyTorch records what is computed from this."""
    torch = real_torch()
    return torch is not None and isinstance(value, torch.Tensor) and bool(value.requires_grad)


@contextlib.contextmanager
def recording_autograd(used: list[str]) -> Iterator[None]:
    """Record in `used` when PyTorch is asked to differentiate meanwhile; it differentiates all the same."""
    torch = real_torch()
    if torch is None:
        yield
        return

    def recorded(original: Callable[..., Any]) -> Callable[..., Any]:
        def door(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  PyTorch's own arguments
            used.append("autograd")
            return original(*args, **kwargs)

        return door

    doors = [(torch.Tensor, "backward"), (torch.autograd, "backward"), (torch.autograd, "grad")]
    originals = [(owner, name, getattr(owner, name)) for owner, name in doors]
    try:
        for owner, name, original in originals:
            setattr(owner, name, recorded(original))
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def argument(value: Any, leaf: bool) -> Any:  # noqa: ANN401  an argument of any kind
    """Turn an array into what a student's function gets: float64 ones single; numbers stay numbers."""
    import torch

    if isinstance(value, list):
        return [argument(item, leaf) for item in value]
    if not isinstance(value, np.ndarray):
        return value
    tensor = torch.tensor(value, dtype=torch.float32 if value.dtype.kind == "f" else None)
    return torch.nn.Parameter(tensor) if leaf else tensor


def with_gradients(returned: object, leaves: list[Any]) -> tuple[list[Any], Undifferentiated | None]:
    """Have PyTorch differentiate what was returned with respect to every leaf, and say why if it cannot.

    Returns
    -------
    [returned, gradients of the first leaf, …], with None for a gradient that does not exist, and the fault
    """
    import torch

    groups = [leaf if isinstance(leaf, list) else [leaf] for leaf in leaves]
    fault = None
    if returned is None:
        fault = Undifferentiated("returns-nothing", "answer")
    elif not isinstance(returned, torch.Tensor):
        fault = Undifferentiated("not-a-tensor")
    elif not returned.requires_grad:
        fault = Undifferentiated("detached")
    elif returned.numel() != 1:
        fault = Undifferentiated("not-scalar", gaps={"given": str(tuple(returned.shape))})
    nothing = [returned, *([None] * len(group) for group in groups)]
    if fault is not None:
        return nothing, fault
    assert isinstance(returned, torch.Tensor)
    flat = [leaf for group in groups for leaf in group]
    try:
        result = iter(torch.autograd.grad(returned.sum(), flat, allow_unused=True))
    except RuntimeError as error:
        spoilt = _spoilt(str(error))
        if spoilt is None:
            raise
        return nothing, spoilt
    # `backward` works on a single number, whatever its axes
    return [returned.reshape(()), *([next(result) for _ in group] for group in groups)], None


def left_in(leaves: list[Any]) -> bool:
    """Return whether there are gradients in the `.grad` of what a function was given."""
    return any(left_in(leaf) if isinstance(leaf, list) else leaf.grad is not None for leaf in leaves)


def _spoilt(message: str) -> Undifferentiated | None:
    """Return the reason why PyTorch cannot differentiate an error, by its message; None if unknown."""
    if "a second time" in message:
        return Undifferentiated("backward-called")
    return Undifferentiated("changed-in-place") if "modified by an inplace operation" in message else None
