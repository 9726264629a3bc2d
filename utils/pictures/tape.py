"""Draw a graph of numbers, and a gradient that runs back through it, node by node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.text import Text
from numpy.typing import NDArray

from utils.pictures.flip_book import FlipBook
from utils.pictures.numbers import Floats, Numbers, array, written
from utils.pictures.picture import (
    BLUE,
    FAINT,
    GROUND,
    INK,
    MUTED,
    VERMILLION,
    for_eyes,
    open_picture,
    our_style,
)

APART, ABOVE, RADIUS = 2.6, 2.0, 0.42
ROOM = numpy.array([1.6, 1.2])  # around the nodes
INCHES = 0.7  # of a unit of these
CLOSE = 1e-6  # relative: a sum that is nearer is the same
BENT = (0.28, -0.28)  # how two edges between the same nodes are kept apart

Edge = tuple[int, int, int]
"""A node, one of its parents, and which of the two."""


@for_eyes
def show_tape(
    parents: Numbers,
    slopes: Numbers,
    gradients: Numbers | None = None,
    names: Sequence[str] | None = None,
    values: Numbers | None = None,
) -> Figure | None:
    """Draw a graph with a slope on each edge, and let a gradient run back through it.

    The graph is read from left to right. Pages go from right to left: on each, one more node has its
    gradient, and above it stands what arrives there, each the slope of an edge times the gradient at its
    right end. Where the number given is not the sum of these, it is marked with ≠.

    Parameters
    ----------
    parents
        Which nodes each was computed from, (n, 2) whole numbers, -1 for none.
    slopes
        The derivative of each node by each of these, (n, 2).
    gradients
        The derivative of the last node by each, (n,), as your function returned it; without it there is
        one page, of values and slopes alone.
    names
        Of the nodes; their numbers, if left out.
    values
        Of the nodes, (n,), if they are to be shown.

    Returns
    -------
    Figure
        One panel with pages to turn. Printed, it shows the last. None, if the gradient cannot be drawn.
    """
    graph, factors = array(parents).astype(int), array(slopes)
    if graph.ndim != 2 or graph.shape != factors.shape:
        raise ValueError(
            f"parents and slopes have the shapes {graph.shape} and {factors.shape}, not one (n, 2)"
        )
    count = len(graph)
    given = numpy.full(count, numpy.nan) if gradients is None else array(gradients)
    if given.shape != (count,):
        print(f"The gradients should have the shape {(count,)}, one for each node, but have {given.shape}.")
        return None
    called = [*names] if names is not None else [str(node) for node in range(count)]
    edges = [(n, int(p), k) for n, own in enumerate(graph) for k, p in enumerate(own) if p >= 0]
    places = _places(graph)
    left, low = places.min(axis=0) - ROOM
    right, high = places.max(axis=0) + ROOM
    size = INCHES * (right - left), INCHES * (high - low)
    picture = cast(FlipBook, open_picture(size, "", layout=None, kind=FlipBook))
    with our_style():
        axes = picture.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        drawn = [_edge(axes, places, edge, factors, edges) for edge in edges]
        lit, labels = [back for back, _ in drawn], [label for _, label in drawn]
        rings = [
            _node(axes, places[node], called[node], None if values is None else array(values)[node])
            for node in range(count)
        ]
        texts = [_arriving(axes, places[node]) for node in range(count)]
        axes.set(xlim=(left, right), ylim=(low, high))

    order = list(reversed(range(count)))

    def turn(page: int) -> tuple[str, str]:
        done = set(order[: page + 1])
        here = order[page]
        for node, (ring, words) in enumerate(zip(rings, texts, strict=True)):
            shown = node in done and gradients is not None
            words.set_text(_words(node, given, factors, edges) if shown else "")
            ring.set_linewidth(2.6 if shown and node == here else 0.0)
        for line, (node, parent, _) in zip(lit, edges, strict=True):
            line.set_visible(gradients is not None and parent == here and node in done)
        if gradients is None:
            return "values and slopes", picture.alt
        text = _summary(here, called, given, factors, edges)
        return f"{page + 1} of {count}: node {called[here]}", text

    picture.label = "nodes, from the last to the first"
    picture.moving = (*lit, *labels, *rings, *texts)  # slopes lie upon an edge that is followed
    picture.turn, picture.pages = turn, 1 if gradients is None else count
    picture.alt = _text(graph, factors, called, given, edges, gradients is not None)
    turn(picture.pages - 1)
    return picture


def _places(graph: Any) -> Floats:  # noqa: ANN401  (n, 2) whole numbers
    """Place nodes in columns by the longest way from a leaf, leaves just before what uses them."""
    count = len(graph)
    column = numpy.zeros(count)
    for node, own in enumerate(graph):
        column[node] = max((column[p] + 1 for p in own if p >= 0), default=0)
    for node in range(count):
        users = [column[n] for n, own in enumerate(graph) if node in own]
        if users and not (graph[node] >= 0).any():
            column[node] = min(users) - 1
    rows = numpy.zeros(count)
    for one in numpy.unique(column):
        (members,) = numpy.nonzero(column == one)
        wanted = [numpy.mean([rows[p] for p in graph[n] if p >= 0] or [0.0]) for n in members]
        for place, member in enumerate(numpy.argsort(wanted, kind="stable")):
            rows[members[member]] = place - (len(members) - 1) / 2
    return numpy.column_stack([APART * column, -ABOVE * rows])


def _edge(
    axes: Axes, places: Floats, edge: Edge, slopes: Floats, edges: Sequence[Edge]
) -> tuple[FancyArrowPatch, Text]:
    """Draw an edge; return the coloured one that covers it when it is followed, and its slope's text."""
    node, parent, place = edge
    twin = sum(other[:2] == (node, parent) for other in edges) > 1
    start, end = places[parent], places[node]
    bend = BENT[place] if twin else _around(start, end, places)
    style = {"connectionstyle": f"arc3,rad={bend}", "arrowstyle": "-|>", "mutation_scale": 13}
    own: dict[str, Any] = {"shrinkA": 23, "shrinkB": 23, **style}
    axes.add_patch(FancyArrowPatch(start, end, color=FAINT, lw=1.6, zorder=1, **own))
    back = FancyArrowPatch(
        end, start, color=VERMILLION, lw=2.6, zorder=2, **{**own, "connectionstyle": f"arc3,rad={-bend}"}
    )
    axes.add_patch(back)
    along = end - start
    across = numpy.array([along[1], -along[0]])
    at = start + 0.5 * along + 0.5 * bend * across
    ground = {"boxstyle": "round,pad=0.15", "facecolor": GROUND, "edgecolor": "none"}
    words = written(float(slopes[node, place]))
    label = axes.text(
        at[0], at[1], words, ha="center", va="center", fontsize=11, color=BLUE, zorder=4, bbox=ground
    )
    return back, label


