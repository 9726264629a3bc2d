"""Compare text with a page in tests/golden; with UPDATE_GOLDEN=1 in the environment it is written instead.

Why not syrupy or pytest-regressions: they name their files after tests, and these pages are opened by people,
HTML in a browser, under the name of what they show.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def compare(name: str, page: str) -> None:
    """Hold a page against the one that is kept under this name."""
    if os.environ.get("UPDATE_GOLDEN"):
        (FOLDER / name).write_text(page, encoding="utf-8")
    assert page == (FOLDER / name).read_text(encoding="utf-8")
