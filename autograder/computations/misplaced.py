"""Find what may be misplaced in a forward pass: an operand, a bias, a skip, changed data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import torch

from autograder.computations.elementwise import identity
from autograder.computations.operation_mistakes import Compute
from autograder.computations.sites import Changes, Form, Sites
from autograder.forward_pass import ForwardPass, Node

SMALL = 1e-8  # what is added to a deviation, so that nothing is divided by 0
EPS = 1e-5  # the same in a network
AS_OTHERS = " (as the other layers' do)"
LAYER_BEFORE = "what goes into its own layer"


def _standardised(a: torch.Tensor, *, less: int, small: float) -> torch.Tensor:
    """Divide by the deviation, for which the squares are summed and divided by their number less 0 or 1."""
    centred = _centred(a)
    squares = (centred**2).sum(-2, keepdim=True)
    return centred / ((squares / (a.shape[-2] - less)).sqrt() + small)


def _centred(a: torch.Tensor) -> torch.Tensor:
    return a - a.mean(-2, keepdim=True)


STANDARDISED = "a standardisation over the data points"
OF_DATA: Sequence[tuple[str, Compute]] = (
    ("a ReLU", torch.relu),
    ("the sigmoid", torch.sigmoid),
    ("the hyperbolic tangent", torch.tanh),
    *(
        (STANDARDISED, partial(_standardised, less=less, small=small))
        for less in (1, 0)
        for small in (0.0, SMALL)
    ),
    ("the subtraction of its mean", _centred),
)


def _normalised_with(a: torch.Tensor, *, axis: int, less: int, eps: float) -> torch.Tensor:
    """Standardise along an axis as libraries do, with a small number under the root."""
    centred = a - a.mean(axis, keepdim=True)
    squares = (centred**2).sum(axis, keepdim=True)
    return centred / (squares / (a.shape[axis] - less) + eps).sqrt()


NORMALISED: Sequence[tuple[str, Compute]] = (
    *(
        (f"{STANDARDISED}{AS_OTHERS}", partial(_normalised_with, axis=-2, less=less, eps=eps))
        for less, eps in ((0, EPS), (0, EPS**2), (1, EPS**2))
    ),
    (f"a normalisation over the units{AS_OTHERS}", partial(_normalised_with, axis=-1, less=0, eps=EPS)),
)


@dataclass(frozen=True)
class Misplaced:
    """A mistake of the graph: what stands where in it."""

    fault: str
    node: Node
    """At which operation."""
    changes: Changes
    hint: str = ""
    where: str = ""
    """The input it is said of; nothing where it is the operation's value."""
    lost: tuple[str, ...] = ()
    """Inputs that have no place, or a wrong one; none where the operation's own are lost."""
    key: str = ""
    """Under which mistakes exclude each other; nothing where it is tried by itself."""


def misplaced(forward: ForwardPass, by: Sequence[str], sites: Sites) -> Iterator[Misplaced]:
    """Yield all that may stand in a wrong place.

    by : inputs that are parameters; all others are data.
    sites : the right forms.
    """
    uses = [(node, place) for node in forward.nodes.values() for place in range(len(node.operands))]
    for node, place in uses:
        operand = node.operands[place]
        of_points = len(forward.shapes[operand]) > 1 and forward.shapes[operand][0] == "N"
        if operand in forward.inputs and operand not in by and of_points:
            for hint, function in OF_DATA:
                changes = (_before(node, place, function, sites),)
                yield Misplaced("input-changed", node, changes, hint, operand)
    parameters = [(node, place) for node, place in uses if node.operands[place] in by]
    yield from _parameters(forward, parameters, sites)
    yield from _whole_layers(forward, parameters, sites)
    yield from _quantities(forward, uses, sites)
    yield from _normalised(forward, by, sites)
    for node in forward.nodes.values():
        yield from _too_early(forward, node, sites)
        yield from _skips(forward, node, sites)


