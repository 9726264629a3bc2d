"""A fork server that has precompiled cells gives the same as one that has not, only sooner."""

import pytest

from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.client.host import Worker
from autograder.sandbox.protocol.requests import A_CLASS
from tests.autograder.sandbox.inside import printed

C, D = (f"class {name}:\n    x: int = 3\n{name}.__annotations__" for name in "CD")
CELLS = [
    *("import sys\na = 1\nb = [a, a + 1]", "b", "print('printed')\na; b;"),
    *("for n in range(2):\n    print(n)\nn", "def f(x):\n    return x / 0\n\nf(1)", "f(", "  indented = 1"),
    *("%time a = 2", "# a comment", "", "'text'\n'result'"),
    *(C, "from __future__ import annotations", D, C),
    *("import asyncio\nawait asyncio.sleep(0)\n'awaited'", "_, __, _i, _ii, In[2], Out"),
    *("import warnings\nwarnings.warn('beware')", "raise SystemExit", "sys.exit()"),
    *("import torch\ntorch.ones(1).backward()", "nonsense"),
]


@pytest.fixture(scope="module")
def warm():
    with ForkServer() as fork_server:
        for _ in range(2):  # a second grader asks for the same
            fork_server.precompile(CELLS)
            fork_server.expect(A_CLASS)
        yield fork_server


def put_out(fork_server):
    with Worker(fork_server) as worker:
        return [(ran.error, ran.count, ran.messages) for ran in worker.run_all(CELLS)]


def timeless(outputs):
    """What `%time` measures is another each time."""
    return [ran for ran, cell in zip(outputs, CELLS, strict=True) if not cell.startswith("%time")]


def test_precompiled_cells_put_out_what_they_would_anyway(fork_server, warm):
    assert timeless(put_out(warm)) == timeless(put_out(fork_server))


def test_precompiled_code_outlives_no_change_of_the_future(warm):
    """`from __future__` in one cell holds for the cells after it, precompiled or not."""
    outputs = put_out(warm)[CELLS.index(C) :]
    shown = [outputs[n][2][0]["content"]["data"]["text/plain"] for n in (0, 2, 3)]
    assert shown == ["{'x': int}", "{'x': 'int'}", "{'x': 'int'}"]


def test_cells_after_precompiled_ones_end_as_ever(warm):
    fails, broken = "def f(x):\n    return x / 0\n\nf(1)", "f("
    with Worker(warm) as worker:
        errors = [worker.run(source).error for source in ("a = 1", fails, broken)]
        assert [str(e).partition(":")[0] for e in errors] == ["None", "ZeroDivisionError", "SyntaxError"]
        assert printed(worker, "a") == "1"


LOOK = """
import sys
names = sorted(n for n in globals() if n not in ('names', '_i', '_ii', '_iii', '_i1'))
pyplot = sys.modules.get('matplotlib.pyplot')
figures = pyplot.get_fignums() if pyplot else []
graph = type(sys.modules['torch'].ones(1, requires_grad=True).mul(2).grad_fn).__name__
"""


def test_of_the_warm_up_nothing_is_left(fork_server, warm):
    """Names, open figures, PyTorch's modes and the number of the next cell are those of a new process."""
    seen = []
    for one in (fork_server, warm):
        with Worker(one) as worker:
            ran = worker.run(LOOK)
            assert ran.error is None
            seen.append((ran.count, *(printed(worker, name) for name in ("names", "figures", "graph"))))
    assert seen[0] == seen[1]
    assert seen[1][2:] == ("[]", "MulBackward0")
