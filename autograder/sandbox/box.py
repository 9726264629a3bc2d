"""The box around a submission: layers of the kernel's own, each of which holds without the others."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from autograder.sandbox import kernel, namespaces
from autograder.sandbox.files import Readable
from autograder.sandbox.limits import Limits
from autograder.sandbox.protected import Pages, Protection
from autograder.sandbox.syscalls import Filter

THREADS = 256  # at most; an ordinary user's processes count as threads


class Layer(StrEnum):
    """A protection that a machine has or lacks."""

    NAMESPACES = "namespaces"
    FILES = "files"
    SYSTEM_CALLS = "system-calls"
    LIMITS = "limits"
    AUTODIFF = "autodiff"


PROTECTS: Mapping[Layer, str] = {
    Layer.NAMESPACES: "no other process, network or shared memory is seen, all ends at once, no file's "
    "rights, owner or time are changed, and what is written lies in a memory disk that vanishes",
    Layer.FILES: "nothing is read but Python, `utils` and the submission's own files, and nothing is "
    "written outside",
    Layer.SYSTEM_CALLS: "no process is started, no connection opened, no administration of the machine",
    Layer.AUTODIFF: "an exercise by hand is called while automatic differentiation is switched off",
    Layer.LIMITS: "memory, file sizes, descriptors and processor time end somewhere",
}


class _Entered(Protocol):
    def enter(self) -> None: ...


class _Filters:
    """All that is refused to system calls; what cannot be had in full is not had."""

    def __init__(self, protected: Sequence[Pages]) -> None:
        self._filters: list[_Entered] = [Filter()]
        if protected:
            self._filters.append(Protection(protected))

    def enter(self) -> None:
        for one in self._filters:
            one.enter()


T = TypeVar("T")


class Box:
    """The layers of this machine, prepared once in a warm process and entered by each submission."""

    def __init__(self, folder: Path, *, separate: bool, protected: Sequence[Pages]) -> None:
        """Prepare what can be prepared.

        folder : in it lies each submission's private disk, and nothing else.
        separate : whether this process has namespaces to give away.
        protected : pages of memory that a submission must not change; the grader does.
        """
        self.disk = folder / "disk"
        self.disk.mkdir(exist_ok=True)  # it is there where a warm process is started again
        self.lacks: dict[Layer, str] = {}
        self._separate = separate
        self._home = folder / "home"
        self._home.mkdir(exist_ok=True)
        os.environ.update(HOME=str(self._home), MPLCONFIGDIR=str(self._home))
        if separate:
            self._attempt(Layer.NAMESPACES, lambda: namespaces.make_read_only(str(self._home)))
        else:
            self.lacks[Layer.NAMESPACES] = "the kernel gives ordinary users no namespaces"
        writable = folder if separate else self.disk  # without a mount there is nothing to see through
        self._readable = self._attempt(Layer.FILES, lambda: Readable(writable))
        self._filter = self._attempt(Layer.SYSTEM_CALLS, lambda: _Filters(protected))

    def clear(self) -> None:
        """Remove what the last submission has left, where its disk was none of its own."""
        for entry in self.disk.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)

    def enter(self, limits: Limits) -> dict[Layer, str]:
        """Put this process into the box, for good; tell which layers are missing, and why."""
        steps: dict[Layer, Callable[[], None]] = {}
        if self._separate:
            steps[Layer.NAMESPACES] = lambda: namespaces.separate(
                str(self.disk), str(self._home), limits.disk
            )
        steps[Layer.LIMITS] = lambda: _limit(limits)
        if self._readable is not None:
            steps[Layer.FILES] = self._readable.enter
        if self._filter is not None:
            steps[Layer.SYSTEM_CALLS] = self._rightless
        lacks = dict(self.lacks)
        for layer, step in steps.items():
            try:
                step()
            except Exception as error:  # whatever a kernel or a library says: the layer is not there
                lacks[layer] = f"{type(error).__name__}: {error}"
        return lacks

    def _rightless(self) -> None:
        kernel.drop_capabilities()
        assert self._filter is not None
        self._filter.enter()

    def _attempt(self, layer: Layer, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except Exception as error:  # as above
            self.lacks[layer] = f"{type(error).__name__}: {error}"
            return None


def _limit(limits: Limits) -> None:
    used = _address_space()
    for what, value in (
        (resource.RLIMIT_AS, used + limits.memory),
        (resource.RLIMIT_FSIZE, limits.disk),
        (resource.RLIMIT_NOFILE, limits.descriptors),
        (resource.RLIMIT_NPROC, THREADS),
        (resource.RLIMIT_CPU, int(2 * limits.submission) + 1),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (ceiling, ceiling))


def _address_space() -> int:
    """Bytes of address space that this process has already: the libraries'."""
    try:
        pages = int(kernel.read("/proc/self/statm").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()
