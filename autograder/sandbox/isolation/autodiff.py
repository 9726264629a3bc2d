"""Switch PyTorch's automatic differentiation off and on again in another process, from outside.

A submission's process is a fork of the fork server, so PyTorch's functions are at the same addresses in both.
The fork server finds those through which all of automatic differentiation goes; the grader overwrites the
first few bytes of each in the memory of one submission, so that they return at once. From then on nothing is
recorded for `backward`, no tangent is propagated, and no recorded graph is evaluated, whatever the
submission calls; all of PyTorch's arithmetic works as before.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.sandbox.isolation.protected_pages import Pages

RETURN: Mapping[str, bytes] = {
    "x86_64": bytes.fromhex("c3"),  # ret
    "aarch64": bytes.fromhex("5f2403d5c0035fd6"),  # bti c; ret
}
"""The code of a function that returns nothing, by processor."""
RETURN_ZERO: Mapping[str, bytes] = {
    "x86_64": bytes.fromhex("31c0c3"),  # xor eax, eax; ret
    "aarch64": bytes.fromhex("5f2403d500008052c0035fd6"),  # bti c; mov w0, #0; ret
}
"""The code of a function that returns false, or a null pointer."""
RETURN_EMPTY: Mapping[str, bytes] = {
    # xor eax, eax; mov [rdi], rax; mov [rdi+8], rax; mov [rdi+16], rax; mov rax, rdi; ret
    "x86_64": bytes.fromhex("31c048890748894708488947104889f8c3"),
    # bti c; stp xzr, xzr, [x8]; str xzr, [x8, #16]; ret
    "aarch64": bytes.fromhex("5f2403d51f7d00a91f0900f9c0035fd6"),
}
"""The code of a function that returns an empty vector."""

ENTRY_POINTS = (
    # nothing is recorded meanwhile ...
    ("libc10.so", "_ZN3c108GradMode10is_enabledEv", RETURN_ZERO),
    # ... and code that restores what was read of that meanwhile (`with torch.no_grad()`) changes nothing
    ("libc10.so", "_ZN3c108GradMode11set_enabledEb", RETURN),
    # no tangent is carried along by forward mode
    ("libc10.so", "_ZN3c1010TensorImpl12_set_fw_gradERKN2at10TensorBaseES4_mb", RETURN),
    # a graph that was recorded before is not evaluated with other numbers: not by the engine, nor by a
    # compiler of backward passes that was put in its place ...
    (
        "libtorch_cpu.so",
        "_ZN5torch8autograd6Engine7executeERKSt6vectorINS0_4EdgeESaIS3_EERKS2_IN2at6TensorESaIS9_EEbbbS7_",
        RETURN_EMPTY,
    ),
    # ... nor by an evaluation that has begun already, in a thread that waits for it, or ...
    (
        "libtorch_cpu.so",
        "_ZN5torch8autograd6Engine17evaluate_functionERSt10shared_ptrINS0_9GraphTaskEEPNS0_4NodeERNS0_11Input"
        "BufferERKS2_INS0_10ReadyQueueEE",
        RETURN,
    ),
)
TP_CALL = 50  # of a type's slots, in CPython's typeslots.h


class NoSwitch(Exception):
    """Raised if automatic differentiation cannot be switched off here."""


@dataclass(frozen=True)
class Patch:
    """Describe what to write where, and what should be there before."""

    address: int
    before: bytes
    instead: bytes

    @property
    def pages(self) -> Pages:
        """Return the pages that it changes."""
        return Pages.of(self.address, len(self.instead))


def find_patches() -> tuple[Patch, ...]:
    """Find PyTorch's functions in this process.

    Raises
    ------
    NoSwitch
        The processor or PyTorch's libraries are not the ones this is made for.
    """
    processor = platform.machine()
    if processor not in RETURN:
        raise NoSwitch(f"PyTorch's functions are not known on a processor of kind {processor}")
    return tuple(
        Patch(address, ctypes.string_at(address, len(code[processor])), code[processor])
        for address, code in _functions()
    )


def _functions() -> Iterator[tuple[int, Mapping[str, bytes]]]:
    import torch

    libraries = Path(torch.__file__).parent / "lib"
    for library, symbol, code in ENTRY_POINTS:
        try:
            function = getattr(ctypes.CDLL(str(libraries / library)), symbol)
        except (OSError, AttributeError) as error:
            raise NoSwitch(f"PyTorch {torch.__version__} has no {symbol} in {library}") from error
        yield ctypes.cast(function, ctypes.c_void_p).value or 0, code
    # ... node by node: `tensor.grad_fn(gradient)`
    node = type((torch.ones(1, requires_grad=True) * 2).grad_fn)
    slot = ctypes.pythonapi.PyType_GetSlot
    slot.restype, slot.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_int]
    address = slot(node, TP_CALL)
    if not address:
        raise NoSwitch(f"PyTorch {torch.__version__} has no function that calls a {node.__name__}")
    yield address, RETURN_ZERO


def switch_words(patches: Sequence[Patch], why_not: str) -> bytes:
    """Serialise what the fork server has found, or why it has found nothing."""
    result = [(patch.address, patch.before.hex(), patch.instead.hex()) for patch in patches]
    return json.dumps({"patches": result, "why_not": why_not}).encode()


@lru_cache(maxsize=8)
def switch_from(words: bytes) -> tuple[tuple[Patch, ...], str]:
    """Read what `switch_words` wrote; it is trusted, since the fork server runs no student's code."""
    result = json.loads(words)
    patches = tuple(
        Patch(address, bytes.fromhex(before), bytes.fromhex(instead))
        for address, before, instead in result["patches"]
    )
    return patches, result["why_not"]