def _around(start: Floats, end: Floats, places: Floats) -> float:
    """Return how far an edge over several columns is bent, up or down, to pass by the nodes between."""
    columns = abs(end[0] - start[0]) / APART
    if columns < 1.5:
        return 0.0
    upward = start[1] + end[1] > 2 * float(places[:, 1].mean()) + CLOSE  # above nodes stand numbers
    return (-1 if upward else 1) * (0.34 if columns < 2.5 else 0.26)


def _node(axes: Axes, at: Floats, name: str, value: float | None) -> Circle:
    """Draw a node with its name and value; return the ring around it."""
    axes.add_patch(Circle(tuple(at), RADIUS, facecolor=GROUND, edgecolor=INK, lw=1.4, zorder=3))
    ring = Circle(tuple(at), RADIUS + 0.08, fill=False, edgecolor=VERMILLION, lw=0.0, zorder=3)
    axes.add_patch(ring)
    up = 0.0 if value is None else 0.14
    axes.text(at[0], at[1] + up, name, ha="center", va="center", fontsize=12, color=INK, zorder=5)
    if value is not None:
        axes.text(
            at[0],
            at[1] - 0.17,
            written(float(value)),
            ha="center",
            va="center",
            fontsize=9.5,
            color=MUTED,
            zorder=5,
        )
    return ring


def _arriving(axes: Axes, at: Floats) -> Text:
    return axes.text(
        at[0], at[1] + RADIUS + 0.14, "", ha="center", va="bottom", fontsize=11, color=VERMILLION, zorder=6
    )


def _terms(node: int, given: Floats, slopes: Floats, edges: Sequence[Edge]) -> list[float]:
    """Return what arrives at a node, given the gradients at the other ends."""
    return [float(slopes[n, k] * given[n]) for n, parent, k in edges if parent == node]


def _words(node: int, given: Floats, slopes: Floats, edges: Sequence[Edge]) -> str:
    terms, own = _terms(node, given, slopes, edges), float(given[node])
    total = sum(terms)
    if node == len(given) - 1 or not terms:
        return written(own)
    agrees = abs(total - own) <= CLOSE * max(abs(total), abs(own), 1e-300)
    sum_ = written(terms[0]) + "".join(f" {'−' if t < 0 else '+'} {written(abs(t))}" for t in terms[1:])
    if agrees:
        return f"{sum_} = {written(own)}" if len(terms) > 1 else written(own)
    return f"{sum_} ≠ {written(own)}"


def _summary(node: int, names: Sequence[str], given: Floats, slopes: Floats, edges: Sequence[Edge]) -> str:
    arriving = ", ".join(
        f"{written(float(slopes[n, k]))} times {written(float(given[n]))} from {names[n]}"
        for n, parent, k in edges
        if parent == node
    )
    return (
        f"At node {names[node]} arrives {arriving or 'nothing'}. Its gradient: {written(float(given[node]))}."
    )


def _text(
    graph: NDArray[numpy.int64],
    slopes: Floats,
    names: Sequence[str],
    given: Floats,
    edges: Sequence[Edge],
    known: bool,
) -> str:
    """Describe the graph to someone who can't see it."""
    lines = [f"A graph of {len(graph)} nodes."]
    for node, own in enumerate(graph):
        uses = [f"{names[p]} (slope {written(float(slopes[node, k]))})" for k, p in enumerate(own) if p >= 0]
        if uses:
            lines.append(f"{names[node]} is computed from {' and '.join(uses)}.")
    if known:
        lines += [_summary(node, names, given, slopes, edges) for node in reversed(range(len(graph)))]
    return " ".join(lines)
