"""An assignment of ours is its folder: with a fourth one, tests that look at all of them pass as they are."""

import os
import shutil
import sys
from functools import partial
from pathlib import Path

import pytest

from autograder import new
from tests.process import python

pytestmark = pytest.mark.thorough  # minutes

ROOT = Path(__file__).parents[3]
NAME = "04-a-layer"
MODULES = [
    f"tests/{name}.py"
    for name in (
        *("autograder/assignments/test_alone", "autograder/assignments/test_finding"),
        *("autograder/assignments/test_forward_cells", "autograder/assignments/test_own_assignments"),
        *("autograder/assignments/test_size", "autograder/assignments/test_softmax_and_cross_entropy"),
        *("autograder/engine/test_recognised", "autograder/lint/test_ours", "autograder/test_self_check"),
        *("autograder/reporting/test_mathml", "utils/checks/test_find"),
    )
]
"""Modules of the suite whose tests look at every assignment."""
LEFT = shutil.ignore_patterns(".git", ".*venv*", "build", ".*_cache", "__pycache__")
MAKE_CHECK = (
    "from autograder import assignments, student_material; "
    "from autograder.self_check.file import write_checks; "
    f"write_checks([assignments.load({NAME!r})], student_material.FOLDER)"
)


@pytest.fixture
def in_tree(tmp_path):
    """Run Python in our repository with a fourth assignment as `new` writes it, built as by `make build`."""
    root = tmp_path / "tree"
    shutil.copytree(ROOT, root, ignore=LEFT)
    new.write(NAME, root / "autograder" / "assignments")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PYTHONPATH": str(root), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    run = partial(python, cwd=root, timeout=1800, environment=environment)
    run("-c", MAKE_CHECK)
    run("-m", "autograder.cli", "build", "--course", "build/course", "--notebooks", "notebooks")
    return run


def test_what_is_said_of_all_assignments_holds_for_a_fourth(in_tree):
    done = in_tree("-m", "pytest", "-q", "-m", "not thorough and not browser", *MODULES)
    assert "passed" in done.stdout
