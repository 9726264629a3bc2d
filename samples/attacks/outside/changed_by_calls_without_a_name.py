"""Rights, times, attributes and flags are changed by the kernel's newest calls, which no library has a name for."""
# covers: files searched, neighbours
# honest: exercise2
# %% first
import ctypes
import os

import numpy

libc = ctypes.CDLL(None)
NOW = None
for path in (numpy.__file__, "@COURSE@/.autograder-secret", "@COURSE@"):
    name = path.encode()
    space = ctypes.create_string_buffer(64)
    for call in (
        (452, -100, name, 0o777, 0),  # fchmodat2
        (466, -100, name, 0, b"user.a"),  # removexattrat
        (463, -100, name, 0, b"user.a", space, 16),  # setxattrat
        (469, -100, name, space, 24, 0),  # file_setattr
        (280, -100, name, NOW, 0),  # utimensat
        (261, -100, name, NOW),  # futimesat
        (265, -100, name, -100, b"linked", 0),  # linkat
        (316, -100, name, -100, b"exchanged", 2),  # renameat2
        (133, name + b".pipe", 0o10666, 0),  # mknod
        (88, b"/etc/passwd", name + b".link"),  # symlink
    ):
        libc.syscall(*call)
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        continue
    libc.ioctl(descriptor, 0x40086602, ctypes.byref(ctypes.c_long(0x10)))  # FS_IOC_SETFLAGS: immutable
    libc.syscall(280, descriptor, None, None, 0)
