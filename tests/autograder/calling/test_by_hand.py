"""By hand means without automatic differentiation: the kernel that all share and the sandbox say the same."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from autograder.calling import by_hand, function_call
from autograder.exercise import Convention, Instance
from autograder.marking.mark import mark_exercise
from autograder.sandbox.client.host import Worker
from tests.autograder.sandbox.inside import BY_HAND
from tests.autograder.students_function import answered, written

# What stands in the function
WELCOME = {
    "numpy alone": "return x*2",
    "imported": "import torch; return x*2",
    "parts imported": "from torch import nn; from torch.nn import functional as F; return x*2",
    "asked for types": "import torch; return x*2 if not isinstance(x, torch.Tensor) else None",
    "asked by is_tensor": "import torch; return None if torch.is_tensor(x) is True else x",
    "no_grad": "import torch\n    with torch.no_grad(): return x*2",
    "seeded": "import torch; torch.manual_seed(1); return x",
    "number of threads": "import torch; torch.set_num_threads(1); return x",
    "a class of modules": "import torch\n    class N(torch.nn.Module): pass\n    return x",
    "a tensor": "import torch; return torch.tensor(x)*2",
    "from numpy and back": "import torch; return torch.from_numpy(x).mul(2).numpy()",
    "a product": "import torch; a = torch.ones(2, 2); return (a @ a).numpy()",
    "a ReLU": "import torch; torch.nn.functional.relu(torch.ones(1)); return x",
    "a layer": "import torch; torch.nn.Linear(2, 2); return x",
    "under another name": "import torch as np; return np.zeros(2)",
    "requires_grad_": "import torch; t = torch.tensor(x).requires_grad_(); return t.detach().numpy()",
    "parameters": "import torch; return torch.nn.Parameter(torch.tensor(x)).data*2",
    "enable_grad": "import torch\n    with torch.enable_grad(): return torch.tensor(x)*2",
    "inference_mode": "import torch\n    with torch.inference_mode(): return torch.tensor(x)*2",
}
LEAF = "import torch; t = torch.tensor(x, requires_grad=True)"
TRIED = f"{LEAF}\n    try: (t*t).sum().backward()\n"
DIFFERENTIATES = {
    "backward": f"{LEAF}; t.sum().backward(); return t.grad",
    "autograd.backward": f"{LEAF}; torch.autograd.backward((t*t).sum()); return t.grad",
    "autograd.grad": f"{LEAF}; return torch.autograd.grad(t.sum(), t)[0]",
    "grad imported": f"{LEAF}; from torch.autograd import grad; return grad(t.sum(), t)[0]",
    "func.grad": "import torch; return torch.func.grad(lambda t: (t*t).sum())(torch.tensor(x))",
    "forward mode": "import torch; t = torch.tensor(x)\n"
    "    return torch.func.jvp(lambda t: t*t, (t,), (torch.ones_like(t),))[1]",
    "hidden by except": f"{TRIED}    except Exception: return x\n    return t.grad",
    "hidden by a bare except": f"{TRIED}    except: pass\n    return t.grad",
    "on the hidden data alone": "import torch\n    if x[1] == 2: return x*2\n"
    "    return torch.func.grad(lambda t: (t*t).sum())(torch.tensor(x))",
}
OTHERS = {
    "no answer": ("raise NotImplementedError", "not-implemented"),
    "an exception": ("return 1/0", "raised"),
    "an exception after torch": ("import torch; torch.zeros(3); return 1/0", "raised"),
}
BODIES = {name: (body, None) for name, body in WELCOME.items()} | OTHERS
BODIES |= {name: (body, "uses-autograd") for name, body in DIFFERENTIATES.items()}
bodies = pytest.mark.parametrize(("body", "fault"), BODIES.values(), ids=BODIES)


def marked(call_all):
    """What is said of a function that is to return its argument times two, but that its numbers are wrong."""
    message = {fault.fault for fault in mark_exercise(TWICE, call_all, seed=0).faults}
    return next(iter(message & {"uses-autograd", "not-implemented", "raised", "not-deterministic"}), None)


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


@pytest.mark.parametrize("body", ["return x", "raise ValueError", DIFFERENTIATES["backward"]])
def test_a_kernels_pytorch_differentiates_again_afterwards(body):
    answered(body, Convention(by_hand=True))
    t = torch.tensor(3.0, requires_grad=True)
    (t * t).backward()
    assert t.grad == 6.0
    assert torch.func.grad(lambda u: u * u)(torch.tensor(3.0)) == 6.0
