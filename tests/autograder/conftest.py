"""Share one fork server among all tests of a run: what each of them opens costs a fork."""

import pytest

from autograder.sandbox.client.fork_server import ForkServer


@pytest.fixture(scope="session")
def fork_server():
    with ForkServer() as started:
        yield started
