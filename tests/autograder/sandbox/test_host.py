"""A worker answers each question within its time, whatever the student's code does to it."""

import contextlib
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.exercise import Convention, Exercise, Failed, Instance, Opaque, Part, Returned
from autograder.sandbox.host import GRACE_SECONDS, Worker, WorkerGone

ARRAY = Exercise("f", "f", ("x",), Convention(), (Part("f", 1.0, ()),), lambda _: (), lambda _: {})
SCALAR = Exercise(
    "g",
    "g",
    ("w",),
    Convention(tensors=True, leaves=("w",)),
    (Part("g", 1.0, (0,)),),
    lambda _: (),
    lambda _: {},
)
INSTANCE = Instance({"x": np.array([1.0, 2.0])}, "an instance")
BUSY = 10.0  # seconds that a busy machine may add to any time below


@pytest.fixture
def worker(tmp_path):
    with Worker(tmp_path, cell_seconds=20.0, call_seconds=20.0) as started:
        assert started.run("import os, signal, sys, time") is None
        yield started


def ask(worker, expression):
    """The value of an expression in the worker."""
    assert worker.run(f"def f(x): return {expression}") is None
    answer = worker.call(ARRAY, INSTANCE)
    assert isinstance(answer, Returned), answer
    return answer.value


def hurry(worker):
    """From here on a cell and a call have one second."""
    worker.cell_seconds = worker.call_seconds = 1.0


def gone(worker, source, fault="died"):
    """What a cell that ends the process is told, and that it does so in time."""
    hurry(worker)
    started = time.monotonic()
    with pytest.raises(WorkerGone) as caught:
        worker.run(source)
    assert time.monotonic() - started < 1.0 + GRACE_SECONDS + BUSY
    assert not worker.alive
    assert caught.value.fault.fault == fault
    return caught.value.fault


