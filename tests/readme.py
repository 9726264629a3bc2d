"""What the README quotes, between `<!-- name -->` and the end of the block or table that follows it.

A test makes each quotation anew and compares; with UPDATE_README=1 in the environment it is written instead.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
QUOTED = r"<!-- {} -->\n+(?:```text\n(?P<text>.*?)```\n|(?P<table>(?:\|[^\n]*\n)+))"


def quoted(name: str) -> str:
    """The quotation of this name, without blanks at the ends of lines."""
    match = re.search(QUOTED.format(re.escape(name)), README.read_text(encoding="utf-8"), re.DOTALL)
    assert match, f"the README quotes nothing named {name!r}"
    return trimmed(match["text"] if match["text"] is not None else match["table"])


def trimmed(text: str) -> str:
    """Text without blanks at the ends of lines and without empty lines at its ends."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()) + "\n"


def compare(name: str, real: str) -> None:
    """Hold the README's quotation against what was really printed."""
    if os.environ.get("UPDATE_README"):
        text = README.read_text(encoding="utf-8")
        table = real.lstrip().startswith("|")
        block = trimmed(real) if table else f"```text\n{trimmed(real)}```\n"
        changed = re.sub(
            QUOTED.format(re.escape(name)), lambda _: f"<!-- {name} -->\n\n{block}", text, flags=re.DOTALL
        )
        README.write_text(changed, encoding="utf-8")
    assert quoted(name) == trimmed(real)
