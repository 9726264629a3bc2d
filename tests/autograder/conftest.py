"""One warm process for all tests of a run: what each of them opens costs a fork."""

import pytest

from autograder.sandbox.nursery import Nursery


@pytest.fixture(scope="session")
def nursery():
    with Nursery() as started:
        yield started
