"""Seccomp: no process is started, no connection opened, nothing administered; threads are allowed."""

import pytest

from autograder.sandbox.box import Layer
from tests.autograder.sandbox.inside import alone, attempt, stream

LIBC = "import ctypes, os; c = ctypes.CDLL(None, use_errno=True)\n"
FAILED = "\nif r == -1: raise OSError(ctypes.get_errno(), 'refused')"


def call(expression):
    """A call of the C library's, whose refusal becomes an exception."""
    return f"{LIBC}r = c.{expression}{FAILED}"


REFUSED = {
    "fork": "import os; os.fork() or os._exit(0)",
    "vfork": f"{LIBC}r = c.syscall(58){FAILED}",
    "clone": f"{LIBC}r = c.syscall(56, 17, 0, 0, 0, 0)\nif r == 0: os._exit(0){FAILED}",
    "clone3": f"{LIBC}r = c.syscall(435, 0, 0){FAILED}",
    "exec": "import os; os.execv('/bin/true', ['true'])",
    "spawn": "import os; os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
    "subprocess": "import subprocess; subprocess.run(['/bin/true'], check=True)",
    "system": "import os; assert os.system(':') == 0",
    "popen": "import os; os.popen('echo').read()",
    "multiprocessing": "import multiprocessing as m; m.get_context('fork').Process(target=print).start()",
    "a socket": "import socket; socket.socket()",
    "a local socket": "import socket; socket.socket(socket.AF_UNIX)",
    "a web page": "import urllib.request; urllib.request.urlopen('http://127.0.0.1')",
    "ptrace": call("ptrace(0, 0, 0, 0)"),
    "another's memory": call("process_vm_readv(1, 0, 0, 0, 0, 0)"),
    "memory without limit": "import os; os.memfd_create('x')",
    "shared memory": call("shmget(0, 4096, 0o1600)"),
    "a semaphore": call("semget(0, 1, 0o1600)"),
    "mount": call("mount(b'x', b'.', b'tmpfs', 0, None)"),
    "unshare": call("unshare(0x10000000)"),
    "chroot": "import os; os.chroot('.')",
    "a host's name": "import socket; socket.sethostname('x')",
    "keys": f"{LIBC}r = c.syscall(248, b'user', b'x', b'y', 1, -3){FAILED}",
    "performance": f"{LIBC}r = c.syscall(298, 0, 0, 0, 0, 0){FAILED}",
    "io_uring": f"{LIBC}r = c.syscall(425, 1, 0){FAILED}",
    "bpf": f"{LIBC}r = c.syscall(321, 0, 0, 0){FAILED}",
    "typing into a terminal": "import fcntl; fcntl.ioctl(0, 0x5412, b'x')",
}
GRANTED = {
    "a thread": "import threading; t = threading.Thread(target=print); t.start(); t.join()",
    "a pool of threads": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool: assert sum(pool.map(abs, range(9))) == 36"
    ),
    "a pipe": "import os; os.pipe()",
    "time": "import time; time.sleep(0.001); time.time()",
    "a timer": "import signal; signal.setitimer(signal.ITIMER_REAL, 0)",
    "mapped memory": "import mmap; mmap.mmap(-1, 4096)[0]",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_what_a_submission_has_no_business_with_is_refused(worker, needs, source):
    needs(Layer.SYSTEM_CALLS)
    assert "Error" in str(attempt(worker, source))
    assert worker.alive


@pytest.mark.parametrize("source", GRANTED.values(), ids=GRANTED)
def test_what_an_honest_notebook_asks_of_the_kernel_is_granted(worker, source):
    assert attempt(worker, source) is None


def test_seccomp_alone_refuses_all_of_that(needs, tmp_path):
    needs(Layer.SYSTEM_CALLS)
    enter = "from autograder.sandbox.syscalls import Filter; Filter().enter()"
    found = alone(enter, REFUSED, tmp_path)
    assert [name for name, error in found.items() if error is None] == []
    assert set(alone(enter, GRANTED, tmp_path).values()) == {None}


def test_without_it_the_same_attempts_go_through(tmp_path):
    """Or they would prove nothing of the layer."""
    found = alone("pass", {name: REFUSED[name] for name in ("fork", "spawn", "a socket", "system")}, tmp_path)
    assert set(found.values()) == {None}


def test_threads_end_somewhere(worker, needs):
    needs(Layer.LIMITS)
    ran = worker.run(
        "import threading\nthreads = []\ntry:\n    while len(threads) < 5000:\n"
        "        threads.append(threading.Thread(target=time.sleep, args=[5], daemon=True))\n"
        "        threads[-1].start()\nexcept RuntimeError: pass\nprint(len(threads) < 5000)"
    )
    assert ran.error is None or not worker.alive
    assert "False" not in stream(ran)
