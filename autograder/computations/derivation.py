"""Derive what can go wrong in a whole forward pass of which little is handed in.

An operation is left out or replaced by another of its kind, a bias or a summand is left out or comes after
the function that it belongs into, an operand goes through something first, the error is another one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import torch

from autograder.computations.elementwise import identity
from autograder.computations.operation_mistakes import Numbered, OperationMistakes, Replacement
from autograder.computations.residual import residuals
from autograder.computations.scales import of_other_dimensions, postponed
from autograder.computations.shared_out import in_other_widths
from autograder.computations.sites import Changes, Form, Given
from autograder.computations.table import OPERATION_MISTAKES
from autograder.diagnosis.steps import ComputationMistake, Family, environment
from autograder.exercise import Instance
from autograder.forward_pass import ForwardPass, Node
from autograder.reference import tensors

NONE = OperationMistakes()


@dataclass(frozen=True)
class _Summand:
    """What a sum adds to all rows alike: an input with fewer entries, or a number."""

    name: str
    """The input; nothing for a number."""
    total: Node
    place: int

    @property
    def rest(self) -> str:
        """The sum's other term."""
        return self.total.operands[1 - self.place if self.name else 0]

    @property
    def key(self) -> str:
        """Under which mistakes about it exclude each other."""
        return f"{self.name or 'number'} in {self.total.name}"


