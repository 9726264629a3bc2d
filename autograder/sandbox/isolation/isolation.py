"""Isolate a submission's process in layers of kernel features, each independent of the others."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from autograder.sandbox.isolation import linux, namespaces, rlimits
from autograder.sandbox.isolation.landlock import Readable
from autograder.sandbox.isolation.layers import Layer
from autograder.sandbox.isolation.protected_pages import Pages, Protection
from autograder.sandbox.isolation.syscalls import Filter
from autograder.sandbox.protocol.limits import Limits


class _Entered(Protocol):
    def enter(self) -> None: ...


class _Filters:
    """Enter all filters of system calls, or none: half a layer would count as missing."""

    def __init__(self, protected: Sequence[Pages]) -> None:
        self._filters: list[_Entered] = [Filter()]
        if protected:
            self._filters.append(Protection(protected))

    def enter(self) -> None:
        for one in self._filters:
            one.enter()


T = TypeVar("T")


class Isolation:
    """Prepare this machine's layers once in the fork server, and have each submission enter them."""

    def __init__(self, folder: Path, *, separate: bool, protected: Sequence[Pages]) -> None:
        """Prepare what can be prepared.

        folder : contains each submission's private disk, and nothing else.
        separate : whether this process can give each submission its own namespaces.
        protected : pages of memory that a submission must not change; the grader does.
        """
        self.disk = folder / "disk"
        self.disk.mkdir(exist_ok=True)  # it is there if a fork server is started again
        self.missing_layers: dict[Layer, str] = {}
        self._separate = separate
        self._home = folder / "home"
        self._home.mkdir(exist_ok=True)
        os.environ.update(HOME=str(self._home), MPLCONFIGDIR=str(self._home))
        if separate:
            self._prepared(Layer.NAMESPACES, lambda: namespaces.make_read_only(str(self._home)))
        else:
            self.missing_layers[Layer.NAMESPACES] = "the kernel gives ordinary users no namespaces"
        writable = folder if separate else self.disk  # without a mount the rule holds for the disk itself
        self._readable = self._prepared(Layer.FILES, lambda: Readable(writable))
        self._filter = self._prepared(Layer.SYSTEM_CALLS, lambda: _Filters(protected))

    def clear(self) -> None:
        """Remove what the last submission left behind, if it had no disk of its own."""
        for entry in self.disk.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)

    def enter(self, limits: Limits) -> dict[Layer, str]:
        """Isolate this process for good; return which layers are missing, and why."""
        steps: dict[Layer, Callable[[], None]] = {}
        if self._separate:
            steps[Layer.NAMESPACES] = lambda: namespaces.separate(
                str(self.disk), str(self._home), limits.disk
            )
        steps[Layer.LIMITS] = lambda: rlimits.enter(limits)
        if self._readable is not None:
            steps[Layer.FILES] = self._readable.enter
        if self._filter is not None:
            steps[Layer.SYSTEM_CALLS] = self._filter_system_calls
        missing = dict(self.missing_layers)
        for layer, step in steps.items():
            try:
                step()
            except Exception as error:  # whatever the kernel or a library reports: the layer is missing
                missing[layer] = f"{type(error).__name__}: {error}"
        return missing

    def _filter_system_calls(self) -> None:
        linux.drop_capabilities()
        assert self._filter is not None
        self._filter.enter()

    def _prepared(self, layer: Layer, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except Exception as error:  # as above
            self.missing_layers[layer] = f"{type(error).__name__}: {error}"
            return None
