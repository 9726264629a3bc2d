"""A class graded on a Dask cluster: a real scheduler and two real workers, on this machine."""

import operator
import platform
import shutil
import signal
import threading
import time
from itertools import islice

import pytest

from autograder.parallel import cluster as machines
from autograder.parallel.process_pool import Task
from tests.autograder.nbgrader_bridge import classes, cluster_faults
from tests.autograder.nbgrader_bridge.classes import FEW, NETWORK, Run
from tests.autograder.nbgrader_bridge.dask_cluster import opened, started
from tests.autograder.nbgrader_bridge.postgres import free_port

pytestmark = pytest.mark.thorough  # schedulers and workers of Dask, started and lost

BLOWS = 4  # bench.faults deals many more
SAMPLES = ("matrix_products", "missing_relu_mask", "transposed", "detached")
MANY = {f"student{number:02}": SAMPLES[number % len(SAMPLES)] for number in range(16)}


@pytest.fixture
def cluster(tmp_path):
    """A cluster to be started."""
    with opened(tmp_path / "cluster") as cluster:
        yield cluster


@pytest.fixture
def two_workers(tmp_path):
    """A scheduler and two workers."""
    with started(tmp_path / "cluster") as cluster:
        yield cluster


def grading(folder, cluster):
    return Run(folder, ("--cluster", cluster.address))


def test_marks_are_those_of_the_local_run_and_workers_leave_nothing_behind(folder, two_workers, tmp_path):
    classes.hand_in_all(folder)
    local = shutil.copytree(folder, tmp_path / "local")
    grading(folder, two_workers).finish()
    Run(local).finish()
    classes.assert_whole(folder)
    classes.assert_whole(local)
    for notebook in folder.glob(f"autograded/*/*/{NETWORK}.ipynb"):
        assert notebook.read_bytes() == (local / notebook.relative_to(folder)).read_bytes()

    assert len(two_workers.fork_servers()) >= 2
    for name in ("one", "two"):
        assert not list((two_workers.folder / name).rglob("*.ipynb")), "results went back as bytes"
        assert not list((two_workers.folder / name).rglob("gradebook*"))
        two_workers.kill(name, signal.SIGTERM)
    assert classes.eventually(lambda: not two_workers.fork_servers())
    assert classes.eventually(lambda: not list((two_workers.folder / "tmp").glob("autograder-*")))


@pytest.fixture
def under_way(folder, two_workers):
    """A run of many on the cluster, of which some are graded."""
    classes.hand_in_all(folder, MANY)
    run = grading(folder, two_workers)
    return run, run.begin()


@pytest.mark.parametrize("lost", [["one"], ["one", "two"]], ids=["one", "all, and a new one comes"])
def test_workers_that_are_killed_cost_their_submissions_a_retry(folder, two_workers, under_way, lost):
    """What all submissions share may have been on the workers that are gone, and is sent again."""
    run, process = under_way
    here = run.processes().values()
    assert not [line for line in here if "autograder.sandbox.server" in line], "no fork server at home"
    for name in lost:
        two_workers.kill(name)
    if len(lost) == 2:
        two_workers.start_worker("three")
    message = classes.said(process)
    assert f"Graded now: {len(MANY)}." in message
    assert "Not graded" not in message
    classes.assert_whole(folder, MANY)


def test_without_a_scheduler_in_mid_run_it_says_so_and_finishes_at_home(folder, two_workers, under_way):
    two_workers.kill("scheduler")
    message = classes.said(under_way[1], status=1)
    kept, expected = classes.stopped(folder, cluster_faults.GONE)
    assert message == expected
    assert 0 < kept < len(MANY)
    message = Run(folder).finish()
    assert f"Graded now: {len(MANY) - kept}. Graded before and not handed in again: {kept}." in message
    classes.assert_whole(folder, MANY)


@pytest.fixture
def client(two_workers):
    """What is connected with the two workers."""
    client = machines.connect(two_workers.address, fit=bool)
    yield client
    machines.close(client)


@pytest.mark.parametrize("when", ["before it is asked", "before it answers"])
def test_a_scheduler_that_goes_between_the_news_of_a_result_and_the_result_is_reported(
    two_workers, client, monkeypatch, when
):
    finished = machines._Cluster.finished

    def then_it_goes(cluster, pending):
        done = finished(cluster, pending)
        if done and when == "before it is asked":
            two_workers.kill("scheduler")
            assert classes.eventually(lambda: client.status != "running")
        elif done:
            two_workers.started["scheduler"].send_signal(signal.SIGSTOP)
            threading.Timer(1.0, two_workers.kill, ["scheduler"]).start()
        return done

    monkeypatch.setattr(machines._Cluster, "finished", then_it_goes)
    tasks = [Task(str(number), bytes([number])) for number in range(4)]
    with pytest.raises(machines.NoCluster, match="scheduler is gone"):
        list(machines.work_through(client, tasks, operator.add, b"shared"))


