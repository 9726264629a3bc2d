"""What in an HTML page would run, load or lead where a student wants, once somebody opens it."""

from __future__ import annotations

from html.parser import HTMLParser

MARK = "owned-by-a-student"  # stands in whatever the attacks want to be run or loaded
INERT = ("json", "text/plain")  # types of script elements that no browser runs
SHOWN = ("pre", "code", "textarea", "title")  # where even a formula is text
LOADS = ("base", "embed", "frame", "iframe", "link", "meta", "object", "script")  # whatever they name
RUNS = ("javascript:", "vbscript:", "data:text", "data:application")


def live(page: str) -> list[str]:
    """All places in a page where the students' mark is more than text."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[str] = []
        self.kind = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "script":
            self.kind = dict(attrs).get("type") or ""
        for name, value in attrs:
            written = "".join((value or "").split())
            run = name.startswith("on") or name in ("style", "srcdoc") or written.lower().startswith(RUNS)
            if MARK in written and (run or tag in LOADS):
                self.found.append(f"<{tag} {name}={written[:80]}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        within = self.open[-1] if self.open else ""
        if within == "script" and MARK in data and not any(kind in self.kind for kind in INERT):
            self.found.append(f"<script>{' '.join(data.split())[:80]}")
        elif within == "style" and MARK in data:
            self.found.append(f"<style>{' '.join(data.split())[:80]}")
        elif "\\href" in data and "javascript:" in data and not set(SHOWN) & set(self.open):
            self.found.append(f"a formula with a link: {' '.join(data.split())[:80]}")
