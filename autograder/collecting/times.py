"""Read the times that course servers write, each in its own format."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

FORMS = (
    "%d %B %Y %I:%M %p",  # Moodle, in English
    "%d %B %Y %H:%M",  # and elsewhere
    "%Y%m%d%H%M%S",  # ILIAS, before a file's name
    "%Y-%m-%d %H:%M:%S",
    "%m/%d/%y %H:%M",
)
MONTHS = {
    "Januar": "January",
    "Februar": "February",
    "März": "March",
    "Mai": "May",
    "Juni": "June",
    "Juli": "July",
    "Oktober": "October",
    "Dezember": "December",
}
"""German names that are not spelt like the English ones."""
WEEKDAY = re.compile(r"^\s*[^\W\d]+,\s*")
ZONE = re.compile(r"\s*(UTC|GMT|Z)$")


def read_time(text: str, zone: tzinfo) -> datetime | None:
    """Read a time, in UTC; return None if it is in no known format.

    zone : the time zone of times that name none.
    """
    text = " ".join(text.split())
    try:
        return _in_utc(datetime.fromisoformat(ZONE.sub("+00:00", text)), zone)
    except ValueError:
        pass
    plain = ZONE.sub("", text)
    here = UTC if plain != text else zone
    plain = WEEKDAY.sub("", plain).replace(",", "").replace(". ", " ")
    for german, english in MONTHS.items():
        plain = re.sub(rf"\b{german}\b", english, plain)
    for form in FORMS:
        try:
            return _in_utc(datetime.strptime(plain, form), here)
        except ValueError:
            continue
    return None


def _in_utc(time: datetime, zone: tzinfo) -> datetime:
    return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
