"""Say on which systems no submission runs in a sandbox, what works there all the same, and where to grade."""

from __future__ import annotations

import sys


def reason() -> str:
    """Say why submissions do not run on this system, and what to do; empty if they do."""
    if sys.platform.startswith("linux") and _has_unix_modules():
        return ""
    names = {"darwin": "macOS", "win32": "Windows"}
    system = names.get(sys.platform, "a system without them" if sys.platform == "linux" else sys.platform)
    return (
        f"Submissions run in a sandbox made of Linux's own parts, and this is {system}: nothing "
        "was run.\n"
        "What works here: the notebooks and their self-checks, `autograder build`, `autograder bundle`, and "
        "plain nbgrader, with nbgrader.preprocessors.Execute for our executor in nbgrader_config.py.\n"
        "To grade in the sandbox: in a Linux container (`docker run --security-opt seccomp=unconfined "
        "--security-opt apparmor=unconfined …`), on a Linux server or in WSL 2, or from here on a cluster of "
        "Linux machines (`autograder grade --cluster ADDRESS`). docs/sandbox.md tells how."
    )


def _has_unix_modules() -> bool:
    """Return whether Python has the modules that the sandbox needs; on Windows it has neither."""
    try:
        import fcntl  # noqa: F401  whether it is there is all that is asked
        import resource  # noqa: F401
    except ImportError:
        return False
    return True
