"""Assignments of one's own are looked for in one test alone."""

import pytest

from autograder import assignments


@pytest.fixture
def nothing_of_this_stays():
    yield
    assignments.search()
