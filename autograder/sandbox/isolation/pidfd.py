"""Open and signal pidfds, even if Python was built on a system too old to have functions for them.

`os.pidfd_open` and `signal.pidfd_send_signal` are missing in such a Python, whatever the kernel can do.
"""

from __future__ import annotations

import ctypes
import os
import signal

SEND_SIGNAL, OPEN = 424, 434  # Linux's numbers of these calls, the same on every kind of processor


def open_handle(process: int) -> int:
    """Open a pidfd of a process, the caller's to close.

    Raises
    ------
    OSError
        The kernel refuses, or is older than Linux 5.3.
    """
    if hasattr(os, "pidfd_open"):
        return os.pidfd_open(process)
    return _called(OPEN, process, 0)


def send_signal(handle: int, number: signal.Signals) -> None:
    """Send a signal to the process behind a pidfd.

    Raises
    ------
    ProcessLookupError
        It has ended.
    OSError
        The kernel refuses.
    """
    if hasattr(signal, "pidfd_send_signal"):
        signal.pidfd_send_signal(handle, number)
    else:
        _called(SEND_SIGNAL, handle, int(number), None, 0)


def _called(call: int, *arguments: int | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result: int = libc.syscall(ctypes.c_long(call), *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
