"""Namespaces: a submission is the first process of a world of its own, disk and all; all ends with it."""

import errno
import json
import os

import pytest

from autograder.sandbox.client.host import Worker
from autograder.sandbox.isolation.layers import Layer
from autograder.sandbox.protocol.limits import MEGABYTE, Limits
from tests.autograder.sandbox.inside import alone, attempt, printed, stream
from tests.process import python

INSIDE = """
import os; from autograder.sandbox.isolation import linux, namespaces
assert namespaces.go_inside()
own = namespaces.ProcessNamespaces()
pid = own.fork()
if pid: os.waitpid(pid, 0); os._exit(0)
os.mkdir('disk'); os.mkdir('home')
open('theirs', 'w').write('x'); os.setxattr('theirs', 'user.a', b'1')
{}
namespaces.separate('disk', 'home', 1 << 20)
"""


@pytest.fixture(autouse=True)
def separable(needs):
    needs(Layer.NAMESPACES)


def refused_with(number, statement):
    """A statement after which all is well if the kernel refused it with this error."""
    return f"try: {statement}\nexcept OSError as e: assert e.errno == {number}, e\nelse: 1/0"


def test_it_is_the_first_process_and_has_no_parent(worker):
    assert printed(worker, "(__import__('os').getpid(), __import__('os').getppid())") == "(1, 0)"


@pytest.mark.parametrize("whose", ["2", "3", "the test's", "its parent's"])
def test_there_is_nobody_to_signal(worker, whose):
    pid = {"the test's": os.getpid(), "its parent's": os.getppid()}.get(whose, whose)
    assert "ProcessLookupError" in str(attempt(worker, f"os.kill({pid}, 9)"))


@pytest.mark.parametrize("pid", [0, -1])
def test_a_signal_to_all_reaches_nobody_else(fork_server, pid):
    with Worker(fork_server) as neighbour, Worker(fork_server) as worker:
        attempt(worker, f"import os, signal; signal.signal(15, signal.SIG_IGN); os.kill({pid}, 15)")
        assert attempt(neighbour, "1 + 1") is None
    with Worker(fork_server) as following:
        assert attempt(following, "1 + 1") is None


def test_a_signal_that_would_end_a_process_does_not_reach_its_own_first(worker):
    """As the kernel has it for the first of a namespace."""
    for signal in ("SIGKILL", "SIGSTOP", "SIGTERM"):
        assert attempt(worker, f"os.kill(os.getpid(), signal.{signal})") is None
    assert worker.alive


def test_namespaces_alone_leave_no_process_network_or_mount(tmp_path):
    connecting = "socket.create_connection(('127.0.0.1', 22), 1)"
    up = "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh14x', b'lo', 1))"
    tries = {
        "first": "import os; assert os.getpid() == 1",
        "nobody": "import os\n" + refused_with(errno.ESRCH, f"os.kill({os.getpid()}, 0)"),
        "no network": "import socket\n" + refused_with(errno.ENETUNREACH, connecting),
        "no interface": "import socket; assert [n for _, n in socket.if_nameindex()] == ['lo']",
        "no right to change it": "import fcntl, socket, struct\n" + refused_with(errno.EPERM, up),
        "an empty disk": "import os; assert os.listdir('disk') == []",
        "of its size": refused_with(errno.ENOSPC, "open('disk/x', 'wb').write(bytes(2 << 20))"),
        "own user": f"import os; assert os.getuid() == {os.getuid()}",
    }
    result = alone(INSIDE.format("pass"), tries, tmp_path)
    assert {name: error for name, error in result.items() if error is not None} == {}
    assert list((tmp_path / "disk").iterdir()) == [], "outside, nothing was written"


CHANGES = {
    "rights": "os.chmod(@, 0o777)",
    "rights, by a descriptor": "os.fchmod(os.open(@, os.O_RDONLY), 0o777)",
    "rights, by a folder's descriptor": (
        "path = @; os.chmod(os.path.basename(path), 0, dir_fd=os.open(os.path.dirname(path) or '.', 0))"
    ),
    "owner": "os.chown(@, os.getuid(), os.getgid())",
    "owner, of a link": "os.lchown(@, os.getuid(), os.getgid())",
    "time": "os.utime(@)",
    "time, by a descriptor": "os.utime(os.open(@, os.O_RDONLY), (0, 0))",
    "an attribute": "os.setxattr(@, 'user.b', b'1')",
    "an attribute, by a descriptor": "os.setxattr(os.open(@, os.O_RDONLY), 'user.b', b'1')",
    "an attribute less": "os.removexattr(@, 'user.a')",
    "content": "open(@, 'a').write('y')",
    "length": "os.truncate(@, 0)",
    "name": "os.rename(@, @ + '2')",
    "a link": "os.link(@, @ + '2')",
    "its end": "os.remove(@)",
    "flags": "import array, fcntl; fcntl.ioctl(os.open(@, 0), 0x40086602, array.array('l', [0x20]))",
}
READ_ONLY = INSIDE.format("namespaces.make_read_only('home')")
OF_THEIRS = {name: "import os; " + change.replace("@", "'theirs'") for name, change in CHANGES.items()}


