"""System calls that Python 3.11 has no name for, by their names in Linux's manual (section 2)."""

from __future__ import annotations

import ctypes
import os
from enum import IntFlag
from pathlib import Path


class Clone(IntFlag):
    """What `unshare` and `setns` separate (clone(2))."""

    NEWNS = 0x00020000
    NEWIPC = 0x08000000
    NEWUSER = 0x10000000
    NEWPID = 0x20000000
    NEWNET = 0x40000000
    THREAD = 0x00010000


MS_RDONLY, MS_REMOUNT, MS_BIND = 0x1, 0x20, 0x1000
MS_NOSUID_NODEV_NOEXEC = 0x2 | 0x4 | 0x8
MNT_DETACH = 0x2
HUGE = 2 << 20  # bytes of a huge page
MADV_COLLAPSE = 25
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522

_LIBC = ctypes.CDLL(None, use_errno=True)
_PYTHON = ctypes.PyDLL(None, use_errno=True)  # the same, called without letting go of the interpreter


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def _checked(name: str, *arguments: object) -> None:
    """Call the C library.

    Raises
    ------
    OSError
        The kernel refuses, or the C library has no such function.
    """
    function = getattr(_LIBC, name, None)
    if function is None:
        raise OSError(f"this system has no {name}")
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def fork() -> int:
    """Fork; the child's number, or 0 in the child.

    As fork(2) does, without what Python and its libraries do after a fork for the sake of other threads: they
    put dozens of locks into order, which costs more than the fork. For a process with a single thread; the
    child has to seed `random` itself.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    child: int = _PYTHON.fork()
    if child < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"fork: {os.strerror(number)}")
    return child


def has_one_thread() -> bool:
    """Whether this process is known to have a single thread."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208  the names are not looked at
    except OSError:
        return False


def unshare(flags: Clone) -> None:
    """Give this process (NEWPID: its next child) namespaces of its own."""
    _checked("unshare", ctypes.c_int(flags))


def setns(descriptor: int, flags: Clone) -> None:
    """Enter the namespaces of the process behind a pidfd; with NEWPID, its children do."""
    _checked("setns", ctypes.c_int(descriptor), ctypes.c_int(flags))


def mount_memory(folder: str, size: int, files: int) -> None:
    """Mount an empty file system in memory, of at most `size` bytes and `files` files."""
    options = f"size={size},nr_inodes={files},mode=700".encode()
    _checked("mount", b"tmpfs", folder.encode(), b"tmpfs", ctypes.c_ulong(MS_NOSUID_NODEV_NOEXEC), options)


def freeze(folder: str) -> None:
    """Have nothing be written in a folder any more, in this mount namespace and those made from it."""
    path = folder.encode()
    _checked("mount", path, path, None, ctypes.c_ulong(MS_BIND), None)
    again = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID_NODEV_NOEXEC
    _checked("mount", None, path, None, ctypes.c_ulong(again), None)


def thaw(folder: str) -> None:
    """Undo `freeze`, so that the folder can be removed."""
    _checked("umount2", folder.encode(), ctypes.c_int(MNT_DETACH))


def die_with_parent(signal: int) -> None:
    """Have the kernel send `signal` to this process when its parent ends."""
    _checked("prctl", PR_SET_PDEATHSIG, ctypes.c_ulong(signal), 0, 0, 0)


def no_new_privileges() -> None:
    """Never gain rights again, not by set-user-id programs either."""
    _checked("prctl", PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


class SystemCallFilter:
    """A seccomp filter as the kernel takes it: instructions of 8 bytes each."""

    def __init__(self, instructions: bytes) -> None:
        self._instructions = ctypes.create_string_buffer(instructions, len(instructions))
        where = ctypes.cast(self._instructions, ctypes.c_void_p)
        self._program = _Program(len(instructions) // 8, where)

    def enter(self) -> None:
        """From here on every system call of this process goes through it."""
        no_new_privileges()
        _checked("prctl", PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(self._program))


def write(path: str, content: str) -> None:
    """Write a few letters to one of the kernel's own files, in one call as it wants them.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, content.encode("ascii"))
    finally:
        os.close(descriptor)


def read(path: str) -> bytes:
    """Read the few letters of one of the kernel's own files.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 4096)
    finally:
        os.close(descriptor)


def use_huge_pages() -> None:
    """Move this process's own memory to huge pages, where the kernel can (Linux 6.1 and later).

    A fork copies, and an exit frees, one entry for 512 pages then.
    """
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        place, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights == "rw-p" and name in ([], ["[heap]"]):
            start, end = (int(address, 16) for address in place.split("-"))
            first, last = -(-start // HUGE) * HUGE, end // HUGE * HUGE
            if last > first:  # a refusal costs nothing but the time it would have saved
                _LIBC.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), MADV_COLLAPSE)
    ctypes.set_errno(0)  # the package `landlock` takes a number that is left here for its own failure


def drop_capabilities() -> None:
    """Give up every right of a superuser, those within an own user namespace included."""
    header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
    _checked("capset", ctypes.byref(header), (ctypes.c_uint32 * 6)())
