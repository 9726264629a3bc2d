"""Honest styles earn full marks by nbgrader alone: else they would prove nothing of ours."""

import pytest

from tests.honest.graded import graded, lost_and_flagged, tried


@pytest.mark.thorough  # four seconds a style
def test_an_honest_style_earns_full_marks_by_nbgrader_alone(tmp_path):
    chosen, seen = tried("plain"), graded("plain", tmp_path)
    assert seen.keys() == chosen.keys()
    assert lost_and_flagged(chosen, seen) == ({}, {})
