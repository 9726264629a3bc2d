"""One submission holds a grader for so long and no longer, whatever it does; honest work in it counts."""

import time

import pytest

from autograder.exercise import Failed, Returned
from autograder.grading import session
from autograder.grading.session import Session
from autograder.grading.time_budget import KNOWN_SECONDS, SHORTEST, TimeBudget
from autograder.sandbox.client.host import Worker
from autograder.sandbox.protocol.limits import Limits
from tests.autograder.sandbox.inside import ARRAY, INSTANCE, stream
from tests.tables import every_day_if

SHORT = Limits(cell=2.0, call=1.0)
MOST = 2.0 + 3.0 + 1.5  # seconds: the first cell, what may be lost after it, the last grace
BUSY = 6.0  # seconds that a busy machine may add

LOOP = "def f(x):\n    while True: pass"
STUBBORN = """
def f(x):
    while True:
        try:
            while True: pass
        except BaseException: pass
"""
CALLS = "f(1)"
WAITED: list[float] = []  # seconds in which a worker had no core


class Watched(Worker):
    """A worker that says, when it ends, for how long it had no core: that is not its own time."""

    def close(self):
        if self.alive:
            WAITED.append(self.starved)
        super().close()


@pytest.fixture(autouse=True)
def watched_workers(monkeypatch):
    monkeypatch.setattr(session, "Worker", Watched)
    WAITED.clear()


def timed(fork_server, cells, calls=True):
    """Seconds that cells take of their own, what they put out, and the answer for marks."""
    started = time.monotonic()
    with Session(fork_server, SHORT) as session:
        ran = list(session.run_cells(cells))
        answers = list(session.call_exercise(ARRAY, [INSTANCE] * 3)) if calls else []
    return time.monotonic() - started - sum(WAITED), ran, answers


FUNCTIONS = {
    "a function": LOOP,
    "one that cannot be interrupted": STUBBORN,
    "one that ignores the signal": "import signal\n"
    "def f(x):\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass",
    "one that looks nowhere": "def f(x): return max(range(10**15))",
    "one that sleeps": "import time\ndef f(x):\n    while True: time.sleep(9)",
    "an end that loops": "class L:\n    def __del__(self):\n        while True: pass\n"
    "def f(x):\n    L()\n    return 1.0",
    "a thread that is waited for": "import threading\ndef loop():\n    while True: pass\n"
    "def f(x):\n    t = threading.Thread(target=loop, daemon=True); t.start(); t.join()",
}
SHAPES = {name: [function, *[CALLS] * 8] for name, function in FUNCTIONS.items()} | {
    "a helper under many names": [
        "def helper():\n    while True: pass\ndef f(x): helper()",
        *[f"def f{n}(): helper()\nf{n}()" for n in range(8)],
    ],
    "every cell": ["while True: pass"] * 12,
    "every cell in its own words": [f"while True: pass  # {n}" for n in range(12)],
    "every cell, and stubborn": [
        f"while True:\n    try:\n        while {n}+1: pass\n    except BaseException: pass" for n in range(12)
    ],
    "an answer that loops when it is read": [
        "class L:\n    def __array__(self, *a, **k):\n        while True: pass\ndef f(x): return L()",
        *["import numpy; numpy.asarray(f(1))"] * 8,
    ],
    "a slow cell before a stubborn one": ["import time; time.sleep(1.2)", STUBBORN, *[CALLS] * 6],
}


DAILY = ("one that cannot be interrupted", "one that sleeps")


@pytest.mark.parametrize("name", every_day_if(DAILY.__contains__, SHAPES))
def test_what_does_not_end_has_an_end(fork_server, name):
    cells = SHAPES[name]
    seconds, ran, answers = timed(fork_server, cells)
    honest = 1.2 if "sleep(1.2)" in cells[0] else 0.0
    assert seconds < MOST + honest + BUSY
    assert len(ran) == len(cells), "each cell is told of"
    assert isinstance(answers[-1], Failed)
    late = [r for r in ran if r.late or "in time" in str(r.error) or "too long" in str(r.error)]
    assert len(late) >= len(cells) - 2


