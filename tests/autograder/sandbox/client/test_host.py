"""Each question gets an answer within its time, whatever is done to the process or the line."""

import contextlib
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.sandbox.client.host import GRACE_SECONDS, Worker, WorkerGone
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.requests import PRIVATE
from tests.autograder.sandbox.inside import ARRAY, INSTANCE, ask, called, descriptors, forks, stream

BUSY = 10.0  # seconds that a busy machine may add to any time below
SHORT = 0.5


@contextlib.contextmanager
def within(seconds):
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds + BUSY


def hurry(worker):
    """From here on a cell and a call have half a second."""
    worker.limits = replace(worker.limits, cell=SHORT, call=SHORT)


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
    ignored = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)"
    with Worker(fork_server, Limits(cell=SHORT, call=SHORT), together=True) as worker:
        _, endless = worker.run_all([ignored, "while True: pass", "never = 3"])
        assert "KeyboardInterrupt" in str(endless.error)
        assert worker.run("kept = 3").error is None
        assert worker.alive


@pytest.mark.parametrize("body", ["\n    while True: pass", "time.sleep(60)"])
def test_a_call_that_never_ends_is_interrupted_and_the_worker_goes_on(worker, body):
    worker.limits = replace(worker.limits, call=SHORT)
    assert called(worker, f"def f(x): {body}").fault.fault == "timeout"
    worker.limits = Limits()
    assert ask(worker, "4.0") == 4.0


def test_a_submission_as_a_whole_has_its_time_however_short_its_cells_are(fork_server):
    with Worker(fork_server, Limits(submission=1.0)) as worker:
        with pytest.raises(WorkerGone, match="as a whole") as caught:
            list(map(worker.run, ["import time; time.sleep(0.1)"] * int(10 * BUSY)))
        assert not worker.alive
    assert caught.value.fault.fault == "timeout"


def test_a_deadline_of_the_session_holds_for_a_worker_opened_late_in_it(fork_server):
    endless = "import time\ntry: time.sleep(60)\nfinally: time.sleep(60)"
    with (
        Worker(fork_server, deadline=time.monotonic() + SHORT) as worker,
        pytest.raises(WorkerGone, match="as a whole"),
    ):
        worker.run(endless)


# Ends, and what the student's code writes to the line

FORGE = """
import os, stat, struct
def is_line(fd):
    try: return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError: return False
line = next(filter(is_line, range(3, 100)))
def frame(header, body=b''):
    return struct.pack('>QQ', len(header), len(body)) + header + body
"""
STUBBORN = "while True:\n    try: time.sleep(60)\n    except BaseException: pass"
LAST_CELLS = {
    "exit 0": ("os._exit(0)", "died"),
    "exit 1": ("os._exit(1)", "died"),
    "abort": ("os.abort()", "died"),
    "crash": ("import ctypes; ctypes.string_at(0)", "died"),
    "line closed": ("os.closerange(3, 1000)", "died"),
    "a thread's exit": (
        "import threading; threading.Timer(0.1, os._exit, [0]).start(); time.sleep(10)",
        "died",
    ),
    "garbage on the line": (f"{FORGE}\nos.write(line, b'garbage '*100)", "died"),
    "interrupt ignored": ("signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", "timeout"),
    "interrupt caught": (STUBBORN, "timeout"),
    "all signals masked": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
        "timeout",
    ),
    "busy where Python does not look": ("max(range(10**13))", "timeout"),
    "half a reply": (f"{FORGE}\nos.write(line, frame(bytes(100))[:50])\n{STUBBORN}", "timeout"),
}


@pytest.mark.parametrize(("source", "fault"), LAST_CELLS.values(), ids=LAST_CELLS)
def test_a_cell_after_which_there_is_no_worker_is_reported_in_time(worker, source, fault):
    hurry(worker)
    with within(SHORT + GRACE_SECONDS), pytest.raises(WorkerGone) as caught:
        worker.run(source)
    assert not worker.alive
    assert caught.value.fault.fault == fault
    assert fault == "timeout" or "ended" in caught.value.fault.message


