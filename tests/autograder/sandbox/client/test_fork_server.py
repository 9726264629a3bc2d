"""A fork server gives workers, is started again when it is killed, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox.client.fork_server import ForkServer, ForkServerGone, NoForkServer
from autograder.sandbox.client.host import Worker
from tests.autograder.sandbox.inside import ask, attempt, descriptors, forks, printed
from tests.process import living

BUSY = 30.0


def eventually(condition):
    deadline = time.monotonic() + BUSY
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_killed_it_is_started_again_and_the_next_submission_is_graded():
    before = descriptors()
    with ForkServer() as fork_server:
        with Worker(fork_server) as worker:
            assert ask(worker, "1.0") == 1.0
            first = forks(fork_server)
            os.kill(fork_server._process.pid, signal.SIGKILL)
            assert eventually(lambda: living().keys().isdisjoint(first)), "all below it ends with it"
            with pytest.raises(ForkServerGone, match="ended"):
                worker.run("1 + 1")
        with Worker(fork_server) as worker:
            assert ask(worker, "2.0") == 2.0
        folder, second = Path(fork_server._disks.name), forks(fork_server)
    assert eventually(lambda: living().keys().isdisjoint(second))
    assert not folder.exists()
    assert descriptors() == before


def test_the_process_that_forks_is_not_waited_for_when_it_is_killed_alone():
    with ForkServer() as fork_server:
        with Worker(fork_server) as worker:
            assert ask(worker, "1.0") == 1.0
        assert eventually(lambda: len(forks(fork_server)) == 2), "who waits, and who forks"
        os.kill(forks(fork_server)[1], signal.SIGKILL)
        killed = time.monotonic()
        with Worker(fork_server) as worker:
            assert ask(worker, "2.0") == 2.0
        assert time.monotonic() - killed < BUSY


def test_where_it_does_not_start_a_sentence_says_so(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with ForkServer() as fork_server:
        started = time.monotonic()
        with pytest.raises(NoForkServer, match="autograder doctor"):
            Worker(fork_server)
        assert time.monotonic() - started < BUSY


def test_when_the_host_is_killed_nothing_of_it_is_left(tmp_path):
    """The host cannot tidy up then: the kernel ends its children, and they their folder."""
    code = (
        "import sys, time; from autograder.sandbox.client.fork_server import ForkServer\n"
        "from autograder.sandbox.client.host import Worker\n"
        "n = ForkServer(); w = Worker(n); w.run('1'); print(n._process.pid, flush=True)\n"
        "time.sleep(99)"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment) as host:
        pid = int(host.stdout.readline())
        host.kill()
    assert eventually(lambda: pid not in living())
    assert eventually(lambda: list(tmp_path.iterdir()) == [])


def test_several_graders_share_one(fork_server):
    with ForkServer(fork_server.address) as other:
        with Worker(other) as worker, Worker(fork_server) as neighbour:
            assert ask(worker, "1.0") == ask(neighbour, "1.0") == 1.0
        assert forks(fork_server)
    with Worker(fork_server) as worker:
        assert ask(worker, "1.0") == 1.0, "who leaves does not end it"


def test_who_shares_one_that_has_ended_goes_on_with_its_own():
    with ForkServer() as shared:
        other = ForkServer(shared.address)
        with Worker(other) as worker:
            assert ask(worker, "1.0") == 1.0
    with other, Worker(other) as worker:
        assert ask(worker, "2.0") == 2.0
    assert not Path(other.address).exists()


# What may be found


def test_only_named_environment_variables_are_passed(monkeypatch):
    monkeypatch.setenv("AUTOGRADER_TEST_SECRET", "a-secret-of-ours")
    with ForkServer() as fork_server, Worker(fork_server) as worker:
        assert attempt(worker, "import os") is None
        result = set(printed(worker, "' '.join(os.environ)").split())
        assert "a-secret-of-ours" not in printed(worker, "dict(os.environ)")
    assert "PATH" in result
    allowed = {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR"}
    allowed |= {"MPLBACKEND", "NBGRADER_EXECUTION"}
    libraries = ("PYTHON", "OMP_", "OPENBLAS_", "KMP", "PYDEVD", "TORCH", "MALLOC")
    assert not {name for name in result - allowed if not name.startswith(libraries)}


def test_no_descriptor_of_the_hosts_is_inherited(tmp_path):
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        with ForkServer() as fork_server, Worker(fork_server) as worker:
            assert attempt(worker, OPEN) is None
            result = printed(worker, "opened()")
        assert str(os.fstat(secret.fileno()).st_ino) not in result
    assert result.count("socket") <= 2, "the line alone, for reading and for writing"


OPEN = """
import os, stat
def opened():
    found = []
    for fd in range(3, 100):
        try: status = os.fstat(fd)
        except OSError: continue
        found.append("socket" if stat.S_ISSOCK(status.st_mode) else status.st_ino)
    return found
"""


def test_no_truth_is_loaded(worker):
    assert attempt(worker, "import sys") is None
    ours = set(printed(worker, "' '.join(n for n in sys.modules if n.startswith('autograder'))").split())
    assert "autograder.calling.function_call" in ours
    parts = ("sandbox", "by_hand", "call_faults", "calling", "descriptions", "exercise", "inputs")
    parts += ("drivers", "dtypes", "json_items", "own_memory", "patches", "quotation", "student_material")
    known = tuple(f"autograder.{part}" for part in parts)
    assert not {name for name in ours if name != "autograder" and not name.startswith(known)}
    assert "autograder.sandbox.client.host" not in ours
