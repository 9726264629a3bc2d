"""Every task is done or told why not, whatever happens to the processes that work."""

import os
import signal
import time
from functools import partial, partialmethod
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from autograder.parallel.process_pool import AHEAD, CannotStart, Done, Task, work_through
from tests.process import living, python


def start(folder=""):
    if folder == "fails":
        raise RuntimeError("no fork server")
    if folder == "ends":
        os._exit(1)


def work(payload):
    """Do as a task says: what a worker and its misfortunes look like from outside."""
    word, *rest = payload.decode().split()
    once = word.endswith("-once")
    if once and Path(rest[0]).exists():
        return payload.upper()
    if once:
        Path(rest[0]).touch()
    match word.removesuffix("-once"):
        case "raise":
            raise ValueError(*rest)
        case "fatal":
            raise MemoryError(" ".join(rest))
        case "die":
            _die()
        case "die-handing-out":
            Connection._send = partialmethod(_half, then=_die)
        case "stuck-handing-out":
            Connection._send = partialmethod(_half, then=partial(time.sleep, 100))
        case "count":
            with Path(*rest).open("a") as file:
                file.write("x")
            time.sleep(2)
        case "sleep":
            time.sleep(float(*rest))
    return payload.upper()


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


def _half(connection, buffer, write=os.write, *, then):
    """Hand out half of a result, and do something else."""
    write(connection._handle, buffer[: len(buffer) // 2])
    then()


def done(payloads, jobs=2, argument="", fatal=()):
    tasks = (Task(str(n), payload.encode()) for n, payload in enumerate(payloads))
    result = list(work_through(tasks, jobs, start, (argument,), work, fatal))
    assert len({one.name for one in result}) == len(result), "nothing twice"
    return {int(one.name): one for one in result}


def test_a_process_that_dies_while_it_hands_out_its_result_costs_nobody_anything(tmp_path):
    dies = f"die-handing-out-once {tmp_path / 'once'} {1000 * 'x'}"
    payloads = [*(f"task {n}" for n in range(6)), dies, *(f"task {n}" for n in range(5))]
    assert [one.result for _, one in sorted(done(payloads).items())] == [p.upper().encode() for p in payloads]


def test_what_others_are_forked_from_may_take_a_moment_to_be_gone_when_it_was_killed(monkeypatch):
    begin, first = BaseProcess.start, []

    def refused(process):
        first.append(time.monotonic())
        if time.monotonic() < first[0] + 0.5:
            raise ConnectionRefusedError
        begin(process)

    monkeypatch.setattr(BaseProcess, "start", refused)
    assert {n: one.result for n, one in done(["a", "b"]).items()} == {0: b"A", 1: b"B"}


@pytest.mark.parametrize(
    ("start", "reason"), [("ends", "as soon as they are started"), ("fails", "no fork server")]
)
def test_where_the_processes_cannot_start_it_is_reported_and_not_tried_for_ever(start, reason):
    with pytest.raises(CannotStart, match=reason):
        done(["a", "b", "c"], argument=start)


def test_a_process_that_dies_leaves_what_others_are_doing_alone(tmp_path):
    """A slow task beside one that kills its process runs once."""
    runs = tmp_path / "runs"
    results = done([f"count {runs}", f"die-once {tmp_path / 'once'}"])
    assert [one.problem for one in results.values()] == ["", ""]
    assert runs.read_text() == "x"


def test_several_tasks_that_kill_their_processes_are_each_given_up():
    result = done([*6 * ["die"], "a"])
    assert ["twice" in result[n].problem for n in range(7)] == [*6 * [True], False]


INTERRUPTED = """
import os, pathlib, sys
from autograder.parallel.process_pool import Task, work_through
from tests.autograder.parallel import test_process_pool as process_pool

def main():
    payloads = ["quick", "stuck-handing-out " + 1000 * "x"] + ["sleep 100"] * 9
    tasks = (Task(str(n), payload.encode()) for n, payload in enumerate(payloads))
    running = work_through(tasks, 1, process_pool.start, ("",), process_pool.work)
    print(next(running).result, flush=True)
    process_pool.time.sleep(3)  # the second is being handed out
    running.close()
    print("closed", flush=True)

if __name__ == "__main__":
    main()
"""


def test_ended_while_a_result_is_handed_out_the_program_ends(tmp_path):
    (tmp_path / "program.py").write_text(INTERRUPTED)
    ended = python(tmp_path / "program.py", timeout=60)
    assert ended.stdout.splitlines() == ["b'QUICK'", "closed"], ended.stderr


def test_a_process_that_does_not_end_when_all_is_done_holds_nobody_up():
    running = work_through([Task("0", b"task 0"), Task("1", b"sleep 0.1")], 2, start, ("",), work)
    assert {next(running).name, next(running).name} == {"0", "1"}
    os.kill(children()[0], signal.SIGSTOP)  # like one that waits for a lock whose holder was killed
    began = time.monotonic()
    assert list(running) == []
    assert time.monotonic() - began < 30
    assert not children()


def test_all_tasks_are_done_once():
    results = done([f"task {n}" for n in range(40)])
    assert {n: one.result for n, one in results.items()} == {n: f"TASK {n}".encode() for n in range(40)}


def test_an_exception_costs_its_own_task_only():
    results = done(["a", "raise told", "b"])
    assert results == {0: Done("0", b"A", ""), 1: Done("1", None, "ValueError: told"), 2: Done("2", b"B", "")}


def test_a_process_that_dies_costs_nobody_anything_but_whom_it_kills_twice(tmp_path):
    dies = ["die", f"die-once {tmp_path / 'once'}"]
    results = done([*(f"task {n}" for n in range(8)), *dies, *(f"task {n}" for n in range(4))])
    assert [n for n in range(14) if results[n].result is None] == [8], "the other gets a second try"
    assert "twice" in results[8].problem


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
    """Processes of pools that live; the server they are forked from is none."""
    parents = living()
    ours = [pid for pid, parent in parents.items() if parent == os.getpid()]
    servers = [pid for pid in ours if b"forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return [pid for pid, parent in parents.items() if parent in servers]
