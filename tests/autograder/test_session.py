"""A session outlives what its cells do to its process: the rest is run again, the guilty cell is left out."""

import pytest

from autograder.exercise import Failed, Returned
from autograder.sandbox.limits import Limits
from autograder.sandbox.nursery import World
from autograder.session import LIVES, Session
from tests.autograder.sandbox.inside import ARRAY, INSTANCE, stream

SHORT = Limits(cell=0.5, call=0.5)
STUBBORN = "while True:\n    try: __import__('time').sleep(9)\n    except BaseException: pass"


@pytest.fixture
def session(nursery):
    with Session(nursery, World.FULL, Limits()) as opened:
        yield opened


def kinds(ran):
    return [message["content"].get("ename", message["msg_type"]) for message in ran.messages]


def test_no_box_is_opened_before_the_first_cell(nursery):
    with Session(nursery, World.FULL, Limits()) as session:
        assert session._worker is None


def test_a_cell_that_ends_the_process_is_left_out_and_the_names_before_it_are_there_again(session):
    assert session.run("a = [1]").error is None
    ran = session.run("a.append(2); import os; os._exit(0)")
    assert kinds(ran) == ["DeadKernelError"]
    assert ran.error is not None
    assert stream(session.run("print(a)")) == "[1]\n"


def test_a_cell_that_is_too_late_says_so_and_keeps_what_it_did(nursery):
    with Session(nursery, World.FULL, SHORT) as session:
        ran = session.run("a = 1\nprint('before')\nwhile True: pass")
        assert kinds(ran)[0] == "stream"
        assert kinds(ran)[-1] == "CellTimeoutError"
        assert ran.late
        assert stream(session.run("print(a)")) == "1\n"


def test_a_cell_that_cannot_be_stopped_says_the_same(nursery):
    with Session(nursery, World.FULL, SHORT) as session:
        assert kinds(session.run(STUBBORN)) == ["CellTimeoutError"]
        assert stream(session.run("print('next')")) == "next\n"


def test_a_process_is_opened_again_a_few_times_and_no_more(session):
    for _ in range(LIVES):
        assert kinds(session.run("import os; os._exit(0)")) == ["DeadKernelError"]
    ran = session.run("print('never')")
    assert f"{LIVES} times" in str(ran.error)
    answer = session.call(ARRAY, INSTANCE)
    assert isinstance(answer, Failed)


def test_a_missing_function_is_told_with_the_first_errors_that_explain_it(session):
    for source in ("import numppy", "1/0", "undefined"):
        session.run(source)
    answer = session.call(ARRAY, INSTANCE)
    assert isinstance(answer, Failed)
    assert "numppy" in answer.fault.message
    assert "ZeroDivisionError" in answer.fault.message
    assert "undefined" not in answer.fault.message


def test_a_call_that_ends_the_process_leaves_the_function_callable(session):
    session.run("import os\ncalls = 0")
    session.run("def f(x):\n    if x.sum() == 3: os._exit(0)\n    return 1.0")
    assert isinstance(session.call(ARRAY, INSTANCE), Failed)
    session.run("def f(x): return 2.0")
    answer = session.call(ARRAY, INSTANCE)
    assert isinstance(answer, Returned)
    assert answer.value == 2.0


def test_time_for_all_of_it_is_one_and_no_new_process_gets_more(nursery):
    with Session(nursery, World.FULL, Limits(submission=0.5)) as session:
        session.run("import time; time.sleep(0.6)")
        for source in ("print('late')", STUBBORN):
            assert "as a whole" in str(session.run(source).error)
        answer = session.call(ARRAY, INSTANCE)
        assert isinstance(answer, Failed)
        assert answer.fault.fault == "timeout"


def test_files_are_laid_again_in_a_new_process(nursery):
    with Session(nursery, World.FULL, Limits(), {"data.txt": b"told"}) as session:
        session.run("open('data.txt', 'w').write('changed'); import os; os._exit(0)")
        assert stream(session.run("print(open('data.txt').read())")) == "told\n"
