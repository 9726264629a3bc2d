"""Runs a command, waits for its end, and tells what it took and what it left running.

python -m samples.attacks.supervise REPORT SECONDS COMMAND...

It is the one who inherits whatever loses its parent, so that nothing the command started can hide. The
command's output goes to REPORT.txt, the rest to REPORT as JSON.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

SET_CHILD_SUBREAPER = 36
MOMENT = 0.1  # seconds between two looks
LAST_WORDS = 10.0  # seconds that helpers of the command's own may take to notice its end, on a busy machine


def main(report: Path, seconds: float, command: list[str]) -> None:
    """Run the command, end whatever is left after it, and write the report."""
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = time.monotonic()
    peak, ended = 0, False
    with report.with_suffix(".txt").open("wb") as output:
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        while not ended and time.monotonic() - started < seconds:
            peak = max(peak, _peak(running.pid))
            time.sleep(MOMENT)
            ended = running.poll() is not None
    took = time.monotonic() - started
    deadline = time.monotonic() + LAST_WORDS
    while ended and descendants(os.getpid()) and time.monotonic() < deadline:
        time.sleep(MOMENT)
    left = {process: _command(process) for process in descendants(os.getpid()) if process != running.pid}
    while alive := descendants(os.getpid()):
        for process in alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(MOMENT)
    running.wait()
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    found = {
        "status": running.returncode if ended else None,
        "seconds": round(took, 1),
        "peak": peak // 1000,  # MB, of the command's own process
        "largest": largest // 1000,  # MB, of the largest process that was waited for
        "left": sorted(left.values()) if ended else [],
    }
    report.write_text(json.dumps(found), encoding="utf-8")


def descendants(ancestor: int) -> list[int]:
    """Return the processes that descend from this one and are still alive."""
    parents, dead = {}, set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # pid (name) state parent …; the name may hold anything, brackets too
            state, parent = stat.read_text(errors="replace").rpartition(")")[2].split()[:2]
            parents[int(stat.parent.name)] = int(parent)
            if state in "ZX":
                dead.add(int(stat.parent.name))
    found, generation = [], [ancestor]
    while generation:
        generation = [process for process, parent in parents.items() if parent in generation]
        found += generation
    return [process for process in found if process not in dead]


def _peak(process: int) -> int:
    """Return the most memory that a process has had, in kB."""
    with contextlib.suppress(OSError, IndexError):
        status = Path(f"/proc/{process}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])
    return 0


def _command(process: int) -> str:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ")
        return words.decode(errors="replace").strip()[:200]
    return "gone meanwhile"


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
