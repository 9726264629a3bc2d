"""Remove from a notebook what would run in a reader's browser: in outputs, in text cells, in formulas.

Feedback pages and formgrader show what a student wrote as HTML. All of it is cleaned, whether it looks
suspicious or not, once all cells have run, because a later cell can change the output of an earlier one.

In text cells, whatever runs, loads or misleads is shown as plain text. Whether a text is harmless is not
guessed from its letters: the parser that makes nbconvert's pages reads it, and each piece of HTML, link,
picture, heading and formula that comes out is judged. A harmless text stays as it was written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader import utils as nbgrader_utils

from autograder.plain_text import ZERO_WIDTH, has_commands, without_commands

LONGEST_TEXT = 20_000  # characters of a text that is parsed
OPENERS = 300  # beginnings of formulas in a text; the parser looks for the end of each
ALL_TEXTS = 100_000  # characters of all texts of a notebook that are parsed
LONGEST_TITLE = 300
LONGEST_LINK = 2000
LINK_SCHEMES = frozenset(("http", "https", "mailto", "attachment"))
PAGE_IDS = frozenset(
    ("top", "toc", "notebook", "notebook-container", "statusmessage", "MathJax_Message", "MathJax_SVG_Hidden")
)
"""Names that the page has given to its own parts."""

MARKUP = re.compile(
    r"<(?!/?(?:b|i|em|strong|sub|sup|br|code|kbd|p|u|hr)\s{0,2}/?>)(?=[A-Za-z/!?])", re.IGNORECASE
)
"""Where HTML begins, except elements without attributes."""
OPENER = re.compile(r"\\\\[\[(]|\\begin\{|\$\$")
COMMENT = re.compile(r"<!--[^<>]*-->")
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*")
"""A picture pasted into a text, as Colab does it."""
LINK = re.compile(r"(\]\(|\]:)(\s*<?)([^\s()<>\[\]]+)")
"""The target of a Markdown link."""
IMAGE = re.compile(r"!\[([^\[\]\n]{0,500})\](?:\((\s*<?)([^\s()<>\[\]]+)|(?!\())")
"""A picture, and its address."""
ATTACHMENT = re.compile(r"attachment:([^\s()<>\"']{0,400})")
HEADING = re.compile(r"^(\s{0,3}#{1,6}[ \t]*)(?=\S)", re.MULTILINE)
UNPLAIN = re.compile(r"[<\]&#=`~]|^[ \t]{0,3}-+[ \t]*$", re.MULTILINE)
"""Without these, a text becomes nothing but letters, lists, emphasis and mathematics."""
MERMAID = re.compile(r"((?:`{3,}|~{3,})\s*)mermaid", re.IGNORECASE)
SHOWN_AS_WRITTEN = (
    "*This text is shown as it was written: its HTML, links or formulas do more than a page may.*"
)

ELEMENTS = 50_000  # of HTML in all outputs of a notebook
MAX_HTML = 1_000_000  # characters of one output
MAX_ELEMENTS = 4000  # of one output; to parse nested ones takes as long as the square of their number
TOO_LARGE = "An output of HTML was left out: too large."
LARGEST_PICTURE = 5000  # pixels of a picture
TAGS = nh3.ALLOWED_TAGS - {"map", "area", "article", "aside", "header", "footer", "nav"}
ATTRIBUTES = {
    "*": {"title", "scope", "colspan", "rowspan", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
}
VALUES = {
    "title": re.compile(rf"(?s:.{{0,{LONGEST_TITLE}}})"),
    "alt": re.compile(rf"(?s:.{{0,{LONGEST_TITLE}}})"),
    "scope": re.compile("row|col|rowgroup|colgroup"),
    "colspan": re.compile(r"\d{1,3}"),
    "rowspan": re.compile(r"\d{1,3}"),
    "width": re.compile(r"\d{1,3}|[1-4]\d{3}"),
    "height": re.compile(r"\d{1,3}|[1-4]\d{3}"),
    "align": re.compile("left|right|center|justify|char"),
    "href": re.compile(r"(?is)(?:https?:|mailto:).{0,2000}|#.{0,200}|[\w./-]{1,300}"),
    "src": re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*"),
}
"""Allowed values of an attribute; a picture must be inside the page, not fetched from elsewhere."""
HTML_SCHEMES = {"http", "https", "mailto", "data"}
SAFE_KINDS = frozenset(("text/plain", "image/png", "image/jpeg", "application/json"))
"""Kinds of output that cannot contain anything active."""


def sanitize_html(nb: NotebookNode) -> None:
    """Clean everything that a student wrote or output, in place; locked cells are the instructor's."""
    elements = ELEMENTS
    for cell in nb.cells:
        for output in cell.get("outputs", ()) if cell.cell_type == "code" else ():
            if "data" in output:
                elements = sanitize_output(output.data, elements)
            if "metadata" in output:
                output.metadata = _sizes(output.metadata)
    names = [cell.metadata.nbgrader.grade_id for cell in nb.cells if nbgrader_utils.is_grade(cell)]
    names += [cell.metadata.nbgrader.grade_id for cell in nb.cells if nbgrader_utils.is_solution(cell)]
    sanitize_text_cells([cell for cell in nb.cells if not nbgrader_utils.is_locked(cell)], names)


