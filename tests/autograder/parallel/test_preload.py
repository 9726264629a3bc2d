"""What takes long to load is loaded once for all processes of a pool, before they are forked."""

import json
import sys

from tests.process import python

PROGRAM = """
from autograder.parallel.process_pool import Task, prepare, work_through
from tests.autograder.parallel.test_preload import start, work

prepare("autograder.parallel.preload")
(done,) = work_through([Task("0", b"")], 1, start, (), work)
print(done.result.decode())
"""


def start():
    """Begin with what was there before this process was forked."""


def work(_):
    result = sys.modules.get("autograder.assignments")
    return json.dumps(["torch" in sys.modules, result and result.load.cache_info().currsize]).encode()


def test_pytorch_and_the_assignments_are_there_when_a_process_starts():
    done = python("-c", PROGRAM)
    from autograder import assignments  # not above: `work` must not be what loads it

    assert json.loads(done.stdout) == [True, len(assignments.folders())]
