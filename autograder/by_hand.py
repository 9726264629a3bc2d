"""Exercises by hand: PyTorch is welcome as a library of arrays, but not to differentiate.

In the sandbox the grader switches automatic differentiation off from outside (`sandbox/autodiff.py`). Where
the student's function shares a process with whoever marks it, as in plain nbgrader, what leads to automatic
differentiation is closed while the function is called.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from autograder.call_faults import seen
from autograder.exercise import Fault
from utils.reading import real_torch


class AutogradUsed(BaseException):
    """Automatic differentiation in an exercise by hand; no `except Exception` of a student's hides it."""


def fault(function: str) -> Fault:
    """Say of a function that it lets PyTorch differentiate."""
    return seen("uses-autograd", "answer", function)


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Let PyTorch's automatic differentiation raise AutogradUsed meanwhile; all else stays as it is."""
    torch = real_torch()
    doors = [] if torch is None else _doors(torch)
    kept = [(owner, name, getattr(owner, name)) for owner, name in doors if hasattr(owner, name)]
    try:
        for owner, name, _ in kept:
            setattr(owner, name, _closed())
        yield
    finally:
        for owner, name, door in kept:
            setattr(owner, name, door)


def _doors(torch: Any) -> list[tuple[Any, str]]:  # noqa: ANN401  a module
    doors = [(torch.Tensor, "backward"), (torch.autograd, "backward"), (torch.autograd, "grad")]
    # what `from torch.autograd import grad` leads to in the end
    doors += [(torch.autograd, "_engine_run_backward"), (torch.autograd.graph, "_engine_run_backward")]
    doors += [(torch.autograd.forward_ad, "make_dual")]
    doors += [(torch.func, name) for name in ("grad", "vjp", "jvp", "jacrev", "jacfwd", "hessian")]
    return doors


def _closed() -> Callable[..., None]:
    """Make a function that refuses: a new one for each door, for PyTorch does not take one for two."""

    def refuse(*_: object, **__: object) -> None:
        raise AutogradUsed

    return refuse
