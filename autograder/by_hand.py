"""Exercises by hand: PyTorch may be imported, but not used while one is called.

Two mechanisms feed one record. Where torch is loaded (plain nbgrader), its calls are watched and the doors
to its automatic differentiation are closed meanwhile. In the sandbox's bare world there is an inert
stand-in for torch, which writes down what was touched.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

from autograder.call_faults import seen
from autograder.exercise import Fault

TOUCHED: list[str] = []
"""What of PyTorch was called or computed with, the first names."""
MANY = 100

HARMLESS = frozenset(
    (
        *("no_grad", "inference_mode", "set_grad_enabled", "_set_grad_enabled", "manual_seed", "seed"),
        *("set_num_threads", "get_num_threads", "set_printoptions", "set_default_dtype", "get_default_dtype"),
        "is_tensor",
    )
)
"""Touching these computes nothing."""
DIFFERENTIATING = frozenset(
    (
        *("grad", "backward", "requires_grad", "requires_grad_", "retain_grad", "Parameter", "autograd"),
        *("vjp", "jvp", "jacrev", "jacfwd", "jacobian", "hessian", "func", "value_and_grad"),
    )
)
"""Names that only automatic differentiation has a use for."""


class AutogradUsed(BaseException):
    """Automatic differentiation in an exercise by hand; no `except Exception` of a student's hides it."""


def real_torch() -> Any:  # noqa: ANN401  a module
    """PyTorch, if it is loaded; None if it is not, or a stand-in is."""
    torch = sys.modules.get("torch")
    return torch if hasattr(torch, "__version__") else None


def touch(name: str) -> None:
    """Write down that this was called or computed with."""
    if name.rpartition(".")[2] not in HARMLESS and len(TOUCHED) < MANY:
        TOUCHED.append(name)


def fault(function: str) -> Fault | None:
    """What there is to say of a function after its call; None if it left PyTorch alone."""
    if not TOUCHED:
        return None
    differentiates = any(DIFFERENTIATING & set(name.split(".")) for name in TOUCHED)
    return seen("uses-autograd" if differentiates else "uses-torch", "answer", function)


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Write down in TOUCHED what is used of PyTorch meanwhile.

    Importing torch stays as it is. Where the real one is loaded, its automatic differentiation raises
    AutogradUsed.
    """
    TOUCHED.clear()
    torch = real_torch()
    if torch is None:
        yield
        return
    with _closed(torch), _mode():
        yield


def _mode() -> Any:  # noqa: ANN401  PyTorch's own kind of context
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        def __torch_function__(
            self,
            function: Any,  # noqa: ANN401  all four as PyTorch has them
            types: Any,  # noqa: ANN401
            args: Any = (),  # noqa: ANN401
            kwargs: Any = None,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            touch(getattr(function, "__name__", "torch"))
            return function(*args, **(kwargs or {}))

    return Watch()


@contextlib.contextmanager
def _closed(torch: Any) -> Iterator[None]:  # noqa: ANN401  a module
    """Let every door to automatic differentiation raise AutogradUsed meanwhile."""

    def closed() -> Callable[..., None]:  # a new one for each door: PyTorch does not take one for two
        def refuse(*_: object, **__: object) -> None:
            touch("torch.autograd")
            raise AutogradUsed

        return refuse

    doors = [(torch.Tensor, "backward"), (torch.autograd, "backward"), (torch.autograd, "grad")]
    # what `from torch.autograd import grad` leads to in the end
    doors += [(torch.autograd, "_engine_run_backward"), (torch.autograd.graph, "_engine_run_backward")]
    doors += [(torch.func, name) for name in ("grad", "vjp", "jvp", "jacrev", "jacfwd", "hessian")]
    kept = [(owner, name, getattr(owner, name)) for owner, name in doors if hasattr(owner, name)]
    try:
        for owner, name, _ in kept:
            setattr(owner, name, closed())
        yield
    finally:
        for owner, name, door in kept:
            setattr(owner, name, door)
