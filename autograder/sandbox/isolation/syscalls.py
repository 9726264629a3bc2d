"""Refuse system calls that a submission has no business making: the third layer, seccomp.

To refuse another call, add its name to one of the tables.
"""

from __future__ import annotations

import contextlib
import errno
import os

from autograder.sandbox.isolation.linux import Clone, SystemCallFilter

PROCESSES = ("fork", "vfork", "execve", "execveat")
"""A submission is one process; it may have threads."""

OTHERS = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"),
    *("process_mrelease", "sync", "syncfs"),  # the last two have everybody wait for the machine's disks
)
NETWORK = ("socket", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg")
"""Pairs of connected sockets remain: event loops need them. `sendmsg` may carry descriptors and addresses."""

WATCHING = (
    *("inotify_init", "inotify_init1", "inotify_add_watch", "fanotify_init", "fanotify_mark"),
    *("cachestat", "statmount", "listmount"),
)
"""They reveal what others do with files: a course's name, who is graded, what is mounted."""

SHARED = (
    *("memfd_create", "memfd_secret", "shmget", "shmat", "semget", "msgget", "mq_open"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd"),
)
"""Memory that no limit counts, or that outlives a process."""

ADMINISTRATION = (
    *("mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "move_mount", "open_tree", "fsopen"),
    *(
        "fsconfig",
        "fsmount",
        "fspick",
        "mount_setattr",
        "open_tree_attr",
        "quotactl_fd",
        "swapon",
        "swapoff",
        "reboot",
        "acct",
        "quotactl",
    ),
    *("bpf", "perf_event_open", "open_by_handle_at", "name_to_handle_at", "personality"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "syslog"),
    *("add_key", "request_key", "keyctl", "settimeofday", "clock_settime", "adjtimex", "sethostname"),
    *("setdomainname", "iopl", "ioperm", "vhangup", "lookup_dcookie", "nfsservctl"),
)
NUMBERS = {
    **{"mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447, "process_mrelease": 448},
    **{"cachestat": 451, "statmount": 457, "listmount": 458, "open_tree_attr": 467},
}
"""Calls that an older libseccomp has no name for; from 424 on their numbers are the same everywhere."""

REFUSED_COMMANDS = {
    "fcntl": {
        1024: "F_SETLEASE: who opens the same library waits until the lease is broken",
        1026: "F_NOTIFY: tells what happens in a folder, by signals",
        1031: "F_SETPIPE_SZ: a user's pipes share one limit, behind which all others get small ones",
        1040: "F_SETDELEG: a lease on a folder",
    },
    "ioctl": {
        0x5412: "TIOCSTI: types into a terminal as if a person did",
        0x541C: "TIOCLINUX: the same for the console",
    },
}
"""By their second argument. It has 32 bits: the upper ones are ignored, as in the kernel.

No rule is needed for locks (`flock`, F_SETLK: only whoever asks for the same lock waits, and no process of
ours locks anything that a submission can open), `fchmodat2`, `setxattrat`, `utimensat` and the like
(everything is mounted read-only), `kill`, `prlimit64`, `sched_setaffinity` and whatever takes another
process's id (a submission sees no process but itself), `mlock` (counted per process), `splice`, `tee`,
`vmsplice` (they only move the caller's own bytes).
"""
DROP_PAGES = {"fadvise64": (3, 4), "madvise": (2, 21)}
"""POSIX_FADV_DONTNEED, MADV_PAGEOUT: shared libraries would have to be read from disk again."""

OF_A_USER = {"setpriority": 2, "ioprio_set": 3}
"""PRIO_USER, IOPRIO_WHO_USER: all processes of the grader's user, if there are no namespaces."""

WORD = 0xFFFFFFFF
AF_UNIX, SOCK_STREAM = 1, 1


class Filter:
    """Build a seccomp filter once, for every submission to enter."""

    def __init__(self) -> None:
        """Build the filter.

        Raises
        ------
        OSError, ImportError, RuntimeError
            This system has no seccomp, or libseccomp is missing.
        """
        import pyseccomp  # Linux alone has it

        refuse = pyseccomp.ERRNO(errno.EPERM)
        rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)

        def masked(argument: int, mask: int, value: int) -> object:
            return pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, mask, value)

        def refused(name: str, *arguments: object) -> None:
            # a call that this processor or this libseccomp does not know has no number
            with contextlib.suppress(OSError, ValueError, RuntimeError):
                rules.add_rule(refuse, NUMBERS.get(name, name), *arguments)

        for name in (*PROCESSES, *OTHERS, *NETWORK, *WATCHING, *SHARED, *ADMINISTRATION):
            refused(name)
        for name, commands in REFUSED_COMMANDS.items():
            for command in commands:
                refused(name, masked(1, WORD, command))
        for name, (argument, advice) in DROP_PAGES.items():
            refused(name, masked(argument, WORD, advice))
        for name, who in OF_A_USER.items():
            refused(name, masked(0, WORD, who))
        # a pair that is no stream sends to any address; a stream's type has its lowest bit alone
        refused("socketpair", pyseccomp.Arg(0, pyseccomp.NE, AF_UNIX))
        for bit in (1, 2, 4, 8):
            refused("socketpair", masked(1, bit, bit & ~SOCK_STREAM))
        refused("sendto", pyseccomp.Arg(4, pyseccomp.NE, 0))
        rules.add_rule(refuse, "clone", masked(0, int(Clone.THREAD), 0))
        # its flags are in memory, where no filter looks; if it seems to be missing, libraries use `clone`
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
        with os.fdopen(os.memfd_create("filter"), "w+b") as file:  # no file system can be written to here
            rules.export_bpf(file)  # once for all: to make it takes longer than to load it
            file.seek(0)
            self._filter = SystemCallFilter(file.read())

    def enter(self) -> None:
        """Have the kernel refuse these calls to this process from here on."""
        self._filter.enter()
