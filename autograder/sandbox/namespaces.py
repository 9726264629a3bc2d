"""The first layer: a submission sees no other user, process, message queue, network or mount.

A warm process goes into namespaces once; there it is superuser, of nothing, and may give each submission
namespaces of its own for the price of one fork.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from autograder.sandbox import kernel
from autograder.sandbox.kernel import Clone

OUTER = Clone.NEWUSER | Clone.NEWPID | Clone.NEWIPC | Clone.NEWNET | Clone.NEWNS
INNER = Clone.NEWUSER | Clone.NEWIPC | Clone.NEWNET | Clone.NEWNS
FILES_ON_DISK = 4096  # of a submission's private disk


def go_inside(afterwards: Callable[[], object] = lambda: None) -> bool:
    """Go on as the first process of new namespaces; the process outside only waits for it.

    afterwards : what the process outside does when the one inside has ended, however it did.

    Returns
    -------
    whether the kernel allows it; if not, the process goes on where it was.
    """
    try:
        _unshare_mapped(OUTER)
    except OSError:
        return False
    if inside := os.fork():
        _, status = os.waitpid(inside, 0)
        afterwards()
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.die_with_parent(signal.SIGKILL)
    return True


class ProcessNamespaces:
    """Gives the next child a process namespace of its own, as its first process."""

    def __init__(self) -> None:
        self._own = os.pidfd_open(os.getpid())

    def open(self) -> None:
        """Have the next fork open a new namespace."""
        kernel.unshare(Clone.NEWPID)

    def close(self) -> None:
        """Have forks stay here again: a namespace can be asked for only from one's own."""
        kernel.setns(self._own, Clone.NEWPID)


def separate(folder: str, disk: int) -> None:
    """For a submission's own process: all other namespaces, and a private disk in memory at `folder`.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    _unshare_mapped(INNER)
    kernel.mount_memory(folder, disk, FILES_ON_DISK)


def _unshare_mapped(flags: Clone) -> None:
    """Unshare, and keep the own user's and group's number: files are made under a number that exists."""
    user, group = os.getuid(), os.getgid()
    kernel.unshare(flags)
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        kernel.write(f"/proc/self/{name}", content)
