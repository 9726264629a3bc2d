"""Seccomp: no process is started, no connection opened, nothing administered; threads are allowed."""

import pytest

from autograder.sandbox.isolation.layers import Layer
from tests.autograder.sandbox.inside import alone, attempt, stream

LIBC = "import ctypes, os; c = ctypes.CDLL(None, use_errno=True)\n"
FAILED = "\nif r == -1: raise OSError(ctypes.get_errno(), 'refused')"


def call(expression):
    """A call of the C library's, whose refusal becomes an exception."""
    return f"{LIBC}r = c.{expression}{FAILED}"


REFUSED = {
    "fork": "import os; os.fork() or os._exit(0)",
    "vfork": call("syscall(58)"),
    "clone": call("syscall(56, 17, 0, 0, 0, 0)\nif r == 0: os._exit(0)"),
    "clone3": call("syscall(435, 0, 0)"),
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
    "keys": call("syscall(248, b'user', b'x', b'y', 1, -3)"),
    "performance": call("syscall(298, 0, 0, 0, 0, 0)"),
    "io_uring": call("syscall(425, 1, 0)"),
    "bpf": call("syscall(321, 0, 0, 0)"),
    "typing into a terminal": "import fcntl; fcntl.ioctl(0, 0x5412, b'x')",
    "typing, in 64 bits": call("syscall(16, 0, ctypes.c_long(0x100005412), b'x')"),
    "a lease": "import fcntl; fcntl.fcntl(open(fcntl.__file__), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "a lease, in 64 bits": call("syscall(72, os.open(os.__file__, 0), ctypes.c_long(0x500000400), 0)"),
    "a lease on a folder": "import fcntl; fcntl.fcntl(open(fcntl.__file__), 1040, 0)",
    "news of a folder": "import fcntl, os; fcntl.fcntl(os.open('.', 0), fcntl.F_NOTIFY, fcntl.DN_ACCESS)",
    "a large pipe": "import fcntl, os; fcntl.fcntl(os.pipe()[0], 1031, 1 << 20)",
    "inotify": call("inotify_init()"),
    "inotify with flags": call("inotify_init1(0o2000000)"),
    "fanotify": call("fanotify_init(0, 0)"),
    "a pair of datagram sockets": "import socket; socket.socketpair(type=socket.SOCK_DGRAM)",
    "one that does not block": "import socket; socket.socketpair(type=socket.SOCK_DGRAM | 2048)",
    "one of packets": "import socket; socket.socketpair(type=socket.SOCK_SEQPACKET)",
    "one of raw ones": "import socket; socket.socketpair(type=socket.SOCK_RAW)",
    "one of another family": call("socketpair(30, 1, 0, (ctypes.c_int * 2)())"),
    "a message to an address": "import socket; socket.socketpair()[0].sendto(b'x', bytes(1) + b'attacks')",
    "a message with descriptors": "import socket as s; a, b = s.socketpair(); s.send_fds(a, [b'x'], [0])",
    "waiting for all disks": call("syscall(162)"),
    "waiting for a disk": call("syncfs(os.open('.', 0))"),
    "dropped pages": "import fcntl, os; os.posix_fadvise(os.open(fcntl.__file__, 0), 0, 0, 4)",
    "pages moved out": "import mmap; mmap.mmap(-1, 4096).madvise(21)",
    "which pages are in memory": call("syscall(451, 0, 0, 0, 0)"),
    "what is mounted": call("syscall(458, 0, 0, 0, 0)"),
    "everybody's priority": "import os; os.setpriority(os.PRIO_USER, 0, 1)",
    "everybody's priority at the disk": call("syscall(251, 3, 0, 0x6000)"),
}
GRANTED = {
    "a thread": "import threading; t = threading.Thread(target=print); t.start(); t.join()",
    "a pool of threads": "from concurrent.futures import ThreadPoolExecutor\n"
    "with ThreadPoolExecutor(4) as pool: assert sum(pool.map(abs, range(9))) == 36",
    "a pipe": "import os; os.pipe()",
    "time": "import time; time.sleep(0.001); time.time()",
    "a timer": "import signal; signal.setitimer(signal.ITIMER_REAL, 0)",
    "mapped memory": "import mmap; mmap.mmap(-1, 4096)[0]",
    "memory given back": "import mmap; mmap.mmap(-1, 4096).madvise(mmap.MADV_DONTNEED)",
    "a pair of sockets": "import socket; a, b = socket.socketpair(); a.sendall(b'x')\n"
    "assert b.recv(1) == b'x'; a.send(b'y')",
    "an event loop": "import asyncio, threading\n"
    "async def main():\n"
    "    await asyncio.sleep(0.001)\n"
    "    return await asyncio.to_thread(sum, [1, 2])\n"
    "assert await main() == 3\n"
    "loop = asyncio.new_event_loop()\n"  # that of the cells is running, so this one runs in a thread
    "other = threading.Thread(target=loop.run_until_complete, args=(main(),))\n"
    "other.start(); other.join(); loop.close()",
    "a lock": "import fcntl; fcntl.flock(open(fcntl.__file__), fcntl.LOCK_SH)",
    "a descriptor's flags": "import fcntl, os; fcntl.fcntl(os.pipe()[0], fcntl.F_SETFL, os.O_NONBLOCK)",
    "a copy of a descriptor": "import os; os.dup(os.pipe()[0])",
    "its own priority": "import os; os.nice(1)",
}


WITHOUT = (
    *("fork", "spawn", "a socket", "system", "a lease", "news of a folder", "a large pipe", "inotify"),
    *("a pair of datagram sockets", "a message with descriptors", "waiting for a disk", "dropped pages"),
)
"""What goes through on any machine."""


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
    enter = "from autograder.sandbox.isolation.syscalls import Filter; Filter().enter()"
    result = alone(enter, REFUSED, tmp_path)
    assert [name for name, error in result.items() if error is None] == []
    assert set(alone(enter, GRANTED, tmp_path).values()) == {None}


def test_without_it_the_same_attempts_go_through(tmp_path):
    """Or they would prove nothing of the layer."""
    result = alone("pass", {name: REFUSED[name] for name in WITHOUT}, tmp_path)
    assert set(result.values()) == {None}


def test_threads_end_somewhere(worker, needs):
    needs(Layer.LIMITS)
    ran = worker.run(
        "import threading\nthreads = []\ntry:\n    while len(threads) < 5000:\n"
        "        threads.append(threading.Thread(target=time.sleep, args=[5], daemon=True))\n"
        "        threads[-1].start()\nexcept RuntimeError: pass\nprint(len(threads) < 5000)"
    )
    assert ran.error is None or not worker.alive
    assert "False" not in stream(ran)
