"""One warm process for all tests of a run: what each of them opens costs a fork."""

import pytest

from autograder.sandbox.client.fork_server import ForkServer


@pytest.fixture(scope="session")
def fork_server():
    with ForkServer() as started:
        yield started


@pytest.fixture(scope="session")
def nursery(fork_server):
    """The same, by the name that other tests still have for it."""
    return fork_server
