"""What every test of checks begins with."""

import pytest

from tests.utils.checks.students import forget


@pytest.fixture(autouse=True)
def fresh_session():
    """Each test begins as a student does: no fault remembered."""
    forget()
