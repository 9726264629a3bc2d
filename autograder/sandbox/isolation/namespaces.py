"""Separate a submission from other users, processes, message queues, networks and mounts: the first layer.

The fork server enters namespaces once; inside, it is root without power over anything outside, and can give
each submission its own namespaces for the price of one fork.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable

from autograder.sandbox.isolation import linux, pidfd
from autograder.sandbox.isolation.linux import Clone

OUTER = Clone.NEWUSER | Clone.NEWPID | Clone.NEWIPC | Clone.NEWNET
INNER = Clone.NEWUSER | Clone.NEWIPC | Clone.NEWNS
FIRST_FREE = 3  # descriptor behind the standard streams
MOST_OPEN = 1 << 16  # descriptors of a process, at most
FILES_ON_DISK = 4096  # of a submission's private disk
BYTES_AT_HOME = 16 << 20  # in its home folder, where libraries keep their lists


def go_inside(afterwards: Callable[[], object] = lambda: None) -> bool:
    """Continue as the first process of new namespaces; the process outside waits for it.

    afterwards : what the process outside does when the one inside has ended, however it did.

    Returns
    -------
    Whether the kernel allows it; if not, the process continues where it was.
    """
    try:
        _unshare_mapped(OUTER)
    except OSError:
        return False
    if inside := os.fork():
        # or a grader that waits for the process inside would wait for this one too, which never answers
        os.closerange(FIRST_FREE, MOST_OPEN)
        _, status = os.waitpid(inside, 0)
        afterwards()
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    linux.die_with_parent(signal.SIGKILL)
    return True


class ProcessNamespaces:
    """Give each child a process namespace, of which it is the first process, and a network of its own.

    A network is expensive to create and to destroy, and nothing can be left behind in one: it belongs to the
    fork server, so a submission may not change it, and sockets end with their process. So the next submission
    gets the network of one that has ended, never of one that is running.
    """

    def __init__(self) -> None:
        self._own = pidfd.open_handle(os.getpid())
        self._fork = linux.fork if linux.has_one_thread() else linux.fork_with_threads
        self._free: list[int] = []
        self._taken: dict[int, int] = {}

    def fork(self) -> int:
        """Fork; return the child's id here, or 0 in the child."""
        linux.unshare(Clone.NEWPID)
        network = self._network()
        if child := self._fork():
            linux.setns(self._own, Clone.NEWPID)  # a namespace can be requested only from one's own
            self._taken[child] = network
        return child

    def reap(self) -> None:
        """Reclaim the networks of children that have ended."""
        with contextlib.suppress(ChildProcessError):
            while child := os.waitpid(-1, os.WNOHANG)[0]:
                if child in self._taken:
                    self._free.append(self._taken.pop(child))

    def _network(self) -> int:
        """Enter a network that no other process is in; return a descriptor of it."""
        if self._free:
            network = self._free.pop()
            linux.setns(network, Clone.NEWNET)
            return network
        linux.unshare(Clone.NEWNET)
        return os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def make_read_only(home: str) -> None:
    """Keep this process and its forks from changing any file, except in a home folder in memory.

    Landlock, which keeps a submission from reading and writing, has no rule for permissions, owners, times
    and attributes; here the kernel refuses these as well.

    home : an existing folder; what this process writes in it is gone when it ends.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    linux.unshare(Clone.NEWNS)
    linux.set_read_only("/", recursive=True)
    linux.set_read_only("/proc", read_only=False)  # where each submission maps its own user's number
    linux.mount_memory(home, BYTES_AT_HOME, FILES_ON_DISK)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)  # what was open there leads to the mount as it was, on which rights can be changed
    os.close(null)


def separate(folder: str, home: str, disk: int) -> None:
    """Give a submission's own process the other namespaces, and a private disk in memory at `folder`.

    home : gets a disk of its own, which hides what the fork server has there.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    _unshare_mapped(INNER)
    linux.mount_memory(folder, disk, FILES_ON_DISK)
    linux.mount_memory(home, BYTES_AT_HOME, FILES_ON_DISK)
    linux.set_read_only("/proc")


def _unshare_mapped(flags: Clone) -> None:
    """Unshare, but keep the ids of user and group, so that files are created under ids that exist."""
    user, group = os.getuid(), os.getgid()
    linux.unshare(flags)
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        linux.write(f"/proc/self/{name}", content)
