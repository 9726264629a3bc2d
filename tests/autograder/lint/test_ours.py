"""Our own assignments: nothing is wrong with them, and no mistake planted in them is named falsely."""

import re

import pytest

from autograder import assignments
from autograder.lint.checks import lint
from autograder.lint.remark import Level
from tests.tables import first_every_day

OF_SINGLES, OF_PAIRS = 0.05, 0.05  # whose names may be missed: a number can be wrong twice as it is once
NAMES = list(assignments.folders())
COUNTS = re.compile(r"(\d+) planted, .*?(\d+) with a name missed, (\d+) with a false one\.")


@pytest.mark.parametrize("name", first_every_day(NAMES))
def test_a_build_has_nothing_to_remark(name):
    assert [str(remark) for remark in lint(name, thorough=False)] == []


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_remarked_and_nothing_is_named_falsely(name):
    """Every single mistake, and as many pairs as `autograder lint` plants."""
    remarks = list(lint(name))
    assert [str(remark) for remark in remarks if remark.level is not Level.NOTE] == []
    counted = [COUNTS.search(remark.sentence) for remark in remarks]
    assert len(counted) == 2 * len(assignments.load(name).exercises)
    for result, remark in zip(counted, remarks, strict=True):
        assert result, remark
        planted, missed, false = map(int, result.groups())
        assert false == 0, remark
        assert missed <= (OF_PAIRS if "pairs" in remark.sentence else OF_SINGLES) * planted, remark