def test_read_only_mounts_alone_leave_every_file_as_it_is(tmp_path):
    result = alone(READ_ONLY, OF_THEIRS, tmp_path)
    assert {name: error for name, error in result.items() if error != "OSError"} == {}
    assert (tmp_path / "theirs").read_text() == "x"


def test_without_them_the_same_changes_go_through(tmp_path):
    """Or they would prove nothing of the mounts."""
    for name, change in OF_THEIRS.items():
        folder = tmp_path / name
        folder.mkdir()
        result = alone(INSIDE.format("pass"), {name: change}, folder)
        assert result[name] is None or name == "flags", name  # which not every file system has


def test_beside_read_only_mounts_disk_home_and_devices_can_be_written_to(tmp_path):
    tries = {
        "disk": "import os; open('disk/x', 'w').write('x'); os.chmod('disk/x', 0o700); os.utime('disk/x')",
        "home": "open('home/x', 'w').write('x')",
        "null": "open('/dev/null', 'w').write('x')",
        "random": "open('/dev/urandom', 'rb').read(1)",
        "no way back": (
            "import ctypes\nlibc = ctypes.CDLL(None)\n"
            "assert libc.mount(None, b'/', None, 0x20 | 0x1000, None) == libc.umount2(b'/proc', 2) == -1"
        ),
        "nothing through standard streams": "import os\n" + refused_with(errno.EROFS, "os.fchmod(0, 0o666)"),
        "nothing in /proc": refused_with(errno.EROFS, "open('/proc/self/oom_score_adj', 'w')"),
    }
    assert set(alone(READ_ONLY, tries, tmp_path).values()) == {None}
    assert [path.name for path in tmp_path.iterdir() if path.name in ("disk", "home")] != []
    assert not list((tmp_path / "disk").iterdir()) + list((tmp_path / "home").iterdir())


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_submission_changes_no_file_of_the_machine(worker, tmp_path, change):
    theirs = tmp_path / "theirs"
    theirs.write_text("x")
    theirs.chmod(0o600)
    os.setxattr(theirs, "user.a", b"1")
    before = theirs.stat()
    assert "Error" in str(attempt(worker, change.replace("@", repr(str(theirs)))))
    assert theirs.stat() == before
    assert os.listxattr(theirs) == ["user.a"]


@pytest.mark.parametrize("shared", [json.__file__, os.devnull, "."])
def test_nor_one_that_all_submissions_read(worker, shared):
    place = "os.path.dirname(os.getcwd())" if shared == "." else repr(shared)
    for change in (f"os.chmod({place}, 0o777)", f"os.utime({place})", f"os.chown({place}, -1, -1)"):
        assert "Read-only" in str(attempt(worker, change)), change


def test_a_submission_has_a_home_of_its_own(fork_server):
    for _ in range(2):
        with Worker(fork_server) as worker:
            home = "home = __import__('pathlib').Path.home()\n"
            assert stream(worker.run(f"{home}print(list(home.iterdir()))\nopen(home / 'x', 'w')")) == "[]\n"


NETWORKS = """
import os, time
from autograder.sandbox.isolation import namespaces
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


def test_submissions_that_live_at_once_have_networks_of_their_own():
    assert python("-c", NETWORKS, timeout=60).stderr == ""


def test_rights_within_the_namespaces_are_given_up(worker):
    for trying in ("os.setuid(12345)", "os.nice(-5)"):
        assert "Error" in str(attempt(worker, trying))


# The private disk


def test_above_it_there_is_nothing_else(worker):
    assert printed(worker, "__import__('os').listdir('..')") == "['disk', 'home']"


def test_what_a_submission_writes_is_gone_for_the_next_one(fork_server):
    with Worker(fork_server) as first:
        assert attempt(first, "open('left', 'w').write('x')") is None
    with Worker(fork_server) as second:
        assert printed(second, "__import__('os').path.exists('left')") == "False"


def test_a_full_disk_is_an_error_of_the_cell_and_space_comes_back(fork_server):
    with Worker(fork_server, Limits(disk=4 * MEGABYTE)) as worker:
        filling = "for n in range(9): open(f'file{n}', 'wb').write(bytes(1 << 20))"
        assert "No space left" in str(attempt(worker, filling))
        assert attempt(worker, "import glob, os\nfor name in glob.glob('file[0-9]'): os.remove(name)") is None
        assert attempt(worker, "open('small', 'w').write('x')") is None


def test_files_without_number_end_somewhere(worker):
    assert "No space left" in str(attempt(worker, "for n in range(10_000): open(str(n), 'w').close()"))


def test_nothing_in_the_private_folder_is_run_as_a_program(worker):
    assert attempt(worker, "open('program', 'w').write('#!/bin/sh\\n'); os.chmod('program', 0o755)") is None
    assert "Error" in str(attempt(worker, "os.execv('./program', ['program'])"))
    assert worker.alive