def _parameters(forward: ForwardPass, uses: Sequence[tuple[Node, int]], sites: Sites) -> Iterator[Misplaced]:
    """One parameter in another's place, or the two exchanged."""
    for (node, place), (other, where) in combinations(uses, 2):
        one, two = node.operands[place], other.operands[where]
        if one == two or forward.shapes[one] != forward.shapes[two]:
            continue
        first, second = _taking(node, one, two, sites), _taking(other, two, one, sites)
        yield Misplaced("wrong-operand", node, (first,), f"`{two}`", lost=(one,))
        yield Misplaced("wrong-operand", other, (second,), f"`{one}`", lost=(two,))
        if first[0] != second[0] and not _meet(forward, node, other):  # where they do, it is a transposition
            yield Misplaced(
                "operands-exchanged", node, (first, second), f"`{one}` and `{two}`", lost=(one, two)
            )
    for node, place in uses:
        one = node.operands[place]
        others = [(n, n.operands[k]) for n, k in uses if forward.shapes[n.operands[k]] == forward.shapes[one]]
        others = [(n, name) for n, name in others if name != one]
        if len(others) > 1:
            changes = tuple(_taking(n, name, one, sites) for n, name in others)
            lost = tuple(name for _, name in others)
            yield Misplaced("wrong-operand", others[0][0], changes, f"`{one}`", lost=lost)


def _meet(forward: ForwardPass, node: Node, other: Node) -> bool:
    """Return whether some line is made of the lines of two operations."""
    lines = {forward.named(node.name), forward.named(other.name)}
    return any(lines <= set(forward.line(name)) for name in forward.nodes if name not in lines)


def _whole_layers(
    forward: ForwardPass, uses: Sequence[tuple[Node, int]], sites: Sites
) -> Iterator[Misplaced]:
    """Yield all parameters of one line in those of another's place, or all exchanged."""
    lines: dict[str, list[tuple[Node, int]]] = {}
    for node, place in uses:
        lines.setdefault(forward.named(node.name), []).append((node, place))
    for (line, mine), (further, theirs) in combinations(lines.items(), 2):
        names, others = ([node.operands[place] for node, place in each] for each in (mine, theirs))
        alike = [forward.shapes[name] for name in names] == [forward.shapes[name] for name in others]
        if len(names) < 2 or not alike or set(names) & set(others):
            continue
        first = tuple(_taking(n, a, b, sites) for (n, _), a, b in zip(mine, names, others, strict=True))
        second = tuple(_taking(n, b, a, sites) for (n, _), a, b in zip(theirs, names, others, strict=True))
        here, there = (", ".join(f"`{name}`" for name in each) for each in (names, others))
        yield Misplaced("wrong-operand", forward.nodes[line], first, there, lost=tuple(names))
        yield Misplaced("wrong-operand", forward.nodes[further], second, here, lost=tuple(others))
        both, lost = f"{here} and {there}", (*names, *others)
        yield Misplaced("operands-exchanged", forward.nodes[line], (*first, *second), both, lost=lost)


def _quantities(forward: ForwardPass, uses: Sequence[tuple[Node, int]], sites: Sites) -> Iterator[Misplaced]:
    """Yield a function's earlier value in another's place, unless it is a layer that is left out."""
    functions = {name for name, node in forward.nodes.items() if _is_function(node)}
    for node, place in uses:
        operand = node.operands[place]
        if operand not in functions or node.name in functions:
            continue
        for name in functions.intersection(_earlier(forward, node)).difference(_past(forward, operand)):
            if name != operand and forward.shapes[name] == forward.shapes[operand]:
                yield Misplaced("wrong-operand", node, (_taking(node, operand, name, sites),), f"`{name}`")


def _past(forward: ForwardPass, function: str) -> Iterator[str]:
    """Yield what goes into a function's layer, into the layer before, and so on."""
    node = forward.nodes.get(function)
    layer = _layer(forward, forward.nodes.get(node.operands[0])) if node is not None else None
    if layer is not None:
        yield layer[0].operands[0]
        yield from _past(forward, layer[0].operands[0])


def _is_function(node: Node) -> bool:
    return node.operation.elementwise and len(node.operands) == 1 and not node.is_inner


def _too_early(forward: ForwardPass, total: Node, sites: Sites) -> Iterator[Misplaced]:
    """Yield a bias added to what goes into the product, where their shapes go together."""
    layer = _layer(forward, total)
    if layer is None:
        return
    product, bias = layer
    width = forward.shapes[bias][-1]
    if len(forward.shapes[bias]) == 1 and width in (1, forward.shapes[product.operands[0]][-1]):
        right = sites[product.name]
        early = replace(right, compute=partial(_biased, right.compute), operands=(*right.operands, bias))
        changes = ((product.name, early), (total.name, Form(identity, (product.name,))))
        yield Misplaced("bias-inside-product", total, changes, where=bias, key=f"{bias} in {total.name}")