class Derivation(ABC):
    """The sites of a forward pass, and the wrong forms that they may have.

    What a mistake is said of and which parts it costs depends on what is handed in.
    """

    def __init__(self, forward: ForwardPass) -> None:
        self.forward = forward
        summands = list(self._find_summands())
        self._biases = [each for each in summands if each.name]
        self._moved = {each: node for each in summands if (node := self._function(each)) is not None}
        self._postponed = postponed(forward)
        self.sites = dict(self._find_sites())

    @abstractmethod
    def place(self, quantity: str) -> str:
        """Return what a fault's place is called: the quantity that its line computes, or the part."""

    @abstractmethod
    def costs(self, node: Node) -> tuple[str, ...]:
        """Return the parts that a mistake in an operation costs; the others follow from it by right steps."""

    @abstractmethod
    def costs_of_input(self, name: str) -> tuple[str, ...]:
        """Return the parts that are lost where an input does not come in."""

    def given(self, instance: Instance) -> Given:
        """Return what the forward pass begins with."""
        env = environment(instance)
        inputs = {name: tensors(env[name]) for name in self.forward.inputs}
        return Given(inputs, self.forward.sizes(inputs, instance.sizes))

    def mistakes(self) -> Iterator[ComputationMistake]:
        """Yield all mistakes without a number in them, the nearest to the output first."""
        for node in reversed(self.forward.nodes.values()):
            known = self._known(node)
            for place, applied in known.applied.items():
                yield from (self._applied(node, place, one) for one in applied)
            for one in self.replacements(node):
                yield from self._in_both(node, one)
                yield self._replaced(node, one)
            if node.operation.name == "scale":
                yield from self._scales(node)
            yield from self._inside(node)
            yield from self._of_the_graph(node)
            for summand, function in self._moved.items():
                if function is node:
                    yield self._behind(summand, node)
        yield from (self._left_out(bias) for bias in reversed(self._biases))
        for bias in reversed(self._biases):
            yield from self._added_otherwise(bias)
            yield from self._past_the_layer(bias)

    def families(self) -> Iterator[Family]:
        """Yield the mistakes with a number in them, of all sites alike, of fewer in a row, of each alone."""
        numbered = [
            (one, node)
            for node in reversed(self.forward.nodes.values())
            for one in self._known(node).numbered
        ]
        for one, alike in groupby(sorted(numbered, key=lambda pair: id(pair[0])), lambda pair: pair[0]):
            nodes = [node for _, node in alike]
            for length in range(len(nodes), 0, -1):
                for first in range(len(nodes) - length + 1):
                    yield self._family(one, nodes[first : first + length])

    def _family(self, one: Numbered, nodes: Sequence[Node]) -> Family:
        def mistakes(number: float) -> tuple[ComputationMistake, ...]:
            wrong = Replacement(one.fault, one.compute, one.hint.format(number), rare=True)
            return tuple(self._replaced(node, wrong, number) for node in nodes)

        return Family(mistakes, one.between)

    @staticmethod
    def _known(node: Node) -> OperationMistakes:
        return OPERATION_MISTAKES.get(node.operation.name, NONE)

    def replacements(self, node: Node) -> Iterator[Replacement]:
        """Yield what is computed in an operation's place."""
        shapes = [self.forward.shapes[operand] for operand in node.operands]
        for one in self._known(node).replaced:
            if one.fits is None or one.fits(shapes):
                yield one

    def _find_summands(self) -> Iterator[_Summand]:
        shapes = self.forward.shapes
        for node in self.forward.nodes.values():
            if node.operation.name == "shift":
                yield _Summand("", node, 0)
            for place, operand in enumerate(node.operands):
                is_input = operand in self.forward.inputs
                if node.operation.name == "addition" and is_input and shapes[operand] != shapes[node.name]:
                    yield _Summand(operand, node, place)

    def _function(self, summand: _Summand) -> Node | None:
        """Return the one elementwise function that a sum goes into, if it goes nowhere else."""
        consumers = [node for node, _ in self.forward.consumers(summand.total.name)]
        return consumers[0] if len(consumers) == 1 and consumers[0].operation.elementwise else None

    def _find_sites(self) -> Iterator[tuple[str, Form]]:
        """Yield every operation, and where something may be put in a place of its own."""
        behind = {node.name for node in (*self._moved.values(), *self._postponed.values())}
        for node in self.forward.nodes.values():
            known = self._known(node)
            operands = list(node.operands)
            for place in known.applied:
                operands[place] = _before(node, place)
                yield operands[place], Form(identity, (node.operands[place],))
            compute, keywords = node.operation.compute, tuple(node.keywords.items())
            if known.within is not None:
                yield _within(node), Form(known.within.right, (operands[0],), keywords)
                operands[0], compute = _within(node), known.within.rest
            right = Form(compute, tuple(operands), keywords)
            if node.name in behind:
                yield _inner(node), right
                yield node.name, Form(identity, (_inner(node),))
            else:
                yield node.name, right

    def _applied(self, node: Node, place: int, wrong: Replacement) -> ComputationMistake:
        operand = node.operands[place]
        changes = ((_before(node, place), Form(wrong.compute, (operand,))),)
        where = self.place(node.name if wrong.of_value else operand)
        return ComputationMistake(
            wrong.fault, where, self.costs(node), (operand, changes), wrong.hint, wrong.rare
        )

    def _replaced(self, node: Node, wrong: Replacement, number: float | None = None) -> ComputationMistake:
        where, rare = self.place(node.name), wrong.rare or bool(self._twins(node, wrong))
        changes = (self._change(node, wrong, number),)
        return ComputationMistake(
            wrong.fault, where, self.costs(node), (node.name, changes), wrong.hint, rare
        )

    def _change(self, node: Node, wrong: Replacement, number: float | None = None) -> tuple[str, Form]:
        site = _inner(node) if _inner(node) in self.sites else node.name
        return site, replace(self.sites[site], compute=wrong.compute, number=number)

    def _in_both(self, node: Node, wrong: Replacement) -> Iterator[ComputationMistake]:
        """Yield an operation replaced here and within others, which follow from it."""
        if twins := self._twins(node, wrong):
            changes = (self._change(node, wrong), *(self._change_within(twin, wrong) for twin in twins))
            costs = [self.costs(node), *(self.costs(twin) for twin in twins if wrong.unstable)]
            lost = tuple(dict.fromkeys(part for each in costs for part in each))
            yield ComputationMistake(
                wrong.fault, self.place(node.name), lost, (node.name, changes), wrong.hint, wrong.rare
            )

    def _inside(self, node: Node) -> Iterator[ComputationMistake]:
        """Yield what is replaced within an operation, and nowhere else."""
        within = self._known(node).within
        for wrong in within.replaced if within is not None else ():
            if wrong.never_within_alone:
                continue
            others = [other for other in self.forward.nodes.values() if node in self._twins(other, wrong)]
            yield ComputationMistake(
                wrong.fault,
                self.place(node.name),
                self.costs(node),
                (node.name, (self._change_within(node, wrong),)),
                wrong.hint,
                wrong.rare or bool(others),
            )

    def _change_within(self, node: Node, wrong: Replacement) -> tuple[str, Form]:
        within, site = self._known(node).within, _within(node)
        assert within is not None
        return site, replace(self.sites[site], compute=within.replaced[wrong])

    def _twins(self, node: Node, wrong: Replacement) -> list[Node]:
        """Operations of the same operand that do within them what this one does."""
        return [
            other
            for other in self.forward.nodes.values()
            if (within := self._known(other).within) is not None
            and within.operation == node.operation.name
            and wrong in within.replaced
            and other.operands[0] == node.operands[0]
            and len(node.operands) == 1
        ]

    def _scales(self, node: Node) -> Iterator[ComputationMistake]:
        """Yield a law of other dimensions; the right one, applied to what the scaled quantity goes into."""
        for wrong, law in of_other_dimensions(self.forward, node):
            site, form = self._change(node, wrong)
            changes = ((site, replace(form, keywords=(("by", law),))),)
            where = self.place(node.name)
            yield ComputationMistake(
                wrong.fault, where, self.costs(node), (node.name, changes), wrong.hint, wrong.rare
            )
        softmax = self._postponed.get(node.name)
        if softmax is not None:
            right = self.sites[node.name]
            later: Changes = (
                (node.name, Form(identity, right.operands)),
                (softmax.name, replace(right, operands=(_inner(softmax),))),
            )
            place = self.place(softmax.name)
            yield ComputationMistake("scale-after-softmax", place, self.costs(softmax), (node.name, later))

    def _of_the_graph(self, node: Node) -> Iterator[ComputationMistake]:
        """Yield what other quantities offer: an input added to a product, heads of others' width."""
        site = _inner(node) if _inner(node) in self.sites else node.name
        where, costs = self.place(node.name), self.costs(node)
        for wrong, form in in_other_widths(self.forward, node):
            changes = ((site, form),)
            yield ComputationMistake(wrong.fault, where, costs, (node.name, changes), wrong.hint, wrong.rare)
        for name, form in residuals(self.forward, node, self.sites[site]):
            added = ((site, form),)
            yield ComputationMistake("input-added", where, costs, (node.name, added), name, alone=True)

    def _left_out(self, bias: _Summand) -> ComputationMistake:
        lost = self.costs_of_input(bias.name)
        return ComputationMistake("missing-bias", bias.name, lost, (bias.key, self._without(bias)))

    def _added_otherwise(self, bias: _Summand) -> Iterator[ComputationMistake]:
        """Yield a bias that is taken away, or is there twice, as where a library's layer adds it already."""
        lost, total = self.costs_of_input(bias.name), bias.total
        for fault, compute, hint in (
            ("difference-for-sum", _less, "of a bias"),
            ("bias-added-twice", _twice_more, "twice"),
        ):
            changes = ((total.name, Form(compute, (bias.rest, bias.name))),)
            where = self.place(total.name) if fault == "difference-for-sum" else bias.name
            yield ComputationMistake(fault, where, lost, (bias.key, changes), hint, rare=True)

    def _past_the_layer(self, bias: _Summand) -> Iterator[ComputationMistake]:
        """Yield a layer as wide as the one before, left out with its weights and its bias."""
        product, total = self.forward.nodes.get(bias.rest), bias.total
        if product is None or product.operation.name != "product":
            return
        before, shapes = product.operands[0], self.forward.shapes
        if shapes[before] == shapes[total.name] and before not in self.forward.inputs:
            past = ((total.name, Form(identity, (before,))),)
            where, lost = self.place(total.name), self.costs(total)
            yield ComputationMistake("layer-left-out", where, lost, (bias.key, past), rare=True)

    def _behind(self, summand: _Summand, function: Node) -> ComputationMistake:
        """Return a summand added behind the function that it should go into."""
        total = summand.total
        operands = (_inner(function), summand.name) if summand.name else (_inner(function),)
        after = function.name, Form(total.operation.compute, operands, tuple(total.keywords.items()))
        changes: Changes = (*self._without(summand), after)
        fault = "bias-after-activation" if summand.name else "number-after-function"
        where = summand.name or self.place(function.name)
        hint = "" if summand.name else self.forward.right_side(total.name)
        return ComputationMistake(fault, where, self.costs(function), (summand.key, changes), hint)

    def _without(self, summand: _Summand) -> Changes:
        return ((summand.total.name, Form(identity, (summand.rest,))),)


def changes_of(wrong: Mapping[str, Any]) -> dict[str, Form]:
    """Return the forms that mistakes put in, by their sites."""
    return {site: form for changes in wrong.values() for site, form in changes}


def _less(rest: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return rest - bias


def _twice_more(rest: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return rest + 2 * bias


def _inner(node: Node) -> str:
    return f"{node.name}.alone"


def _within(node: Node) -> str:
    return f"{node.name}.within"


def _before(node: Node, place: int) -> str:
    return f"{node.name}.{place}"