def running(pid):
    """Whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def soon(condition):
    deadline = time.monotonic() + BUSY
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


# Cells


def test_cells_run_in_order_and_keep_their_names(worker):
    assert worker.run("a = 1") is None
    assert worker.run("a = a + 1\nb = [a]") is None
    assert worker.run("def f(x): return [a, b, x]") is None
    answer = worker.call(ARRAY, INSTANCE)
    assert isinstance(answer, Returned)
    assert answer.value[0] == 2
    np.testing.assert_array_equal(answer.value[2], [1.0, 2.0])


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline",
        "%%time\na = 1",
        "!true",
        "!echo output",
        "%pip install no-such-package-anywhere",
        "!true\n%pip install x\n%conda install x",
        "%load_ext autoreload\n%autoreload 2",
        "print('x')\nraise_nothing = 1",
        "from IPython.display import display, HTML; display(HTML('<b>x</b>'))",
        "get_ipython().run_line_magic('time', '1')",
        "1 + 1",
        "a?",
        "",
        "# a comment",
    ],
)
def test_what_notebooks_hold_runs(worker, source):
    assert worker.run(source) is None
    assert ask(worker, "1.0") == 1.0


@pytest.mark.parametrize("line", ["%pip --version", "%conda --version", "%pip install nothing-at-all"])
def test_installers_do_nothing(worker, line):
    """A program put in their place would leave a trace; it is found first, and is not run."""
    assert (
        worker.run("import subprocess\nran = []\nsubprocess.Popen.__init__ = lambda *a, **k: ran.append(a)")
        is None
    )
    assert worker.run("get_ipython().system = lambda *a: ran.append(a)") is None
    worker.run(line)
    assert ask(worker, "len(ran)") == 0


def test_a_cell_under_time_keeps_its_names(worker):
    assert worker.run("%%time\nkept = 5") is None
    assert ask(worker, "kept") == 5


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("1/0", "ZeroDivisionError: division by zero (at its line `1/0`)."),
        ("a = 1\nundefined", "NameError: name 'undefined' is not defined (at its line `undefined`)."),
        ("def f(:", "SyntaxError"),
        ("raise ValueError", "ValueError (at its line `raise ValueError`)."),
        ("%no_such_magic", "no_such_magic"),
        ("assert False, 'no'", "AssertionError: no"),
    ],
)
def test_a_cells_error_is_told_and_the_next_cell_runs(worker, source, told):
    error = worker.run(source)
    assert error is not None
    assert told in error
    assert worker.run("a = 1") is None


@pytest.mark.parametrize(
    "source", ["exit()", "quit()", "exit", "raise SystemExit", "import sys; sys.exit(1)"]
)
def test_a_polite_exit_does_not_end_the_worker(worker, source):
    worker.run(source)
    assert worker.alive
    assert ask(worker, "2.0") == 2.0


def test_input_gets_an_error_and_no_wait(worker):
    assert "EOFError" in str(worker.run("input('your name? ')"))


def test_an_endless_cell_is_interrupted_and_the_worker_goes_on(worker):
    hurry(worker)
    started = time.monotonic()
    error = worker.run("kept = 3\nwhile True: pass")
    assert 1.0 <= time.monotonic() - started < 1.0 + BUSY
    assert error is not None
    assert "KeyboardInterrupt" in error
    assert ask(worker, "kept") == 3


def test_a_cell_that_sleeps_is_interrupted(worker):
    hurry(worker)
    assert "KeyboardInterrupt" in str(worker.run("time.sleep(60)"))
    assert worker.run("a = 1") is None


@pytest.mark.parametrize(
    "source",
    [
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "while True:\n    try: time.sleep(60)\n    except BaseException: pass",
        "os.kill(os.getpid(), signal.SIGSTOP)",
    ],
    ids=["ignored", "caught", "stopped"],
)
def test_a_cell_that_cannot_be_interrupted_is_killed_within_the_time(worker, source):
    pid = int(ask(worker, "os.getpid()"))
    gone(worker, source, "timeout")
    assert not running(pid)


@pytest.mark.parametrize(
    "source",
    [
        "os._exit(0)",
        "os._exit(1)",
        "os.abort()",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "import ctypes; ctypes.string_at(0)",
        "os.closerange(3, 1000)",
        "import threading; threading.Timer(0.1, os._exit, [0]).start(); time.sleep(10)",
    ],
    ids=["exit 0", "exit 1", "abort", "killed", "crash", "pipes closed", "a thread's exit"],
)
def test_a_cell_that_ends_the_process_is_told(worker, source):
    assert "ended" in gone(worker, source).message


def test_after_its_end_a_worker_answers_that_it_is_gone(worker):
    gone(worker, "os._exit(0)")
    with pytest.raises(WorkerGone):
        worker.run("a = 1")
    answer = worker.call(ARRAY, INSTANCE)
    assert isinstance(answer, Failed)
    assert answer.fault.fault == "died"


# Calls


def test_a_call_gives_arrays(worker):
    np.testing.assert_array_equal(ask(worker, "[x, x.sum(), 3, None]")[0], [1.0, 2.0])
    assert ask(worker, "[x, x.sum(), 3, None]")[1:] == [3.0, 3.0, Opaque("None")]


def test_a_call_with_tensors_gives_gradients(worker):
    worker.cell_seconds = worker.call_seconds = 60.0  # importing torch
    assert worker.run("import torch\ndef g(w): return (w*w).sum()") is None
    answer = worker.call(SCALAR, Instance({"w": np.array([1.0, 3.0])}, "x"))
    assert isinstance(answer, Returned)
    assert answer.value[0] == 10.0
    np.testing.assert_array_equal(answer.value[1][0], [2.0, 6.0])


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("pass", "missing"),
        ("f = 3", "missing"),
        ("f = None", "missing"),
        ("def f(x): raise NotImplementedError", "not-implemented"),
        ("def f(x): return 1/0", "raised"),
        ("def f(x): raise SystemExit", "raised"),
        ("def f(x): exit()", "raised"),
        ("def f(x):\n    while True: pass", "timeout"),
        ("def f(x): time.sleep(60)", "timeout"),
    ],
)
def test_a_call_that_gives_no_answer_says_why_and_the_worker_goes_on(worker, source, fault):
    assert worker.run(source) is None
    if fault == "timeout":
        hurry(worker)
    answer = worker.call(ARRAY, INSTANCE)
    worker.cell_seconds = worker.call_seconds = 20.0
    assert isinstance(answer, Failed)
    assert (answer.fault.fault, answer.fault.where) == (fault, "answer")
    assert ask(worker, "4.0") == 4.0


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
    ids=["exits", "cannot be interrupted", "closes the pipes"],
)
def test_a_call_that_ends_the_worker_says_why(worker, source, fault):
    assert worker.run(source) is None
    hurry(worker)
    started = time.monotonic()
    answer = worker.call(ARRAY, INSTANCE)
    assert time.monotonic() - started < 1.0 + GRACE_SECONDS + BUSY
    assert isinstance(answer, Failed)
    assert answer.fault.fault == fault
    assert not worker.alive


@pytest.mark.parametrize(
    "expression",
    ["__import__('numpy').zeros((1,)*20)", "[[0.0]*1000]*400", "type('N'*5_000_000, (), {})()"],
    ids=["twenty dimensions", "many numbers in lists", "a long name"],
)
def test_an_unusual_answer_is_not_taken_for_a_crash(worker, expression):
    assert worker.run(f"def f(x): return {expression}") is None
    answer = worker.call(ARRAY, INSTANCE)
    assert isinstance(answer, Returned), answer
    assert worker.alive


@pytest.mark.parametrize(
    "definition",
    [
        "class F:\n    def __call__(self, x): return 1.0\n    __name__ = property(lambda self: 1/0)\nf = F()",
        "class E(Exception):\n    def __str__(self): raise SystemExit\ndef f(x): raise E",
        "class M(type): __name__ = property(lambda self: 1/0)\ndef f(x): return M('N', (), {})()",
    ],
    ids=["function without a name", "exception that exits when printed", "class without a name"],
)
def test_an_object_that_raises_when_looked_at_does_not_end_the_worker(worker, definition):
    assert worker.run(definition) is None
    assert isinstance(worker.call(ARRAY, INSTANCE), Returned | Failed)
    assert worker.alive


def test_output_without_end_does_not_block(worker):
    flood = "print('x'*10_000_000); os.write(1, b'x'*10_000_000); os.write(2, b'x'*10_000_000)"
    assert worker.run(flood + "; sys.stderr.write('x'*10_000_000); None") is None
    assert worker.run(f"def f(x):\n    {flood}\n    return 5.0") is None
    answer = worker.call(ARRAY, INSTANCE)
    assert isinstance(answer, Returned)
    assert answer.value == 5.0


# What the student's code writes to the reply pipe

FORGE = """
import struct
pipe = int(open('/proc/self/cmdline').read().split(chr(0))[-3])
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
def test_garbage_in_the_reply_pipe_is_the_end_of_the_worker_and_no_exception(worker, data):
    assert worker.run(FORGE) is None
    assert worker.run(f"def f(x):\n    os.write(pipe, {data})\n    os._exit(0)") is None
    answer = worker.call(ARRAY, INSTANCE)
    assert isinstance(answer, Failed)
    assert answer.fault.fault == "died"
    assert not worker.alive


