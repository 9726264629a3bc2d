"""The grader finds what it needs of `utils` beside a notebook, too."""

import pytest

from tests.process import python

OLDER = "def getdata():\n    return 'older'\n"


@pytest.mark.parametrize("first", ["", "import utils; "], ids=["imported later", "by the notebook"])
def test_an_older_copy_of_utils_beside_the_notebook_lacks_nothing(tmp_path, first):
    """As in plain nbgrader, in a course that was released before an update."""
    (tmp_path / "utils").mkdir()
    (tmp_path / "utils" / "__init__.py").write_text(OLDER)
    code = f"{first}import autograder.marking.mark, utils; print(utils.getdata(), utils.__file__)"
    assert python("-c", code, cwd=tmp_path).stdout.startswith(f"older {tmp_path}")
