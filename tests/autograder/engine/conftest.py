"""What a cell defines is marked in each of the ways."""

from functools import partial

import pytest

from tests.autograder.engine import ways


@pytest.fixture
def sandboxed(fork_server):
    return partial(ways.sandboxed, fork_server)


@pytest.fixture(params=["locally", "in a kernel", "sandboxed"])
def marked(request):
    """A function of an exercise's name and a cell's source."""
    if request.param == "sandboxed":
        return request.getfixturevalue("sandboxed")
    return ways.locally if request.param == "locally" else ways.in_a_kernel
