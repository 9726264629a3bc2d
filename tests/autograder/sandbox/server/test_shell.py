"""What is too much of a cell's output is cut and says so; nothing of it reaches the next cell."""

import pytest

from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.client.host import Worker
from autograder.sandbox.server.recorder import MAX_DISPLAYS, MAX_TEXT
from autograder.sandbox.server.shell import MAX_FRAMES
from tests.autograder.sandbox.inside import stream


@pytest.fixture
def shown(fork_server):
    with Worker(fork_server) as worker:
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


def test_an_error_that_cannot_be_printed_is_reported_all_the_same(shown):
    ran = shown("class E(Exception):\n    def __str__(self): raise SystemExit\nraise E")
    assert ran.error is not None
    assert shown("print('next')").error is None


def test_what_no_encoding_can_hold_is_replaced(shown):
    assert stream(shown("print('before \\ud800 after')")) == "before ? after\n"


def test_a_stream_takes_text_only_as_a_kernels(shown):
    assert "TypeError" in str(shown("sys.stdout.write(b'x')").error)
    assert shown("sys.stdout.flush(); sys.stdout.isatty(); sys.stdout.encoding").error is None


def test_what_is_printed_late_by_a_thread_is_in_some_cell_and_harms_none(shown):
    shown("import threading, time\ndef late(): time.sleep(0.2); print('late')")
    shown("t = threading.Thread(target=late); t.start()")
    assert "late" in stream(shown("t.join()"))


