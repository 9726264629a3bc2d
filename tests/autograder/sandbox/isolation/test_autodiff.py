"""Automatic differentiation is switched off from outside, and on again; honest work notices nothing."""

import os
import re
from dataclasses import replace

import pytest

from autograder.exercise import Failed, Returned
from autograder.sandbox.client.host import Worker
from autograder.sandbox.isolation import autodiff
from autograder.sandbox.isolation.autodiff import NoSwitch, Switch, find_patches, switch_from, switch_words
from autograder.sandbox.isolation.layers import Layer
from autograder.sandbox.protocol.limits import Limits
from tests.autograder.sandbox.inside import ARRAY, BY_HAND, INSTANCE, ask

LEAF = "    t = torch.tensor(x, requires_grad=True)\n"
WAYS = {
    "backward": f"{LEAF}    (t*t).sum().backward()\n    return t.grad",
    "grad": f"{LEAF}    return torch.autograd.grad((t*t).sum(), t)[0]",
    "switched on": f"    torch.set_grad_enabled(True)\n{LEAF}    (t*t).sum().backward()\n    return t.grad",
    "enable_grad": f"{LEAF}    with torch.enable_grad(): return torch.autograd.grad((t*t).sum(), t)[0]",
    "below": f"{LEAF}    torch._C._set_grad_enabled(True); (t*t).sum().backward(); return t.grad",
    "func.grad": "    return torch.func.grad(lambda t: (t*t).sum())(torch.tensor(x))",
    "jacobian": "    return torch.func.jacrev(lambda t: (t*t).sum())(torch.tensor(x))",
    "recorded before": "    P.data.copy_(torch.tensor(x)); E.backward(retain_graph=True); return P.grad",
    "node by node": "    P.data.copy_(torch.tensor(x))\n"
    "    return E.grad_fn.next_functions[0][0](torch.ones(2))[0]*2",
    "thread": "    from concurrent.futures import ThreadPoolExecutor\n"
    "    differentiate = torch.func.grad(lambda t: (t*t).sum())\n"
    "    return ThreadPoolExecutor().submit(differentiate, torch.tensor(x)).result()",
    "a compiler of backward passes in the engine's place": "    P.data.copy_(torch.tensor(x))\n"
    "    import importlib; compiled = importlib.import_module('torch._dynamo.compiled_autograd')\n"
    "    with compiled._enable(lambda graph: graph): E.backward(retain_graph=True)\n    return P.grad",
}
FIRST = "import torch\nP = torch.ones(2, dtype=torch.float64, requires_grad=True)\nE = (P*P).sum()"


@pytest.fixture(autouse=True)
def switchable(needs):
    needs(Layer.AUTODIFF)


def right(worker, exercise):
    assert worker.run("P.grad = None").error is None
    answer = worker.call(exercise, INSTANCE)
    return isinstance(answer, Returned) and getattr(answer.value, "tolist", list)() == [2.0, 4.0]


@pytest.mark.parametrize("body", WAYS.values(), ids=WAYS)
def test_no_way_to_differentiate_leads_anywhere_and_each_does_again_afterwards(worker, body):
    assert worker.run(f"{FIRST}\ndef f(x):\n{body}\nf([1.0, 1.0])").error is None
    assert right(worker, ARRAY), "the way works"
    assert not right(worker, BY_HAND)
    assert right(worker, ARRAY), "and again"
    assert worker.missing_layers == {}


@pytest.mark.parametrize(
    "body",
    [
        "    with torch.no_grad(): return (torch.tensor(x)*2).numpy()",
        "    with torch.inference_mode(): return (torch.tensor(x)*2).numpy()",
        "    with torch.enable_grad(): return (torch.tensor(x)*2).numpy()",
        "    was = torch.is_grad_enabled(); torch.set_grad_enabled(False)\n"
        "    y = torch.tensor(x)*2; torch.set_grad_enabled(was); return y",
        "    with torch.autocast('cpu'): return torch.nn.Parameter(torch.tensor(x)).detach()*2",
        "    m = torch.nn.Linear(2, 2, bias=False, dtype=torch.float64)\n"
        "    m.weight.data = 2*torch.eye(2, dtype=torch.float64); return m(torch.tensor(x)).detach()",
    ],
)
def test_what_pytorchs_modes_are_is_the_same_afterwards(worker, body):
    """A mode that is read meanwhile, and restored, would switch off the next exercise as well."""
    assert worker.run(f"{FIRST}\ndef f(x):\n{body}").error is None
    assert right(worker, BY_HAND)
    modes = "assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled()"
    assert worker.run(f"{modes}\nE.backward()").error is None
    assert ask(worker, "torch.nn.Parameter(torch.ones(1)).mul(2).requires_grad") == 1.0


def test_it_is_on_again_after_an_exception_an_endless_loop_and_an_end(fork_server):
    with Worker(fork_server, Limits(call=0.5)) as worker:
        for source in ("def f(x): return 1/0", "def f(x):\n    while True: pass"):
            worker.run(f"{FIRST}\n{source}")
            assert isinstance(worker.call(BY_HAND, INSTANCE), Failed)
            assert worker.run("E.backward()").error is None
        worker.run("import os\ndef f(x): os._exit(1)")
        assert worker.call(BY_HAND, INSTANCE).fault.fault == "died"
        assert worker.missing_layers == {}


def test_a_neighbour_differentiates_meanwhile(fork_server, worker):
    with worker.without_autodiff() as switch, Worker(fork_server) as neighbour:
        assert switch is not None
        assert neighbour.run(f"{FIRST}\nE.backward()").error is None
        assert worker.run(f"{FIRST}\nE.backward()").error is not None


def test_what_stands_there_and_is_not_what_was_found_is_not_written_over(fork_server, worker):
    patches = worker._switch._patches
    switch = Switch(worker._handle, [replace(patch, address=patch.address + 1) for patch in patches])
    with pytest.raises(NoSwitch, match="not what it was"):
        switch.off()
    switch.close()


def test_a_process_that_has_ended_cannot_be_switched(worker):
    patches, _ = worker._switch._patches, worker.run("1")
    handle = os.dup(worker._handle)
    worker.close()
    with pytest.raises(NoSwitch):
        Switch(handle, patches)
    os.close(handle)


def test_what_the_fork_server_found_is_read_as_it_was_written():
    assert switch_from(switch_words(find_patches(), "")) == (find_patches(), "")
    assert switch_from(switch_words((), "no symbol")) == ((), "no symbol")


def test_another_processor_is_reported(monkeypatch):
    monkeypatch.setattr(autodiff.platform, "machine", lambda: "m68k")
    with pytest.raises(NoSwitch, match="m68k"):
        find_patches()


def test_another_pytorch_is_reported(monkeypatch):
    monkeypatch.setattr(autodiff, "ENTRY_POINTS", (("libc10.so", "_ZN3c104gone", autodiff.RETURN),))
    with pytest.raises(NoSwitch, match=re.escape("_ZN3c104gone in libc10.so")):
        find_patches()
