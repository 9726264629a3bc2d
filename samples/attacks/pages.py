"""What in an HTML page would run, load or lead where a student wants, once somebody opens it."""

from __future__ import annotations

from html.parser import HTMLParser

MARK = "owned-by-a-student"  # stands in whatever the attacks want to be run or loaded
INERT = ("json", "text/plain")  # types of script elements that no browser runs
SHOWN = ("pre", "code", "textarea", "title")  # where even a formula is text
IGNORED = "tex2jax_ignore"  # the class of what MathJax does not look at
FETCHED = ("http:", "https:", "//")  # what a page asks another host for
COMMANDS = ("\\href", "\\style", "\\class", "\\cssId", "\\smash", "\\raise", "\\lower", "\\llap", "\\rlap")
CODE = "language-"  # what Markdown puts before the name of a language that it does not know
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")  # Markdown names them by what they say
LOADS = ("base", "embed", "frame", "iframe", "link", "meta", "object", "script")  # whatever they name
RUNS = ("javascript:", "vbscript:", "data:text", "data:application")


def live(page: str) -> list[str]:
    """All places in a page where the students' mark is more than text."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    taken = {name for tag, name in reader.named if tag not in HEADINGS}
    headings = {name for tag, name in reader.named if tag in HEADINGS}
    return reader.found + [f"a heading is named {name}" for name in sorted(headings & taken)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[str] = []
        self.ignored = 0  # elements that are open around what MathJax does not look at
        self.named: list[tuple[str, str]] = []
        self.kind = ""
        self.within_a_diagram = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.named += [(tag, value or "") for name, value in attrs if name in ("id", "name")]
        if tag in HEADINGS:
            attrs = [(name, value) for name, value in attrs if name != "id"]
        given = dict(attrs)
        if tag == "script":
            self.kind = given.get("type") or ""
        classes = given.get("class") or ""
        if IGNORED in classes.split() and not self.ignored:
            self.ignored = len(self.open)
        self.within_a_diagram = "mermaid" in classes.split()
        if tag == "img" and MARK in (given.get("src") or "") and (given["src"] or "").startswith(FETCHED):
            self.found.append(f"<img src={given['src']}>")
        styled = [one for one in classes.split() if MARK in one and not one.startswith(CODE)]
        if styled or MARK in (given.get("id") or ""):
            self.found.append(f"<{tag} class={classes[:80]} id={given.get('id')}>")
        for name, value in attrs:
            written = "".join((value or "").split())
            run = name.startswith("on") or name in ("style", "srcdoc") or written.lower().startswith(RUNS)
            if MARK in written and (run or tag in LOADS):
                self.found.append(f"<{tag} {name}={written[:80]}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
            if len(self.open) < self.ignored:
                self.ignored = 0

    def handle_data(self, data: str) -> None:
        within = self.open[-1] if self.open else ""
        if within == "script" and MARK in data and not any(kind in self.kind for kind in INERT):
            self.found.append(f"<script>{' '.join(data.split())[:80]}")
        elif within == "style" and MARK in data:
            self.found.append(f"<style>{' '.join(data.split())[:80]}")
        elif self.within_a_diagram and MARK in data:
            self.found.append(f"a diagram: {' '.join(data.split())[:80]}")
        elif self.ignored or set(SHOWN) & set(self.open):
            return
        elif any(command in data for command in COMMANDS) and MARK in data:
            self.found.append(f"a formula with a command: {' '.join(data.split())[:80]}")
        elif "\\href" in data and "javascript:" in data:
            self.found.append(f"a formula with a link: {' '.join(data.split())[:80]}")
