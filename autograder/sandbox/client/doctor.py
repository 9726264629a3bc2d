"""Find out which layers of the sandbox hold on this machine: ask it, and try to escape from inside."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.client.host import Worker, WorkerGone
from autograder.sandbox.client.remedies import remedy
from autograder.sandbox.isolation.layers import PROTECTS, Layer
from autograder.sandbox.protocol.limits import Limits

ESCAPES: dict[Layer, tuple[str, ...]] = {
    Layer.NAMESPACES: (
        "import os; assert os.getpid() != 1",
        "import os; assert os.getppid() != 0",
        "import os; os.chmod(os.__file__, os.stat(os.__file__).st_mode)",
        "import os; os.utime(os.devnull)",
    ),
    Layer.FILES: (
        "open('/etc/hostname').read()",
        "import autograder.grading.grade",
        "open('../outside', 'w')",
        "import os; os.listdir('/proc')",
        "open('/proc/self/mem', 'r+b')",
    ),
    Layer.SYSTEM_CALLS: (
        "import os; os.fork()",
        "import socket; socket.socket()",
        "import socket; socket.socketpair(type=socket.SOCK_DGRAM)",
        "import fcntl; fcntl.fcntl(open(fcntl.__file__), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
        "import os; assert os.system(':') == 0",
    ),
    Layer.AUTODIFF: (
        "import torch; torch.ones(1, requires_grad=True).mul(2).backward()",
        "import torch; assert torch.func.jvp(torch.sin, (torch.zeros(1),), (torch.ones(1),))[1]",
    ),
    Layer.LIMITS: ("bytearray(1 << 40)", "open('large', 'wb').truncate(1 << 40)"),
}
"""Code that must fail inside the sandbox, by the layer that stops it."""


@dataclass(frozen=True)
class Finding:
    """Hold what was found out about one layer."""

    layer: Layer
    holds: bool
    why: str
    """What is lost without it; or, if it holds, what it protects."""
    remedy: str = ""
    """What to do about it; empty if it holds."""


def check_layers(fork_server: ForkServer) -> list[Finding]:
    """Start sandboxed processes, and try in each to do what a layer should stop."""
    missing_layers: dict[str, str] = {}
    broken: dict[Layer, str] = {}
    for layer, sources in ESCAPES.items():
        for source in sources:
            with Worker(fork_server, Limits(cell=10.0)) as worker:  # one each: an escape may end it
                missing_layers |= worker.missing_layers
                with worker.without_autodiff():
                    why = _went(worker, source)
                missing_layers |= worker.missing_layers
                if why is not None:
                    broken.setdefault(layer, f"`{source.splitlines()[-1]}` {why}")
    findings = []
    for layer in Layer:
        why = missing_layers.get(layer) or broken.get(layer)
        text = (
            PROTECTS[layer] if why is None else f"{why}. Without it nobody sees to it that {PROTECTS[layer]}"
        )
        findings.append(Finding(layer, why is None, text, "" if why is None else remedy(layer, why)))
    return findings


def _went(worker: Worker, source: str) -> str | None:
    """Describe the outcome of an attempt to escape; None if it was refused, as it should be."""
    try:
        return None if worker.run(source).error is not None else "went through"
    except WorkerGone:
        return "ended the process"
