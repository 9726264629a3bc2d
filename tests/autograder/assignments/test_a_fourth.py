"""An assignment of ours is its folder: with a fourth one, tests that look at all of them pass as they are."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from autograder import new
from tests.process import python

pytestmark = pytest.mark.thorough  # minutes

ROOT = Path(__file__).parents[3]
NAME = "04-a-layer"
MODULES = (
    *(
        f"tests/autograder/assignments/test_{name}.py"
        for name in ("alone", "finding", "forward_cells", "size")
    ),
    "tests/autograder/assignments/test_softmax_and_cross_entropy.py",
    *("tests/autograder/engine/test_recognised.py", "tests/autograder/lint/test_ours.py"),
    *("tests/autograder/reporting/test_mathml.py", "tests/autograder/test_self_check.py"),
    *("tests/utils/checks/test_find.py", "tests/autograder/assignments/test_own_assignments.py"),
)
"""Modules of the suite whose tests look at every assignment."""
LEFT = shutil.ignore_patterns(".git", ".*venv*", "build", ".*_cache", "__pycache__")
MAKE_CHECK = (
    "from autograder import assignments, student_material; "
    "from autograder.self_check.file import write_checks; "
    f"write_checks([assignments.load({NAME!r})], student_material.FOLDER)"
)


@pytest.fixture
def tree(tmp_path):
    """This repository with a fourth assignment, as `new` writes it, built as `make build` does."""
    root = tmp_path / "tree"
    shutil.copytree(ROOT, root, ignore=LEFT)
    new.write(NAME, root / "autograder" / "assignments")
    for arguments in (
        ["-c", MAKE_CHECK],
        ["-m", "autograder.cli", "build", "--course", "build/course", "--notebooks", "notebooks"],
    ):
        done = run(root, *arguments)
        assert done.returncode == 0, done.stderr
    return root


def run(root, *arguments):
    bin = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PYTHONPATH": str(root),
        "PATH": os.pathsep.join([bin, os.environ["PATH"]]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return python(*arguments, cwd=root, status=None, timeout=1800, environment=environment)


def test_what_is_said_of_all_assignments_holds_for_a_fourth(tree):
    done = run(tree, "-m", "pytest", "-q", "-m", "not thorough and not browser", *MODULES)
    assert done.returncode == 0, done.stdout[-9000:]
    assert "passed" in done.stdout