def test_after_its_end_a_worker_answers_that_it_is_gone(worker):
    for _ in range(2):
        with pytest.raises(WorkerGone):
            worker.run("os._exit(0)")
    assert worker.call(ARRAY, INSTANCE).fault.fault == "died"


LAST_CALLS = {
    "exits": ("os._exit(0)", "died"),
    "cannot be interrupted": (STUBBORN, "timeout"),
    "closes the line": ("os.closerange(3, 1000); return 1.0", "died"),
}
HEADERS = [
    *(b"not JSON", b"null", b"[1, 2]", b"[" * 40_000, b'{"array": []}', b'{"bytes": 99}'),
    *(b'{"object": %b}' % content for content in (b"5", b"{}", b'{"error": null}')),
    *(
        b'{"object": {"faults": %b}}' % faults
        for faults in (b"null", b"[]", b"[0]", b"[[1]]", b"[[1, 2, 3, 4]]")
    ),
]
GARBAGE = [
    *("b'x'", "b'garbage '*100", "bytes(16)", "b'\\xff'*16", "frame(b'null', bytes(8))"),
    "frame(b'{\"array\": []}', bytes(8))",
    *(f"frame({header!r})" for header in HEADERS),
]
LAST_CALLS |= {data[:50]: (f"os.write(line, {data}); os._exit(0)", "died") for data in GARBAGE}


@pytest.mark.parametrize(("body", "fault"), LAST_CALLS.values(), ids=LAST_CALLS)
def test_a_call_that_ends_the_worker_or_writes_garbage_to_its_line_says_why(worker, body, fault):
    hurry(worker)
    with within(SHORT + GRACE_SECONDS):
        answer = called(worker, f"{FORGE}\ndef f(x):\n    " + body.replace("\n", "\n    "))
    assert answer.fault.fault == fault
    assert not worker.alive


@pytest.mark.parametrize(
    "reply",
    ["5", "null", "[]", '{"object": {}}', '{"object": {"error": 5, "count": "x", "messages": 3}}'],
)
def test_a_forged_reply_to_a_cell_is_a_cell_that_put_out_nothing(worker, reply):
    ran = worker.run(f"{FORGE}\nos.write(line, frame(b'{reply}'))\nos._exit(0)")
    assert (ran.error, ran.count, ran.messages) == (None, None, ())


def test_output_without_end_does_not_block(worker):
    flood = "print('x'*10_000_000); os.write(1, b'x'*10_000_000); os.write(2, b'x'*10_000_000)"
    assert worker.run(f"{flood}; sys.stderr.write('x'*10_000_000); None").error is None
    assert called(worker, f"def f(x):\n    {flood}\n    return 5.0").value == 5.0


# What is left behind

THREAD = "import threading, time; threading.Thread(target=time.sleep, args=[99]).start()"


@pytest.mark.parametrize(
    "source", ["a = 1", "import os; os._exit(0)", THREAD], ids=["a cell", "an exit", "a thread"]
)
def test_no_process_and_no_descriptor_is_left(fork_server, source):
    with Worker(fork_server):
        pass
    before = len(forks(fork_server)), descriptors()
    with Worker(fork_server) as worker:
        assert len(forks(fork_server)) == before[0] + 1
        with contextlib.suppress(WorkerGone):
            worker.run(source)
    assert (len(forks(fork_server)), descriptors()) == before


def test_nothing_of_a_submission_is_left_in_the_folders(fork_server, worker):
    made = worker.run("open('left', 'w').write('x'); os.makedirs('a/b'); os.chmod('a', 0); None")
    assert made.error is None
    worker.close()
    folders = Path(fork_server._disks.name)
    assert list((folders / PRIVATE / "disk").iterdir()) == []
    assert not [path for path in folders.rglob("*") if path.name in ("left", "a", "b")]


def test_closing_is_quick_whatever_runs_and_may_be_done_twice(worker):
    assert worker.run(THREAD).error is None
    with within(0):
        worker.close()
        worker.close()
    assert not worker.alive
    with pytest.raises(WorkerGone):
        worker.run("a = 1")


def test_closing_before_the_first_question_is_fine(fork_server):
    worker = Worker(fork_server)
    worker.close()
    worker.close()


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
