"""Namespaces: a submission is the first process of a world with nobody else in it, and all ends with it."""

import os
import subprocess
import sys

import pytest

from autograder.sandbox.box import Layer
from autograder.sandbox.host import Worker
from tests.autograder.sandbox.inside import alone, attempt, printed

INSIDE = (
    "import os; from autograder.sandbox import kernel, namespaces\n"
    "assert namespaces.go_inside()\n"
    "own = namespaces.ProcessNamespaces()\n"
    "pid = own.fork()\n"
    "if pid: os.waitpid(pid, 0); os._exit(0)\n"
    "os.mkdir('disk'); namespaces.separate('disk', 1 << 20)"
)


def test_it_is_the_first_process_and_has_no_parent(worker, needs):
    needs(Layer.NAMESPACES)
    assert printed(worker, "(__import__('os').getpid(), __import__('os').getppid())") == "(1, 0)"


@pytest.mark.parametrize("whose", ["2", "3", "the test's", "its parent's"])
def test_there_is_nobody_to_signal(worker, needs, whose):
    needs(Layer.NAMESPACES)
    pid = {"the test's": os.getpid(), "its parent's": os.getppid()}.get(whose, whose)
    assert "ProcessLookupError" in str(attempt(worker, f"os.kill({pid}, 9)"))


@pytest.mark.parametrize("pid", [0, -1])
def test_a_signal_to_all_reaches_nobody_else(nursery, needs, pid):
    needs(Layer.NAMESPACES)
    with Worker(nursery) as neighbour, Worker(nursery) as worker:
        attempt(worker, f"import os, signal; signal.signal(15, signal.SIG_IGN); os.kill({pid}, 15)")
        assert attempt(neighbour, "1 + 1") is None
    with Worker(nursery) as following:
        assert attempt(following, "1 + 1") is None


def test_a_signal_that_would_end_a_process_does_not_reach_its_own_first(worker, needs):
    """As the kernel has it for the first of a namespace."""
    needs(Layer.NAMESPACES)
    for signal in ("SIGKILL", "SIGSTOP", "SIGTERM"):
        assert attempt(worker, f"os.kill(os.getpid(), signal.{signal})") is None
    assert worker.alive


def test_namespaces_alone_leave_no_process_network_or_mount(needs, tmp_path):
    needs(Layer.NAMESPACES)
    found = alone(
        INSIDE,
        {
            "first": "import os; assert os.getpid() == 1",
            "nobody": (
                f"import os\ntry: os.kill({os.getpid()}, 0)\nexcept ProcessLookupError: pass\nelse: 1/0"
            ),
            "no network": (
                "import socket\ntry: socket.create_connection(('127.0.0.1', 22), 1)\nexcept OSError as e: "
                "assert e.errno == 101, e\nelse: 1/0"
            ),
            "no interface": "import socket; assert [n for _, n in socket.if_nameindex()] == ['lo']",
            "no right to change it": (
                "import fcntl, socket, struct\nup = struct.pack('16sh14x', b'lo', 1)\n"
                "try: fcntl.ioctl(socket.socket(), 0x8914, up)\nexcept PermissionError: pass\nelse: 1/0"
            ),
            "an empty disk": "import os; assert os.listdir('disk') == []",
            "of its size": (
                "try: open('disk/x', 'wb').write(bytes(2 << 20))\nexcept OSError as e: assert e.errno == 28\n"
                "else: 1/0"
            ),
            "own user": f"import os; assert os.getuid() == {os.getuid()}",
        },
        tmp_path,
    )
    assert {name: error for name, error in found.items() if error is not None} == {}
    assert list((tmp_path / "disk").iterdir()) == [], "outside, nothing was written"


NETWORKS = """
import os, time
from autograder.sandbox import namespaces
assert namespaces.go_inside()
own = namespaces.ProcessNamespaces()
ends, told = os.pipe()
seen, keep = os.pipe()

def started():
    if child := own.fork():
        return child, os.read(seen, 100).decode()
    os.close(told)
    os.write(keep, os.readlink("/proc/self/ns/net").encode())
    os.read(ends, 1)  # until the other end is closed
    os._exit(0)

(_, first), (_, second) = started(), started()
own.reap()
(_, third) = started()
assert len({first, second, third}) == 3, "those that live"
os.close(told)
time.sleep(0.5)
own.reap()
ends, told = os.pipe()
_, fourth = started()
assert fourth in (first, second, third), "one of those that have ended"
"""


def test_submissions_that_live_at_once_have_networks_of_their_own(needs):
    needs(Layer.NAMESPACES)
    ran = subprocess.run([sys.executable, "-c", NETWORKS], capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_rights_within_the_namespaces_are_given_up(worker, needs):
    needs(Layer.NAMESPACES)
    assert "Error" in str(attempt(worker, "os.setuid(12345)"))
    assert "Error" in str(
        attempt(worker, "os.sethostname('x') if hasattr(os, 'sethostname') else os.nice(-5)")
    )
