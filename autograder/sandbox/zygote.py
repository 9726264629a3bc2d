"""The warm process: imports what notebooks need once, and forks a boxed worker for each submission.

`python -m autograder.sandbox.zygote BARE FULL DISKS`: two lines to the host, one for each world, and a
folder in which each world has its submissions' private disk. In the bare world torch does not exist.

It holds nothing of the grader's, runs no student's code itself, and ends when the host closes its lines.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

import utils
from autograder.sandbox import frames, kernel, namespaces, standin, worker
from autograder.sandbox.box import Box
from autograder.sandbox.interpreter import Interpreter
from autograder.sandbox.limits import Limits
from autograder.sandbox.namespaces import ProcessNamespaces
from autograder.sandbox.plain import Plain

COLLECT_AFTER = 20_000  # new objects; a notebook makes few, and looking for circles touches pages
FAREWELL_SECONDS = 0.3
SCORE = "1000"  # the kernel ends a submission first when the machine's memory is all used


def main(bare: int, full: int, disks: Path) -> None:
    """Serve both worlds until the host closes the lines."""
    separate = namespaces.go_inside(lambda: _sweep(disks))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the host's terminal is the host's business
    lines = {"bare": socket.socket(fileno=bare), "full": socket.socket(fileno=full)}
    utils.getdata(), utils.getparams(), np.random.rand()  # noqa: NPY002  the first use of it takes longest
    _settle()
    if os.fork() == 0:
        lines.pop("full").close()
        standin.install()
        box = Box(disks / "bare", separate=separate, hidden=("torch", "torchgen", "functorch"))
        _serve(lines["bare"], _Nest(box, separate, Plain()))
    lines.pop("bare").close()
    from autograder.sandbox.shell import Kernel  # with IPython and torch, after the bare world's fork
    import torch

    interpreter = Kernel()
    interpreter.warm_up()
    torch.set_num_threads(1)  # a fork has one thread; a pool of threads would be waited for in vain
    weights = torch.nn.Parameter(torch.ones(2, 2))
    torch.relu(torch.ones(1, 2).matmul(weights) + 1).mean().backward()  # it looks at the processor once
    del weights
    _settle()
    box = Box(disks / "full", separate=separate, hidden=())
    _serve(lines["full"], _Nest(box, separate, interpreter))


def _sweep(disks: Path) -> None:
    """Remove the folder when all inside has ended: a host that was killed cannot do it."""
    for world in ("bare", "full"):
        with contextlib.suppress(OSError):
            kernel.thaw(str(disks / world))
    shutil.rmtree(disks, ignore_errors=True)


def _settle() -> None:
    """Let what is there now stay in pages that forks share."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    kernel.use_huge_pages()


@dataclass(frozen=True)
class _Nest:
    """What a worker starts with."""

    box: Box
    separate: bool
    interpreter: Interpreter


def _serve(control: socket.socket, nest: _Nest) -> NoReturn:
    """Fork a worker for each request on the control line; its handle goes back."""
    own = ProcessNamespaces() if nest.separate else None
    while True:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass  # workers that have ended
        request, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        if not request:
            _farewell()
        if own is not None:
            own.open()
        worker = os.fork()
        if worker == 0:
            _become_worker(descriptors[0], control, nest, Limits(**json.loads(request)))
        if own is not None:
            own.close()
        os.close(descriptors[0])
        handle = os.pidfd_open(worker)
        socket.send_fds(control, [b"worker"], [handle])
        os.close(handle)


def _farewell() -> NoReturn:
    """End with the host, after those that end by themselves now: so what they used is counted."""
    deadline = time.monotonic() + FAREWELL_SECONDS
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.005)
    os._exit(0)


def _become_worker(line: int, control: socket.socket, nest: _Nest, limits: Limits) -> NoReturn:
    """Go into the box, tell the host which layers are missing, and serve it."""
    try:
        control.close()
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(SCORE, encoding="ascii")
        lacks = nest.box.enter(limits)
        os.chdir(nest.box.disk)
        sys.path.append(str(nest.box.disk))  # last: a helper file is found, and no library is shadowed
        with os.fdopen(os.dup(line), "rb") as requests, os.fdopen(line, "wb") as replies:
            replies.write(frames.encode({"lacks": {str(layer): why for layer, why in lacks.items()}}))
            replies.flush()
            worker.serve(requests, replies, nest.interpreter)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)  # seen by whoever debugs; the host sees a line that ends
        raise
    finally:
        os._exit(0)  # threads that a notebook left behind do not keep the process


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
