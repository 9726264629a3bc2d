"""Start plain Jupyter kernels by forking a process in which torch has been imported already.

A kernel of plain nbgrader's imports torch anew for every submission, which is most of what a class costs it.
Here a server imports it once, and what Jupyter starts as a kernel asks it for a fork, to which it passes
signals on. What a notebook's cells do in it is the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SERVER = "WARM_KERNELS"  # the environment variable that says where the server listens
STREAMS = (0, 1, 2)
LARGEST = 1 << 18  # bytes of an environment


@contextlib.contextmanager
def warm_kernels() -> Iterator[dict[str, str]]:
    """Serve kernels as long as this lasts, and give the environment in which `python3` is such a kernel."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder, "kernels", "python3", "kernel.json")
        spec.parent.mkdir(parents=True)
        argv = [sys.executable, __file__, "-f", "{connection_file}"]
        spec.write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))
        own = {"JUPYTER_PATH": folder, SERVER: str(Path(folder, "socket"))}
        environment = without_pytest(os.environ) | own
        server = subprocess.Popen([sys.executable, __file__], env=environment, cwd=ROOT)
        try:
            while not Path(own[SERVER]).exists():
                assert server.poll() is None, "the server of kernels has ended"
                time.sleep(0.05)
            yield environment
        finally:
            server.kill()
            server.wait()


def without_pytest(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out pytest's variable: where it is set, a kernel leaves its streams without descriptors."""
    return {name: value for name, value in environment.items() if name != "PYTEST_CURRENT_TEST"}


def serve() -> None:
    """Import what kernels need, and fork one for each process that asks."""
    import ipykernel.kernelapp
    import torch

    from autograder import assignments
    from autograder.nbgrader_bridge import marks_cell

    del ipykernel, torch, marks_cell
    assignments.load_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a kernel
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(os.environ[SERVER])
        listening.listen(64)
        while True:
            asked, _ = listening.accept()
            request, streams, _, _ = socket.recv_fds(asked, LARGEST, len(STREAMS))
            if os.fork() == 0:
                listening.close()
                become_kernel(asked, json.loads(request), streams)
            asked.close()
            for stream in streams:
                os.close(stream)


def become_kernel(asked: socket.socket, request: dict[str, Any], streams: list[int]) -> None:
    """Be the kernel that was asked for, with streams, folder and environment of the process that asked."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for stream, number in zip(streams, STREAMS, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.path.remove(str(Path(__file__).parent))
    sys.argv = ["ipykernel_launcher", *request["words"]]
    asked.send(str(os.getpid()).encode())
    threading.Thread(target=_end_with, args=(asked,), daemon=True).start()
    IPKernelApp.launch_instance(parent_handle=1)  # this is no child of Jupyter's, who would be missed
    os._exit(0)


def _end_with(asked: socket.socket) -> None:
    asked.recv(1)
    os._exit(1)


def ask(words: list[str]) -> None:
    """Stand for a kernel before Jupyter: have one forked, pass signals on to it, and end with it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as kernel:
        kernel.connect(os.environ[SERVER])
        request = {"words": words, "folder": str(Path.cwd()), "environment": dict(os.environ)}
        socket.send_fds(kernel, [json.dumps(request).encode()], STREAMS)
        process = int(kernel.recv(32))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda given, _: os.kill(process, given))
        kernel.recv(1)


if __name__ == "__main__":
    ask(sys.argv[1:]) if sys.argv[1:] else serve()