def test_a_scheduler_that_goes_while_it_is_left_is_left_all_the_same():
    class Going:
        def close(self, **_):
            raise AssertionError("so Dask's client, where it was about to connect again")

    machines.close(Going())


def test_an_exception_of_a_task_s_own_is_the_task_s_even_where_a_connection_has_such(client):
    tasks = [Task("refused", b"no such file"), Task("fine", b"")]
    done = {task.name: task for task in machines.work_through(client, tasks, _refuses, b"shared")}
    assert done["refused"].problem == "FileNotFoundError: no such file"
    assert done["fine"].result == b"shared"


def _refuses(shared, payload):
    if payload:
        raise FileNotFoundError(payload.decode())
    return shared


@pytest.fixture(scope="module")
def whole(built, tmp_path_factory):
    """A whole class has handed in; and the seconds of processor time that its run takes at home."""
    place = tmp_path_factory.mktemp("whole")
    folder = classes.handed_in_whole(built, place / "course")
    return folder, cluster_faults.measured(folder, place / "undisturbed")


@pytest.mark.parametrize("blow", list(islice(cluster_faults.blows(seed=2), BLOWS)), ids=str)
def test_killed_at_a_random_moment_the_run_says_so_or_goes_on_and_all_are_graded_once(whole, tmp_path, blow):
    course, seconds = whole
    cluster_faults.strike(course, tmp_path / "course", blow, seconds)


NOBODY = (
    "No Dask scheduler answers at {address}. "
    "`dask scheduler` says its address when it starts, tcp://HOST:8786 for instance."
)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("tcp://127.0.0.1:{port}", NOBODY),
        ("nowhere", NOBODY),
        ("nosuch://127.0.0.1:1", NOBODY),
        ("tcp://no.such.host.invalid:8786", NOBODY),
        ("tls://127.0.0.1:{port}", "{address} asks for TLS, and Dask knows no certificates here."),
    ],
    ids=["nobody is there", "no address", "no protocol", "no host", "encrypted, without certificates"],
)
def test_an_address_without_a_scheduler_is_reported_before_anybody_loses_patience(few, address, message):
    address = address.format(port=free_port())
    began = time.monotonic()
    said = Run(few, ("--cluster", address)).finish(status=1)
    assert time.monotonic() - began < classes.SECONDS / 2
    assert said == f"Nothing was graded: {message.format(address=address)}"


def test_a_scheduler_without_workers_is_reported(few, cluster):
    cluster.start_scheduler()
    assert grading(few, cluster).finish(status=1) == (
        f"Nothing was graded: The Dask scheduler at {cluster.address} has no workers. "
        f"Start some: `dask worker {cluster.address}`."
    )


def start_different(cluster, text):
    """Start a scheduler and a worker, `dask` after a few lines of ours."""
    cluster.start_scheduler()
    program = cluster.folder / "dask_with_a_difference.py"
    program.write_text(f"{text}\nfrom dask.__main__ import main\nmain()\n")
    cluster.start_worker("one", str(program))


def test_a_worker_without_the_course_is_reported(few, cluster):
    start_different(cluster, "import sys; sys.modules['autograder'] = None")
    message = grading(few, cluster).finish(status=1)
    assert message.startswith("Nothing was graded: The Dask worker at tcp://127.0.0.1:")
    assert "cannot grade: " in message
    assert "autograder" in message
    assert message.endswith("It needs what is installed here.")


def test_a_worker_whose_sandbox_lacks_a_layer_is_reported(few, cluster):
    start_different(cluster, without_landlock(cluster.folder / "shadow"))
    message = Run(few, ("--cluster", cluster.address, "--require-sandbox")).finish(status=1)
    assert message.startswith("Nothing was graded: The Dask worker at tcp://127.0.0.1:")
    assert message.endswith(
        f"cannot grade: {platform.node()} lacks layers of the sandbox: files. Nothing was run there: "
        "--require-sandbox asks for every layer."
    )

    message = grading(few, cluster).finish()
    assert message.endswith(
        "Layers of the sandbox were missing on a machine of the cluster: files. "
        "`autograder doctor`, run there, tells what is lost, and what to do."
    )
    classes.assert_whole(few, FEW)


def without_landlock(folder):
    """What has a worker find no Landlock on its machine."""
    (folder / "landlock").mkdir(parents=True)
    (folder / "landlock" / "__init__.py").write_text("raise ImportError('this machine has no Landlock')\n")
    return f"""
from autograder.sandbox.client import fork_server
given = fork_server._environment
fork_server._environment = lambda disks: given(disks) | {{
    "PYTHONPATH": {str(folder)!r} + ":" + given(disks)["PYTHONPATH"]
}}
"""


def test_without_distributed_the_extra_is_named(few):
    settings = classes.lacking(few.parent / "lacking", "distributed")
    assert Run(few, ("--cluster", "tcp://127.0.0.1:8786"), settings).finish(status=1) == (
        "Nothing was graded: `--cluster` needs the package distributed: `pip install distributed`."
    )
