"""Name columns that are split among heads by the wrong width: the values' for queries and keys."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.computations.heads import cut_in
from autograder.computations.operation_mistakes import Replacement
from autograder.computations.sites import Form
from autograder.forward_pass import ForwardPass, Node


def in_other_widths(forward: ForwardPass, node: Node) -> Iterator[tuple[Replacement, Form]]:
    """Yield the ways to cut a node's columns into heads of a width that others are cut in."""
    if node.operation.name != "split_heads":
        return
    heads, own = node.keywords["shape"]
    widths = dict.fromkeys(
        other.keywords["shape"][1]
        for other in forward.nodes.values()
        if other.operation.name == "split_heads" and other.keywords["shape"][0] == heads
    )
    for width in widths:
        if width != own:
            hint = f"{width} columns a head, where {own} belong"
            keywords = (*node.keywords.items(), ("width", (width,)))
            wrong = Replacement("heads-of-wrong-width", cut_in, hint, rare=True)
            yield wrong, Form(cut_in, node.operands, keywords)
