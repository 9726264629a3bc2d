"""Derive what can go wrong in a whole forward pass, of which only a scalar and its gradients are seen.

An operation is left out or replaced by another of its kind, a bias is left out or comes after the activation,
the output goes through something before its error is taken, the error is another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import torch

from autograder.alternatives.alternative import Alternatives, Numbered, Replacement
from autograder.alternatives.by_gradient import by_gradient
from autograder.alternatives.elementwise import identity
from autograder.alternatives.sites import Changes, Form, Given, run, run_all
from autograder.alternatives.table import ALTERNATIVES
from autograder.diagnosis.steps import Choice, Family, Glimpse, Model, environment
from autograder.exercise import Array, Instance
from autograder.forward_pass import ForwardPass, Node
from autograder.reference import tensors

NONE = Alternatives()


def computation(forward: ForwardPass, by: Sequence[str], output: str = "error") -> Model:
    """Derive the model of a forward pass's output and of its gradients.

    Parameters
    ----------
    forward : the forward pass; its output is a single number.
    by : inputs by which it is differentiated. The part that is a gradient has its input's name.
    output : the name of the part that is the output's value.
    """
    derived = _Derivation(forward, by, output)
    return Model(
        derived.run,
        tuple(derived.choices()),
        glimpse=Glimpse(output, derived.outputs),
        common_scale=(output, (output,)),
        families=tuple(derived.families()),
        fallback=by_gradient(forward, by, output),
    )


@dataclass(frozen=True)
class _Bias:
    """A term of a sum that is an input and the same for all rows."""

    name: str
    total: Node
    place: int

    @property
    def rest(self) -> str:
        """The sum's other term."""
        return self.total.operands[1 - self.place]


