"""A warm process that was told what comes gives the same as one that was not: only sooner."""

import pytest

from autograder.sandbox.client.fork_server import Nursery
from autograder.sandbox.client.host import Worker
from tests.autograder.sandbox.inside import printed

CELLS = [
    "import sys\na = 1\nb = [a, a + 1]",
    "b",
    "print('printed')\na; b;",
    "for n in range(2):\n    print(n)\nn",
    "def f(x):\n    return x / 0\n\nf(1)",
    "f(",
    "  indented = 1",
    "%time a = 2",
    "# a comment",
    "",
    "'text'\n'result'",
    "class C:\n    x: int = 3\nC.__annotations__",
    "from __future__ import annotations",
    "class D:\n    x: int = 3\nD.__annotations__",
    "class C:\n    x: int = 3\nC.__annotations__",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "_, __, _i, _ii, In[2], Out",
    "import warnings\nwarnings.warn('beware')",
    "raise SystemExit",
    "sys.exit()",
    "import torch\ntorch.ones(1).backward()",
    "nonsense",
]


@pytest.fixture(scope="module")
def taught():
    with Nursery() as nursery:
        nursery.teach(CELLS)
        nursery.teach(CELLS)  # a second grader's lesson is the same
        yield nursery


def put_out(nursery):
    with Worker(nursery) as worker:
        return [(ran.error, ran.count, ran.messages) for ran in worker.run_all(CELLS)]


def timeless(outputs):
    """What `%time` measures is another each time."""
    return [ran for ran, cell in zip(outputs, CELLS, strict=True) if not cell.startswith("%time")]


def test_cells_that_were_learned_put_out_what_they_would_anyway(nursery, taught):
    assert timeless(put_out(taught)) == timeless(put_out(nursery))


def test_what_is_learned_outlives_no_change_of_the_future(taught):
    """`from __future__` in one cell holds for the cells after it, learned or not."""
    outputs = put_out(taught)
    shown = {n: outputs[n][2][0]["content"]["data"]["text/plain"] for n in (11, 13, 14)}
    assert shown == {11: "{'x': int}", 13: "{'x': 'int'}", 14: "{'x': 'int'}"}


def test_cells_after_those_that_were_learned_end_as_ever(taught):
    fails, broken = "def f(x):\n    return x / 0\n\nf(1)", "f("
    with Worker(taught) as worker:
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


def test_of_the_rehearsal_nothing_is_left(nursery, taught):
    """Names, open figures, PyTorch's modes and the number of the next cell are those of a new process."""
    seen = []
    for one in (nursery, taught):
        with Worker(one) as worker:
            ran = worker.run(LOOK)
            assert ran.error is None
            seen.append((ran.count, *(printed(worker, name) for name in ("names", "figures", "graph"))))
    assert seen[0] == seen[1]
    assert seen[1][2:] == ("[]", "MulBackward0")
