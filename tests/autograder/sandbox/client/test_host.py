"""Each question gets an answer within its time, whatever is done to the process or the line."""

import contextlib
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.exercise import Failed, Returned
from autograder.sandbox.client.host import GRACE_SECONDS, Worker, WorkerGone
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.requests import PRIVATE
from tests.autograder.sandbox.inside import ARRAY, INSTANCE, ask, stream

BUSY = 10.0  # seconds that a busy machine may add to any time below
SHORT = 0.5


def hurry(worker):
    """From here on a cell and a call have half a second."""
    worker.limits = replace(worker.limits, cell=SHORT, call=SHORT)


def gone(worker, source, fault="died"):
    """What a cell that ends the process is told, and that it does so in time."""
    hurry(worker)
    started = time.monotonic()
    with pytest.raises(WorkerGone) as caught:
        worker.run(source)
    assert time.monotonic() - started < SHORT + GRACE_SECONDS + BUSY
    assert not worker.alive
    assert caught.value.fault.fault == fault
    return caught.value.fault


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def forks(fork_server):
    """Living processes below the warm one, the one that forks included."""
    pids, result = [fork_server._process.pid], []
    while pids:
        folder = Path(f"/proc/{pids.pop()}")
        with contextlib.suppress(OSError):
            if (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                result.append(int(folder.name))
            for task in (folder / "task").iterdir():
                pids += map(int, (task / "children").read_text().split())
    return result


# Deadlines


def test_an_endless_cell_is_interrupted_and_the_worker_goes_on(worker):
    hurry(worker)
    started = time.monotonic()
    ran = worker.run("kept = 3\nprint('before')\nwhile True: pass")
    assert SHORT <= time.monotonic() - started < SHORT + BUSY
    assert ran.late
    assert "KeyboardInterrupt" in str(ran.error)
    assert stream(ran) == "before\n", "what it had put out is kept"
    assert ask(worker, "kept") == 3


def test_a_cell_that_sleeps_is_interrupted(worker):
    hurry(worker)
    assert "KeyboardInterrupt" in str(worker.run("time.sleep(60)").error)
    ran = worker.run("a = 1")
    assert ran.error is None
    assert not ran.late


def test_what_a_cell_makes_of_the_interrupt_holds_for_that_cell_alone(fork_server):
    limits = Limits(cell=SHORT, call=SHORT)
    ignored = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)"
    with Worker(fork_server, limits, together=True) as worker:
        _, endless = worker.run_all([ignored, "while True: pass", "never = 3"])
        after = worker.run("kept = 3")
        assert "KeyboardInterrupt" in str(endless.error)
        assert after.error is None
        assert worker.alive


@pytest.mark.parametrize(
    "source",
    [
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "while True:\n    try: time.sleep(60)\n    except BaseException: pass",
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
        "max(range(10**13))",
    ],
    ids=["ignored", "caught", "masked", "where Python does not look"],
)
def test_a_cell_that_cannot_be_interrupted_is_killed_within_the_time(worker, source):
    gone(worker, source, "timeout")


@pytest.mark.parametrize("source", ["def f(x):\n    while True: pass", "def f(x): time.sleep(60)"])
def test_a_call_that_never_ends_is_interrupted_and_the_worker_goes_on(worker, source):
    assert worker.run(source).error is None
    hurry(worker)
    answer = worker.call(ARRAY, INSTANCE)
    worker.limits = Limits()
    assert isinstance(answer, Failed)
    assert answer.fault.fault == "timeout"
    assert ask(worker, "4.0") == 4.0


def test_a_submission_as_a_whole_has_its_time_however_short_its_cells_are(fork_server):
    started = time.monotonic()

    def run_on(worker):
        while time.monotonic() - started < BUSY:
            worker.run("import time; time.sleep(0.1)")

    with Worker(fork_server, Limits(submission=1.0)) as worker:
        with pytest.raises(WorkerGone, match="as a whole") as caught:
            run_on(worker)
        assert not worker.alive
    assert caught.value.fault.fault == "timeout"


