"""Refuse automatic differentiation in exercises by hand; PyTorch as an array library is allowed.

In the sandbox the grader switches automatic differentiation off from outside (`sandbox.isolation`).
When the student's function shares a process with the code that marks it, as in plain nbgrader, PyTorch's
entry points to automatic differentiation are replaced while the function is called.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from autograder.calling.call_faults import call_fault
from autograder.exercise import Fault
from utils.reading import real_torch


class AutogradUsed(BaseException):
    """Raised when an exercise by hand lets PyTorch differentiate; not caught by `except Exception`."""


def fault(function: str) -> Fault:
    """Make the fault of a function that lets PyTorch differentiate."""
    return call_fault("uses-autograd", "answer", function)


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Make PyTorch's automatic differentiation raise AutogradUsed meanwhile; change nothing else."""
    torch = real_torch()
    entries = [] if torch is None else _entry_points(torch)
    originals = [(owner, name, getattr(owner, name)) for owner, name in entries if hasattr(owner, name)]
    try:
        for owner, name, _ in originals:
            setattr(owner, name, _refusal())
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _entry_points(torch: Any) -> list[tuple[Any, str]]:  # noqa: ANN401  a module
    entries = [(torch.Tensor, "backward"), (torch.autograd, "backward"), (torch.autograd, "grad")]
    # what `from torch.autograd import grad` leads to in the end
    entries += [(torch.autograd, "_engine_run_backward"), (torch.autograd.graph, "_engine_run_backward")]
    entries += [(torch.autograd.forward_ad, "make_dual")]
    entries += [(torch.func, name) for name in ("grad", "vjp", "jvp", "jacrev", "jacfwd", "hessian")]
    return entries


def _refusal() -> Callable[..., None]:
    """Make a function that refuses: a new one for each entry point, since PyTorch must not confuse two."""

    def refuse(*_: object, **__: object) -> None:
        raise AutogradUsed

    return refuse