@pytest.mark.parametrize("bad", [LOOP, STUBBORN], ids=["interrupted", "killed"])
def test_honest_cells_around_it_run_and_earn(fork_server, bad):
    cells = ["kept = [1]", bad.replace("f(", "g("), *["g(1)"] * 4, "kept.append(2)", *["g(2)"] * 4]
    cells += ["def f(x): return float(len(kept))", "print(kept)"]
    _, ran, answers = timed(fork_server, cells)
    assert stream(ran[-1]) == "[1, 2]\n"
    assert answers == [Returned(2.0)] * 3


def test_a_function_that_was_slow_on_much_data_is_still_called_on_little(fork_server):
    slow = "import time\ndef f(x):\n    time.sleep(60 if len(x) > 10 else 0.1)\n    return 5.0"
    _, ran, answers = timed(fork_server, [slow, "f(range(100))", "f(range(100))"])
    assert [r.late for r in ran] == [False, True, True]
    assert answers == [Returned(5.0)] * 3


def test_a_function_that_is_mended_has_all_its_time_again(fork_server):
    mended = "import time\ndef f(x):\n    time.sleep(0.7)\n    return 5.0"
    _, ran, answers = timed(fork_server, [LOOP, CALLS, mended])
    assert ran[-1].error is None
    assert answers == [Returned(5.0)] * 3


def test_a_notebook_without_a_loop_spends_nothing(fork_server):
    budget = TimeBudget(SHORT)
    with Session(fork_server, SHORT, budget=budget) as session:
        ran = list(session.run_cells(["import time", *["time.sleep(0.5)"] * 8]))
    assert all(r.error is None for r in ran)
    assert budget.untouched


@pytest.mark.thorough  # it waits for time limits
def test_two_sessions_of_one_submission_share_it(fork_server):
    budget = TimeBudget(SHORT)
    started = time.monotonic()
    for _ in range(2):
        with Session(fork_server, SHORT, budget=budget) as session:
            list(session.run_cells([LOOP, *[CALLS] * 6]))
    assert time.monotonic() - started < MOST + BUSY


@pytest.mark.thorough  # it waits for time limits
def test_a_process_that_ends_again_and_again_spends_it_too(fork_server):
    cells = ["import time; time.sleep(1.5)", *(f"import os; os._exit({n})" for n in range(11))]
    seconds, ran, _ = timed(fork_server, cells, calls=False)
    assert seconds < 1.5 + 5.0 + 2 * 1.5 + BUSY
    assert ran[0].error is None
    assert all(r.error is not None for r in ran[1:])


# The budget alone


def late(budget, source, before):
    budget.spend(budget.for_cell(source))
    budget.was_late(source, before)


def test_by_default_all_of_it_is_less_than_45_seconds():
    for cells in ([f"loop {n}" for n in range(500)], ["f()"] * 500):
        budget, lost = TimeBudget(Limits()), 0.0
        for cell in cells:
            seconds = budget.for_cell(cell)
            if budget.exhausted:
                break
            lost += seconds
            late(budget, cell, ["def f(): pass"])
        for function in ("f", "g"):
            lost += budget.for_call(function)
            budget.spend(budget.for_call(function))
        assert 30 < lost < 43


def test_the_first_has_its_whole_time_and_a_function_that_was_late_a_second():
    budget = TimeBudget(Limits())
    assert (budget.for_cell("f()"), budget.for_call("f")) == (30.0, 10.0)
    late(budget, "f()", ["def f(): pass\ndef g(): pass"])
    assert budget.for_cell("f()") == budget.for_cell("1 + f()") == budget.for_call("f") == KNOWN_SECONDS
    assert budget.for_cell("utils.hint('f')") == KNOWN_SECONDS
    assert budget.for_cell("g()") > 5
    assert budget.for_call("g") > 5


def test_of_two_functions_in_a_cell_the_one_that_is_known_is_to_blame():
    budget = TimeBudget(Limits())
    before = ["def f(): pass", "def g(): pass"]
    late(budget, "f()", before)
    late(budget, "f(); g()", before)
    assert budget.for_call("g") > KNOWN_SECONDS


def test_known_cells_are_not_run_any_more_when_others_need_the_rest():
    budget = TimeBudget(Limits())
    for _ in range(20):
        late(budget, "f()", ["def f(): pass"])
    assert budget.for_cell("f()") == 0
    assert not budget.exhausted
    assert budget.for_cell("honest()") > 1
    assert SHORTEST <= budget.for_call("f") <= KNOWN_SECONDS
