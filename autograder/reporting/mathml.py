"""Turn formulas into MathML, which browsers show without a script and without a network.

A formula may be a student's, so none of it is trusted: the result has only elements and attributes
from the lists below, and whatever cannot be converted is shown as it was written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from autograder.plain_text import has_commands

LONGEST = 4000  # letters of a formula; a longer one is shown as it was written
DEEPEST = 60  # braces in braces
ELEMENTS = frozenset(
    (
        *("math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "msup", "msub", "msubsup", "mover", "munder"),
        *("munderover", "mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"),
        *("menclose", "mfenced", "mprescripts", "none", "mmultiscripts"),
    )
)
ATTRIBUTES = frozenset(
    (
        *("display", "displaystyle", "scriptlevel", "mathvariant", "stretchy", "fence", "form", "separator"),
        *("lspace", "rspace", "minsize", "maxsize", "accent", "columnalign", "rowspacing", "columnspacing"),
        *("linethickness", "largeop", "movablelimits", "symmetric", "width", "notation", "open", "close"),
    )
)
IN_A_ROW = frozenset({"math", "mrow", "mtd", "mstyle", "mpadded", "mphantom"})
"""Elements that hold any number of others, side by side."""
UNKNOWN = re.compile(r"\\(begin|end)\{(?:aligned|align|alignedat|split|gathered|gather\*?)\}")
"""Environments that the converter knows by another name."""
UNNEEDED = {"display": "inline"}  # what a browser assumes anyway


class _NoMathML(Exception):
    """Raised if the formula contains something that is not shown as MathML."""


@lru_cache(maxsize=4096)
def from_latex(formula: str, *, display: bool = False) -> str:
    """Write a formula as MathML; as code, with its dollar signs, if that cannot be done.

    display : whether it is on a line of its own.
    """
    try:
        return _converted(formula, display)
    except Exception:  # a parser of whatever a student has written
        signs = "$$" if display else "$"
        return f"<code>{html.escape(f'{signs}{formula}{signs}')}</code>"


def _converted(formula: str, display: bool) -> str:
    if (
        has_commands(formula)
        or len(formula) > LONGEST
        or formula.count("{") > LONGEST // 8
        or _depth(formula) > DEEPEST
    ):
        raise _NoMathML
    known = UNKNOWN.sub(r"\\\1{align*}", formula)
    tree = convert_to_element(known, display="block" if display else "inline")
    for element in tree.iter():
        if element.tag not in ELEMENTS or element.text == "&":  # an environment that it does not know
            raise _NoMathML
        for name, value in list(element.attrib.items()):
            if name not in ATTRIBUTES or UNNEEDED.get(name) == value:
                del element.attrib[name]
        # the converter writes signs as references, to be read once more
        element.text = html.unescape(element.text) if element.text else element.text
        element.tail = html.unescape(element.tail) if element.tail else element.tail
    _shorten(tree)
    return ElementTree.tostring(tree, encoding="unicode").replace(" />", "/>")


def _shorten(parent: Element) -> None:
    """Remove rows of a single element, and write the letters of a name as one name; it looks the same."""
    children = []
    for child in parent:
        _shorten(child)
        alone = len(child) == 1 or (parent.tag == "math" and len(parent) == 1)
        if child.tag == "mrow" and not child.attrib and alone:
            children += list(child)
        else:
            children.append(child)
    if parent.tag in IN_A_ROW:
        children = _names_joined(children)
    parent[:] = children


def _names_joined(children: Sequence[Element]) -> list[Element]:
    joined: list[Element] = []
    for child in children:
        before = joined[-1] if joined else None
        if before is not None and _upright(before) and _upright(child):
            before.text = f"{before.text}{child.text}"
        else:
            joined.append(child)
    for each in joined:
        if _upright(each) and len(each.text or "") > 1:
            each.attrib.clear()  # a name of several letters is upright anyway
    return joined


def _upright(element: Element) -> bool:
    return element.tag == "mi" and element.attrib == {"mathvariant": "normal"} and not element.tail


def _depth(formula: str) -> int:
    depth = deepest = 0
    for letter in formula:
        depth += (letter == "{") - (letter == "}")
        deepest = max(deepest, depth)
    return deepest
