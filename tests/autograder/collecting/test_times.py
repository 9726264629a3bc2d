"""Each course server writes a time in its own form."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from autograder.collecting.times import read_time

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "text",
    [
        *("Monday, 4 May 2026, 2:00 PM", "Monday, 4 May 2026, 14:00", "Montag, 4. Mai 2026, 14:00"),
        *("20260504140000", "2026-05-04 14:00:00", "2026-05-04 12:00:00 UTC"),
        *("2026-05-04 12:00:00.424398000 Z", "2026-05-04 05:00:00 -0700", "2026-05-04T12:00:00+00:00"),
    ],
)
def test_a_time_is_read_in_every_form(text):
    assert read_time(text, BERLIN).replace(microsecond=0) == datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "-", "yesterday", "31 February 2026 12:00", "9" * 400])
def test_what_is_no_time_is_none(text):
    assert read_time(text, BERLIN) is None


def test_german_months_are_known():
    assert read_time("Dienstag, 3. März 2026, 00:30", BERLIN) == datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
