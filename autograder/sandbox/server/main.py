"""Run the fork server: import once what notebooks need, and fork an isolated worker for each submission.

`python -m autograder.sandbox.server.main LIFELINE LISTENER FOLDER`: two descriptors, of a socket whose other
end the client closes when it is done, and of a listening socket; and a folder, in which each submission's
private disk is mounted.

It holds nothing of the grader's, runs no student's code itself, and ends when its lifeline does.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

import utils
from autograder import own_memory
from autograder.sandbox.isolation import linux, namespaces, pidfd
from autograder.sandbox.isolation.autodiff import NoSwitch, find_patches, switch_words
from autograder.sandbox.isolation.isolation import Box
from autograder.sandbox.isolation.namespaces import FIRST_FREE, MOST_OPEN, ProcessNamespaces
from autograder.sandbox.protocol.channel import Line
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.requests import LESSON, PING, PRIVATE, Desk, Request
from autograder.sandbox.server import memory, worker
from autograder.sandbox.server.interpreter import Interpreter
from autograder.sandbox.server.warm_up import rehearse

A_FEW = 8  # submissions, with which it is a class: it pays to make the next ones cheaper
FAREWELL_SECONDS = 0.3
SCORE = "1000"  # the kernel ends a submission first when the machine's memory is all used


def main(lifeline: int, listener: int, folder: Path) -> None:
    """Serve until the lifeline ends."""
    own_memory.lift()  # a grader's, that has started this process: a submission has limits of its own
    separate = namespaces.go_inside(lambda: _sweep(folder))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the host's terminal is the host's business
    life = socket.socket(fileno=lifeline)
    listening = socket.socket(fileno=listener)
    tempfile.tempdir = os.curdir  # a submission's private disk, and nobody looks for a better one
    utils.getdata(), utils.getparams(), np.random.rand()
    import torch

    from autograder.sandbox.server.shell import Kernel

    interpreter = Kernel()
    torch.set_num_threads(1)  # a fork has one thread; a pool of threads would be waited for in vain
    # PyTorch looks at the processor at its first use, and in the box there is none to be seen
    weights = torch.nn.Parameter(torch.ones(2, 2))
    torch.relu(torch.ones(1, 2).matmul(weights) + 1).mean().backward()  # type: ignore[no-untyped-call]
    del weights
    try:
        patches, why_not = find_patches(), ""
    except NoSwitch as error:
        patches, why_not = (), str(error)
    memory.settle()
    box = Box(folder / PRIVATE, separate=separate, protected=[patch.pages for patch in patches])
    _serve(Desk(listening, life), _Nest(box, separate, interpreter, switch_words(patches, why_not)))


def _sweep(folder: Path) -> None:
    """Remove the folder when all inside has ended: a host that was killed cannot do it."""
    shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class _Nest:
    """What a worker starts with."""

    box: Box
    separate: bool
    interpreter: Interpreter
    switch: bytes
    """What the host needs to know to switch automatic differentiation off."""


def _serve(desk: Desk, nest: _Nest) -> NoReturn:
    """Fork a worker for each request; its handle goes back to who asked."""
    own = ProcessNamespaces() if nest.separate else None
    worker = 0
    number, ready = 0, False
    for request in desk.requests():
        if request.words == PING:
            os.close(request.descriptor)
            with contextlib.suppress(OSError):
                request.client.sendall(PING)
            continue
        number += 1
        if not ready and (request.words == LESSON or number == A_FEW):
            ready = True
            rehearse(nest.interpreter)
            memory.tidy()
        if request.words == LESSON:
            _learn(request, nest.interpreter)
            continue
        if own is not None:
            own.reap()
            worker = own.fork()
        else:
            if worker:  # all share one disk, so they come one after the other
                os.waitpid(worker, 0)
            nest.box.clear()
            worker = linux.fork_with_threads()
        if worker == 0:
            _become_worker(request.descriptor, nest, Limits(**json.loads(request.words)))
        os.close(request.descriptor)
        handle = pidfd.open_handle(worker)
        with contextlib.suppress(OSError):  # who asked may be gone: the worker's line is then, too
            socket.send_fds(request.client, [nest.switch], [handle])
        os.close(handle)
    _farewell()


def _learn(request: Request, interpreter: Interpreter) -> None:
    with os.fdopen(request.descriptor, encoding="utf-8") as lesson:
        for source in json.load(lesson):
            interpreter.learn(source)


def _farewell() -> NoReturn:
    """End with the host, after those that end by themselves now: so what they used is counted."""
    deadline = time.monotonic() + FAREWELL_SECONDS
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.005)
    os._exit(0)


def _become_worker(line: int, nest: _Nest, limits: Limits) -> NoReturn:
    """Go into the box, tell the host which layers are missing, and serve it."""
    try:
        os.setsid()  # a signal to its group, by its old number, is for itself alone
        with contextlib.suppress(OSError):
            linux.write("/proc/self/oom_score_adj", SCORE)
        lacks = nest.box.enter(limits)
        open_line = Line(socket.socket(fileno=_alone(line)))
        os.chdir(nest.box.disk)
        sys.path.append(str(nest.box.disk))  # last: a helper file is found, and no library is shadowed
        open_line.post({"lacks": {str(layer): why for layer, why in lacks.items()}})
        worker.serve(open_line, nest.interpreter)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)  # seen by whoever debugs; the host sees a line that ends
        raise
    finally:
        os._exit(0)  # threads that a notebook left behind do not keep the process


def _alone(line: int) -> int:
    """Keep this descriptor and those of the standard streams; all others are not a submission's business."""
    os.dup2(line, FIRST_FREE)
    os.closerange(FIRST_FREE + 1, MOST_OPEN)
    return FIRST_FREE


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
