"""Pictures are drawn without a window, as in a student's own kernel, and closed when a test has ended."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def no_window_and_no_rest(monkeypatch):
    """Nobody is marking, either."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")