def sanitize_output(data: MutableMapping[str, Any], elements: int) -> int:
    """Clean the data of one output, in place, kind by kind; remove a kind that cannot be cleaned.

    elements : HTML elements that the notebook's outputs may still have.

    Returns
    -------
    How many there may be in the next outputs.
    """
    for kind in list(data):
        if kind == "text/html":
            text = _text(data[kind])
            elements -= text.count("<")
            data[kind] = sanitize_fragment(text) if elements >= 0 else TOO_LARGE
        elif kind == "text/markdown":
            data[kind] = sanitize_markdown(_text(data[kind]))
        elif kind == "text/latex":  # a blank after `<` is none in a formula
            data[kind] = without_commands(re.sub("<(?=[A-Za-z/!?])", "< ", _text(data[kind])))
        elif kind not in SAFE_KINDS:
            del data[kind]
    return elements


def sanitize_fragment(text: str) -> str:
    """Remove from HTML whatever runs, loads or covers the page."""
    if len(text) > MAX_HTML or text.count("<") > 2 * MAX_ELEMENTS:
        return TOO_LARGE
    clean: str = nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=HTML_SCHEMES,
        link_rel=None,
    )
    return without_commands(clean)


def _attribute(_: str, name: str, value: str) -> str | None:
    """Keep an attribute if its value is allowed."""
    known = VALUES.get(name)
    return value if known is not None and known.fullmatch(value) else None


def _sizes(metadata: object) -> NotebookNode:
    """Keep the sizes of pictures and nothing else: nbconvert writes them into the page as they are."""
    given = metadata if isinstance(metadata, dict) else {}
    sizes = _whole_numbers(given)
    for kind in SAFE_KINDS & given.keys():
        if of_kind := _whole_numbers(given[kind]):
            sizes[kind] = of_kind
    return sizes


def _whole_numbers(sizes: object) -> NotebookNode:
    given = sizes if isinstance(sizes, dict) else {}
    numbers = {key: given.get(key) for key in ("width", "height")}
    return NotebookNode(
        {
            key: n
            for key, n in numbers.items()
            if isinstance(n, int) and n is not True and 0 < n <= LARGEST_PICTURE
        }
    )


def _text(content: object) -> str:
    text = "".join(map(str, content)) if isinstance(content, list) else str(content)
    return text.encode("utf-8", "replace").decode("utf-8")  # halves of characters are none


def sanitize_text_cells(cells: Iterable[NotebookNode], names: Collection[str]) -> None:
    """Make text cells harmless, in place.

    names : grade ids, which the page gives to the places of marks and no heading may take.
    """
    remaining = ALL_TEXTS
    taken = frozenset(
        {*PAGE_IDS, *(made for name in names for made in (name, f"{name}-comment", f"comment-{name}"))}
        | {f"{name}_extra_credit" for name in names}
    )
    for cell in cells:
        if cell.cell_type == "raw":
            cell.source = _raw(cell.source)
        elif cell.cell_type == "markdown":
            text = _without_lost(cell.source, cell.get("attachments", {}))
            if not _is_plain(text):
                without_pictures = PICTURE.sub("data:image/png;base64,", text)
                remaining -= len(without_pictures)
                text = _harmless(text, without_pictures, taken) if remaining >= 0 else _as_written(text)
            cell.source = text


def sanitize_markdown(text: str) -> str:
    """Make Markdown that a cell outputs harmless."""
    if _is_plain(text):
        return text
    return _harmless(text, PICTURE.sub("data:image/png;base64,", text), PAGE_IDS)


def _is_plain(text: str) -> bool:
    """Return whether a text contains nothing that could become more than letters and mathematics."""
    return UNPLAIN.search(text) is None and not has_commands(text)


def _harmless(text: str, without_pictures: str, taken: frozenset[str]) -> str:
    if _is_harmless(without_pictures, taken):
        return text
    changed = _escaped(without_pictures)
    if not _is_harmless(changed, taken):
        return _as_written(text)
    return changed if without_pictures == text else _escaped(text)


