"""By hand means without automatic differentiation: the kernel that all share and the sandbox say the same."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.calling import by_hand, function_call
from autograder.exercise import Convention, Failed, Instance
from autograder.marking.mark import mark_exercise
from autograder.sandbox.client.host import Worker
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
    "an exception after torch": ("import torch; torch.zeros(3); return 1/0", "raised"),
    "a tensor": ("import torch; return torch.tensor(x)*2", None),
    "from numpy and back": ("import torch; return torch.from_numpy(x).mul(2).numpy()", None),
    "a product": ("import torch; a = torch.ones(2, 2); return (a @ a).numpy()", None),
    "a ReLU": ("import torch; torch.nn.functional.relu(torch.ones(1)); return x", None),
    "a layer": ("import torch; torch.nn.Linear(2, 2); return x", None),
    "under another name": ("import torch as np; return np.zeros(2)", None),
    "backward": (
        "import torch; t = torch.tensor(x, requires_grad=True)\n    t.sum().backward(); return t.grad",
        "uses-autograd",
    ),
    "requires_grad_": ("import torch; t = torch.tensor(x).requires_grad_(); return t.detach().numpy()", None),
    "parameters": ("import torch; return torch.nn.Parameter(torch.tensor(x)).data*2", None),
    "enable_grad": ("import torch\n    with torch.enable_grad(): return torch.tensor(x)*2", None),
    "inference_mode": ("import torch\n    with torch.inference_mode(): return torch.tensor(x)*2", None),
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
        "import torch; t = torch.tensor(x, requires_grad=True)\n    try: (t*t).sum().backward()\n"
        "    except Exception: return x\n    return t.grad",
        "uses-autograd",
    ),
    "hidden by a bare except": (
        "import torch; t = torch.tensor(x, requires_grad=True)\n    try: (t*t).sum().backward()\n"
        "    except: pass\n    return t.grad",
        "uses-autograd",
    ),
    "forward mode": (
        "import torch; t = torch.tensor(x)\n"
        "    return torch.func.jvp(lambda t: t*t, (t,), (torch.ones_like(t),))[1]",
        "uses-autograd",
    ),
    "on the hidden data alone": (
        "import torch\n    if x[1] == 2: return x*2\n"
        "    return torch.func.grad(lambda t: (t*t).sum())(torch.tensor(x))",
        "uses-autograd",
    ),
}
bodies = pytest.mark.parametrize(("body", "fault"), BODIES.values(), ids=BODIES)


def marked(call_all):
    """What is said of a function that is to return its argument times two, but that its numbers are wrong."""
    message = {fault.fault for fault in mark_exercise(TWICE, call_all, seed=0).faults}
    return next(
        iter(message & {fault for _, fault in BODIES.values()} | message & {"not-deterministic"}), None
    )


TWICE = replace(
    BY_HAND,
    parameters=("x",),
    instances=lambda _: [Instance({"x": np.array([1.0, n])}, f"instance {n}") for n in (2, 3, 4)],
    reference=lambda instance: {"f": 2 * instance.inputs["x"]},
)


@bodies
def test_in_a_kernel(body, fault):
    function = written(f"def f(x):\n    {body}")

    def call(exercise, instance):
        return function_call.call(function, exercise.convention, instance.inputs)

    assert marked(function_call.one_by_one(call)) == fault


@bodies
def test_in_the_sandbox(fork_server, body, fault):
    with Worker(fork_server) as worker:
        assert worker.run(f"import numpy, torch\ndef f(x):\n    {body}").error is None
        assert marked(worker.call_all) == fault


def test_a_function_that_answers_differently_each_time_is_not_taken_for_one_that_differentiates(fork_server):
    with Worker(fork_server) as worker:
        worker.run("import itertools\nn = itertools.count(2)\ndef f(x): return x*next(n)")
        assert marked(worker.call_all) == "not-deterministic"
        worker.run("count = 0\ndef f(x):\n    global count\n    count += 1\n    return x*count")
        assert marked(worker.call_all) == "not-deterministic"


def test_the_sentence_tells_what_to_use_instead():
    assert "with numpy or with PyTorch's arrays" in by_hand.fault("exercise1").message


def test_a_kernels_pytorch_differentiates_again_afterwards():
    import torch

    function = written("def f(x):\n    import torch; torch.ones(1, requires_grad=True).sum().backward()")
    answer = function_call.call(function, Convention(by_hand=True), INSTANCE.inputs)
    assert isinstance(answer, Failed)
    x = torch.tensor(2.0, requires_grad=True)
    (x * x).backward()
    assert x.grad == 4