def _skips(forward: ForwardPass, node: Node, sites: Sites) -> Iterator[Misplaced]:
    """Yield an earlier quantity added to what an elementwise function gives, or is given."""
    if not _is_function(node):
        return
    before = next(_past(forward, node.name), "")
    for name in (*forward.inputs, *_earlier(forward, node)):
        if forward.shapes[name] != forward.shapes[node.name] or name == node.operands[0]:
            continue
        hint, key = (LAYER_BEFORE, node.name) if name == before else (f"`{name}`", "")
        for change in (_behind, _in_front):
            site, right = _alone(node, sites)
            form = replace(right, compute=partial(change, right.compute), operands=(*right.operands, name))
            yield Misplaced("skip-added", node, ((site, form),), hint, key=key)


def _normalised(forward: ForwardPass, by: Sequence[str], sites: Sites) -> Iterator[Misplaced]:
    """Yield every hidden layer normalised, in front of its function or behind it."""
    nodes = [node for node in forward.nodes.values() if _is_function(node)]
    nodes = [
        node for node in nodes if len(forward.shapes[node.name]) == 2 and forward.shapes[node.name][0] == "N"
    ]
    if len(nodes) < 2:
        return
    lost = tuple(name for node in nodes for name in (*forward.line(node.operands[0]),) if name in by)
    for hint, function in NORMALISED:
        in_front = tuple(_before(node, 0, function, sites) for node in nodes)
        yield Misplaced("input-changed", nodes[0], in_front, hint, nodes[0].operands[0], lost)
        behind = tuple(_after(node, function, sites) for node in nodes)
        yield Misplaced("input-changed", nodes[0], behind, hint, nodes[0].name, lost)


def _layer(forward: ForwardPass, total: Node | None) -> tuple[Node, str] | None:
    """Return the product and the bias that a sum is made of."""
    if total is None or total.operation.name != "addition":
        return None
    for product, bias in (total.operands, total.operands[::-1]):
        node = forward.nodes.get(product)
        if node is not None and node.operation.name == "product" and bias in forward.inputs:
            return node, bias
    return None


def _earlier(forward: ForwardPass, node: Node) -> list[str]:
    """Quantities with a name that are computed before an operation."""
    names = list(forward.nodes)
    return [name for name in names[: names.index(node.name)] if not forward.nodes[name].is_inner]


def _alone(node: Node, sites: Sites) -> tuple[str, Form]:
    """Return the site at which a node's own operation is computed."""
    inner = f"{node.name}.alone"
    site = inner if inner in sites else node.name
    return site, sites[site]


def _taking(node: Node, right: str, wrong: str, sites: Sites) -> tuple[str, Form]:
    """Return the change by which an operation is given another operand."""
    for site in (f"{node.name}.{place}" for place in range(len(node.operands))):
        if site in sites and sites[site].operands == (right,):
            return site, replace(sites[site], operands=(wrong,))
    site, form = _alone(node, sites)
    return site, replace(form, operands=tuple(wrong if name == right else name for name in form.operands))


def _before(node: Node, place: int, function: Compute, sites: Sites) -> tuple[str, Form]:
    """Return the change by which an operand goes through a function first."""
    site, form = _alone(node, sites)
    return site, replace(form, compute=partial(_applied, form.compute, function, place))


def _after(node: Node, function: Compute, sites: Sites) -> tuple[str, Form]:
    """Return the change by which a value goes through a function."""
    site, form = _alone(node, sites)
    return site, replace(form, compute=partial(_applied_to_value, form.compute, function))


def _applied_to_value(compute: Compute, function: Compute, *operands: torch.Tensor, **keywords: Any) -> Any:  # noqa: ANN401
    return function(compute(*operands, **keywords))


def _applied(
    compute: Compute,
    function: Compute,
    place: int,
    *operands: torch.Tensor,
    **keywords: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    changed = [function(each) if k == place else each for k, each in enumerate(operands)]
    return compute(*changed, **keywords)


def _biased(compute: Compute, a: torch.Tensor, *rest: torch.Tensor, **keywords: Any) -> Any:  # noqa: ANN401
    *others, bias = rest
    return compute(a + bias, *others, **keywords)


def _behind(compute: Compute, *operands: torch.Tensor, **keywords: Any) -> Any:  # noqa: ANN401
    return compute(*operands[:-1], **keywords) + operands[-1]


def _in_front(compute: Compute, a: torch.Tensor, added: torch.Tensor, **keywords: Any) -> Any:  # noqa: ANN401
    return compute(a + added, **keywords)
