"""Keep a submission from remapping, discarding or writing to parts of its own memory, by a seccomp filter.

A filter sees a call's arguments as 32-bit halves and has to add them, which libseccomp cannot express; so
it is written here in the instructions of classic BPF.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import platform
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from autograder.sandbox.isolation.linux import SystemCallFilter

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_*, linux/audit.h
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # where they stand in struct seccomp_data
LOAD, STORE, LOAD_CELL, TO_X = 0x20, 0x02, 0x60, 0x07  # BPF_LD|W|ABS, BPF_ST, BPF_LD|MEM, BPF_MISC|TAX
JUMP, EQUAL, GREATER, GREATER_EQUAL, ANY_BIT = 0x05, 0x15, 0x25, 0x35, 0x45  # BPF_JMP|JA, JEQ, JGT, JGE, JSET
GREATER_EQUAL_X, ADD, ADD_X, AND, RETURN = 0x3D, 0x04, 0x0C, 0x54, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
MAP_FIXED, MREMAP_FIXED, PR_SET_DUMPABLE = 0x10, 2, 4
LOW, HIGH, END_LOW, END_HIGH = range(4)  # cells of the machine's memory
HALF = 0xFFFFFFFF
ADDRESS_HIGH = 0xFFFF  # processors can be told to ignore the topmost bits of an address

_Instruction: TypeAlias = tuple[int, int, int, int]
_Range: TypeAlias = tuple[int, int, tuple[int, int] | None]

CALLS: tuple[tuple[tuple[str, ...], tuple[_Range, ...]], ...] = (
    (("munmap", "mprotect", "pkey_mprotect", "madvise", "remap_file_pages"), ((0, 1, None),)),
    (("mmap",), ((0, 1, (3, MAP_FIXED)),)),
    (("mremap",), ((0, 1, None), (4, 2, (3, MREMAP_FIXED)))),
)
"""Calls that change what a page holds or allows: the arguments with address and length of the pages that they
change, and the bit of another argument without which they do not."""


@dataclass(frozen=True)
class Pages:
    """Describe pages of memory, from `start` up to `end`."""

    start: int
    end: int

    @classmethod
    def of(cls, address: int, size: int) -> Pages:
        """Return the pages that contain some bytes."""
        page = mmap.PAGESIZE
        return cls(address // page * page, -(-(address + size) // page) * page)

    @classmethod
    def joined(cls, pages: Iterable[Pages]) -> list[Pages]:
        """Join adjacent ones, so that there are fewer to check."""
        result: list[Pages] = []
        for each in sorted(pages, key=lambda each: each.start):
            if result and each.start <= result[-1].end:
                result[-1] = cls(result[-1].start, max(result[-1].end, each.end))
            else:
                result.append(each)
        return result


class Protection:
    """Refuse to change some pages, and to hide this memory from the grader."""

    def __init__(self, pages: Sequence[Pages]) -> None:
        """Build the filter.

        Raises
        ------
        OSError, ImportError, KeyError
            This system has no seccomp, libseccomp is missing, or the processor is unknown.
        """
        pages = Pages.joined(pages)
        program: list[_Instruction] = [
            (LOAD, 0, 0, ARCHITECTURE),
            (EQUAL, 1, 0, ARCHITECTURES[platform.machine()]),
            (RETURN, 0, 0, ALLOW),  # the other filter ends calls of another kind
        ]
        for names, ranges in CALLS:
            steps = (_refusing(address, length, bit, pages) for address, length, bit in ranges)
            program += _for_calls(_numbers(names), [step for each in steps for step in each])
        not_dumpable = (EQUAL, 0, 1, PR_SET_DUMPABLE)  # nobody else could write to this process's memory then
        program += _for_calls(_numbers(["prctl"]), [(LOAD, 0, 0, _low(0)), not_dumpable, _REFUSED])
        program.append((RETURN, 0, 0, ALLOW))
        self._filter = SystemCallFilter(b"".join(struct.pack("=HBBI", *each) for each in program))

    def enter(self) -> None:
        """Have the kernel refuse these calls to this process from here on."""
        self._filter.enter()


_REFUSED: _Instruction = (RETURN, 0, 0, REFUSE)


def _numbers(names: Sequence[str]) -> list[int]:
    """Look up the numbers of those calls that this processor has."""
    import pyseccomp  # Linux alone has it

    numbers = []
    for name in names:
        with contextlib.suppress(OSError, ValueError):
            numbers.append(pyseccomp.resolve_syscall(pyseccomp.system_arch(), name))
    return [number for number in numbers if number >= 0]


def _for_calls(numbers: Sequence[int], steps: Sequence[_Instruction]) -> list[_Instruction]:
    """Check a call with one of these numbers by some steps; allow it if none of them refuses."""
    behind = [*steps, (RETURN, 0, 0, ALLOW)]
    is_one = [
        (EQUAL, left, 0, number) for left, number in zip(range(len(numbers), 0, -1), numbers, strict=True)
    ]
    return [(LOAD, 0, 0, NUMBER), *is_one, (JUMP, 0, 0, len(behind)), *behind]


def _refusing(
    address: int, length: int, bit: tuple[int, int] | None, pages: Sequence[Pages]
) -> list[_Instruction]:
    """Refuse a call if it changes any of these pages: address < end, and address + length > start."""
    steps: list[_Instruction] = [
        (LOAD, 0, 0, _low(length)),
        (TO_X, 0, 0, 0),
        (LOAD, 0, 0, _low(address)),
        (STORE, 0, 0, LOW),
        (ADD_X, 0, 0, 0),
        (STORE, 0, 0, END_LOW),
        (GREATER_EQUAL_X, 2, 0, 0),  # the sum is smaller than what was added: carry one
        (LOAD, 0, 0, _high(length)),
        (JUMP, 0, 0, 2),
        (LOAD, 0, 0, _high(length)),
        (JUMP, 0, 0, 1),
        (ADD, 0, 0, 1),
        (TO_X, 0, 0, 0),
        (LOAD, 0, 0, _high(address)),
        (AND, 0, 0, ADDRESS_HIGH),
        (STORE, 0, 0, HIGH),
        (ADD_X, 0, 0, 0),
        (STORE, 0, 0, END_HIGH),
    ]
    for each in pages:
        steps += [
            (LOAD_CELL, 0, 0, HIGH),
            (GREATER, 9, 0, each.end >> 32),
            (EQUAL, 0, 2, each.end >> 32),
            (LOAD_CELL, 0, 0, LOW),
            (GREATER_EQUAL, 6, 0, each.end & HALF),
            (LOAD_CELL, 0, 0, END_HIGH),
            (GREATER, 3, 0, each.start >> 32),
            (EQUAL, 0, 3, each.start >> 32),
            (LOAD_CELL, 0, 0, END_LOW),
            (GREATER, 0, 1, each.start & HALF),
            _REFUSED,
        ]
    if bit is None:
        return steps
    argument, mask = bit
    return [(LOAD, 0, 0, _low(argument)), (ANY_BIT, 1, 0, mask), (JUMP, 0, 0, len(steps)), *steps]


def _low(argument: int) -> int:
    """Return where the low half of an argument is; the processors that we know are little-endian."""
    return ARGUMENTS + 8 * argument


def _high(argument: int) -> int:
    return _low(argument) + 4