def test_garbage_in_the_reply_pipe_of_a_cell_is_the_end_of_the_worker(worker):
    gone(worker, f"{FORGE}\nos.write(pipe, b'garbage '*100)")


@pytest.mark.parametrize("reply", ["5", "null", "[]", '{"object": {}}', '{"object": {"error": 5}}'])
def test_a_forged_reply_to_a_cell_is_a_sentence_or_nothing(worker, reply):
    found = worker.run(f"{FORGE}\nos.write(pipe, frame(b'{reply}'))\nos._exit(0)")
    assert found is None or isinstance(found, str)


def test_half_a_reply_is_waited_for_until_the_deadline_and_no_longer(worker):
    gone(worker, f"{FORGE}\nos.write(pipe, frame(bytes(100))[:50])\nos.kill(os.getpid(), 19)", "timeout")


# What is left behind


@pytest.mark.parametrize(
    "start",
    [
        "subprocess.Popen(['sleep', '100']).pid",
        "subprocess.Popen('sleep 100 & sleep 100', shell=True).pid",
        "os.posix_spawn('/bin/sleep', ['sleep', '100'], {})",
        "subprocess.Popen(['sleep', '100'], process_group=0).pid",
        "subprocess.Popen(['nohup', 'sleep', '100'], stdout=-3).pid",
    ],
    ids=["a child", "a shell's children", "spawned", "a group of its own", "without hangup"],
)
def test_children_in_the_session_end_with_the_worker(worker, start):
    assert worker.run("import subprocess") is None
    child = int(ask(worker, start))
    assert running(child)
    session = os.getsid(child)
    try:
        worker.close()
        assert soon(lambda: not running(child))
        assert not [pid for pid in processes() if session_of(pid) == session]
    finally:
        for pid in processes():
            if session_of(pid) == session:
                os.kill(pid, signal.SIGKILL)


def processes():
    return [
        int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and running(int(path.name))
    ]


