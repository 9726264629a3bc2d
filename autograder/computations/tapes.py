"""Declare the backward sweep over graphs of numbers: its true result, and what goes wrong in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from autograder.computations.sweep import OF_NUMBERS, Table, mistakes, sweep
from autograder.diagnosis.by_computation import by_computation
from autograder.diagnosis.steps import Computation
from autograder.exercise import Array, Convention, Exercise, Instance, Part, Value, Whole
from autograder.instances.tapes import KINDS, NONE, Tape, drawn

WHERE = "gradients"
OWN: Mapping[str, Table] = {
    "slope": {
        "left out": ("slope-left-out", ""),
        "alone": ("upstream-ignored", "of a node by the one it was computed from"),
        "of the other": ("slopes-exchanged", ""),
        "from the right": ("slopes-exchanged", ""),
        "of the operand's row": ("slopes-of-another-row", ""),
        "its size": ("slope-signs-left-out", ""),
        "times the seed": ("seed-for-upstream", ""),
    },
    "seed": {"one": ("seed-ignored", ""), "squared": ("seed-twice", "")},
    "combine": {"once a node, the first": ("repeated-operand-added-once", "")},
    "none": {"0 too": ("first-node-left-out", "")},
}
"""What is handed on for gradient times slope, what the last node begins with, and who gets nothing."""
ORDERED: Mapping[str, Table] = {
    "returned": {
        "turned round": ("gradients-in-order-of-sweep", ""),
        "of leaves": ("gradients-not-kept", ""),
        "of leaves and the last": ("gradients-not-kept", ""),
    }
}
PARENTS, SLOPES_OF, SEED = "parents", "slopes", "seed"


def gradient(tape: Tape, seed: float = 1.0) -> Array:
    """Differentiate the last node by every node, with PyTorch: each is a sum of slopes times others."""
    parents, slopes = tape
    nodes: list[torch.Tensor] = []
    for own, factors in zip(parents, slopes, strict=True):
        terms = [float(s) * nodes[p] for p, s in zip(own, factors, strict=True) if p != NONE]
        nodes.append(
            torch.stack(terms).sum() if terms else torch.ones((), dtype=torch.float64, requires_grad=True)
        )
    result = torch.autograd.grad(
        nodes[-1], nodes, torch.tensor(seed), allow_unused=True, materialize_grads=True
    )
    return np.array([float(each) for each in result])


@dataclass(frozen=True)
class Tapes:
    """Graphs of every kind, and the gradients of all their nodes."""

    sizes: Sequence[int]
    """How long chains are, how many diamonds stand in a row, …: of each hidden instance."""
    public: Mapping[str, Tape]

    def instances(self, seed: int) -> list[Instance]:
        """Return the sheet's own graphs, and others."""
        rng = np.random.default_rng(seed)
        result = [self._instance(self.public, [1.0] * len(KINDS), "the sheet's own graphs", public=True)]
        for k in self.sizes:
            tapes = {kind: drawn(kind, k, rng, gradient) for kind in KINDS}
            seeds = rng.uniform(2.5, 4.5, len(KINDS)) * rng.choice([-1.0, 1.0], len(KINDS))
            result.append(self._instance(tapes, [float(s) for s in seeds], f"other graphs (k = {k})"))
        return result

    def _instance(
        self, tapes: Mapping[str, Tape], seeds: Sequence[float], words: str, *, public: bool = False
    ) -> Instance:
        inputs: dict[str, Value] = {
            PARENTS: [tapes[kind][0] for kind in KINDS],
            SLOPES_OF: [tapes[kind][1] for kind in KINDS],
            SEED: list(seeds),
        }
        return Instance(inputs, words, public)

    def reference(self, instance: Instance) -> dict[str, Array]:
        """Return the gradients (n,) of each graph."""
        return {kind: gradient((p, s), seed) for kind, (p, s, seed) in _by_kind(instance).items()}

    def computation(self) -> Computation:
        """Say what can be chosen wrongly in the sweep."""
        parts = tuple(KINDS)
        # more of them together would bear out nearly anything, and take long
        single = (
            *mistakes(WHERE, parts, OF_NUMBERS, alone=True),
            *mistakes(WHERE, parts, ORDERED, alone=True),
        )
        return Computation(run, (*mistakes(WHERE, parts), *mistakes(WHERE, parts, OWN), *single))

    def exercise(self, name: str, title: str, *, marks: float) -> Exercise:
        """Declare the exercise of a function of this name; the gradients of each kind of graph are a part."""
        return Exercise(
            name=name,
            title=title,
            parameters=(PARENTS, SLOPES_OF, SEED),
            convention=Convention(by_hand=True, driver="for_each"),
            parts=tuple(Part(kind, marks, (place,)) for place, kind in enumerate(KINDS)),
            lists={(): "the answers"},
            instances=self.instances,
            reference=self.reference,
            explain=by_computation(self.computation()),
        )


def run(instance: Instance, settings: Mapping[str, Any]) -> dict[str, Array]:
    """Sweep over every graph, with mistakes or none."""
    return {kind: _swept(*graph, settings) for kind, graph in _by_kind(instance).items()}


def _swept(parents: Whole, slopes: Array, seed: float, settings: Mapping[str, Any]) -> Array:
    least = 1 if settings.get("none") == "0 too" else 0
    uses = [[place for place in range(len(own)) if own[place] >= least] for own in parents]
    known = [[int(parents[node, place]) for place in own] for node, own in enumerate(uses)]
    begin = {"one": 1.0, "squared": seed**2}.get(settings.get("seed", ""), seed)
    way = settings.get("slope", "")

    def hand(node: int, place: int, upstream: float) -> float:
        row, column = node, uses[node][place]
        if way == "from the right" or (way == "of the other" and len(uses[node]) > 1):
            column = 1 - column
        if way == "of the operand's row":
            row = known[node][place]
        slope = abs(slopes[row, column]) if way == "its size" else slopes[row, column]
        above = begin if way == "times the seed" else upstream
        return float({"left out": above, "alone": slope}.get(way, above * slope))

    result = np.array(sweep(known, hand, [0.0] * len(known), begin, settings))
    returned = settings.get("returned", "")
    if returned.startswith("of leaves"):
        end = begin if returned.endswith("the last") else 0.0
        result = np.where([not own for own in known], result, [0.0] * (len(known) - 1) + [end])
    return result[::-1] if returned == "turned round" else result


def _by_kind(instance: Instance) -> dict[str, tuple[Whole, Array, float]]:
    lists: Any = (instance.inputs[name] for name in (PARENTS, SLOPES_OF, SEED))
    return dict(zip(KINDS, zip(*lists, strict=True), strict=True))
