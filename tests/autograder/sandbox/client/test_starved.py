"""A busy machine stops no honest work, and a worker gains no more than a bound by keeping it busy."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox.client.host import GRACE_SECONDS, MOST_STARVED, Worker, WorkerGone
from autograder.sandbox.client.starved import PID, Starved
from autograder.sandbox.protocol.limits import Limits
from tests.autograder.sandbox.inside import ask

OTHERS = 5  # processes that want the same core all the time
LIMITS = Limits(cell=1.0, call=1.0)
MOST = MOST_STARVED * (LIMITS.cell + GRACE_SECONDS) + 10.0  # seconds; 10 that a busy machine may add
WORKS = "import time\nbegun = time.process_time()\nwhile time.process_time() < begun + 0.5: pass"


@contextlib.contextmanager
def one_core_with(process):
    """Let a process share its only core with others that never rest."""
    core = min(os.sched_getaffinity(0))
    # in sessions of their own: the kernel may share a core out by sessions
    command = [sys.executable, "-c", f"import os\nos.sched_setaffinity(0, [{core}])\nwhile True: pass"]
    others = [subprocess.Popen(command, start_new_session=True) for _ in range(OTHERS)]
    os.sched_setaffinity(process, [core])
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def process_of(worker):
    return int(PID.search(Path(f"/proc/self/fdinfo/{worker._handle}").read_text("ascii"))[1])


@pytest.fixture
def squeezed(fork_server):
    """A worker that has a fraction of a core."""
    with Worker(fork_server, LIMITS) as worker:
        assert ask(worker, "1 + 1") == 2
        with one_core_with(process_of(worker)):
            yield worker


def test_a_cell_that_waits_for_a_core_is_not_late(squeezed):
    took = []
    for _ in range(3):  # the others take a moment to begin
        started = time.monotonic()
        ran = squeezed.run(WORKS)
        took.append(time.monotonic() - started)
        assert (ran.error, ran.late) == (None, False)
    assert max(took) > LIMITS.cell, "the core was shared"
    assert squeezed.lost == 0


def test_one_that_does_not_end_is_stopped_and_what_it_lost_is_its_own_time(squeezed):
    started = time.monotonic()
    assert squeezed.run("while True: pass").late
    assert time.monotonic() - started < MOST
    assert 0 < squeezed.lost < time.monotonic() - started


CROWD = f"""
import hashlib, threading
def work(): hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)  # lets others run Python meanwhile
for _ in range({3 * OTHERS}): threading.Thread(target=work, daemon=True).start()
"""


def test_who_keeps_the_core_busy_with_threads_loses_a_share_of_all_the_time(fork_server):
    with Worker(fork_server, LIMITS) as worker:
        assert ask(worker, "1 + 1") == 2
        os.sched_setaffinity(process_of(worker), [min(os.sched_getaffinity(0))])  # its threads share it
        assert worker.run(CROWD).error is None
        lost, started = worker.lost, time.monotonic()
        with contextlib.suppress(WorkerGone):
            worker.run("while True: pass")
        elapsed = time.monotonic() - started
        assert 2 * LIMITS.cell < elapsed < MOST
        assert worker.lost - lost > 0.9 * LIMITS.cell


def test_who_sleeps_does_not_wait_for_a_core(fork_server):
    with Worker(fork_server, LIMITS) as worker:
        before = worker.starved
        worker.run("import time; time.sleep(0.9)")
        assert worker.starved - before < 0.5
        assert worker.run("time.sleep(60)").late


def test_a_process_that_has_ended_is_told_as_it_was(fork_server):
    worker = Worker(fork_server, LIMITS)
    ask(worker, "1 + 1")
    seen = worker.starved
    worker.close()
    assert worker.starved >= seen


def test_where_the_kernel_tells_nothing_no_time_is_given():
    with Path(os.devnull).open("rb") as file:  # no pidfd
        assert Starved(file.fileno()).seconds() == 0
