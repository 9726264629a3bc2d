"""One course of the first assignment for all tests of a process, and `autograder grade` in a copy of it."""

import shutil

import pytest

from tests import command
from tests.autograder.nbgrader_bridge import classes


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A course with one assignment, released; nobody has handed in. Copy it: others use it, too."""
    return classes.built(tmp_path_factory.mktemp("built") / "course")


@pytest.fixture
def folder(built, tmp_path):
    """A copy of that course, a test's own."""
    return shutil.copytree(built, tmp_path / "course")


@pytest.fixture
def few(folder):
    """The same, in which four have handed in."""
    classes.hand_in_all(folder, classes.FEW)
    return folder


@pytest.fixture(scope="session")
def grade(fork_server):
    """Grade that assignment in a course's folder by our command; give what it said."""

    def grade(folder, *arguments, status=0):
        return command.grade(fork_server, folder, classes.NETWORK, *arguments, status=status)

    return grade
