"""A session outlives what its cells do to its process: the rest is run again, the guilty cell is left out."""

import time
from textwrap import indent

import pytest

from autograder.exercise import Failed, Returned
from autograder.grading.session import LIVES, Session
from autograder.sandbox.protocol.limits import Limits
from tests.autograder.sandbox.inside import ARRAY, INSTANCE, stream

SHORT = Limits(cell=0.5, call=0.5)
STUBBORN = "while True:\n    try: __import__('time').sleep(9)\n    except BaseException: pass"


@pytest.fixture
def session(fork_server):
    with Session(fork_server, Limits()) as opened:
        yield opened


@pytest.fixture
def hurried(fork_server):
    """A session whose cells and calls have half a second."""
    with Session(fork_server, SHORT) as opened:
        yield opened


def run(session, source):
    (ran,) = session.run_cells([source])
    return ran


def call(session):
    (answer,) = session.call_exercise(ARRAY, [INSTANCE])
    return answer


def kinds(ran):
    return [message["content"].get("ename", message["msg_type"]) for message in ran.messages]


def test_no_sandbox_is_opened_before_the_first_cell(session):
    assert session._worker is None


def test_a_cell_that_ends_the_process_is_left_out_and_the_names_before_it_are_there_again(session):
    assert run(session, "a = [1]").error is None
    ran = run(session, "a.append(2); import os; os._exit(0)")
    assert kinds(ran) == ["DeadKernelError"]
    assert ran.error is not None
    assert stream(run(session, "print(a)")) == "[1]\n"


def test_a_cell_that_is_too_late_says_so_and_keeps_what_it_did(hurried):
    ran = run(hurried, "a = 1\nprint('before')\nwhile True: pass")
    assert kinds(ran)[0] == "stream"
    assert kinds(ran)[-1] == "CellTimeoutError"
    assert ran.late
    assert stream(run(hurried, "print(a)")) == "1\n"


def test_a_cell_that_cannot_be_stopped_says_the_same(hurried):
    assert kinds(run(hurried, STUBBORN)) == ["CellTimeoutError"]
    assert stream(run(hurried, "print('next')")) == "next\n"


def test_a_process_is_opened_again_a_few_times_and_no_more(session):
    for _ in range(LIVES):
        assert kinds(run(session, "import os; os._exit(0)")) == ["DeadKernelError"]
    assert f"{LIVES} times" in str(run(session, "print('never')").error)
    assert isinstance(call(session), Failed)


def test_a_missing_function_is_reported_with_the_first_errors_that_explain_it(session):
    for source in ("import numppy", "1/0", "undefined"):
        run(session, source)
    message = call(session).fault.message
    assert "numppy" in message
    assert "ZeroDivisionError" in message
    assert "undefined" not in message


def test_a_call_that_ends_the_process_leaves_the_function_callable(session):
    run(session, "import os\ndef f(x):\n    if x.sum() == 3: os._exit(0)\n    return 1.0")
    assert isinstance(call(session), Failed)
    run(session, "def f(x): return 2.0")
    assert call(session).value == 2.0


def test_time_for_all_of_it_is_one_and_no_new_process_gets_more(fork_server):
    with Session(fork_server, Limits(submission=0.5)) as session:
        run(session, "import time; time.sleep(0.6)")
        for source in ("print('late')", STUBBORN):
            assert "as a whole" in str(run(session, source).error)
        assert call(session).fault.fault == "timeout"


def test_files_are_laid_again_in_a_new_process(fork_server):
    with Session(fork_server, Limits(), {"data.txt": b"told"}) as session:
        run(session, "open('data.txt', 'w').write('changed'); import os; os._exit(0)")
        assert stream(run(session, "print(open('data.txt').read())")) == "told\n"


# Many cells and calls together


def test_cells_asked_together_are_answered_as_one_by_one(session):
    sources = ["a = [1]", "print(a)", "1/0", "import os; os._exit(0)", "a.append(2)", "print(a)"]
    ran = list(session.run_cells(sources))
    assert [r.error is None for r in ran] == [True, True, False, False, True, True]
    assert stream(ran[1]) == "[1]\n"
    assert "ZeroDivisionError" in ran[2].error
    assert kinds(ran[3]) == ["DeadKernelError"]
    assert stream(ran[5]) == "[1, 2]\n", "what the process knew before its end is there again"


def test_one_slow_cell_among_many_is_the_only_one_that_is_interrupted(hurried):
    ran = list(hurried.run_cells(["a = 1", "while True: pass", "a += 1", "print(a)"]))
    assert [r.late for r in ran] == [False, True, False, False]
    assert kinds(ran[1])[-1] == "CellTimeoutError"
    assert stream(ran[3]) == "2\n"


def test_outputs_that_fill_the_line_both_ways_are_taken_while_cells_are_sent(session):
    padding = "#" * 300_000
    ran = list(session.run_cells([f"print({n % 3}*'x'*300_000) {padding}" for n in range(9)]))
    assert all(r.error is None for r in ran)
    assert [len(stream(r)) for r in ran] == [300_000 * (n % 3) + 1 for n in range(9)]


def test_a_call_that_fails_is_the_last_one(session):
    counting = "calls = 0\ndef f(x):\n    global calls\n    calls += 1\n"
    run(session, f"{counting}    assert calls != 2\n    return 1.0")
    answers = list(session.call_exercise(ARRAY, [INSTANCE] * 5))
    assert [type(answer) for answer in answers] == [Returned, Failed]
    assert stream(run(session, "print(calls)")) == "2\n"


def test_each_call_has_its_own_time(hurried):
    run(hurried, "import time\ndef f(x):\n    time.sleep(0.3)\n    return 1.0")
    answers = list(hurried.call_exercise(ARRAY, [INSTANCE] * 3))
    assert [type(answer) for answer in answers] == [Returned] * 3


@pytest.mark.parametrize(("ending", "fault"), [("os._exit(0)", "died"), (STUBBORN, "timeout")])
def test_the_call_that_ends_the_process_is_the_one_that_fails(hurried, ending, fault):
    body = "global calls\ncalls += 1\nif calls == 3:\n" + indent(ending, "    ") + "\nreturn 1.0"
    run(hurried, "import os\ncalls = 0\ndef f(x):\n" + indent(body, "    "))
    first, second, *_, last = hurried.call_exercise(ARRAY, [INSTANCE] * 5)
    assert [type(answer) for answer in (first, second)] == [Returned, Returned]
    assert last.fault.fault == fault


def test_what_took_a_while_is_reported_before_what_comes_next_has_ended(session):
    started = time.monotonic()
    first = next(session.run_cells(["import time\ntime.sleep(0.1)", "time.sleep(20)"]))
    assert first.error is None
    assert time.monotonic() - started < 10
