"""Python in a process of its own, and what it printed; the processes that live."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def python(
    *words: object,
    cwd: Path | None = None,
    status: int | None = 0,
    timeout: float = 600,
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the interpreter with these words until it ends; ours is imported wherever it runs.

    status : with which it has to end; None for any.
    environment : instead of this process's own.
    """
    own = {"PYTHONPATH": str(ROOT), **os.environ} if environment is None else environment
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=cwd,
        env=own,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert status is None or done.returncode == status, done.stdout + done.stderr
    return done


def living() -> dict[int, int]:
    """Give all processes that have not ended, each with its parent."""
    result = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                result[int(path.parent.name)] = int(parent)
    return result
