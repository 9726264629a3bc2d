"""Attacks are handed in, never imported: pytest collects no file of a room, whatever its name."""

from tests.browser.conftest import browser

__all__ = ["browser"]

collect_ignore_glob = ["*/*.py"]
