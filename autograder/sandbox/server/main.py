"""Run the fork server: import once what notebooks need, and fork an isolated worker for each submission.

`python -m autograder.sandbox.server.main LIFELINE LISTENER FOLDER`: two descriptors, of a socket whose other
end the client closes when it is done, and of a listening socket; and a folder in which each submission's
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
from autograder.sandbox.isolation import linux, namespaces, own_memory, pidfd
from autograder.sandbox.isolation.autodiff import NoSwitch, find_patches, switch_words
from autograder.sandbox.isolation.isolation import Isolation
from autograder.sandbox.isolation.namespaces import FIRST_FREE, MOST_OPEN, ProcessNamespaces
from autograder.sandbox.protocol.channel import Channel
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.requests import A_CLASS, PING, PRECOMPILE, PRIVATE, WARM_UP
from autograder.sandbox.server import memory, worker
from autograder.sandbox.server.interpreter import Interpreter
from autograder.sandbox.server.listener import Listener, Request
from autograder.sandbox.server.warm_up import warm_up

SHUT_DOWN_SECONDS = 0.3
OOM_SCORE = "1000"  # the kernel ends a submission first when the machine's memory is all used


def main(lifeline: int, listening: int, folder: Path) -> None:
    """Serve until the lifeline ends."""
    own_memory.lift()  # a grader's, that has started this process: a submission has limits of its own
    separate = namespaces.go_inside(lambda: _remove(folder))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the grader's business
    listener = Listener(socket.socket(fileno=listening), socket.socket(fileno=lifeline))
    tempfile.tempdir = os.curdir  # a submission's private disk, so that nothing looks for a better one
    utils.getdata(), utils.getparams(), np.random.rand()
    import torch

    from autograder.sandbox.server.shell import IPythonInterpreter

    interpreter = IPythonInterpreter()
    torch.set_num_threads(1)  # a fork has one thread; a pool of threads would be waited for in vain
    # PyTorch looks at the processor at its first use, and an isolated process sees none
    weights = torch.nn.Parameter(torch.ones(2, 2))
    torch.relu(torch.ones(1, 2).matmul(weights) + 1).mean().backward()  # type: ignore[no-untyped-call]
    del weights
    try:
        patches, why_not = find_patches(), ""
    except NoSwitch as error:
        patches, why_not = (), str(error)
    memory.settle()
    isolation = Isolation(folder / PRIVATE, separate=separate, protected=[patch.pages for patch in patches])
    _serve(listener, Context(isolation, separate, interpreter, switch_words(patches, why_not)))


def _remove(folder: Path) -> None:
    """Remove the folder when everything inside has ended: a grader that was killed cannot do it."""
    shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Context:
    """Hold what each worker starts with."""

    isolation: Isolation
    separate: bool
    """Whether this machine gives each worker namespaces of its own."""
    interpreter: Interpreter
    switch: bytes
    """What the grader needs to know to switch automatic differentiation off."""


def _serve(listener: Listener, context: Context) -> NoReturn:
    """Fork a worker for each request; hand its pidfd to the grader that asked."""
    own = ProcessNamespaces() if context.separate else None
    worker = 0
    number, ready = 0, False
    for request in listener.requests():
        if request.words == PING:
            os.close(request.descriptor)
            with contextlib.suppress(OSError):
                request.client.sendall(PING)
            continue
        if request.words == PRECOMPILE:
            _precompile(request, context.interpreter)
            continue
        number += request.words != WARM_UP
        if not ready and (request.words == WARM_UP or number == A_CLASS):
            ready = True
            warm_up(context.interpreter)
            memory.tidy()
        if request.words == WARM_UP:
            os.close(request.descriptor)
            continue
        if own is not None:
            own.reap()
            worker = own.fork()
        else:
            if worker:  # all share one disk, so they come one after the other
                os.waitpid(worker, 0)
            context.isolation.clear()
            worker = linux.fork_with_threads()
        if worker == 0:
            _become_worker(request.descriptor, context, Limits(**json.loads(request.words)))
        os.close(request.descriptor)
        handle = pidfd.open_handle(worker)
        with contextlib.suppress(OSError):  # the grader may be gone: then the worker's channel is, too
            socket.send_fds(request.client, [context.switch], [handle])
        os.close(handle)
    _shut_down()


def _precompile(request: Request, interpreter: Interpreter) -> None:
    with os.fdopen(request.descriptor, encoding="utf-8") as sources:
        for source in json.load(sources):
            interpreter.precompile(source)


def _shut_down() -> NoReturn:
    """Shut down after those workers that end by themselves now, so that their processor time is counted."""
    deadline = time.monotonic() + SHUT_DOWN_SECONDS
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.005)
    os._exit(0)


def _become_worker(descriptor: int, context: Context, limits: Limits) -> NoReturn:
    """Isolate this process, tell the grader which layers are missing, and serve it."""
    try:
        os.setsid()  # a signal to its group, by its old number, is for itself alone
        with contextlib.suppress(OSError):
            linux.write("/proc/self/oom_score_adj", OOM_SCORE)
        missing = context.isolation.enter(limits)
        channel = Channel(socket.socket(fileno=_keep_only(descriptor)))
        disk = context.isolation.disk
        os.chdir(disk)
        sys.path.append(str(disk))  # last: a helper file is found, and no library is shadowed
        channel.post({"missing layers": {str(layer): why for layer, why in missing.items()}})
        worker.serve(channel, context.interpreter)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)  # for debugging; the grader sees a channel that ends
        raise
    finally:
        os._exit(0)  # threads that a notebook left behind do not keep the process


def _keep_only(descriptor: int) -> int:
    """Close all but this descriptor and the standard streams: a submission has no business with others."""
    os.dup2(descriptor, FIRST_FREE)
    os.closerange(FIRST_FREE + 1, MOST_OPEN)
    return FIRST_FREE


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
