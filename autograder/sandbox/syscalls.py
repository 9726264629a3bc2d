"""The third layer, seccomp: what a submission has no business asking of the kernel."""

from __future__ import annotations

import errno
import tempfile

from autograder.sandbox.kernel import Clone, SystemCallFilter

PROCESSES = ("fork", "vfork", "execve", "execveat")
"""A submission is one process; it may have threads."""

OTHERS = ("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd")
NETWORK = ("socket", "connect", "bind", "listen", "accept", "accept4")
SHARED = (
    *("memfd_create", "memfd_secret", "shmget", "shmat", "semget", "msgget", "mq_open"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd"),
)
"""Memory that no limit counts, or that outlives a process."""

ADMINISTRATION = (
    *("mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "move_mount", "open_tree", "fsopen"),
    *("fsconfig", "fsmount", "fspick", "mount_setattr", "swapon", "swapoff", "reboot", "acct", "quotactl"),
    *("bpf", "perf_event_open", "fanotify_init", "open_by_handle_at", "name_to_handle_at", "personality"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "syslog"),
    *("add_key", "request_key", "keyctl", "settimeofday", "clock_settime", "adjtimex", "sethostname"),
    *("setdomainname", "iopl", "ioperm", "vhangup", "lookup_dcookie", "nfsservctl"),
)
TIOCSTI = 0x5412  # types into a terminal as if a person did
TIOCLINUX = 0x541C


class Filter:
    """A seccomp filter, built once and entered by every submission."""

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
        for name in (*PROCESSES, *OTHERS, *NETWORK, *SHARED, *ADMINISTRATION):
            try:
                rules.add_rule(refuse, name)
            except (OSError, ValueError, RuntimeError):
                continue  # a call that this processor or this libseccomp does not know
        thread = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, int(Clone.THREAD), 0)
        rules.add_rule(refuse, "clone", thread)
        # its flags lie in memory, where no filter looks; told that it is not there, libraries use `clone`
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
        for request in (TIOCSTI, TIOCLINUX):
            rules.add_rule(refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
        with tempfile.TemporaryFile() as file:
            rules.export_bpf(file)  # once for all: to make it takes longer than to load it
            file.seek(0)
            self._filter = SystemCallFilter(file.read())

    def enter(self) -> None:
        """From here on the kernel refuses these calls to this process."""
        self._filter.enter()
