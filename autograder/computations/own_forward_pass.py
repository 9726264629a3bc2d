"""Explain a backward pass that is right for another forward pass: one that a student has recomputed.

What is given is computed once more, with a mistake. What follows may be the gradient of that forward pass, or
may be made by the right steps from its quantities, from all of them or from the wrong one alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations, compress
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import torch

from autograder.compare import agrees, tolerance
from autograder.computations.derivation import Derivation, changes_of
from autograder.computations.misplaced import misplaced
from autograder.computations.sites import run
from autograder.diagnosis.combinations import Mistakes, everywhere, settings_of
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.remembered import directions
from autograder.diagnosis.scale import points
from autograder.diagnosis.steps import BackwardPass, ComputationMistake
from autograder.exercise import Answers, Array, Diagnosis, Finding, Instance
from autograder.forward_pass import ForwardPass, Node

FEWEST = 2  # hidden instances with several data points that have to bear it out
FEW = 1 / 4  # of the parts are wrong, as a wrong quantity alone makes them
TYPICAL = (0.01, 0.1, 0.2)  # numbers that are put into mistakes that have one: slopes, penalties

_Gradients = Mapping[str, Array]


def or_own_forward_pass(whole: Explanations, forward: ForwardPass, parts: Sequence[str]) -> Explanations:
    """Explain answers of which several parts have no name as right ones for another forward pass.

    Parameters
    ----------
    whole : explains a backward pass.
    forward : the forward pass, of which every input is given.
    parts : gradients with respect to its inputs and quantities.
    """
    backward = whole.computation
    assert isinstance(backward, BackwardPass)
    own = cache(lambda: _OwnForwardPass(forward, parts, backward))  # right answers are marked without

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        diagnosis = whole.explain(instances, answers, parts)
        if all(finding.fault != "unrecognised" for finding in diagnosis.findings):
            return diagnosis
        with np.errstate(all="ignore"):
            return own().explained(instances, answers, parts) or diagnosis

    return Explanations(explain, whole.computation)


class _Way(NamedTuple):
    """A way to come to an answer."""

    mistakes: Mistakes
    """In the forward pass."""
    derived: bool
    """Whether it is differentiated as it is; else the right steps are made from its quantities."""
    alone: bool = False
    """Whether it is the wrong quantity alone that these are made from."""


@dataclass(frozen=True)
class _Table:
    """What ways give on an instance: of each part projections, and how far off they may be."""

    ways: Sequence[_Way]
    shapes: Mapping[str, tuple[int, ...]]
    """Of the right parts."""
    projected: Mapping[str, Array]
    """(ways, 3) for each part; nan where there is nothing of that shape."""
    bounds: Mapping[str, Array]

    @staticmethod
    def of(ways: Sequence[_Way], gradients: Sequence[_Gradients | None], right: _Gradients) -> _Table:
        """Make it of what all the ways give."""
        projected, bounds = {}, {}
        for part, array in right.items():
            given = [each.get(part) if each else None for each in gradients]
            flat = np.full((len(ways), array.size), np.nan)
            for place, one in enumerate(given):
                if one is not None and one.shape == array.shape and np.isfinite(one).all():
                    flat[place] = one.ravel()
            along = directions(array.size)
            projected[part], bounds[part] = flat @ along, tolerance(flat, axis=1) @ np.abs(along)
        return _Table(ways, {part: array.shape for part, array in right.items()}, projected, bounds)

    def possible(self, answer: Mapping[str, Array | None]) -> Iterator[_Way]:
        """Yield the ways that may have led to an answer."""
        possible = np.ones(len(self.ways), dtype=bool)
        for part, shape in self.shapes.items():
            given, projected = answer.get(part), self.projected[part]
            if given is None:
                possible &= np.isnan(projected).any(axis=1)
            elif given.shape == shape:
                far = np.abs(given.ravel() @ directions(given.size) - projected)
                possible &= (far <= self.bounds[part]).all(axis=1)
            else:
                return
        yield from compress(self.ways, possible)


class _OwnForwardPass(Derivation):
    """A forward pass with its mistakes, and the gradients that follow."""

    def __init__(self, forward: ForwardPass, parts: Sequence[str], backward: BackwardPass) -> None:
        self._parts, self._backward = tuple(parts), backward
        super().__init__(forward)
        self._tables: WeakKeyDictionary[Instance, dict[bool, _Table]] = WeakKeyDictionary()

    def place(self, quantity: str) -> str:
        """Call every quantity by its own name, or that of its line."""
        return self.forward.named(quantity)

    def costs(self, node: Node) -> tuple[str, ...]:
        """Return the gradients with respect to the inputs on its line, or on the last one before with any."""
        return tuple(dict.fromkeys(self._nearest(node.name)))

    def costs_of_input(self, name: str) -> tuple[str, ...]:
        """Return the input's own gradient."""
        return (f"D{name}",) if f"D{name}" in self._parts else ()

    def _nearest(self, quantity: str) -> list[str]:
        line = list(self.forward.line(quantity)) if quantity in self.forward.nodes else []
        own = [f"D{name}" for name in line if f"D{name}" in self._parts]
        return own or [part for operand in line for part in self._nearest(operand)]

    def mistakes(self) -> Iterator[ComputationMistake]:
        """Yield those of the operations, and then what stands in a wrong place."""
        yield from super().mistakes()
        by = [part.removeprefix("D") for part in self._parts]
        for one in (
            misplaced(self.forward, by, self.sites) if not self.forward.shapes[self.forward.output] else ()
        ):
            where, lost = one.where or self.place(one.node.name), self.costs(one.node)
            yield ComputationMistake(one.fault, where, lost, (one.node.name, one.changes), one.hint)
        for family in self.families():
            low, high = family.between
            for number in (number for number in TYPICAL if low < number < high):
                yield from (one for one in family.mistakes(number) if len(family.mistakes(number)) == 1)

    @cached_property
    def _ways(self) -> list[_Way]:
        mistakes = list(self.mistakes())
        chosen: list[Mistakes] = [*((one,) for one in mistakes), *_in_several_places(mistakes)]
        ways = ((True, False), (False, False), (False, True))
        return [_Way(each, *way) for each in chosen for way in ways if not (way[1] and len(each) > 1)]

    def explained(
        self, instances: Sequence[Instance], answers: Answers, parts: Sequence[str]
    ) -> Diagnosis | None:
        """Return whether all of an answer follows from one mistake in a forward pass; None if it does not."""
        pairs = [*zip(instances, answers, strict=True)]
        pairs = [pair for pair in pairs if any(array is not None for array in pair[1].values())]
        pairs.sort(key=lambda pair: not pair[0].public)
        if sum(not instance.public and points(instance.sizes) > 1 for instance, _ in pairs) < FEWEST:
            return None
        first, answer = pairs[0]  # the public one, of which all students share what is remembered
        table = self._table(first, instances, few=self._are_few_wrong(pairs[:2], parts))
        for way in table.possible(answer):
            if all(_agree(given, self._gradients(way, instance), parts) for instance, given in pairs):
                return self._named(way, instances, answers, parts)
        return None

    def _are_few_wrong(
        self, pairs: Sequence[tuple[Instance, Mapping[str, Array | None]]], parts: Sequence[str]
    ) -> bool:
        """See how many parts are wrong on some instances: one alone may hide much."""
        right = [(answer, self._backward_values(instance, {})) for instance, answer in pairs]
        wrong = [part for part in parts if not all(_agree(*pair, [part]) for pair in right)]
        return len(wrong) <= FEW * len(parts)

    def _table(self, first: Instance, instances: Sequence[Instance], *, few: bool) -> _Table:
        """Return what ways lead to on an instance, but for those that change nothing on any."""
        tables = self._tables.setdefault(first, {})
        if few not in tables:
            ways = [way for way in self._ways if way.alone or not few]
            right = {instance: self._backward_values(instance, {}) for instance in (first, *instances)}
            given = [self._gradients(way, first) for way in ways]
            changing = [  # many change what no part is made from
                not _agree(right[first], each, self._parts)
                or not all(_agree(due, self._gradients(way, one), self._parts) for one, due in right.items())
                for way, each in zip(ways, given, strict=True)
            ]
            tables[few] = _Table.of([*compress(ways, changing)], [*compress(given, changing)], right[first])
        return tables[few]

    def _named(
        self, way: _Way, instances: Sequence[Instance], answers: Answers, parts: Sequence[str]
    ) -> Diagnosis:
        """Name the mistakes, each at the price of what is nearest to it and wrong."""
        right = [self._backward_values(instance, {}) for instance in instances]
        wrong = [
            part
            for part in parts
            if not all(_agree(a, t, [part]) for a, t in zip(answers, right, strict=True))
        ]
        findings = []
        for mistake in way.mistakes:
            costs = tuple(part for part in mistake.costs if part in wrong) or tuple(wrong[:1])
            findings.append(Finding(mistake.fault, mistake.where, costs, mistake.hint))
        lost = {part for finding in findings for part in finding.costs}
        return Diagnosis(tuple(findings), frozenset(part for part in parts if part not in lost))

    def _gradients(self, way: _Way, instance: Instance) -> _Gradients | None:
        """Compute all parts that some steps give; None where shapes do not fit."""
        changes = changes_of(settings_of(way.mistakes))
        given = self.given(instance)
        try:
            if way.derived:
                return self._derived(instance, changes)
            with torch.no_grad():
                values = run(self.sites, given, changes)
        except (ValueError, IndexError, RuntimeError):
            return None
        own = {self.place(self._quantity(site)) for site in changes} if way.alone else values.keys()
        return self._backward_values(instance, {name: values[name].numpy() for name in own})

    def _quantity(self, site: str) -> str:
        """Return the quantity that a site computes, or comes before within."""
        return site if site in self.forward.nodes else site.rpartition(".")[0]

    def _derived(self, instance: Instance, changes: Mapping[str, object]) -> _Gradients:
        given = self.given(instance)
        wanted = [part.removeprefix("D") for part in self._parts]
        for array in given.inputs.values():
            array.requires_grad_(array.is_floating_point())
        values = run(self.sites, given, changes)  # type: ignore[arg-type]  # forms, by their sites
        output = values[self.forward.output]
        upstream = None
        if output.ndim:
            upstream = torch.as_tensor(self._backward.environment(instance)[f"D{self.forward.output}"])
        gradients = torch.autograd.grad(
            output, [values[name] for name in wanted], upstream, allow_unused=True, materialize_grads=True
        )
        return {f"D{name}": array.numpy() for name, array in zip(wanted, gradients, strict=True)}

    def _backward_values(self, instance: Instance, own: Mapping[str, Array]) -> _Gradients:
        """Make all right steps from quantities, some of them a student's own."""
        env = self._backward.environment(instance)
        env.update({name: array for name, array in own.items() if name in env})
        for step in self._backward.steps:
            value = step.right.value(env)
            if value is not None:
                env[step.name] = value
        return {part: env[part] for part in self._parts if part in env}


def _in_several_places(mistakes: Sequence[ComputationMistake]) -> Iterator[Mistakes]:
    """Yield one mistake in all its places, or in some of them, most places first."""
    for places in everywhere(mistakes):
        for count in range(len(places), 1, -1):
            yield from combinations(places, count)


def _agree(answer: Mapping[str, Array | None], due: _Gradients | None, parts: Sequence[str]) -> bool:
    """Return whether every part is what it should be; what has no value there explains nothing."""
    return due is not None and all(
        part in due and (_is(given, due[part]) if given is not None else not np.isfinite(due[part]).all())
        for part in parts
        for given in (answer[part],)
    )


def _is(given: Array, due: Array) -> bool:
    return given.shape == due.shape and agrees(given, due)