def test_the_first_plot_of_a_warm_process_comes_without_a_word():
    """Its list of fonts is made then, and cannot be kept."""
    with ForkServer() as fresh, Worker(fresh) as worker:
        ran = worker.run("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert ran.error is None
    assert [message["msg_type"] for message in ran.messages] == ["display_data"]


# IPython's own syntax, as a kernel takes it

KERNEL = {
    "indented": ["    kept = 1\n    def f(x):\n        return x", "assert f(kept) == 1"],
    "a prompt of Python's": [">>> kept = 1\n>>> def f(x):\n...     return x\n", "assert f(kept) == 1"],
    "a prompt in the second line": ["kept = 2\n>>> more = 3", "assert kept + more == 5"],
    "a prompt behind an empty line": ["kept = 2\n\n>>> more = 3", "assert kept + more == 5"],
    "a prompt further down": ["kept = 2\nkept = 4\n>>> more = 3", "assert kept + more == 7"],
    "a magic called like a function": ["time(3)", "who()"],
    "called and not defined": ["kept = 1", "exit()", "quit ()", "assert kept == 1"],
    "a prompt of IPython's": ["In [7]: kept = 1\n   ...: more = 3", "assert kept + more == 4"],
    "a timed value": ["import os\nkept = %time 3 + 4", "assert kept == 7"],
    "a timed statement": ["%time kept = 6", "assert kept == 6"],
    "a timed cell": ["%%time\nkept = 5", "assert kept == 5"],
    "a captured cell": ["%%capture\nkept = 7", "assert kept == 7"],
    "matplotlib": ["%matplotlib inline\nkept = 8", "assert kept == 8"],
    "display": [
        "from IPython.display import HTML, display\ndisplay(HTML('x')); kept = 1",
        "assert kept == 1",
    ],
    "a magic by its function": ["kept = 1\nget_ipython().run_line_magic('time', '1')\ndisplay(kept)"],
    "called by a slash": ["def f(x):\n    global kept\n    kept = x", "/f 3", "assert kept == 3"],
    "quoted by a comma": ["def f(*x):\n    global kept\n    kept = x", ",f a b", "assert kept == ('a', 'b')"],
    "a magic without its sign": ["pwd", "import os\nassert _ == os.getcwd()"],
    "timed and not defined": ["%%timeit -n 1 -r 1\nkept = 3", "assert 'kept' not in globals()"],
    "a file written": ["%%writefile mine.py\ndef f(): return 5", "from mine import f\nassert f() == 5"],
    "a file run": ["%%writefile helper.py\nkept = 5", "%run helper.py\nassert kept == 5"],
    "another folder": ["os.mkdir('d')\n%cd d", "open('x', 'w').close()\n%cd ..", "open('d/x').close()"],
    "pylab": ["%pylab inline", "assert array([1, 2]).sum() == 3"],
    "autoreload": ["%load_ext autoreload\n%autoreload 2", "1 + 1", "import utils\nutils.getdata()"],
    "await": ["import asyncio\nawait asyncio.sleep(0)\nkept = 3", "assert kept == 3"],
    "the future": ["from __future__ import annotations", "def f(a: Unknown): return a\nassert f(1) == 1"],
    "outputs": ["41 + 1", "_ + 1", "assert (Out[2], _2, _) == (42, 42, 43) and In[2] == '41 + 1'"],
    "help": ["print?", "?print", "import math\nmath.sqrt??", "a?"],
    "programs": ["!ls", "import os\nkept = !ls\nassert len(kept) == 0", "assert os.system('ls') != 0"],
    "not run": ["!true\n%pip install x\n%conda install x", "%%bash\nls", "kept = 9\n!ls", "assert kept == 9"],
    "nothing": ["", "# a comment"],
    "the last cell again": ["n = 0", "n += 1", "%rerun", "assert n == 2"],
    "get_ipython": ["from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')"],
}


@pytest.mark.parametrize("cells", KERNEL.values(), ids=KERNEL)
def test_what_a_kernel_takes_is_taken(shown, cells):
    assert [(cell, shown(cell).error) for cell in cells] == [(cell, None) for cell in cells]


def test_a_translation_of_the_notebooks_own_is_used(shown):
    shown("def translated(lines):\n    return [line.replace('plus', '+') for line in lines]")
    shown("get_ipython().input_transformers_cleanup.append(translated)")
    assert shown("a = 1 plus 1\nb = a plus 1\nassert (a, b) == (2, 3)").error is None


# What notebooks ask of their surroundings

ASKED = [
    "import importlib.metadata as m\nassert m.version('numpy') and m.version('torch')",
    "from importlib.metadata import entry_points\n"
    "assert 'inline' in {e.name for e in entry_points(group='matplotlib.backend')}",
    "import faulthandler\nfaulthandler.enable()",
    "assert (sys.stdout.fileno(), sys.stderr.fileno()) == (1, 2)",
    "import psutil\nassert psutil.Process().memory_info().rss > 1 << 20",
    "import psutil\nassert psutil.virtual_memory().total > 1 << 20 and psutil.cpu_count() > 0",
    "import torch\ndouble = torch.compile(lambda x: 2*x)\nassert double(torch.ones(1)) == 2",
    "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "import matplotlib.pyplot as plt\nimport numpy as np\nplt.hist(np.ones(3))",
    "import numpy\nassert 'numpy' in os.listdir(os.path.dirname(os.path.dirname(numpy.__file__)))",
    "import torch\ntorch.set_default_dtype(torch.float64)\nassert torch.ones(1).dtype is torch.float64",
    # what a fork could have left in disorder
    "from concurrent.futures import ThreadPoolExecutor\n"
    "assert list(ThreadPoolExecutor(2).map(abs, [-1, 2])) == [1, 2]",
    "import threading\nassert threading.current_thread() is threading.main_thread()\n"
    "found = []\nt = threading.Thread(target=found.append, args=(1,))\n"
    "t.start(); t.join(); assert found == [1]",
    "import logging\nlogging.basicConfig(force=True); logging.warning('heard')",
    "import torch\ntorch.set_num_threads(2)\ntorch.ones(300, 300).matmul(torch.ones(300, 300))",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title('a title'); plt.show()",
    "import tempfile, uuid\ntempfile.mkstemp(dir='.'); uuid.uuid4()",
    # of a kernel
    "assert get_ipython().__class__.__name__ == 'ZMQInteractiveShell'",
    "assert 'IPKernelApp' in get_ipython().config and hasattr(get_ipython(), 'kernel')",
    "%autosave 120\n%clear\n%connect_info\n%man ls",
    "kept = 3\n%store kept\ndel kept\n%store -r kept\nassert kept == 3",
    "files = !ls\nassert files.n == '' and files.grep('a') == []",
    "listing = %sx ls\nassert list(listing) == []",
    "os.mkdir('sub')\n%pushd sub\n%popd\nassert os.path.isdir('sub')",
    "open('files/mine.txt', 'w').write('kept')\nassert len(os.listdir('files')) > 1",
    "from multiprocessing.pool import ThreadPool\nassert ThreadPool(2).map(abs, [-1]) == [1]",
    "import multiprocessing as m\nq = m.Queue(); q.put(2); assert q.get() == 2\nwith m.Lock(): pass",
    "import asyncio\nasyncio.get_running_loop().create_task(asyncio.sleep(0))",
    "%debug",
]


@pytest.mark.parametrize("source", ASKED)
def test_what_a_notebook_asks_of_its_kernel_and_its_surroundings_is_there(shown, source):
    assert shown(source).error is None


@pytest.mark.parametrize(
    "source",
    [
        *("os.listdir('/'); print('beside')", "os.listdir('/')", "open('/proc/self/status')"),
        *("open('/tmp/elsewhere', 'w')", "import subprocess\nsubprocess.run(['ls'])", "print(lines)"),
        "who = !whoami\nprint(who[0])",
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')",
        "import socket\nsocket.gethostbyname('example.org')",
    ],
)
def test_what_follows_a_statement_that_the_sandbox_refuses_is_run(shown, source):
    shown("%%bash --out lines\nls")
    ran = shown(f"{source}\nfor n in range(2):\n    pass\nprint('n is', n)")
    assert ran.error is not None
    assert stream(ran).endswith("n is 1\n")


def test_what_stands_below_any_other_error_is_not_run(shown):
    assert stream(shown("1/0\nprint('below')")) == ""


@pytest.mark.parametrize(
    "source",
    [
        "os.fork()",
        "import subprocess\nsubprocess.run(['ls'])",
        "import multiprocessing\nmultiprocessing.Pool(2)",
        "from concurrent.futures import ProcessPoolExecutor\nProcessPoolExecutor().submit(abs, 1)",
        "import torch\nlist(torch.utils.data.DataLoader(torch.arange(4), num_workers=2))",
    ],
)
def test_that_no_process_is_started_is_said_in_a_sentence(shown, source):
    assert "no other process can be started while grading" in str(shown(source).error)
