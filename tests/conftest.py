"""For all tests, and for what they start: one thread for numbers, Ctrl-C is heard, examples are the same."""

import os
import signal
import time
from functools import partial

import pytest
from hypothesis import HealthCheck, settings

for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(library, "1")  # before the first import of numpy and torch

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell has what it runs in the background ignore it
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples on every machine, however busy it is. HYPOTHESIS_PROFILE=random looks for others.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("random", settings.get_profile("steady"), derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


LONGEST = (  # those of `make thorough` first: some of them take minutes for one test
    *("test_parity.py", "test_demo.py", "test_in_a_plain_kernel.py", "test_student_opens_the_notebook.py"),
    *("test_planted_mistakes.py", "test_attacks.py", "test_grade.py", "test_published.py", "test_bundle.py"),
    *("test_honest.py", "test_a_fourth.py", "test_ours.py", "test_time_budget.py", "test_diagnose.py"),
    *("test_grader_never_raises.py", "test_build.py", "test_cli.py", "test_mark.py"),
)


LAST = ("test_postgres.py", "test_faults.py", "test_cluster.py")  # run after run of a whole class


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest: at the end, all other processes would wait for one of them."""
    places = {name: place for place, name in enumerate(LONGEST)}
    places |= {name: len(places) + 1 + place for place, name in enumerate(LAST)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONGEST)))


def pytest_runtest_setup(item):
    """Begin none of the tests that take long after the time that `.ci/run` sets, in seconds since 1970."""
    until = float(os.environ.get("THOROUGH_UNTIL", "inf"))
    if item.get_closest_marker("thorough") and time.time() > until:
        pytest.skip("the time that continuous integration has is over")


@pytest.fixture(scope="session")
def fork_server():
    """One fork server for all tests of a process: what each of them opens costs a fork."""
    from autograder.sandbox.client.fork_server import ForkServer

    with ForkServer() as started:
        yield started


@pytest.fixture(scope="session")
def autograder(fork_server):
    """Our command, run in this process: `autograder("check", path, cwd=folder)`."""
    from tests import command

    return partial(command.autograder, fork_server)