class _Derivation:
    """The sites of a forward pass, and the wrong forms that they may have."""

    def __init__(self, forward: ForwardPass, by: Sequence[str], output: str) -> None:
        self._forward, self._by, self._output = forward, tuple(by), output
        self._biases = list(self._find_biases())
        self._moved = {bias: node for bias in self._biases if (node := self._activation(bias)) is not None}
        self._sites = dict(self._find_sites())

    def run(self, instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
        """Compute every part with the wrong choices; what does not enter then has no gradient."""
        given = self._given(instance)
        leaves = [given.inputs[name].requires_grad_() for name in self._by]
        changes = dict(change for changes in wrong.values() for change in changes)
        value = run(self._sites, given, changes)
        gradients = torch.autograd.grad(value, leaves, allow_unused=True)
        found = {n: g.numpy() for n, g in zip(self._by, gradients, strict=True) if g is not None}
        return {self._output: value.detach().numpy(), **found}

    def outputs(self, instance: Instance, combinations: Sequence[Mapping[str, Any]]) -> Array:
        """Compute the output (K,) with each of K combinations of wrong choices, without its gradient."""
        changes = [tuple(c for changes in wrong.values() for c in changes) for wrong in combinations]
        return run_all(self._sites, self._given(instance), changes)

    def choices(self) -> Iterator[Choice]:
        """Give all wrong choices without a number in them, the nearest to the output first."""
        for node in reversed(self._forward.nodes.values()):
            known = ALTERNATIVES.get(node.operation.name, NONE)
            for place, applied in known.applied.items():
                yield from (self._applied(node, place, one) for one in applied)
            yield from (self._replaced(node, one) for one in known.replaced)
            for bias, activation in self._moved.items():
                if activation is node:
                    yield self._behind(bias, node)
        yield from (self._left_out(bias) for bias in reversed(self._biases))

    def families(self) -> Iterator[Family]:
        """Give the choices with a number in them, of all sites alike, of fewer in a row, of each alone."""
        numbered = [
            (one, node)
            for node in reversed(self._forward.nodes.values())
            for one in ALTERNATIVES.get(node.operation.name, NONE).numbered
        ]
        for one, alike in groupby(sorted(numbered, key=lambda pair: id(pair[0])), lambda pair: pair[0]):
            nodes = [node for _, node in alike]
            for length in range(len(nodes), 0, -1):
                for first in range(len(nodes) - length + 1):
                    yield self._family(one, nodes[first : first + length])

    def _family(self, one: Numbered, nodes: Sequence[Node]) -> Family:
        def choices(number: float) -> tuple[Choice, ...]:
            wrong = Replacement(one.fault, one.compute, one.hint.format(number), rare=True)
            return tuple(self._replaced(node, wrong, number) for node in nodes)

        return Family(choices, one.between)

    def _given(self, instance: Instance) -> Given:
        env = environment(instance)
        inputs = {name: tensors(env[name]) for name in self._forward.inputs}
        return Given(inputs, {**self._forward.sizes(inputs), **instance.sizes})

    def _find_biases(self) -> Iterator[_Bias]:
        shapes = self._forward.shapes
        for node in self._forward.nodes.values():
            for place, operand in enumerate(node.operands):
                is_input = operand in self._forward.inputs
                if node.operation.name == "addition" and is_input and shapes[operand] != shapes[node.name]:
                    yield _Bias(operand, node, place)

    def _activation(self, bias: _Bias) -> Node | None:
        """The one elementwise function that a sum with a bias goes into, if it goes nowhere else."""
        consumers = [node for node, _ in self._forward.consumers(bias.total.name)]
        return consumers[0] if len(consumers) == 1 and consumers[0].operation.elementwise else None

    def _find_sites(self) -> Iterator[tuple[str, Form]]:
        """Give every operation, and where something may be put in a place of its own."""
        behind = {node.name for node in self._moved.values()}
        for node in self._forward.nodes.values():
            applied = ALTERNATIVES.get(node.operation.name, NONE).applied
            operands = list(node.operands)
            for place in applied:
                operands[place] = _before(node, place)
                yield operands[place], Form(identity, (node.operands[place],))
            right = Form(node.operation.compute, tuple(operands), tuple(node.keywords.items()))
            if node.name in behind:
                yield _inner(node), right
                yield node.name, Form(identity, (_inner(node),))
            else:
                yield node.name, right

    def _applied(self, node: Node, place: int, wrong: Replacement) -> Choice:
        operand = node.operands[place]
        changes = ((_before(node, place), Form(wrong.compute, (operand,))),)
        where = self._named(node.name if wrong.of_value else operand)
        return Choice(wrong.fault, where, self._costs(node), (operand, changes), wrong.hint, wrong.rare)

    def _replaced(self, node: Node, wrong: Replacement, number: float | None = None) -> Choice:
        site = _inner(node) if _inner(node) in self._sites else node.name
        changes = ((site, replace(self._sites[site], compute=wrong.compute, number=number)),)
        where = self._named(node.name)
        return Choice(wrong.fault, where, self._costs(node), (node.name, changes), wrong.hint, wrong.rare)

    def _left_out(self, bias: _Bias) -> Choice:
        lost = (self._output, bias.name) if bias.name in self._by else (self._output,)
        return Choice("missing-bias", bias.name, lost, (_term(bias), self._without(bias)))

    def _behind(self, bias: _Bias, activation: Node) -> Choice:
        after = activation.name, Form(bias.total.operation.compute, (_inner(activation), bias.name))
        changes: Changes = (*self._without(bias), after)
        return Choice("bias-after-activation", bias.name, self._costs(activation), (_term(bias), changes))

    def _without(self, bias: _Bias) -> Changes:
        return ((bias.total.name, Form(identity, (bias.rest,))),)

    def _named(self, quantity: str) -> str:
        """What a fault's place is called: the quantity that its line computes, or the part."""
        while quantity in self._forward.nodes and self._forward.nodes[quantity].is_inner:
            (consumer, _), *_ = self._forward.consumers(quantity)
            quantity = consumer.name
        return self._output if quantity == self._forward.output else quantity

    def _costs(self, node: Node) -> tuple[str, ...]:
        """The parts that a mistake in an operation costs: the output, and the gradients of its line's inputs.

        All others follow from it by the right steps.
        """
        if ALTERNATIVES[node.operation.name].measures:
            return (self._output,)
        return (self._output, *self._nearest(node.name))

    def _nearest(self, quantity: str) -> list[str]:
        """Inputs to differentiate by on the first line, going back, that has any."""
        line = list(self._forward.line(quantity)) if quantity in self._forward.nodes else []
        own = [name for name in dict.fromkeys(line) if name in self._by]
        return own or list(dict.fromkeys(name for operand in line for name in self._nearest(operand)))


def _inner(node: Node) -> str:
    return f"{node.name}.alone"


def _before(node: Node, place: int) -> str:
    return f"{node.name}.{place}"


def _term(bias: _Bias) -> str:
    return f"{bias.name} in {bias.total.name}"
