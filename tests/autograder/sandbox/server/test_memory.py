"""Forks of a process that has tidied its memory write to fewer pages, and all else is as it was."""

import os

import pytest

from tests.process import python

MEASURE = """
import os, resource, sys
kept = [[bytes(n % 600) for n in range(20_000)] for _ in range(5)]
kept = [part[::3] for part in kept]  # gaps everywhere
from autograder.sandbox.server import memory
if sys.argv[1] == "tidy":
    memory.tidy()
if os.fork() == 0:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    new = [bytes(n % 600) for n in range(2000)]
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before, flush=True)
    assert all(part[5] == bytes(15 % 600) for part in kept)
    os._exit(0)
assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
"""


def faults(how):
    done = python("-c", MEASURE, how)
    assert done.stderr == ""
    return int(done.stdout)


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="other kernels count in other ways")
def test_a_fork_writes_to_fewer_pages():
    assert faults("tidy") < 0.75 * faults("as it is")
