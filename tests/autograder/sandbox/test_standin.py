"""The stand-in for torch: whatever a notebook's cells do with it passes, and nothing is computed."""

import subprocess
import sys

import pytest

from autograder.sandbox.host import Worker
from autograder.sandbox.nursery import World
from tests.autograder.sandbox.inside import attempt, printed

CELLS = {
    "import": "import torch",
    "import as": "import torch as t",
    "parts": "import torch.nn as nn, torch.nn.functional as F, torch.optim",
    "from": "from torch import nn, tensor, Tensor; from torch.nn import functional as F, Parameter",
    "deep": "from torch.utils.data import DataLoader, TensorDataset",
    "a tensor": "x = torch.tensor([1.0, 2.0])",
    "arithmetic": "y = 2*x + 1 - x/3; y = -x @ x; y += 1; y = abs(x)**2",
    "methods": "x.mean().item(); x.sum(dim=0).detach().numpy(); x.shape",
    "backward": "x.backward(retain_graph=True); x.grad = None; x.requires_grad_()",
    "entries": "x[0], x[:, 1], len(x), list(x), bool(x), float(x)",
    "an entry set": "x[0] = 3",
    "no_grad": "with torch.no_grad(): x -= 1",
    "no_grad decorates": "@torch.no_grad()\ndef f(x): return x",
    "a model": "class Net(nn.Module):\n    def forward(self, x): return F.relu(x)\nmodel = Net()",
    "sequential": "net = nn.Sequential(nn.Linear(4, 6), nn.ReLU()); net(x)",
    "an optimizer": "sgd = torch.optim.SGD([x], lr=0.1); sgd.zero_grad(); sgd.step()",
    "types": "isinstance(x, torch.Tensor), torch.float32, torch.device('cpu')",
    "comparison": "(x > 0).float(), x >= 1",
    "printing": "print(x, torch, f'{x}', repr(torch.nn))",
    "parameters": "W = [nn.Parameter(torch.ones(2, 2)) for _ in range(4)]; W[0].grad",
    "version asked for carefully": "getattr(torch, '__version__', None)",
    "annotations": "def g(x: torch.Tensor) -> torch.Tensor: return x",
}


@pytest.fixture(scope="module")
def bare(nursery):
    with Worker(nursery, World.BARE) as worker:
        for source in (CELLS["import"], CELLS["parts"], CELLS["from"], CELLS["a tensor"]):
            worker.run(source)
        yield worker


@pytest.mark.parametrize("source", CELLS.values(), ids=CELLS)
def test_what_notebooks_do_with_torch_passes(bare, source):
    assert attempt(bare, source) is None


def test_the_same_cells_run_with_the_real_torch_or_they_would_show_nothing(nursery):
    honest = (
        "import",
        "import as",
        "parts",
        "from",
        "deep",
        "a tensor",
        "no_grad decorates",
        "a model",
        "types",
    )
    with Worker(nursery, World.FULL) as worker:
        for name in honest:
            assert attempt(worker, CELLS[name]) is None, name


def test_nothing_is_computed(bare):
    assert printed(bare, "torch.tensor([1.0, 2.0]).sum()") == "<torch.tensor.sum: PyTorch is not here>"


def test_an_own_instance_of_a_class_that_torch_has_is_told_from_one_of_ours(bare):
    assert attempt(bare, "made = torch.ones(2)") is None
    assert printed(bare, "(isinstance(made, torch.Tensor), isinstance(3, torch.Tensor))") == "(True, False)"


def test_where_it_is_not_installed_torch_is_the_real_one():
    code = "import autograder.sandbox.standin, torch; print(hasattr(torch, '__version__'))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == "True\n"
