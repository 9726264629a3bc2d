"""Memory, files, descriptors and processor time end somewhere, for who reaches the end and nobody else."""

import resource
from dataclasses import asdict

import pytest

from autograder.sandbox.client.host import Worker
from autograder.sandbox.isolation.layers import Layer
from autograder.sandbox.protocol.limits import MEGABYTE, Limits
from tests.autograder.sandbox.inside import alone, ask, attempt, called, printed
from tests.process import python

IMPORTS = """
from autograder.sandbox.isolation import rlimits
from autograder.sandbox.protocol.limits import Limits
"""
SMALL = Limits(memory=200 * MEGABYTE, disk=2 * MEGABYTE, descriptors=32)


@pytest.fixture
def small(fork_server, needs):
    needs(Layer.LIMITS)
    with Worker(fork_server, SMALL) as worker:
        assert attempt(worker, "import os, resource, numpy") is None
        yield worker


def test_too_much_memory_is_an_error_of_the_cell_and_the_next_one_runs(small):
    assert "MemoryError" in str(attempt(small, "numpy.ones(30_000_000)"))
    assert "MemoryError" in str(attempt(small, "x = 'x' * 300_000_000"))
    assert attempt(small, "numpy.ones(1_000_000)") is None


def test_a_function_that_asks_for_too_much_memory_is_told_so(small):
    assert called(small, "def f(x): return numpy.ones(10**9)").fault.fault == "memory"
    assert ask(small, "1.0") == 1.0


@pytest.mark.parametrize("size", [1_000_000, 100_000, 30_000, 1_000])
def test_memory_in_small_pieces_ends_there_too(small, size):
    assert "MemoryError" in str(attempt(small, f"kept = []\nwhile True: kept.append(bytes({size}))"))


def test_descriptors_end_and_a_file_ends_at_the_disks_size(small):
    assert "Too many open files" in str(attempt(small, "kept = [open('/dev/null') for _ in range(100)]"))
    assert "Error" in str(attempt(small, "kept.clear(); open('large', 'wb').truncate(1 << 30)"))
    assert small.alive


def test_no_dump_of_memory_is_written_and_no_limit_can_be_raised(small):
    assert printed(small, "resource.getrlimit(resource.RLIMIT_CORE)") == "(0, 0)"
    for name in ("RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NPROC"):
        known = f"limit = resource.getrlimit(resource.{name})[1]"
        raising = f"{known}\nresource.setrlimit(resource.{name}, (limit + 1, limit + 1))"
        assert "Error" in str(attempt(small, raising))


def test_the_limits_do_not_reach_the_grader_or_the_next_submission(fork_server, small):
    before = resource.getrlimit(resource.RLIMIT_AS)
    attempt(small, "kept = bytearray(1 << 40)")
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    with Worker(fork_server) as worker:
        assert attempt(worker, "import numpy; numpy.ones(30_000_000)") is None


def test_limits_alone_hold_all_of_that(needs, tmp_path):
    needs(Layer.LIMITS)
    ignored = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    tries = {
        "bytearray(1 << 29)": "MemoryError",
        "open('large', 'wb').truncate(1 << 30)": "OSError",
        "kept = [open('/dev/null') for _ in range(100)]": "OSError",
    }
    enter = f"{IMPORTS}{ignored}rlimits.enter(Limits(**{asdict(SMALL)}))"
    assert alone(enter, {source: source for source in tries}, tmp_path) == tries


def test_a_limit_of_the_machines_own_is_not_raised():
    code = (
        f"{IMPORTS}import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))\n"
        "rlimits.enter(Limits(descriptors=128)); print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    assert python("-c", code).stdout == "(50, 50)\n"