def test_a_deadline_of_the_session_holds_for_a_worker_opened_late_in_it(fork_server):
    endless = "import time\ntry: time.sleep(60)\nfinally: time.sleep(60)"
    with (
        Worker(fork_server, deadline=time.monotonic() + SHORT) as worker,
        pytest.raises(WorkerGone, match="as a whole"),
    ):
        worker.run(endless)


# Ends


@pytest.mark.parametrize(
    "source",
    [
        "os._exit(0)",
        "os._exit(1)",
        "os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "os.closerange(3, 1000)",
        "import threading; threading.Timer(0.1, os._exit, [0]).start(); time.sleep(10)",
    ],
    ids=["exit 0", "exit 1", "abort", "crash", "line closed", "a thread's exit"],
)
def test_a_cell_that_ends_the_process_is_reported(worker, source):
    assert "ended" in gone(worker, source).message


def test_after_its_end_a_worker_answers_that_it_is_gone(worker):
    gone(worker, "os._exit(0)")
    with pytest.raises(WorkerGone):
        worker.run("a = 1")
    answer = worker.call(ARRAY, INSTANCE)
    assert isinstance(answer, Failed)
    assert answer.fault.fault == "died"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("def f(x): os._exit(0)", "died"),
        (
            "def f(x):\n    while True:\n        try: time.sleep(60)\n        except BaseException: pass",
            "timeout",
        ),
        ("def f(x):\n    os.closerange(3, 1000)\n    return 1.0", "died"),
    ],
    ids=["exits", "cannot be interrupted", "closes the line"],
)
def test_a_call_that_ends_the_worker_says_why(worker, source, fault):
    assert worker.run(source).error is None
    hurry(worker)
    started = time.monotonic()
    answer = worker.call(ARRAY, INSTANCE)
    assert time.monotonic() - started < SHORT + GRACE_SECONDS + BUSY
    assert isinstance(answer, Failed)
    assert answer.fault.fault == fault
    assert not worker.alive


def test_output_without_end_does_not_block(worker):
    flood = "print('x'*10_000_000); os.write(1, b'x'*10_000_000); os.write(2, b'x'*10_000_000)"
    assert worker.run(flood + "; sys.stderr.write('x'*10_000_000); None").error is None
    assert worker.run(f"def f(x):\n    {flood}\n    return 5.0").error is None
    answer = worker.call(ARRAY, INSTANCE)
    assert isinstance(answer, Returned)
    assert answer.value == 5.0


# What the student's code writes to the line

FORGE = """
import os, stat, struct
def is_line(fd):
    try: return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError: return False
line = next(filter(is_line, range(3, 100)))
def frame(header, body=b''):
    return struct.pack('>QQ', len(header), len(body)) + header + body
"""


@pytest.mark.parametrize(
    "data",
    [
        "b'x'",
        "b'garbage '*100",
        "bytes(16)",
        "b'\\xff'*16",
        "frame(b'not JSON')",
        "frame(b'null')",
        "frame(b'null', bytes(8))",
        "frame(b'[1, 2]')",
        "frame(b'['*40000)",
        "frame(b'{\"array\": []}')",
        "frame(b'{\"array\": []}', bytes(8))",
        "frame(b'{\"bytes\": 99}')",
        "frame(b'{\"object\": 5}')",
        "frame(b'{\"object\": {}}')",
        'frame(b\'{"object": {"faults": null}}\')',
        'frame(b\'{"object": {"faults": []}}\')',
        'frame(b\'{"object": {"faults": [0]}}\')',
        'frame(b\'{"object": {"faults": [[1]]}}\')',
        'frame(b\'{"object": {"faults": [[1, 2, 3, 4]]}}\')',
        'frame(b\'{"object": {"error": null}}\')',
    ],
)
def test_garbage_on_the_line_is_the_end_of_the_worker_and_no_exception(worker, data):
    assert worker.run(FORGE).error is None
    assert worker.run(f"def f(x):\n    os.write(line, {data})\n    os._exit(0)").error is None
    answer = worker.call(ARRAY, INSTANCE)
    assert isinstance(answer, Failed)
    assert answer.fault.fault == "died"
    assert not worker.alive


