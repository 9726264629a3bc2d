"""An inert stand-in for torch, in the world where an exercise is solved by hand.

`import torch` passes there, and so does a cell that makes tensors; nothing is computed, and what was
touched while an exercise is called is written down.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

from autograder import by_hand


def _touch(name: object, *arguments: object, **options: object) -> Inert:
    del arguments
    by_hand.touch(f"{name}.requires_grad" if options.get("requires_grad") is True else str(name))
    return Inert(str(name))


class Inert:
    """What everything in the stand-in is: it can be called, computed with and looked into, to no effect."""

    def __init__(self, name: str) -> None:
        self.__dict__["_name"] = name

    def __getattr__(self, name: str) -> Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert(f"{self._name}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        """Forget it."""

    def __call__(self, *arguments: object, **options: object) -> Inert:
        """Write it down."""
        return _touch(self._name, *arguments, **options)

    def __getitem__(self, key: object) -> Inert:
        return _touch(f"{self._name}[…]", key)

    def __setitem__(self, key: object, value: object) -> None:
        _touch(f"{self._name}[…]", key, value)

    def __iter__(self) -> Iterator[Inert]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __float__(self) -> float:
        return 0.0

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, Inert) and not isinstance(instance, types.ModuleType)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()

    def __repr__(self) -> str:
        return f"<{self._name}: PyTorch is not here>"


def _computed(operator: str) -> Any:  # noqa: ANN401  a method
    def method(self: Inert, *others: object) -> Inert:
        return _touch(self._name, *others)

    method.__name__ = operator
    return method


for _operator in (
    *("add", "sub", "mul", "truediv", "matmul", "pow", "radd", "rsub", "rmul", "rtruediv", "rmatmul"),
    *("neg", "abs", "gt", "ge", "lt", "le", "iadd", "isub", "imul"),
):
    setattr(Inert, f"__{_operator}__", _computed(f"__{_operator}__"))


class _InertModule(types.ModuleType):
    """A module of the stand-in: `torch`, `torch.nn`, `torch.nn.functional` and all others."""

    def __getattr__(self, name: str) -> Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert(f"{self.__name__}.{name}")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname.partition(".")[0] != "torch":
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _InertModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing in it."""


def install() -> None:
    """Put the stand-in where `import torch` looks first."""
    sys.meta_path.insert(0, _Finder())


def forget() -> None:
    """Have nothing been imported yet."""
    for name in [name for name, module in sys.modules.items() if isinstance(module, _InertModule)]:
        del sys.modules[name]
