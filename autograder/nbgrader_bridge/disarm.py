"""Nothing of a submission's that would run in a reader's browser: in outputs, in Markdown, in formulas.

Feedback pages and formgrader show what a student wrote as HTML. All of it is cleaned, whether it looks
suspicious or not, and in time that grows with its length alone: the text is the student's, the time ours.
"""

from __future__ import annotations

import html
import re
from collections.abc import MutableMapping
from typing import Any

import nh3

MAX_HTML = 1_000_000  # characters of one output
MAX_ELEMENTS = 4000  # of one output; to parse nested ones takes as long as the square of their number
TOO_LARGE = "An output of HTML was left out: too large."
TAGS = nh3.ALLOWED_TAGS - {"map", "area", "img", "article", "aside", "header", "footer", "nav"}
ATTRIBUTES = {
    "*": {"class", "title", "scope", "colspan", "rowspan", "align"},
    "a": {"href"},
}
SCHEMES = {"http", "https", "mailto"}
SHOWN = frozenset(("text/plain", "image/png", "image/jpeg", "application/json"))
"""Kinds of output in which nothing can be live."""

MARKUP = re.compile(
    r"<(?!/?(?:b|i|em|strong|sub|sup|br|code|kbd|p|u|hr)\s{0,2}/?>)(?=[A-Za-z/!?])", re.IGNORECASE
)
"""Where HTML begins in Markdown, but for elements that have no attributes."""
LINK = re.compile(r"(\]\(|\]:|<)(\s{0,4}<?)([^\s()<>\[\]]{1,400})")
"""Where a link of Markdown's leads."""
FORMULA = re.compile(r"\\(href|url|require|style|cssId|class|unicode|data|html\w{0,20})\b")
"""What does more in a formula than mathematics."""
ZERO_WIDTH = "\u200b"


def outputs(data: MutableMapping[str, Any], elements: int) -> int:
    """Clean the data of one output, by its kinds; a kind that cannot be cleaned goes.

    elements : of HTML that the notebook's outputs may still have.

    Returns
    -------
    how many there may be in the next ones.
    """
    for kind in list(data):
        if kind == "text/html":
            text = _text(data[kind])
            elements -= text.count("<")
            data[kind] = hypertext(text) if elements >= 0 else TOO_LARGE
        elif kind in ("text/markdown", "text/latex"):
            data[kind] = markdown(_text(data[kind]))
        elif kind not in SHOWN:
            del data[kind]
    return elements


def hypertext(text: str) -> str:
    """HTML without what runs, loads or covers the page."""
    if len(text) > MAX_HTML or text.count("<") > 2 * MAX_ELEMENTS:
        return TOO_LARGE
    clean: str = nh3.clean(text, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return _formulas(clean)


def markdown(text: str) -> str:
    """Markdown whose HTML is text, and whose links lead to pages; mathematics stays as it is."""
    return _formulas(MARKUP.sub(f"<{ZERO_WIDTH}", LINK.sub(_linked, text)))


def _linked(link: re.Match[str]) -> str:
    target = re.sub(r"[\x00-\x20\u200b]", "", html.unescape(html.unescape(link[3]))).lower()
    scheme, colon, _ = target.partition(":")
    harmless = (
        not colon or scheme in SCHEMES | {"attachment"} or not re.fullmatch(r"[a-z][a-z0-9+.\-]*", scheme)
    )
    plain = harmless and "&" not in scheme and not set("\"'`") & set(target)
    return link[0] if plain else f"{link[1]}{link[2]}#"


def _formulas(text: str) -> str:
    return FORMULA.sub(r"\\text", text)


def _text(content: object) -> str:
    text = "".join(map(str, content)) if isinstance(content, list) else str(content)
    return text.encode("utf-8", "replace").decode("utf-8")  # halves of characters are none
