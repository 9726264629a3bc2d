"""By hand means without PyTorch: the kernel that all share and the sandbox without torch say the same."""

import pytest

from autograder import by_hand, calling
from autograder.exercise import Convention, Failed, Returned
from autograder.sandbox.host import Worker
from autograder.sandbox.nursery import World
from tests.autograder.sandbox.inside import BY_HAND, INSTANCE
from tests.autograder.students_function import written

# what stands in the function, and the fault, if it is one
BODIES = {
    "numpy alone": ("return x*2", None),
    "imported": ("import torch; return x*2", None),
    "parts imported": ("from torch import nn; from torch.nn import functional as F; return x*2", None),
    "asked for types": ("import torch; return x*2 if not isinstance(x, torch.Tensor) else None", None),
    "asked by is_tensor": ("import torch; return None if torch.is_tensor(x) is True else x", None),
    "no_grad": ("import torch\n    with torch.no_grad(): return x*2", None),
    "seeded": ("import torch; torch.manual_seed(1); return x", None),
    "number of threads": ("import torch; torch.set_num_threads(1); return x", None),
    "a class of modules": ("import torch\n    class N(torch.nn.Module): pass\n    return x", None),
    "no answer": ("raise NotImplementedError", "not-implemented"),
    "an exception": ("return 1/0", "raised"),
    "an exception after torch": ("import torch; torch.zeros(3); return 1/0", "uses-torch"),
    "a tensor": ("import torch; return torch.tensor(x)*2", "uses-torch"),
    "from numpy and back": ("import torch; return torch.from_numpy(x).mul(2).numpy()", "uses-torch"),
    "a product": ("import torch; a = torch.ones(2, 2); return (a @ a).numpy()", "uses-torch"),
    "a rectifier": ("import torch; torch.nn.functional.relu(torch.ones(1)); return x", "uses-torch"),
    "a layer": ("import torch; torch.nn.Linear(2, 2); return x", "uses-torch"),
    "under another name": ("import torch as np; return np.zeros(2)", "uses-torch"),
    "backward": (
        "import torch; t = torch.tensor(x, requires_grad=True)\n    t.sum().backward(); return t.grad",
        "uses-autograd",
    ),
    "requires_grad_": (
        "import torch; t = torch.tensor(x).requires_grad_(); return t.detach().numpy()",
        "uses-autograd",
    ),
    "autograd.grad": (
        "import torch; t = torch.tensor(x, requires_grad=True); return torch.autograd.grad(t.sum(), t)[0]",
        "uses-autograd",
    ),
    "grad imported": (
        "import torch; from torch.autograd import grad; t = torch.tensor(x, requires_grad=True)\n"
        "    return grad(t.sum(), t)[0]",
        "uses-autograd",
    ),
    "func.grad": (
        "import torch; return torch.func.grad(lambda t: (t*t).sum())(torch.tensor(x))",
        "uses-autograd",
    ),
    "hidden by except": (
        "import torch\n    try: torch.tensor(x, requires_grad=True).sum().backward()\n"
        "    except Exception: pass\n    return x",
        "uses-autograd",
    ),
    "hidden by a bare except": (
        "import torch\n    try: torch.tensor(x, requires_grad=True).sum().backward()\n    except: pass\n"
        "    return x",
        "uses-autograd",
    ),
}
bodies = pytest.mark.parametrize(("body", "fault"), BODIES.values(), ids=BODIES)


def told(answer):
    assert isinstance(answer, Returned | Failed)
    return answer.fault.fault if isinstance(answer, Failed) else None


@bodies
def test_in_a_kernel_with_torch(body, fault):
    function = written(f"def f(x):\n    {body}")
    assert told(calling.call(function, Convention(by_hand=True), INSTANCE.inputs)) == fault


@bodies
def test_in_the_sandbox_without_torch(nursery, body, fault):
    with Worker(nursery, World.BARE) as worker:
        assert worker.run("import numpy, torch").error is None
        assert worker.run(f"def f(x):\n    {body}").error is None
        assert told(worker.call(BY_HAND, INSTANCE)) == fault


def test_the_sentences_tell_what_to_use_instead():
    by_hand.TOUCHED[:] = ["torch.tensor"]
    used = by_hand.fault("exercise1")
    assert used is not None
    assert "numpy has all that you need" in used.message
    by_hand.TOUCHED[:] = ["torch.tensor", "Tensor.backward"]
    used = by_hand.fault("exercise1")
    assert used is not None
    assert "differentiate" in used.message
    by_hand.TOUCHED.clear()


def test_what_was_touched_before_the_call_does_not_count():
    import torch

    torch.ones(3).sum()
    function = written("def f(x): return x")
    assert isinstance(calling.call(function, Convention(by_hand=True), INSTANCE.inputs), Returned)
    torch.ones(3).sum()
    assert isinstance(calling.call(function, Convention(by_hand=True), INSTANCE.inputs), Returned)


def test_what_is_touched_without_end_does_not_fill_the_memory():
    function = written("def f(x):\n    import torch\n    for _ in range(500): torch.zeros(1)\n    return x")
    assert told(calling.call(function, Convention(by_hand=True), INSTANCE.inputs)) == "uses-torch"
    assert len(by_hand.TOUCHED) <= by_hand.MANY
