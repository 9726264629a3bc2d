"""Every task is done or told why not, whatever happens to the processes that work."""

import os
import signal
import time
from pathlib import Path

import pytest

from autograder.crew import AHEAD, CannotStart, Done, Task, work_through


def start(folder=""):
    if folder == "fails":
        raise RuntimeError("no nursery")


def work(payload):
    """Do as a task says: what a worker and its misfortunes look like from outside."""
    word, _, rest = payload.decode().partition(" ")
    if word == "raise":
        raise ValueError(rest)
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "die-once":
        path = Path(rest)
        if not path.exists():
            path.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    if word == "fatal":
        raise MemoryError(rest)
    if word == "sleep":
        time.sleep(float(rest))
    return payload.upper()


def done(payloads, jobs=2, argument="", fatal=()):
    tasks = (Task(str(n), payload.encode()) for n, payload in enumerate(payloads))
    found = list(work_through(tasks, jobs, start, (argument,), work, fatal))
    assert len({one.name for one in found}) == len(found), "nothing twice"
    return {int(one.name): one for one in found}


def test_all_tasks_are_done_once():
    found = done([f"task {n}" for n in range(40)])
    assert {n: one.result for n, one in found.items()} == {n: f"TASK {n}".encode() for n in range(40)}


def test_an_exception_costs_its_own_task_only():
    found = done(["a", "raise told", "b"])
    assert found[1] == Done("1", None, "ValueError: told")
    assert found[0].result == b"A"
    assert found[2].result == b"B"


def test_a_process_that_dies_costs_nobody_anything_but_whom_it_kills_twice(tmp_path):
    payloads = [f"task {n}" for n in range(8)] + ["die", f"die-once {tmp_path / 'once'}"]
    payloads += [f"task {n}" for n in range(10, 14)]
    found = done(payloads)
    assert sorted(found) == list(range(14))
    assert found[8].result is None
    assert "twice" in found[8].problem
    assert found[9].result is not None, "a second try"
    assert all(found[n].result is not None for n in range(14) if n != 8)


def test_where_the_processes_cannot_start_it_is_told_and_not_tried_for_ever():
    with pytest.raises(CannotStart, match="no nursery"):
        done(["a", "b", "c"], argument="fails")


def test_the_machines_own_trouble_is_raised():
    with pytest.raises(MemoryError, match="all used"):
        done(["fatal all used"], jobs=1, fatal=(MemoryError,))


def test_not_more_tasks_are_read_than_are_under_way():
    """A class of thousands is not held in memory."""
    read = []

    def tasks():
        for n in range(50):
            read.append(n)
            yield Task(str(n), b"x")

    for count, _ in enumerate(work_through(tasks(), 2, start, ("",), work)):
        assert len(read) <= count + 2 * AHEAD + 2


def test_who_stops_listening_leaves_no_process():
    running = work_through((Task(str(n), b"sleep 0.05") for n in range(100)), 2, start, ("",), work)
    next(running)
    running.close()
    deadline = time.monotonic() + 20
    while (left := children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def children():
    """Workers of crews that live; the server they are forked from is none."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
            command = (path.parent / "cmdline").read_bytes()
        except OSError:
            continue
        state, parent = text.rpartition(")")[2].split()[:2]
        if state != "Z" and b"forkserver" in command and int(parent) != os.getpid() and _ours(int(parent)):
            found.append(int(path.parent.name))
    return found


def _ours(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()
    except OSError:
        return False