class Switch:
    """Switch automatic differentiation in the process behind a pidfd.

    Make one before any of a student's code runs there.
    """

    def __init__(self, process: int, patches: Sequence[Patch]) -> None:
        """Open the process's memory.

        Raises
        ------
        NoSwitch
            The kernel refuses, or the memory does not contain what was found.
        """
        self._patches = patches
        try:
            self._memory = os.open(f"/proc/{_number(process)}/mem", os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise NoSwitch(f"a submission's memory cannot be opened: {error.strerror}") from error

    def off(self) -> None:
        """Switch it off; all of it, or nothing.

        Raises
        ------
        NoSwitch
            The kernel does not write there, or the memory does not contain what it should.
        """
        written: list[Patch] = []
        try:
            for patch in self._patches:
                self._write(patch.address, patch.before, patch.instead)
                written.append(patch)
        except NoSwitch:
            with contextlib.suppress(NoSwitch):
                for patch in written:
                    self._write(patch.address, patch.instead, patch.before)
            raise

    def on(self) -> None:
        """Switch it on again.

        Raises
        ------
        NoSwitch
            As in `off`; also if the process has ended.
        """
        for patch in reversed(self._patches):  # what a thread records from now on can be evaluated
            self._write(patch.address, patch.instead, patch.before)

    def is_off(self) -> bool:
        """Return whether it is still off."""
        return all(self._stands(patch.address, patch.instead) for patch in self._patches)

    def close(self) -> None:
        """Close the process's memory."""
        if self._memory >= 0:
            os.close(self._memory)
            self._memory = -1

    def _write(self, address: int, old: bytes, new: bytes) -> None:
        try:
            if not self._stands(address, old):
                raise NoSwitch("PyTorch's code in a submission's process is not what it was")
            os.pwrite(self._memory, new, address)
            if not self._stands(address, new):
                raise NoSwitch("what was written over PyTorch's code does not stand there")
        except OSError as error:
            raise NoSwitch(f"a submission's memory cannot be written to: {error.strerror}") from error

    def _stands(self, address: int, code: bytes) -> bool:
        return os.pread(self._memory, len(code), address) == code


def _number(process: int) -> int:
    """Look up the process id behind a pidfd, as seen from here."""
    for line in Path(f"/proc/self/fdinfo/{process}").read_text(encoding="ascii").splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise NoSwitch("the kernel does not tell a submission's process number")
