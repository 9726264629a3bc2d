"""What is too much of a cell's output is cut and says so; nothing of it reaches the next cell."""

import pytest

from autograder.sandbox.host import Worker
from autograder.sandbox.nursery import Nursery
from autograder.sandbox.shell import MAX_DISPLAYS, MAX_FRAMES, MAX_TEXT
from tests.autograder.sandbox.inside import stream


@pytest.fixture
def shown(nursery):
    with Worker(nursery) as worker:
        worker.run("import sys, os")
        yield worker.run


@pytest.mark.parametrize(
    "source",
    [
        f"print('x'*{2 * MAX_TEXT})",
        f"for _ in range({MAX_TEXT // 50}): print('x'*100)",
        f"sys.stderr.write('x'*{2 * MAX_TEXT}); None",
        f"os.write(1, b'x'*{2 * MAX_TEXT}); None",
        f"print('x'*{MAX_TEXT // 2}); print('y'*{MAX_TEXT}, file=sys.stderr)",
    ],
    ids=["one text", "many lines", "stderr", "past Python", "both streams"],
)
def test_printing_without_end_is_cut_and_says_where(shown, source):
    ran = shown(source)
    assert ran.error is None
    text = stream(ran) + stream(ran, "stderr")
    assert MAX_TEXT <= len(text) < MAX_TEXT + 200
    assert text.rstrip().endswith(f"… cut here: a cell may print {MAX_TEXT:,} characters.")
    assert stream(shown("print('next')")) == "next\n"


def test_a_large_display_is_left_out_with_a_word(shown):
    ran = shown(f"from IPython.display import HTML, display\ndisplay(HTML('x'*{2 * MAX_DISPLAYS}))\n1 + 1")
    assert "left out: too large" in stream(ran, "stderr")
    assert f"{2 * MAX_DISPLAYS:,}"[:2] in stream(ran, "stderr")
    assert [m["msg_type"] for m in ran.messages] == ["stream", "execute_result"] or len(ran.messages) == 1


def test_displays_without_number_end_somewhere(shown):
    ran = shown("from IPython.display import display\nfor n in range(30_000): display('x'*1000)")
    assert len(ran.messages) <= 4100
    size = sum(len(str(message)) for message in ran.messages)
    assert size < 3 * MAX_DISPLAYS
    assert shown("1 + 1").messages[0]["content"]["data"]["text/plain"] == "2"


def test_a_traceback_without_end_is_cut_in_its_middle(shown):
    (error,) = shown("def r(n): return r(n + 1)\nr(0)").messages
    lines = error["content"]["traceback"]
    assert len(lines) == MAX_FRAMES + 1
    assert "lines left out" in lines[MAX_FRAMES // 2]
    assert "RecursionError" in lines[-1]
    assert error["content"]["ename"] == "RecursionError"


def test_a_long_message_of_an_error_is_cut(shown):
    ran = shown(f"raise ValueError('x'*{3 * MAX_TEXT})")
    assert len(str(ran.messages)) < 4 * MAX_TEXT + 10_000
    assert "ValueError" in str(ran.error)


def test_an_error_that_cannot_be_printed_is_told_all_the_same(shown):
    ran = shown("class E(Exception):\n    def __str__(self): raise SystemExit\nraise E")
    assert ran.error is not None
    assert shown("print('next')").error is None


def test_what_no_encoding_can_hold_is_replaced(shown):
    assert stream(shown("print('before \\ud800 after')")) == "before ? after\n"


def test_a_stream_takes_text_only_as_a_kernels(shown):
    assert "TypeError" in str(shown("sys.stdout.write(b'x')").error)
    assert shown("sys.stdout.flush(); sys.stdout.isatty(); sys.stdout.encoding").error is None


def test_what_is_printed_late_by_a_thread_is_in_some_cell_and_harms_none(shown):
    shown(
        "import threading, time\ndef late(): time.sleep(0.2); print('late')\n"
        "t = threading.Thread(target=late); t.start()"
    )
    assert "late" in stream(shown("t.join()"))


@pytest.mark.parametrize("source", ["exit()", "sys.exit(3)", "quit()"])
def test_the_next_cell_runs_after_an_exit(shown, source):
    shown(source)
    assert stream(shown("print('next')")) == "next\n"


def test_the_first_plot_of_a_warm_process_comes_without_a_word():
    """Its list of fonts is made then, and cannot be kept."""
    with Nursery() as fresh, Worker(fresh) as worker:
        ran = worker.run("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert ran.error is None
    assert [message["msg_type"] for message in ran.messages] == ["display_data"]
