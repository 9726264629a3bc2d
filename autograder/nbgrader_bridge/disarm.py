"""Nothing of a submission's that would run in a reader's browser: in outputs, in text cells, in formulas.

Feedback pages and formgrader show what a student wrote as HTML. All of it is cleaned, whether it looks
suspicious or not, once, when all cells have run: a later cell can change what an earlier one has put out.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import nh3
from nbformat import NotebookNode
from nbgrader import utils as nbgrader_utils

from autograder.nbgrader_bridge import text_cells
from autograder.plain_text import without_commands

ELEMENTS = 50_000  # of HTML in all outputs of a notebook
MAX_HTML = 1_000_000  # characters of one output
MAX_ELEMENTS = 4000  # of one output; to parse nested ones takes as long as the square of their number
TOO_LARGE = "An output of HTML was left out: too large."
LARGEST = 5000  # pixels of a picture
LONGEST_TITLE = 300
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
"""What an attribute may say; a picture is in the page, and not fetched from elsewhere."""
SCHEMES = {"http", "https", "mailto", "data"}
SHOWN = frozenset(("text/plain", "image/png", "image/jpeg", "application/json"))
"""Kinds of output in which nothing can be live."""


def notebook(nb: NotebookNode) -> None:
    """Clean all that a student wrote or put out; what is locked is the instructor's."""
    elements = ELEMENTS
    for cell in nb.cells:
        for output in cell.get("outputs", ()) if cell.cell_type == "code" else ():
            if "data" in output:
                elements = outputs(output.data, elements)
            if "metadata" in output:
                output.metadata = _sizes(output.metadata)
    names = [cell.metadata.nbgrader.grade_id for cell in nb.cells if nbgrader_utils.is_grade(cell)]
    names += [cell.metadata.nbgrader.grade_id for cell in nb.cells if nbgrader_utils.is_solution(cell)]
    text_cells.clean([cell for cell in nb.cells if not nbgrader_utils.is_locked(cell)], names)


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
        elif kind == "text/markdown":
            data[kind] = text_cells.output(_text(data[kind]))
        elif kind == "text/latex":  # a blank after `<` is none in a formula
            data[kind] = without_commands(re.sub("<(?=[A-Za-z/!?])", "< ", _text(data[kind])))
        elif kind not in SHOWN:
            del data[kind]
    return elements


def hypertext(text: str) -> str:
    """HTML without what runs, loads or covers the page."""
    if len(text) > MAX_HTML or text.count("<") > 2 * MAX_ELEMENTS:
        return TOO_LARGE
    clean: str = nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return without_commands(clean)


def _attribute(_: str, name: str, value: str) -> str | None:
    """Keep an attribute if it says what it may."""
    known = VALUES.get(name)
    return value if known is not None and known.fullmatch(value) else None


def _sizes(metadata: object) -> NotebookNode:
    """Keep the sizes of pictures and nothing else: nbconvert writes them into the page as they are."""
    found = metadata if isinstance(metadata, dict) else {}
    kept = _whole_numbers(found)
    for kind in SHOWN & found.keys():
        if sizes := _whole_numbers(found[kind]):
            kept[kind] = sizes
    return kept


def _whole_numbers(sizes: object) -> NotebookNode:
    found = sizes if isinstance(sizes, dict) else {}
    numbers = {key: found.get(key) for key in ("width", "height")}
    return NotebookNode(
        {key: n for key, n in numbers.items() if isinstance(n, int) and n is not True and 0 < n <= LARGEST}
    )


def _text(content: object) -> str:
    text = "".join(map(str, content)) if isinstance(content, list) else str(content)
    return text.encode("utf-8", "replace").decode("utf-8")  # halves of characters are none
