"""One warm process for all tests of a run: what each of them opens costs a fork."""

import pytest

from autograder.sandbox.client.fork_server import ForkServer


@pytest.fixture(scope="session")
def nursery():
    with ForkServer() as started:
        yield started
