"""What README.md and docs/ quote, between `<!-- name -->` and the end of the block or table that follows it.

A test makes each quotation anew and compares; with UPDATE_README=1 in the environment it is written instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
QUOTED = r"<!-- {} -->\n+(?:```text\n(?P<text>.*?)```\n|(?P<table>(?:\|[^\n]*\n)+))"


def quoted(name: str) -> str:
    """The quotation of this name, without blanks at the ends of lines."""
    text = page_of(name).read_text(encoding="utf-8")
    match = re.search(QUOTED.format(re.escape(name)), text, re.DOTALL)
    assert match, f"<!-- {name} --> is followed by no block and no table"
    return trimmed(match["text"] if match["text"] is not None else match["table"])


def commands(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Give each command that a page has people type, in its order, and the lines that it is to print."""
    for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, *lines = command.splitlines()
            yield line, lines


def hold_printed(line: str, lines: list[str], printed: str) -> None:
    """Hold the lines that a page shows below a command against what it has printed, blanks apart.

    A line that ends in … is the beginning of one.
    """
    real = {" ".join(one.split()) for one in printed.splitlines()}
    for one in lines:
        shown = " ".join(one.split())
        assert any(own.startswith(shown[:-1]) if shown.endswith("…") else own == shown for own in real), (
            f"`{line}` does not print {shown!r}:\n{printed}"
        )


def page_of(name: str) -> Path:
    """The one page that has a quotation of this name."""
    (page,) = (page for page in PAGES if f"<!-- {name} -->" in page.read_text(encoding="utf-8"))
    return page


def trimmed(text: str) -> str:
    """Text without blanks at the ends of lines and without empty lines at its ends."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()) + "\n"


def compare(name: str, real: str) -> None:
    """Hold a quotation against what was really printed."""
    if os.environ.get("UPDATE_README"):
        page = page_of(name)
        text = page.read_text(encoding="utf-8")
        table = real.lstrip().startswith("|")
        block = trimmed(real) if table else f"```text\n{trimmed(real)}```\n"
        changed = re.sub(
            QUOTED.format(re.escape(name)), lambda _: f"<!-- {name} -->\n\n{block}", text, flags=re.DOTALL
        )
        page.write_text(changed, encoding="utf-8")
    assert quoted(name) == trimmed(real)
