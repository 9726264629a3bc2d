"""Shorten a feedback page without changing what is read on it.

A page is sent to everybody, and most of it used to be the same for all: blank lines of templates, an element
around each comma of the code, rules for words that no cell contains. What is left out here has no visible
effect, except for the grey of operators and numbers in code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache

from pygments.formatters import HtmlFormatter

CODE_STYLE = "default"
FAINT = re.compile(r"color: #(666|BBB)(?:\1)?")  # signs and numbers, a little greyer than the rest; blanks
RULE = re.compile(r"\.highlight \.(\w+) \{ ([^}]*) \}")
PIECE = re.compile(r'<span class="(\w+)">([^<]*)</span>')
USED = re.compile(r'<span class="(\w+)">')
AS_WRITTEN = re.compile(r"(</?(?:pre|textarea|style)\b[^<>]*>)")
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
TAG = re.compile(r"<[a-z][^<>]*>")
CLASSES = re.compile(r' class="([^"]*)"')
BLANKS = " \t\r\f"


@cache
def code_rules() -> Mapping[str, str]:
    """Return the style of each kind of word in code, by its class; leave out those without one."""
    rules = RULE.findall(HtmlFormatter(style=CODE_STYLE).get_style_defs(".highlight"))
    return {
        name: look.replace(": ", ":").replace("; ", ";") for name, look in rules if not FAINT.fullmatch(look)
    }


def short_code(highlighted: str) -> str:
    """Remove the elements around pieces of code that look like ordinary text."""
    rules = code_rules()
    shorter = PIECE.sub(lambda piece: piece[0] if piece[1] in rules else piece[2], highlighted)
    return shorter.replace("<pre><span></span>", "<pre>")


def rules_for(page: str) -> str:
    """Write the rules that a page's code needs, one for all that look alike."""
    return _joined(set(USED.findall(page)))


def _joined(names: Collection[str]) -> str:
    alike: dict[str, list[str]] = defaultdict(list)
    for name, look in code_rules().items():
        if name in names:
            alike[look].append(f".highlight .{name}")
    return "\n".join(f"{','.join(each)}{{{look}}}" for look, each in alike.items())


def without_blank_lines(page: str) -> str:
    """Remove blank lines and indents, except where they are visible: in code and in printed output."""
    result, depth = [], 0
    for n, piece in enumerate(AS_WRITTEN.split(page)):
        if n % 2:  # a tag
            depth = max(0, depth + (-1 if piece.startswith("</") else 1))
        result.append(piece if n % 2 or depth else _without_blank_lines(piece))
    return "".join(result)


def _without_blank_lines(text: str) -> str:
    first, *others = text.split("\n")
    if not others:
        return text
    *between, last = (line.strip(BLANKS) for line in others)
    return "\n".join([first.rstrip(BLANKS), *filter(None, between), last])


def without_unused_classes(page: str, style: str) -> str:
    """Remove names of classes that no rule of the page refers to."""
    known = {*CLASS.findall(style), *code_rules(), "highlight"}

    def shorter(attribute: re.Match[str]) -> str:
        names = [name for name in attribute[1].split() if name in known]
        return f' class="{" ".join(names)}"' if names else ""

    return TAG.sub(lambda tag: CLASSES.sub(shorter, tag[0]), page)
