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
from tests.autograder.nbgrader_bridge.classes import NETWORK, Run
from tests.autograder.nbgrader_bridge.dask_cluster import opened, started
from tests.autograder.nbgrader_bridge.postgres import free_port

pytestmark = pytest.mark.thorough  # schedulers and workers of Dask, started and lost

BLOWS = 4  # bench.faults deals many more
FEW = {student: classes.CLASS[student] for student in ("amara", "goran", "hana", "nils")}
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
    for place in classes.graded_folders(folder):
        notebook = f"{NETWORK}.ipynb"
        assert (place / notebook).read_bytes() == (local / place.relative_to(folder) / notebook).read_bytes()

    shared = [two_workers.folder / name for name in ("one", "two")]
    assert not [path for place in shared for path in place.rglob("*.ipynb")], "results went back as bytes"
    assert not [path for place in shared for path in place.rglob("gradebook*")]
    assert len(two_workers.fork_servers()) >= 2
    for name in ("one", "two"):
        two_workers.kill(name, signal.SIGTERM)
    assert classes.eventually(lambda: not two_workers.fork_servers())
    assert classes.eventually(lambda: not list((two_workers.folder / "tmp").glob("autograder-*")))


def test_a_worker_that_is_killed_costs_its_submissions_a_retry(folder, two_workers):
    classes.hand_in_all(folder, MANY)
    run = grading(folder, two_workers)
    process = run.start()
    assert classes.eventually(lambda: bool(classes.graded_folders(folder)), classes.SECONDS)
    here = run.processes().values()
    assert not [line for line in here if "autograder.sandbox.server" in line], "no fork server at home"
    two_workers.kill("one")
    message = classes.said(process)
    assert f"Graded now: {len(MANY)}." in message
    assert "Not graded" not in message
    classes.assert_whole(folder, MANY)


def test_with_all_workers_lost_new_ones_take_over(folder, two_workers):
    """What all submissions share was on the workers that are gone, and is sent again."""
    classes.hand_in_all(folder, MANY)
    process = grading(folder, two_workers).start()
    assert classes.eventually(lambda: bool(classes.graded_folders(folder)), classes.SECONDS)
    two_workers.kill("one")
    two_workers.kill("two")
    two_workers.start_worker("three")
    message = classes.said(process)
    assert f"Graded now: {len(MANY)}." in message
    classes.assert_whole(folder, MANY)


def test_without_a_scheduler_in_mid_run_it_says_so_and_finishes_at_home(folder, two_workers):
    classes.hand_in_all(folder, MANY)
    process = grading(folder, two_workers).start()
    assert classes.eventually(lambda: bool(classes.graded_folders(folder)), classes.SECONDS)
    two_workers.kill("scheduler")
    message = classes.said(process, status=1)
    reason = "The Dask scheduler is gone. Start it and its workers again, or grade without `--cluster`."
    kept, expected = classes.stopped(folder, reason)
    assert message == expected
    assert 0 < kept < len(MANY)
    message = Run(folder).finish()
    assert f"Graded now: {len(MANY) - kept}. Graded before and not handed in again: {kept}." in message
    classes.assert_whole(folder, MANY)


@pytest.mark.parametrize("when", ["before it is asked", "before it answers"])
def test_a_scheduler_that_goes_between_the_news_of_a_result_and_the_result_is_reported(
    two_workers, monkeypatch, when
):
    client = machines.connect(two_workers.address, fit=bool)
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
    try:
        with pytest.raises(machines.NoCluster, match="scheduler is gone"):
            list(machines.work_through(client, tasks, operator.add, b"shared"))
    finally:
        machines.close(client)


def test_a_scheduler_that_goes_while_it_is_left_is_left_all_the_same():
    class Going:
        def close(self, **_):
            raise AssertionError("so Dask's client, where it was about to connect again")

    machines.close(Going())


def test_an_exception_of_a_task_s_own_is_the_task_s_even_where_a_connection_has_such(two_workers):
    client = machines.connect(two_workers.address, fit=bool)
    tasks = [Task("refused", b"no such file"), Task("fine", b"")]
    try:
        done = {task.name: task for task in machines.work_through(client, tasks, _refuses, b"shared")}
    finally:
        machines.close(client)
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


