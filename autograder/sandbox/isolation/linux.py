"""Make system calls that Python 3.11 has no function for, under their names in Linux's manual (section 2)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from enum import IntFlag
from pathlib import Path


class Clone(IntFlag):
    """Name what `unshare` and `setns` separate (clone(2))."""

    NEWNS = 0x00020000
    NEWIPC = 0x08000000
    NEWUSER = 0x10000000
    NEWPID = 0x20000000
    NEWNET = 0x40000000
    THREAD = 0x00010000


MS_NOSUID_NODEV_NOEXEC = 0x2 | 0x4 | 0x8
MS_PRIVATE = 1 << 18
SYS_MOUNT_SETATTR = 442  # on every processor; the C library knows it by name since 2022 only
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_ATTR_RDONLY = 0x1
HUGE = 2 << 20  # bytes of a huge page
MADV_COLLAPSE = 25
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522

_LIBC = ctypes.CDLL(None, use_errno=True)
_PYTHON = ctypes.PyDLL(None, use_errno=True)  # the same, called without releasing the interpreter lock


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


def _no_fork() -> int:
    raise OSError("this system has no fork")


fork_with_threads: Callable[[], int] = getattr(os, "fork", _no_fork)
"""Fork as Python does; under its own name a submission finds what `autograder.patches` puts in its place."""


def fork() -> int:
    """Fork; return the child's id, or 0 in the child.

    This is fork(2) without what Python and its libraries do after a fork for the sake of other threads: they
    reset dozens of locks, which costs more than the fork. Use it only in a process with a single thread; the
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
    """Return whether this process is known to have a single thread."""
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


class _MountAttributes(ctypes.Structure):
    """Hold what `mount_setattr` is to change (mount_setattr(2))."""

    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def set_read_only(folder: str, *, recursive: bool = False, read_only: bool = True) -> None:
    """Prevent anything below a mount from being written, created, renamed or given other attributes.

    This includes permissions, owners and times. It holds in this mount namespace and in those made from it; a
    descriptor that is already open for writing still writes, and so do devices.

    recursive : also the mounts below it; mounts made elsewhere later do not appear here.
    read_only : False undoes it.

    Raises
    ------
    OSError
        The kernel refuses, or is older than Linux 5.12.
    """
    change = _MountAttributes(
        set=MOUNT_ATTR_RDONLY if read_only else 0,
        clear=0 if read_only else MOUNT_ATTR_RDONLY,
        propagation=MS_PRIVATE if recursive else 0,
    )
    _checked(
        "syscall",
        ctypes.c_long(SYS_MOUNT_SETATTR),
        ctypes.c_int(AT_FDCWD),
        folder.encode(),
        ctypes.c_uint(AT_RECURSIVE if recursive else 0),
        ctypes.byref(change),
        ctypes.c_size_t(ctypes.sizeof(change)),
    )


def die_with_parent(signal: int) -> None:
    """Have the kernel send `signal` to this process when its parent ends."""
    _checked("prctl", PR_SET_PDEATHSIG, ctypes.c_ulong(signal), 0, 0, 0)


def no_new_privileges() -> None:
    """Never gain privileges again, not even by set-user-id programs."""
    _checked("prctl", PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


class SystemCallFilter:
    """Hold a seccomp filter as the kernel takes it: instructions of 8 bytes each."""

    def __init__(self, instructions: bytes) -> None:
        self._instructions = ctypes.create_string_buffer(instructions, len(instructions))
        where = ctypes.cast(self._instructions, ctypes.c_void_p)
        self._program = _Program(len(instructions) // 8, where)

    def enter(self) -> None:
        """Send every system call of this process through the filter from here on."""
        no_new_privileges()
        _checked("prctl", PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(self._program))


def write(path: str, content: str) -> None:
    """Write a short text to one of the kernel's own files, in one call as it requires.

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
    """Read the short text in one of the kernel's own files.

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
    """Move this process's own memory to huge pages, if the kernel can (Linux 6.1 and later).

    A fork then copies, and an exit frees, one entry for 512 pages.
    """
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        place, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights == "rw-p" and name in ([], ["[heap]"]):
            start, end = (int(address, 16) for address in place.split("-"))
            first, last = -(-start // HUGE) * HUGE, end // HUGE * HUGE
            if last > first:  # a refusal costs nothing but the time it would have saved
                _LIBC.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), MADV_COLLAPSE)
    ctypes.set_errno(0)  # the package `landlock` takes an error number that is left here for its own failure


def drop_capabilities() -> None:
    """Give up every capability, including those within its own user namespace."""
    header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
    _checked("capset", ctypes.byref(header), (ctypes.c_uint32 * 6)())