def _escaped(text: str) -> str:
    """Turn the usual dangers into plain text, wherever they are."""
    text = LINK.sub(_linked, IMAGE.sub(_fetched, text))
    text = MARKUP.sub(f"<{ZERO_WIDTH}", text)
    text = MERMAID.sub(r"\1text", text)
    text = HEADING.sub(rf"\1{ZERO_WIDTH}", text)
    return without_commands(text)


def _linked(link: re.Match[str]) -> str:
    return link[0] if _leads(html.unescape(link[3])) else f"{link[1]}{link[2]}#"


def _fetched(image: re.Match[str]) -> str:
    """Turn a picture that would be fetched from elsewhere into a link."""
    if image[3] is not None and _shows(html.unescape(image[3])):
        return image[0]
    return image[0][1:] if image[1].strip() else image[0].replace("![", "[picture", 1)


def _as_written(text: str) -> str:
    """Show a text letter by letter, in a fence that it cannot close itself."""
    fence = "`" * max(4, *(len(run) + 1 for run in re.findall("`+", text)), 0)
    shown = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"{SHOWN_AS_WRITTEN}\n\n{fence}text\n{shown}\n{fence}\n"


def _raw(text: str) -> str:
    """Show a raw cell letter by letter: nbconvert puts it into the page as HTML."""
    text = re.sub(r"<(?=[A-Za-z/!?])", f"<{ZERO_WIDTH}", re.sub(r"&(?=[#A-Za-z])", f"&{ZERO_WIDTH}", text))
    return without_commands(text)


def _without_lost(text: str, attachments: Collection[str]) -> str:
    """Replace missing pictures by a note: nbconvert would abort the notebook because of one."""

    def named(name: re.Match[str]) -> str:
        return name[0] if name[1] in attachments else f"lost-{name[1]}"

    return ATTACHMENT.sub(named, text)


def _leads(target: str) -> bool:
    """Return whether a link leads to a page, to a place in this one, or to a picture pasted in."""
    plain = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]", "", target)
    if PICTURE.fullmatch(plain):
        return True
    scheme, colon, _ = plain.partition(":")
    if len(plain) > LONGEST_LINK or set("\"'`\\") & set(plain):
        return False
    return not colon or bool(set("/?#") & set(scheme)) or scheme.lower() in LINK_SCHEMES


def _shows(source: str) -> bool:
    """Return whether a picture is beside the notebook or in it: any other tells its host who is looking."""
    if set('"<>') & set(unquote(source)):  # Markdown writes them as %22 and so on
        return False
    return _leads(source) and not re.match(r"\s*(?:/|https?:|mailto:)", source, re.IGNORECASE)


@lru_cache(maxsize=1024)  # most cells of a class are the assignment's own
def _is_harmless(text: str, taken: frozenset[str]) -> bool:
    """Return whether nbconvert turns a text into nothing that is forbidden in a page."""
    if len(text) > LONGEST_TEXT or len(OPENER.findall(text)) > OPENERS:
        return False
    judge = _Judge(taken)
    try:
        page = MarkdownWithMath(renderer=judge).render(text)
    except Exception:  # nbconvert would abort the page for it, too
        return False
    letters = re.sub(r"<[^<>]*>", "", COMMENT.sub("", page))
    return judge.harmless and not has_commands(html.unescape(letters))


class _Judge(IPythonRenderer):
    """Render as nbconvert's pages do, and note what must not be in one."""

    def __init__(self, taken: frozenset[str]) -> None:
        super().__init__(escape=False)
        self.harmless = True
        self._taken = taken

    def _refuse_unless(self, harmless: bool) -> None:
        self.harmless = self.harmless and harmless

    def block_html(self, html: str) -> str:
        self._refuse_unless(MARKUP.search(COMMENT.sub(" ", html)) is None)
        return super().block_html(html)

    def inline_html(self, html: str) -> str:
        self._refuse_unless(MARKUP.search(COMMENT.sub(" ", html)) is None)
        return super().inline_html(html)

    def block_mermaidjs(self, code: str) -> str:
        self.harmless = False
        return super().block_mermaidjs(code)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        self._refuse_unless(_leads(html.unescape(url)) and len(title or "") <= LONGEST_TITLE)
        return super().link(text, url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        self._refuse_unless(_shows(html.unescape(url)) and len(title or "") <= LONGEST_TITLE)
        return super().image(text, url, title)

    def _embed_image_or_attachment(self, src: str) -> str:
        return src  # it is in the notebook, or was named as lost

    def heading(self, text: str, level: int, **attrs: Any) -> str:  # noqa: ANN401  mistune's
        page = super().heading(text, level, **attrs)
        named = re.search(r'\bid="([^"]*)"', page)
        name = html.unescape(named[1]) if named else ""
        self._refuse_unless(name not in self._taken and not name.startswith("cell-id="))
        return page