def test_no_scheduler_at_the_address_is_reported_before_anybody_loses_patience(folder):
    classes.hand_in_all(folder, FEW)
    address = f"tcp://127.0.0.1:{free_port()}"
    began = time.monotonic()
    message = Run(folder, ("--cluster", address)).finish(status=1)
    assert time.monotonic() - began < classes.SECONDS / 2
    assert message == (
        f"Nothing was graded: No Dask scheduler answers at {address}. "
        "`dask scheduler` says its address when it starts, tcp://HOST:8786 for instance."
    )


@pytest.mark.parametrize("address", ["nowhere", "nosuch://127.0.0.1:1", "tcp://no.such.host.invalid:8786"])
def test_an_address_that_is_none_is_reported(folder, address):
    classes.hand_in_all(folder, FEW)
    message = Run(folder, ("--cluster", address)).finish(status=1)
    assert message.startswith(f"Nothing was graded: No Dask scheduler answers at {address}.")
    assert len(message.splitlines()) == 1


def test_an_encrypted_address_without_certificates_is_reported(folder):
    classes.hand_in_all(folder, FEW)
    address = f"tls://127.0.0.1:{free_port()}"
    message = Run(folder, ("--cluster", address)).finish(status=1)
    assert message == f"Nothing was graded: {address} asks for TLS, and Dask knows no certificates here."


def test_a_scheduler_without_workers_is_reported(folder, cluster):
    classes.hand_in_all(folder, FEW)
    cluster.start_scheduler()
    assert grading(folder, cluster).finish(status=1) == (
        f"Nothing was graded: The Dask scheduler at {cluster.address} has no workers. "
        f"Start some: `dask worker {cluster.address}`."
    )


def program(folder, text):
    """`dask` after a few lines of ours, as a program."""
    path = folder / "dask_with_a_difference.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{text}\nfrom dask.__main__ import main\nmain()\n")
    return str(path)


def test_a_worker_without_the_course_is_reported(folder, cluster):
    classes.hand_in_all(folder, FEW)
    cluster.start_scheduler()
    cluster.start_worker("one", program(cluster.folder, "import sys; sys.modules['autograder'] = None"))
    message = grading(folder, cluster).finish(status=1)
    assert message.startswith("Nothing was graded: The Dask worker at tcp://127.0.0.1:")
    assert "cannot grade: " in message
    assert "autograder" in message
    assert message.endswith("It needs what is installed here.")


def test_a_worker_whose_sandbox_lacks_a_layer_is_reported(folder, cluster):
    classes.hand_in_all(folder, FEW)
    start_lacking(cluster)
    message = Run(folder, ("--cluster", cluster.address, "--require-sandbox")).finish(status=1)
    assert message.startswith("Nothing was graded: The Dask worker at tcp://127.0.0.1:")
    assert message.endswith(
        f"cannot grade: {platform.node()} lacks layers of the sandbox: files. Nothing was run there: "
        "--require-sandbox asks for every layer."
    )

    message = grading(folder, cluster).finish()
    assert message.endswith(
        "Layers of the sandbox were missing on a machine of the cluster: files. "
        "`autograder doctor`, run there, tells what is lost, and what to do."
    )
    classes.assert_whole(folder, FEW)


def start_lacking(cluster):
    """Start a worker whose machine, as it finds it, has no Landlock."""
    cluster.start_scheduler()
    shadow = cluster.folder / "shadow" / "landlock"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text("raise ImportError('this machine has no Landlock')\n")
    lacking = f"""
from autograder.sandbox.client import fork_server
given = fork_server._environment
fork_server._environment = lambda disks: given(disks) | {{
    "PYTHONPATH": {str(shadow.parent)!r} + ":" + given(disks)["PYTHONPATH"]
}}
"""
    cluster.start_worker("one", program(cluster.folder, lacking))


def test_without_distributed_the_extra_is_named(folder):
    classes.hand_in_all(folder, FEW)
    lacking = folder.parent / "lacking"
    lacking.mkdir()
    (lacking / "sitecustomize.py").write_text("import sys\nsys.modules['distributed'] = None\n")
    run = Run(folder, ("--cluster", "tcp://127.0.0.1:8786"), {"PYTHONPATH": str(lacking)})
    assert run.finish(status=1) == (
        "Nothing was graded: `--cluster` needs the package distributed: `pip install distributed`."
    )