def session_of(pid):
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def test_a_shell_command_that_never_ends_is_ended(worker):
    hurry(worker)
    worker.run("!exec -a autograder-test-sleeper sleep 100")
    worker.close()
    sleeping = [pid for pid in processes() if b"autograder-test-sleeper" in command_line(pid)]
    assert soon(lambda: not any(map(running, sleeping)))


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_the_private_folder_is_where_cells_run_and_is_removed(worker):
    source = "open('left', 'w').write('x'); os.makedirs('a/b'); os.chmod('a', 0); None"
    assert worker.run(source) is None
    private = Path(text(worker))
    assert private.is_dir()
    assert (private / "left").exists()
    worker.close()
    assert not private.exists()


def text(worker, expression="os.getcwd()"):
    """A text of the worker's, which has to come as numbers."""
    codes = ask(worker, f"[ord(character) for character in {expression}]")
    return "".join(chr(int(code)) for code in codes)


@pytest.mark.parametrize("source", ["os._exit(0)", "os.kill(os.getpid(), 19)"], ids=["died", "killed"])
def test_the_private_folder_is_removed_when_the_process_ends_by_force(worker, source):
    private = Path(text(worker))
    hurry(worker)
    with pytest.raises(WorkerGone):
        worker.run(source)
    assert not private.exists()


def test_no_descriptor_is_left_open(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for source in ("a = 1", "import os; os._exit(0)"):
        with Worker(tmp_path, 20.0, 20.0) as worker, contextlib.suppress(WorkerGone):
            worker.run(source)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_closing_twice_is_fine(worker):
    worker.close()
    worker.close()
    assert not worker.alive
    with pytest.raises(WorkerGone):
        worker.run("a = 1")


def test_closing_before_the_first_question_is_fine(tmp_path):
    worker = Worker(tmp_path)
    worker.close()
    worker.close()


def test_closing_is_quick_whatever_runs(worker):
    assert worker.run("import threading; threading.Thread(target=time.sleep, args=[100]).start()") is None
    started = time.monotonic()
    worker.close()
    assert time.monotonic() - started < BUSY


# What may be found


def test_no_environment_variable_of_ours_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_TEST_SECRET", "a-secret-of-ours")
    with Worker(tmp_path, 20.0, 20.0) as worker:
        look = "(repr(os.environ) + open('/proc/self/environ').read() + os.popen('env').read())"
        assert worker.run("import os") is None
        found = text(worker, look)
    assert "PATH" in found
    assert "a-secret-of-ours" not in found
    assert "AUTOGRADER_TEST_SECRET" not in found


def test_only_named_environment_variables_are_passed(worker):
    found = set(text(worker, "' '.join(os.environ)").split())
    allowed = {
        "PATH",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "VIRTUAL_ENV",
        "HOME",
        "TMPDIR",
        "IPYTHONDIR",
        "MPLCONFIGDIR",
    }
    allowed |= {"MPLBACKEND", "OMP_NUM_THREADS", "PIP_NO_INDEX", "NBGRADER_EXECUTION", "PYTHONPATH"}
    # IPython and the libraries may set their own
    assert not {name for name in found - allowed if not name.startswith(("PYTHON", "KMP", "PYDEVD"))}


def test_no_descriptor_but_the_two_pipes_is_inherited(tmp_path):
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        with Worker(tmp_path, 20.0, 20.0) as worker:
            assert worker.run("import os") is None
            found = text(
                worker,
                "' '.join(os.readlink(f'/proc/self/fd/{fd}') for fd in range(3, 20)"
                " if os.path.exists(f'/proc/self/fd/{fd}'))",
            )
    assert "secret" not in found


def test_no_truth_is_loaded_in_the_worker(worker):
    loaded = text(worker, "' '.join(sys.modules)").split()
    ours = {name for name in loaded if name.startswith("autograder")}
    assert "autograder.calling" in ours
    assert not {name for name in ours if name.split(".")[1:2] in (["reference"], ["compare"], ["mark"])}
    assert not {name for name in ours if name.startswith(("autograder.assignments", "autograder.grade"))}


def test_helpers_beside_the_notebook_are_found(tmp_path):
    (tmp_path / "helper.py").write_text("value = 7.0")
    with Worker(tmp_path, 20.0, 20.0) as worker:
        assert worker.run("import helper") is None
        assert ask(worker, "helper.value") == 7.0
