"""The grader finds what it needs of `utils` beside a notebook, too."""

import subprocess
import sys

import pytest

OLDER = "def getdata():\n    return 'older'\n"


@pytest.mark.parametrize("first", ["", "import utils; "], ids=["imported later", "by the notebook"])
def test_an_older_copy_of_utils_beside_the_notebook_lacks_nothing(tmp_path, first):
    """As in plain nbgrader, in a course that was released before an update."""
    (tmp_path / "utils").mkdir()
    (tmp_path / "utils" / "__init__.py").write_text(OLDER)
    code = f"{first}import autograder.mark, utils; print(utils.getdata(), utils.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"older {tmp_path}")