def test_garbage_on_the_line_in_a_cell_is_the_end_of_the_worker(worker):
    gone(worker, f"{FORGE}\nos.write(line, b'garbage '*100)")


@pytest.mark.parametrize(
    "reply",
    ["5", "null", "[]", '{"object": {}}', '{"object": {"error": 5, "count": "x", "messages": 3}}'],
)
def test_a_forged_reply_to_a_cell_is_a_cell_that_put_out_nothing(worker, reply):
    ran = worker.run(f"{FORGE}\nos.write(line, frame(b'{reply}'))\nos._exit(0)")
    assert (ran.error, ran.count, ran.messages) == (None, None, ())


def test_half_a_reply_is_waited_for_until_the_deadline_and_no_longer(worker):
    half = "os.write(line, frame(bytes(100))[:50])\nwhile True:\n    try: time.sleep(60)\n"
    gone(worker, f"{FORGE}\n{half}    except BaseException: pass", "timeout")


# What is left behind


def test_no_descriptor_is_left_open(fork_server):
    before = descriptors()
    for source in ("a = 1", "import os; os._exit(0)"):
        with Worker(fork_server) as worker, contextlib.suppress(WorkerGone):
            worker.run(source)
    assert descriptors() == before


@pytest.mark.parametrize(
    "source",
    [
        "a = 1",
        "import os; os._exit(0)",
        "import threading, time; threading.Thread(target=time.sleep, args=[99]).start()",
    ],
    ids=["a cell", "an exit", "a thread"],
)
def test_no_process_is_left(fork_server, source):
    with Worker(fork_server):
        pass
    before = len(forks(fork_server))
    with Worker(fork_server) as worker:
        assert len(forks(fork_server)) == before + 1
        with contextlib.suppress(WorkerGone):
            worker.run(source)
    assert len(forks(fork_server)) == before


def test_nothing_of_a_submission_is_left_in_the_folders(fork_server, worker):
    made = worker.run("open('left', 'w').write('x'); os.makedirs('a/b'); os.chmod('a', 0); None")
    assert made.error is None
    worker.close()
    folders = Path(fork_server._disks.name)
    assert list((folders / PRIVATE / "disk").iterdir()) == []
    assert not [path for path in folders.rglob("*") if path.name in ("left", "a", "b")]


def test_closing_twice_is_fine(worker):
    worker.close()
    worker.close()
    assert not worker.alive
    with pytest.raises(WorkerGone):
        worker.run("a = 1")


def test_closing_before_the_first_question_is_fine(fork_server):
    worker = Worker(fork_server)
    worker.close()
    worker.close()


def test_closing_is_quick_whatever_runs(worker):
    assert (
        worker.run("import threading; threading.Thread(target=time.sleep, args=[100]).start()").error is None
    )
    started = time.monotonic()
    worker.close()
    assert time.monotonic() - started < BUSY


def test_an_exception_of_the_graders_closes_the_sandbox(fork_server):
    with pytest.raises(ZeroDivisionError), Worker(fork_server) as worker:
        raise ZeroDivisionError
    assert not worker.alive


def test_many_boxes_are_open_side_by_side_and_do_not_see_each_other(fork_server):
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(Worker(fork_server)) for _ in range(8)]
        for n, worker in enumerate(workers):
            assert worker.run(f"open('mine', 'w').write('{n}')\nmine = {n}").error is None
        for n, worker in enumerate(workers):
            assert ask(worker, "[mine, float(open('mine').read())]") == [n, n]


def test_the_host_itself_is_where_it_was(fork_server):
    """Opening boxes changes neither the folder nor the environment of the process that grades."""
    before = (Path.cwd(), dict(os.environ))
    with Worker(fork_server) as worker:
        worker.run("import os; os.chdir('/'); os.environ['A'] = 'b'")
    assert (Path.cwd(), dict(os.environ)) == before
