"""An author's folder for each test, and nothing of it stays."""

import pytest

from autograder import assignments
from tests.autograder.lint.author import Author


@pytest.fixture(autouse=True)
def nothing_of_this_stays():
    yield
    assignments.search()


@pytest.fixture
def author(tmp_path):
    return Author(tmp_path)
