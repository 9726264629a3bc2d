"""A kernel that refuses: an interpreter to which some system calls are denied, and to all it starts.

python -m tests.autograder.refusing CALL... -- ARGUMENT...    runs this interpreter with ARGUMENTs
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

from autograder.sandbox.isolation.layers import Layer

CALLS = {
    Layer.NAMESPACES: ("unshare",),
    Layer.FILES: ("landlock_create_ruleset",),
    Layer.SYSTEM_CALLS: ("seccomp", "prctl"),
    Layer.LIMITS: ("prlimit64", "setrlimit"),
    Layer.AUTODIFF: ("uname",),
}
"""Without which a layer cannot be had."""
PER_LINUX32 = 0x8  # personality(2): the kernel says that the processor is an older one
SET_SECCOMP = 22  # of prctl: the older way to install a filter


def command(layer: Layer, *arguments: object) -> list[str]:
    """An interpreter's command line, in a world where a layer cannot be had."""
    return [sys.executable, str(Path(__file__)), *CALLS[layer], "--", *map(str, arguments)]


def interpreter(layer: Layer, folder: Path) -> Path:
    """A program that stands for the interpreter where a layer cannot be had."""
    path = folder / f"python-without-{layer}"
    root = Path(__file__).parents[2]
    words = " ".join(command(layer))
    path.write_text(f'#!/bin/sh\nexport PYTHONPATH={root}\nexec {words} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path


def main(arguments: list[str]) -> None:
    """Have calls refused from here on, and go on as another command."""
    import pyseccomp

    split = arguments.index("--")
    refused = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in arguments[:split]:
        if name == "uname":
            ctypes.CDLL(None).personality(PER_LINUX32)
        elif name == "prctl":
            seccomp = pyseccomp.Arg(0, pyseccomp.EQ, SET_SECCOMP)
            refused.add_rule(pyseccomp.ERRNO(errno.EPERM), name, seccomp)
        else:
            refused.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    refused.load()
    os.execv(sys.executable, [sys.executable, *arguments[split + 1 :]])


if __name__ == "__main__":
    main(sys.argv[1:])
