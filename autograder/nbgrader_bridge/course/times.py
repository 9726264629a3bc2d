"""Handle times in a course: their zone, and one that is older than any."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.nbgrader_bridge.course.errors import CourseError

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def time_zone(name: object) -> tzinfo:
    """Find a time zone by its name.

    Raises
    ------
    CourseError
        There is no time zone of that name.
    """
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError):
        raise CourseError(f"There is no time zone {name!r}. They are called like Europe/Berlin.") from None
